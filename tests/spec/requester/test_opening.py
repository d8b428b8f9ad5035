"""A recipient opens the reply to the own submission, whole and from the office, and acknowledges what was opened."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from comity import requester
from comity.case.errors import BadInput, ComityError, Integrity, Refused, Usage
from comity.crypto import P256Key, Purpose, canonical, digest, issue, make_authority, sign, verify_detached
from comity.crypto.seal import seal
from comity.disclosure import Heading, Manifest, Reply, enclose, seal_context
from comity.disclosure.reply import bitmap

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
CODES = ("ADDRESS_PLACEHOLDER", "NAME_MISSING", "PURPOSE_NOT_CRIMINAL", "REASON_MISSING", "HOLD_ACTIVE")
SUBMISSION = "01JR7Z8Y9X0W1V2T3S4R5Q6P7N"
SUBMISSION_DIGEST = "ab" * 32


class Office:
    """The custodian's office, writing with the code that it discloses with."""

    def __init__(self, *, rehearsal):
        authority = make_authority("IRS", rehearsal=rehearsal, not_before=BEGIN, not_after=END)
        self.roots = [authority.certificate]
        self.key = P256Key.generate()
        self.certificate = issue(authority, "office", "IRS", self.key.public_key, Purpose.SIGNING, BEGIN, END)

    def plaintext(self, rows, recipient="officer-1"):
        body = "".join(f"{id_:26} {answer:13} {bitmap(codes, CODES)}\n" for id_, answer, codes in rows)
        heading = Heading(
            SUBMISSION, SUBMISSION_DIGEST, "irs_ice_2025", "1", CODES, rehearsal=self.certificate.rehearsal
        )
        return Reply(heading, recipient, b"\7" * 32, len(rows), body).plaintext()

    def manifest(self, certificate, plaintext, sealed, **changes):
        said = {
            "submission": SUBMISSION,
            "submission_digest": SUBMISSION_DIGEST,
            "agreement": "irs_ice_2025",
            "version": "1",
            "rules_digest": "cd" * 32,
            "recipient": "officer-1",
            "certificate": certificate.fingerprint,
            "rows": 3,
            "plaintext_digest": digest(plaintext),
            "content_digest": digest(sealed),
            "use": "for this matter only",
            "destroy_by": "2027-05-01",
            "intended": "a proof\nin lines",
            "orders": (),
            "rehearsal": self.certificate.rehearsal,
        } | changes
        return Manifest(**said).signed(self.key, self.certificate)


@pytest.fixture(scope="module")
def office():
    return Office(rehearsal=True)


ROWS = (("A-1", "RETURNED", CODES[1:4:2]), ("R-1", "CONFIRMED", ()), ("R-2", "NO_DISCLOSURE", ()))


@pytest.fixture
def collected(office, agency):
    """The file that `collect` hands over to officer-1; `changes` change what the manifest says."""

    def file(plaintext=None, **changes):
        plaintext = office.plaintext(ROWS) if plaintext is None else plaintext
        certificate = agency.people["officer-1"][1]
        heading = Heading(SUBMISSION, SUBMISSION_DIGEST, "irs_ice_2025", "1", CODES, rehearsal=True)
        sealed = seal(plaintext, certificate, context=seal_context(heading, "officer-1"))
        return enclose(office.manifest(certificate, plaintext, sealed, **changes), sealed)

    return file


@pytest.fixture
def opening(office, agency):
    def opened(content, person="officer-1", submission_digest=SUBMISSION_DIGEST, roots=None, at=NOW, synthetic=True):
        return requester.open_reply(
            content,
            agency.people[person][0],
            asked=requester.Asked(submission_digest, synthetic),
            roots=office.roots if roots is None else roots,
            at=at,
        )

    return opened


