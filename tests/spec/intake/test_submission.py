"""Intake reads a submission whole, when signature, digests and counts agree; otherwise nothing of it is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

from comity.case.errors import BadInput
from comity.crypto import P256Key, Purpose, digest, issue, sign, sign_detached, verify
from comity.intake import open_package, read_submission

AT = datetime(2025, 5, 1, 15, 0, tzinfo=UTC)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def batch(tmp_path):
    folder = tmp_path / "batch"
    folder.mkdir()
    return folder


@pytest.fixture
def refused(desk, batch):
    """Reads a package that must be refused, and gives the code."""

    def code(files=None, at=AT):
        with pytest.raises(BadInput) as refusal:
            read_submission(batch, open_package(desk.write(files)), roots=desk.roots, at=at)
        assert "Canary" not in str(refusal.value)
        assert list(batch.glob("*.parquet")) == []
        assert list(batch.glob(".submission-*")) == []
        return refusal.value.code

    return code


def test_a_signed_package_is_read_as_its_cover_says(desk, batch):
    submission = read_submission(batch, open_package(desk.write()), roots=desk.roots, at=AT)
    cover = submission.cover
    assert (cover.submission, cover.agreement, cover.agency) == ("01JR7Z8Y9X0W1V2T3S4R5Q6P7N", "irs_ice_2025", "ICE")
    assert (cover.signatory.name, cover.attestation.version, cover.synthetic) == ("Sam Canary", "1", True)
    assert cover.created_at == datetime(2025, 4, 30, 8, tzinfo=UTC)
    assert submission.certificate == desk.certificate
    assert submission.package_digest == digest(desk.files()["cover.json"])
    assert verify(submission.cover_token, desk.roots, AT).payload == desk.files()["cover.json"]
    assert (submission.requests.rows, submission.recipients.rows) == (1, 1)
    assert cover.to_bytes() == desk.files()["cover.json"]


def test_the_recipients_become_a_table_in_the_order_of_their_ids(desk, batch, recipients):
    desk.recipients = recipients({"recipient": "b", "name": "O'Hara; DROP TABLE"}, {"recipient": "a", "matters": 0})
    desk.recipient_rows = 2
    submission = read_submission(batch, open_package(desk.write()), roots=desk.roots, at=AT)
    rows = duckdb.connect().execute(f"FROM '{submission.recipients.path}'").fetchall()
    assert rows == [
        ("a", "Olga Canary", "ICE", "special agent", 0, "1 Federal Plaza", "ab" * 32),
        ("b", "O'Hara; DROP TABLE", "ICE", "special agent", 3, "1 Federal Plaza", "ab" * 32),
    ]


def test_requests_carry_the_day_on_which_they_came(desk, batch):
    submission = read_submission(batch, open_package(desk.write()), roots=desk.roots, at=AT)
    rows = duckdb.connect().execute(f"SELECT row_number, received_on FROM '{submission.requests.path}'").fetchall()
    assert rows == [(1, date(2025, 5, 1))]


def test_no_persons_data_is_shown_by_a_submission(desk, batch):
    assert "Canary" not in repr(read_submission(batch, open_package(desk.write()), roots=desk.roots, at=AT))


def test_an_unsigned_package_is_refused(desk, refused):
    files = desk.files()
    del files["cover.jws"]
    assert refused(files) == "SUBMISSION_UNSIGNED"


def test_a_cover_changed_after_signing_is_refused(desk, refused):
    files = desk.files()
    files["cover.json"] = files["cover.json"].replace(b'"rows":1', b'"rows":2')
    assert refused(files) == "SIGNATURE_INVALID"


def test_a_signature_that_is_none_is_refused(desk, refused):
    assert refused(desk.files() | {"cover.jws": b"\xff" * 10}) == "SIGNATURE_MALFORMED"


def test_a_signature_with_a_cover_of_its_own_is_refused(desk, refused):
    other = sign(desk.files()["cover.json"], desk.key, desk.certificate)
    assert refused(desk.files() | {"cover.jws": other.encode()}) == "SIGNATURE_MALFORMED"


def test_a_certificate_out_of_its_term_or_of_a_strange_authority_is_refused(desk, refused, tmp_path):
    assert refused(at=datetime(2026, 5, 1, tzinfo=UTC)) == "CERTIFICATE_EXPIRED"


def test_a_certificate_that_no_trusted_authority_issued_is_refused(desk, batch):
    with pytest.raises(BadInput, match="CERTIFICATE_UNTRUSTED"):
        read_submission(batch, open_package(desk.write()), roots=[], at=AT)


def test_a_certificate_that_does_not_sign_is_refused(desk, refused):
    key = P256Key.generate()
    sealing = issue(desk.authority, "Sam", "ICE", key.public_key, Purpose.SEALING, BEGIN, END)
    header, _, _ = sign_detached(b"x", desk.key, desk.certificate).split(".")
    assert sealing.purpose == Purpose.SEALING
    assert refused(desk.files() | {"cover.jws": f"{header}..AAAA".encode()}) == "SIGNATURE_INVALID"


@pytest.mark.parametrize("name", ["requests.csv", "recipients.ndjson"])
def test_a_file_changed_after_signing_is_refused(desk, refused, name):
    files = desk.files()
    assert refused(files | {name: files[name] + b"\n"}) == "DIGEST_DIFFERS"


def test_another_number_of_requests_or_recipients_than_signed_is_refused(desk, refused):
    desk.rows = 2
    assert refused() == "COUNT_DIFFERS"


def test_another_number_of_recipients_than_signed_is_refused(desk, refused):
    desk.recipient_rows = 2
    assert refused() == "COUNT_DIFFERS"


def test_the_file_must_be_of_the_format_that_was_signed(desk, refused):
    desk.changes = {"format": "parquet"}
    assert refused() == "COVER_MALFORMED"


@pytest.mark.parametrize(
    "changes",
    [
        {"submission": "01jr7z8y9x0w1v2t3s4r5q6p7n"},
        {"submission": "81JR7Z8Y9X0W1V2T3S4R5Q6P7N"},
        {"supersedes": "earlier"},
        {"agency": ""},
        {"agency": "x" * 201},
        {"agency": "ICE\n"},
        {"agency": 7},
        {"invokes": ""},
        {"type": "comity/submission/1"},
        {"signatory": {"name": "Sam Canary", "office": "Director"}},
        {"signatory": "Sam Canary"},
        {"attestation": {"version": "1", "digest": "CD" * 32}},
        {"requests": {"digest": "ab" * 32, "rows": True}},
        {"requests": {"digest": "ab" * 32, "rows": -1}},
        {"synthetic": "yes"},
        {"synthetic": 1},
        {"created_at": "2025-04-30"},
        {"created_at": "2025-04-31T08:00:00Z"},
        {"Canary": "a column that nobody asked for"},
    ],
)
def test_a_signed_cover_that_is_not_as_the_contract_has_it_is_refused(desk, refused, changes):
    desk.changes = changes
    assert refused() == "COVER_MALFORMED"


@pytest.mark.parametrize("cover", [b"", b"[]", b"{", b'{"type":NaN}', b'{"type":1,"type":1}', b"\xff", b"[" * 9000])
def test_a_signed_cover_that_is_no_object_is_refused(desk, refused, cover):
    signature = sign_detached(cover, desk.key, desk.certificate).encode()
    assert refused(desk.files() | {"cover.json": cover, "cover.jws": signature}) == "COVER_MALFORMED"


def test_a_signed_cover_that_says_a_thing_twice_is_refused(desk, refused):
    cover = desk.files()["cover.json"].replace(b'"agency":"ICE"', b'"agency":"IRS","agency":"ICE"')
    signature = sign_detached(cover, desk.key, desk.certificate).encode()
    assert refused(desk.files() | {"cover.json": cover, "cover.jws": signature}) == "COVER_MALFORMED"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipient": "signatory"}, "RECIPIENT_RESERVED"),
        ({"recipient": "../officer"}, "RECIPIENT_MALFORMED"),
        ({"recipient": ""}, "RECIPIENT_MALFORMED"),
        ({"name": None}, "RECIPIENT_MALFORMED"),
        ({"matters": "3"}, "RECIPIENT_MALFORMED"),
        ({"matters": 2**40}, "RECIPIENT_MALFORMED"),
        ({"certificate": "AB" * 32}, "RECIPIENT_MALFORMED"),
        ({"tin": "123-45-6789"}, "RECIPIENT_MALFORMED"),
    ],
)
def test_a_recipient_that_is_not_as_the_contract_has_it_is_refused(desk, refused, recipients, change, code):
    desk.recipients = recipients(change)
    assert refused() == code


def test_a_recipient_named_twice_is_refused(desk, refused, recipients):
    desk.recipients = recipients({}, {"name": "Another"})
    desk.recipient_rows = 2
    assert refused() == "RECIPIENT_REPEATED"


def test_a_line_of_recipients_that_is_no_object_is_named(desk, batch, recipients):
    desk.recipients = recipients({}) + b"\n['Canary']\n"
    with pytest.raises(BadInput, match=r"RECIPIENT_MALFORMED: recipients.ndjson, line 3, ") as refusal:
        read_submission(batch, open_package(desk.write()), roots=desk.roots, at=AT)
    assert "Canary" not in str(refusal.value)
