"""The requester's desk prepares, checks and signs what the custodian's intake then reads, or says why not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from comity import requester
from comity.case.errors import BadInput, ComityError, Refused, Usage
from comity.crypto import P256Key, Purpose, issue, make_authority
from comity.intake import Signatory, open_package, read_submission

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
TODAY = date(2026, 5, 1)


@pytest.fixture
def refused(agency):
    """Prepares what must be refused; gives the code, and sees that nothing is left."""

    def code(**particulars):
        with pytest.raises(ComityError) as refusal:
            agency.prepare(**particulars)
        assert "Canary" not in str(refusal.value)
        assert {path.name for path in agency.folder.iterdir()} == {"requests.csv", "recipients.csv", "certificates"}
        return refusal.value.code

    return code


def test_a_prepared_and_signed_package_is_read_by_intake(agency, tmp_path):
    cover = agency.prepare()
    assert requester.sign(agency.package, *agency.people["signatory"]) == cover
    (tmp_path / "batch").mkdir()
    submission = read_submission(
        tmp_path / "batch", open_package(agency.package), roots=[agency.authority.certificate], at=NOW
    )
    assert submission.cover == cover
    assert (cover.agency, cover.synthetic, cover.created_at) == ("ICE", True, NOW)
    assert (submission.requests.rows, submission.recipients.rows) == (1, 2)
    assert submission.certificate == agency.people["signatory"][1]


def test_a_package_is_nobodys_to_read_but_its_owners(agency):
    agency.prepare()
    assert agency.package.stat().st_mode & 0o077 == 0


def test_each_submission_has_an_id_of_its_own_unless_one_is_chosen(agency):
    chosen = "01JR7Z8Y9X0W1V2T3S4R5Q6P7N"
    assert agency.prepare(submission=chosen).submission == chosen
    first = agency.package.rename(agency.folder / "first")
    assert agency.prepare().submission != chosen
    assert first.exists()


def test_nothing_is_written_over(agency):
    agency.prepare()
    with pytest.raises(Usage, match="PACKAGE_EXISTS"):
        agency.prepare()


def test_unreadable_requests_are_named_before_anything_is_written(agency, refused):
    agency.write_requests({"case_opened_on": "02/01/2025"})
    assert refused() == "VALUE_UNREADABLE"


def test_a_recipient_without_a_certificate_is_refused(agency, refused):
    (agency.folder / "certificates" / "officer-2.pem").unlink()
    assert refused() == "CERTIFICATE_MISSING"


@pytest.mark.parametrize("content", ["", "recipient\nofficer-1\n", "\xff", '"'])
def test_recipients_of_another_form_are_refused(agency, refused, content):
    (agency.folder / "recipients.csv").write_text(content, "latin-1")
    assert refused() == "RECIPIENTS_UNREADABLE"


@pytest.mark.parametrize("matters", ["", "-1", "three", "²"])
def test_matters_are_counted_in_whole_numbers(agency, refused, matters):
    text = (agency.folder / "recipients.csv").read_text("utf-8")
    (agency.folder / "recipients.csv").write_text(text.replace(",3,", f",{matters},"), "utf-8")
    assert refused() == "RECIPIENTS_UNREADABLE"


def test_a_recipients_id_is_no_path(agency, refused):
    text = (agency.folder / "recipients.csv").read_text("utf-8")
    (agency.folder / "recipients.csv").write_text(text.replace("officer-2", "../certificates/officer-2"), "utf-8")
    assert refused() == "RECIPIENT_MALFORMED"


def test_particulars_that_fit_no_cover_are_refused(refused):
    assert refused(agency="") == "COVER_MALFORMED"
    assert refused(submission="mine") == "COVER_MALFORMED"
    assert refused(agreement="none_such") == "AGREEMENT_UNKNOWN"


def test_requests_whose_format_nobody_says_are_refused(agency):
    named = (agency.folder / "requests.csv").rename(agency.folder / "requests.txt")
    others = (agency.folder / "recipients.csv", agency.folder / "certificates")
    said = requester.Particulars(
        "ICE", Signatory("Sam Canary", "HEAD_OF_AGENCY", "statute"), "irs_ice_2025", True, "us"
    )
    with pytest.raises(Usage, match="REQUESTS_FORMAT_UNKNOWN"):
        requester.new(agency.package, named, *others, said, NOW)
    assert not agency.package.exists()
    assert requester.new(agency.package, named, *others, said, NOW, requester.Written("csv")).requests.rows == 1


def test_whatever_the_requests_are_written_in_the_package_carries_one_form(agency):
    text = (agency.folder / "requests.csv").read_text("utf-8")
    (agency.folder / "requests.csv").write_text(text, "utf-16")
    written = requester.Written(encoding="utf-16")
    assert agency.prepare(written=written).format == "parquet"
    assert {path.name for path in agency.package.iterdir()} == {"cover.json", "recipients.ndjson", "requests.parquet"}
    assert requester.check(agency.package, TODAY).passed == 1


def test_a_proper_request_passes_every_rule_that_needs_no_office(agency):
    agency.prepare()
    checked = requester.check(agency.package, TODAY)
    assert (checked.requests, checked.passed, checked.returned, checked.review) == (1, 1, 0, 0), checked.by_code
    assert checked.not_checked
    assert not list(agency.folder.glob(".*"))


def test_a_defective_request_is_shown_with_its_clause_and_the_next_step(agency):
    defects = {"purpose": "CIVIL_REMOVAL", "street_line": "Failed to Provide"}
    agency.write_requests({}, {"request_id": "R-2", "family_name": "Other"} | defects)
    agency.prepare()
    checked = requester.check(agency.package, TODAY)
    assert (checked.passed, checked.returned) == (1, 1)
    assert {"PURPOSE_NOT_CRIMINAL", "ADDRESS_PLACEHOLDER"} <= set(checked.by_code)
    purpose = next(ruling for ruling in checked.rulings if ruling.code == "PURPOSE_NOT_CRIMINAL")
    assert (purpose.row_number, purpose.request_id, purpose.outcome) == (2, "R-2", "return")
    assert "6103(i)(2)" in purpose.clause
    assert purpose.says
    assert purpose.next


def test_a_package_changed_after_it_was_prepared_is_neither_checked_nor_signed(agency):
    agency.prepare()
    with (agency.package / "requests.parquet").open("a") as file:
        file.write("\n")
    with pytest.raises(BadInput, match="DIGEST_DIFFERS"):
        requester.check(agency.package, TODAY)
    with pytest.raises(BadInput, match="DIGEST_DIFFERS"):
        requester.sign(agency.package, *agency.people["signatory"])
    assert not open_package(agency.package).signed


def test_a_package_is_signed_once(agency):
    agency.prepare()
    requester.sign(agency.package, *agency.people["signatory"])
    with pytest.raises(Usage, match="ALREADY_SIGNED"):
        requester.sign(agency.package, *agency.people["signatory"])


def test_a_key_signs_under_its_own_certificate_only(agency):
    agency.prepare()
    with pytest.raises(BadInput, match="KEY_NOT_OF_CERTIFICATE"):
        requester.sign(agency.package, agency.people["officer-1"][0], agency.people["signatory"][1])


def test_nothing_is_prepared_for_real_people_with_recipients_of_a_rehearsal(agency):
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        agency.prepare(synthetic=False, vouched_by="")
    assert not agency.package.exists()


@pytest.mark.parametrize("said", [{"vouched_by": " "}, {"synthetic": False}])
def test_whoever_says_that_people_are_made_up_names_who_vouches_for_it(agency, said):
    with pytest.raises(Usage, match="NOT_VOUCHED_SYNTHETIC"):
        agency.prepare(**said)
    assert not agency.package.exists()


def test_a_rehearsal_certificate_does_not_sign_for_real_people(agency):
    real = make_authority("ICE", rehearsal=False, not_before=BEGIN, not_after=END)
    key = P256Key.generate()
    for person in ("officer-1", "officer-2"):
        sealing = issue(real, person, "ICE", key.public_key, Purpose.SEALING, BEGIN, END)
        sealing.save(agency.folder / "certificates" / f"{person}.pem")
    agency.prepare(synthetic=False, vouched_by="")
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        requester.sign(agency.package, *agency.people["signatory"])
    requester.sign(agency.package, key, issue(real, "Sam", "ICE", key.public_key, Purpose.SIGNING, BEGIN, END))
    assert open_package(agency.package).signed


def test_a_real_certificate_does_not_sign_for_made_up_people(agency):
    agency.prepare()
    real = make_authority("ICE", rehearsal=False, not_before=BEGIN, not_after=END)
    key = P256Key.generate()
    certificate = issue(real, "Sam", "ICE", key.public_key, Purpose.SIGNING, BEGIN, END)
    with pytest.raises(Refused, match="REHEARSAL_MIXED"):
        requester.sign(agency.package, key, certificate)


def test_what_is_no_folder_is_not_signed(agency):
    with pytest.raises(Usage, match="NOT_A_FOLDER"):
        requester.sign(agency.folder / "requests.csv", *agency.people["signatory"])