def test_the_recipient_reads_what_the_office_wrote(opening, collected):
    opened = opening(collected())
    assert [(row.request_id, row.answer, row.codes) for row in opened.answers] == list(ROWS)
    assert (opened.manifest.recipient, opened.manifest.destroy_by) == ("officer-1", "2027-05-01")
    assert opened.manifest.says
    assert "R-1" not in repr(opened)


def test_every_set_of_codes_is_read_as_it_was_written(opening, collected, office):
    sets = [[code for place, code in enumerate(CODES) if number >> place & 1] for number in range(1, 32)]
    rows = [(f"R-{number:02}", "RETURNED", tuple(codes)) for number, codes in enumerate(sets)]
    opened = opening(collected(office.plaintext(rows), rows=len(rows)))
    assert [(row.request_id, row.answer, row.codes) for row in opened.answers] == rows


def test_a_reply_without_rows_is_read(opening, collected, office):
    assert opening(collected(office.plaintext([]), rows=0)).answers == ()


def test_nobody_else_can_open_it(opening, collected):
    with pytest.raises(BadInput, match="SEAL_NOT_OPENED"):
        opening(collected(), person="officer-2")


def test_a_reply_to_another_submission_is_refused(opening, collected):
    with pytest.raises(Refused, match="REPLY_TO_ANOTHER"):
        opening(collected(), submission_digest="ef" * 32)


def test_a_manifest_moved_to_another_submission_does_not_open_the_seal(opening, collected):
    with pytest.raises(BadInput, match="SEAL_NOT_OPENED"):
        opening(collected(submission_digest="ef" * 32), submission_digest="ef" * 32)


def test_a_manifest_of_somebody_else_than_the_office_is_refused(opening, collected):
    with pytest.raises(BadInput, match="CERTIFICATE_UNTRUSTED"):
        opening(collected(), roots=Office(rehearsal=True).roots)
    with pytest.raises(BadInput, match="CERTIFICATE_EXPIRED"):
        opening(collected(), at=datetime(2028, 1, 1, tzinfo=UTC))


def test_a_rehearsals_reply_is_never_taken_for_a_real_one(opening, collected):
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        opening(collected(rehearsal=False))
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        opening(collected(), synthetic=False)


@pytest.fixture
def live_reply(agency):
    """A reply of an office whose root, made for this test, does not say REHEARSAL."""
    live, certificate = Office(rehearsal=False), agency.people["officer-1"][1]
    plaintext = live.plaintext(ROWS)
    heading = Heading(SUBMISSION, SUBMISSION_DIGEST, "irs_ice_2025", "1", CODES, rehearsal=False)
    sealed = seal(plaintext, certificate, context=seal_context(heading, "officer-1"))

    def reply(**changes):
        return enclose(live.manifest(certificate, plaintext, sealed, **changes), sealed), live.roots

    return reply


def test_a_real_reply_is_no_answer_to_a_rehearsal(opening, live_reply):
    content, roots = live_reply()
    assert not opening(content, roots=roots, synthetic=False).manifest.rehearsal
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        opening(content, roots=roots, synthetic=True)
    content, roots = live_reply(rehearsal=True)
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        opening(content, roots=roots, synthetic=True)


def test_a_reply_whose_own_words_are_of_the_other_kind_is_seen(opening, collected, office):
    plaintext = office.plaintext(ROWS)
    other = plaintext.replace(b"REHEARSAL: made-up people, no legal effect.", b"LIVE: made up for this test.")
    with pytest.raises(Integrity, match="REPLY_MALFORMED"):
        opening(collected(other))


def test_a_sealed_file_exchanged_behind_its_manifest_is_seen(opening, collected):
    manifest, other = collected().split(b"\n")[0], collected().split(b"\n", 1)[1]
    with pytest.raises(Integrity, match="DIGEST_DIFFERS"):
        opening(manifest + b"\n" + other)


def test_a_plaintext_that_is_not_the_manifests_is_seen(opening, collected):
    with pytest.raises(Integrity, match="DIGEST_DIFFERS"):
        opening(collected(plaintext_digest="ef" * 32))


@pytest.mark.parametrize("changes", [{"rows": 2}, {"submission": "01JR7Z8Y9X0W1V2T3S4R5Q6P7P"}])
def test_a_manifest_that_says_otherwise_than_the_reply_is_seen(opening, collected, changes):
    with pytest.raises(Integrity, match="REPLY_MALFORMED"):
        opening(collected(**changes))


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"comity/reply/1", b"comity/reply/2"),
        (b"R-1 ", b"r-1 "),
        (b"CONFIRMED    ", b"ADDRESS      "),
        (b"CONFIRMED     00", b"CONFIRMED     80"),
        (b"CONFIRMED     00", b"CONFIRMED     0 "),
        (b"CONFIRMED     00", b"CONFIRMED     000"),
        (b"RETURNED      50", b"RETURNED      00"),
        (b"RETURNED      50", b"RETURNED      5G"),
        (b"\nrows 3", b"\nrows 4"),
        (b"\nrows 3", b""),
        (b"\ncodes ", b"\nkodes "),
        (b"R-1", b"R\xff1"),
    ],
)
def test_a_reply_of_another_form_is_refused(opening, collected, office, there, instead):
    plaintext = office.plaintext(ROWS)
    assert there in plaintext
    with pytest.raises(Integrity, match="REPLY_MALFORMED") as refusal:
        opening(collected(plaintext.replace(there, instead)))
    assert refusal.value.__context__ is None


@pytest.mark.parametrize(
    "said", [[], {"type": "other"}, {"rows": "3"}, {"orders": [1]}, {"use": None}, {"rehearsal": 1}, {"rows": True}]
)
def test_a_signed_manifest_of_another_form_is_refused(opening, collected, office, said):
    token, _, sealed = collected().partition(b"\n")
    whole = json.loads(_decoded(token))
    content = canonical(whole | said if isinstance(said, dict) else said)
    signed = sign(content, office.key, office.certificate).encode()
    with pytest.raises(Integrity, match="REPLY_MALFORMED"):
        opening(signed + b"\n" + sealed)


def _decoded(token):
    part = token.split(b".")[1]
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


@pytest.mark.parametrize("content", [b"", b"reply", b"\n", b"\xff\n", b"a.b.c\nd"])
def test_what_is_no_reply_is_refused(opening, content):
    with pytest.raises(ComityError) as refusal:
        opening(content)
    assert refusal.value.code in {"REPLY_MALFORMED", "SIGNATURE_MALFORMED"}


def test_the_recipient_signs_the_digest_of_what_was_opened(opening, collected, agency, office):
    opened = opening(collected())
    token = requester.acknowledge(opened, *agency.people["officer-1"])
    signed = digest(office.plaintext(ROWS)).encode()
    found = verify_detached(token, signed, [agency.authority.certificate], NOW)
    assert found.certificate == agency.people["officer-1"][1]


def test_nobody_else_acknowledges_it(opening, collected, agency):
    with pytest.raises(Refused, match="NOT_THE_RECIPIENT"):
        requester.acknowledge(opening(collected()), *agency.people["officer-2"])
    with pytest.raises(BadInput, match="KEY_NOT_OF_CERTIFICATE"):
        requester.acknowledge(opening(collected()), agency.people["officer-2"][0], agency.people["officer-1"][1])


def test_the_answers_are_written_for_their_reader_alone(opening, collected, tmp_path):
    path = tmp_path / "answers.csv"
    requester.write_answers(opening(collected()), path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().splitlines() == [
        "request_id,answer,codes",
        "A-1,RETURNED,NAME_MISSING;REASON_MISSING",
        "R-1,CONFIRMED,",
        "R-2,NO_DISCLOSURE,",
    ]
    with pytest.raises(Usage, match="FILE_EXISTS"):
        requester.write_answers(opening(collected()), path)
