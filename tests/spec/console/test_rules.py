"""What a role may not do is neither offered nor done: the acts refuse it whatever the page says."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from comity.case.office_events import StrikeProposed
from comity.console.opened import the_console
from comity.office import acts, reviewing
from tests.spec.console.conftest import BATCH, session
from tests.world import World

NEXT = f"/b/{BATCH}/review/next"
PAPER = b"An order, for rehearsal."
EVERYBODY = ("registrar", "operator", "reviewer-1", "approver-1", "transmitter", "hold-officer", "counsel", "auditor")


def text(response: HttpResponse) -> str:
    return response.content.decode()


def code(response: HttpResponse) -> str:
    return text(response).partition("<strong><code>")[2].partition("<")[0]


def ticket_in(case: HttpResponse | str) -> str:
    """How a page of a case names it."""
    shown = case if isinstance(case, str) else text(case)
    return shown.partition('name="case" value="')[2].partition('"')[0]


def events(world: World, kind: str) -> list[str]:
    """The officers behind the events of that kind in the batch, oldest first."""
    stored = world.office.store.read(f"batch/{BATCH}")
    return [event.actor for event in stored if event.type == kind]


def ordered(hold: str = "H-1") -> dict[str, object]:
    said = {"hold": hold, "agreement": "irs_ice_2025", "direction": "disclose", "court": "D. Rehearsal"}
    paper = SimpleUploadedFile("order.pdf", PAPER)
    return {**said, "docket": "1:26-cv-00001", "ordered_on": "2026-03-01", "says": "Stop.", "paper": paper}


@pytest.mark.parametrize("officer", EVERYBODY)
def test_every_officer_sees_where_the_batches_stand(ruled: World, officer: str) -> None:
    browser = session(ruled, officer)

    assert BATCH in text(browser.get("/"))
    for page in (f"/b/{BATCH}/", f"/b/{BATCH}/requests", "/holds/", "/registers/", "/agreements/", "/log/"):
        assert browser.get(page).status_code == 200, page


def test_nobody_sees_a_page_without_signing_in(ruled: World) -> None:
    response = session(ruled).get(f"/b/{BATCH}/")

    assert (response.status_code, response["Location"]) == (302, "/sign-in")


def test_an_auditor_is_offered_no_act_and_each_is_refused(ruled: World) -> None:
    browser = session(ruled, "auditor")

    shown = "".join(text(browser.get(page)) for page in ("/", f"/b/{BATCH}/", f"/b/{BATCH}/examine/", "/holds/"))
    assert 'action="/sign-out"' in shown
    assert not [form for form in ("/work", "/receive", "/abandon", 'name="paper"', "Settle") if form in shown]
    assert code(browser.post(f"/b/{BATCH}/work")) == "RIGHT_MISSING"
    assert code(browser.post("/holds/", ordered())) == "RIGHT_MISSING"
    settled = browser.post(f"/b/{BATCH}/examine/7/", {"ruling": "pass", "reason": "x"})
    assert (settled.status_code, code(settled)) == (403, "RIGHT_MISSING")


def test_an_examiner_settles_one_ruling_after_another(ruled: World) -> None:
    browser = session(ruled, "examiner")
    rows = [7, 8, 9]

    for row in rows:
        assert "Why it waits" in text(browser.get(f"/b/{BATCH}/examine/{row}/"))
        said = {"ruling": "return", "reason": "A box is no residence."}
        assert browser.post(f"/b/{BATCH}/examine/{row}/", said).status_code == 302

    assert sorted(ruled.office.batch(BATCH).examined) == rows
    assert "None waits" in text(browser.get(f"/b/{BATCH}/examine/"))


def test_an_examiner_sees_no_record_and_nothing_that_follows_from_one(compared: World) -> None:
    browser = session(compared, "examiner")

    assert "Determination" not in text(browser.get(f"/b/{BATCH}/requests"))
    assert code(browser.get(f"/b/{BATCH}/requests?determination=confirmed")) == "RIGHT_MISSING"
    assert code(browser.post(f"/b/{BATCH}/r/20/")) == "RIGHT_MISSING"
    assert "Determinations" not in text(browser.get(f"/b/{BATCH}/"))


def test_a_reviewer_sees_no_narrative(compared: World) -> None:
    browser = session(compared, "reviewer-1")

    case = text(browser.post(NEXT))
    assert "Is it the same person?" in case
    assert "CASE-" not in case + text(browser.get(f"/b/{BATCH}/r/1/"))


def test_a_look_at_a_record_is_an_event_and_a_page_alone_is_none(compared: World) -> None:
    browser = session(compared, "approver-1")

    browser.get(f"/b/{BATCH}/r/20/")
    assert events(compared, "records_read") == []
    shown = browser.post(f"/b/{BATCH}/r/20/")
    assert "Request and record side by side" in text(shown)
    assert events(compared, "records_read") == ["approver-1"]


def test_reviewers_vote_one_case_after_another_and_blind(compared: World) -> None:
    first, second = session(compared, "reviewer-1"), session(compared, "reviewer-2")

    ticket = ticket_in(first.post(NEXT))
    following = first.post(NEXT, {"case": ticket, "vote": "not_same"})
    assert "This is the next case" in text(following)
    assert ticket_in(following) != ticket
    waiting = len(reviewing.open_cases(compared.office, BATCH))
    assert f"{waiting} cases wait for you" in text(second.get(f"/b/{BATCH}/review/"))
    [row] = {vote.row_number for vote in compared.office.batch(BATCH).votes}
    assert "reviewer-1" not in text(second.get(f"/b/{BATCH}/r/{row}/")) + text(second.post(NEXT))
    assert code(first.post(NEXT, {"case": ticket, "vote": "not_same"})) == "NOT_ASSIGNED"
    assert events(compared, "vote_cast") == ["reviewer-1"]


def test_a_vote_for_the_same_person_names_the_candidate(compared: World) -> None:
    browser = session(compared, "reviewer-1")
    case = browser.post(NEXT)
    while 'value="same:' not in text(case):
        case = browser.post(NEXT, {"case": ticket_in(case), "vote": "not_same"})
    person = text(case).partition('value="same:')[2].partition('"')[0]

    following = browser.post(NEXT, {"case": ticket_in(case), "vote": f"same:{person}"})
    last = compared.office.batch(BATCH).votes[-1]
    assert (last.verdict, last.person) == ("same", person)
    refused = browser.post(NEXT, {"case": ticket_in(following), "vote": "same:nobody"})
    assert code(refused) == "CANDIDATE_UNSUPPORTED"


def test_nobody_chooses_a_case_and_a_page_of_one_tells_no_number(compared: World) -> None:
    first, second = session(compared, "reviewer-1"), session(compared, "reviewer-2")

    shown = text(first.post(NEXT))
    assert not re.search(r"SMALL-|Row \d|/review/\d", shown)
    theirs = ticket_in(second.post(NEXT))
    assert code(first.post(NEXT, {"case": theirs, "vote": "not_same"})) == "NOT_ASSIGNED"
    assert first.post(f"/b/{BATCH}/review/3/").status_code == 404


def test_a_case_given_back_goes_to_others_and_not_to_the_same_reviewer_again(compared: World) -> None:
    browser = session(compared, "reviewer-1")
    before = len(reviewing.open_cases(compared.office, BATCH, "reviewer-1"))
    browser.post(NEXT, {"case": ticket_in(browser.post(NEXT)), "put_back": "1"})

    assert compared.office.batch(BATCH).votes == ()
    assert f"{before - 1} cases wait for you" in text(browser.post(NEXT))


def _answered(world: World) -> str:
    world.vote_no(BATCH)
    assert world.work(BATCH) == "SIGNATURES_MISSING"
    answers = world.office.batch(BATCH).answers
    assert answers is not None
    return str(answers.answers["digest"])


def test_an_approver_signs_exactly_the_answers_that_were_shown(compared: World) -> None:
    digest = _answered(compared)
    browser = session(compared, "approver-1")
    meant = {"digest": digest, "officer": "approver-1", "read": "1"}

    assert digest in text(browser.get(f"/b/{BATCH}/sign"))
    assert code(browser.post(f"/b/{BATCH}/sign", {**meant, "digest": "0" * 64})) == "ANSWERS_CHANGED"
    assert code(browser.post(f"/b/{BATCH}/sign", {**meant, "officer": "approver-2"})) == "SIGNING_NOT_MEANT"
    assert code(browser.post(f"/b/{BATCH}/sign", {"digest": digest, "officer": "approver-1"})) == "SIGNING_NOT_MEANT"
    assert events(compared, "countersigned") == []
    assert browser.post(f"/b/{BATCH}/sign", meant).status_code == 302
    assert events(compared, "countersigned") == ["approver-1"]


def test_nobody_signs_twice_or_without_the_right(compared: World) -> None:
    digest = _answered(compared)

    def signed(officer: str) -> str:
        meant = {"digest": digest, "officer": officer, "read": "1"}
        return code(session(compared, officer).post(f"/b/{BATCH}/sign", meant))

    assert [signed("approver-1"), signed("approver-1")] == ["", "SAME_OFFICER"]
    assert {signed(officer) for officer in ("reviewer-1", "auditor", "counsel", "transmitter")} == {"RIGHT_MISSING"}


def test_a_release_shows_how_far_it_is_and_waits_for_its_hour(compared: World) -> None:
    _answered(compared)
    for approver in ("approver-1", "approver-2"):
        compared.sign_answers(approver, BATCH)
    browser = session(compared, "transmitter")

    assert "Nobody can release it before its hour" in text(browser.get(f"/b/{BATCH}/release"))
    assert browser.post(f"/b/{BATCH}/release").status_code == 302
    _ended(browser)
    assert "ANSWER_HOUR_NOT_REACHED" in text(browser.get(f"/b/{BATCH}/"))
    assert compared.office.batch(BATCH).intended is None


def _ended(browser: Client) -> None:
    run = the_console().running.of(BATCH)
    assert run is not None
    run.thread.join(60)
    assert run.done


def test_a_transmitter_releases_and_hands_a_reply_over(compared: World) -> None:
    _answered(compared)
    for approver in ("approver-1", "approver-2"):
        compared.sign_answers(approver, BATCH)
    compared.stage.calendar.move_to(compared.office.now().replace(month=6))
    browser = session(compared, "transmitter")

    browser.post(f"/b/{BATCH}/release")
    _ended(browser)
    assert events(compared, "replies_sealed") == ["transmitter"]
    reply = browser.post(f"/b/{BATCH}/replies", {"recipient": "signatory"})
    assert reply["Content-Disposition"].startswith("attachment")
    assert events(compared, "reply_handed_over") == ["transmitter"]
    assert (
        code(session(compared, "operator").post(f"/b/{BATCH}/replies", {"recipient": "signatory"})) == "RIGHT_MISSING"
    )


def test_a_hold_placed_on_the_page_binds_and_another_officer_confirms_it(compared: World) -> None:
    placing, other = session(compared, "hold-officer"), session(compared, "counsel")

    assert placing.post("/holds/", ordered()).status_code == 302
    assert "Held by order" in text(placing.get(f"/b/{BATCH}/"))
    assert "/holds/H-1/confirm" not in text(placing.get("/holds/"))
    assert code(placing.post("/holds/H-1/confirm")) == "SOD_VIOLATION"
    assert "/holds/H-1/confirm" in text(other.get("/holds/"))
    assert other.post("/holds/H-1/confirm").status_code == 302
    assert compared.office.state().holds["H-1"].confirmed_by == "counsel"


def test_a_hold_about_persons_stands_over_answers_from_before_it_and_the_operator_works_the_batch_again(
    signed: World,
) -> None:
    placing, working = session(signed, "hold-officer"), session(signed, "operator")
    batch = f"/b/{signed.batch}/"
    persons = SimpleUploadedFile("plaintiffs.csv", b"given_name,family_name\nAurelia,Quillfeather\n")
    assert "Work the batch" not in text(working.get(batch))

    assert code(placing.post("/holds/", ordered() | {"persons": SimpleUploadedFile("empty.csv", b"\n")})) == (
        "PERSONS_UNREADABLE"
    )
    assert placing.post("/holds/", ordered() | {"persons": persons}).status_code == 302
    page = text(working.get(batch))
    assert "It names persons, and these answers were made before it" in page
    assert "Work the batch" in page
    listed = text(placing.get("/holds/"))
    assert "about 1 person alone" in listed
    assert "Quillfeather" not in listed + page

    assert signed.work_alone() == "SIGNATURES_MISSING"
    assert "Held by order" not in text(working.get(batch))


def test_a_strike_is_approved_on_the_page_and_ends_the_session_of_whom_it_strikes_off(compared: World) -> None:
    struck, today = session(compared, "transmitter"), compared.office.now().date().isoformat()
    said = StrikeProposed("transmitter", "officer", "", "Left the office.", today)
    acts.propose_entry(compared.office, compared.actor("registrar"), said)
    posted = {"register": "strike", "subject": "transmitter", "number": "1"}

    assert "Left the office." in text(struck.get("/registers/"))
    assert code(struck.post("/registers/", posted)) == "RIGHT_MISSING"
    assert session(compared, "counsel").post("/registers/", posted).status_code == 302
    assert code(struck.get("/")) == "OFFICER_STRUCK_OFF"


def test_a_hold_is_lifted_on_the_page_by_two_roles_with_one_paper(compared: World) -> None:
    proposing, other = session(compared, "hold-officer"), session(compared, "counsel")
    proposing.post("/holds/", ordered())
    order = {"court": "D. Rehearsal", "order": "1:26-cv-1, No. 61", "ordered_on": "2026-03-02"}

    def paper(text: bytes = b"An order that ends it.") -> SimpleUploadedFile:
        return SimpleUploadedFile("vacated.pdf", text)

    assert "/holds/H-1/lift" not in text(session(compared, "approver-1").get("/holds/"))
    assert proposing.post("/holds/H-1/lift", {**order, "paper": paper()}).status_code == 302
    assert "it binds until the other role confirms" in text(proposing.get("/holds/"))
    assert "/holds/H-1/confirm-lift" not in text(proposing.get("/holds/"))
    assert "/holds/H-1/confirm-lift" in text(other.get("/holds/"))
    posted = {"number": "1", "paper": paper(b"Another order.")}
    assert code(other.post("/holds/H-1/confirm-lift", posted)) == "ORDER_DIFFERS"
    assert code(other.post("/holds/H-1/confirm-lift", {"number": "2", "paper": paper()})) == "LIFT_UNKNOWN"
    assert other.post("/holds/H-1/confirm-lift", {"number": "1", "paper": paper()}).status_code == 302
    assert compared.office.state().holds["H-1"].lifted_at
    assert "Lifted" in text(other.get("/holds/"))


def test_an_operator_works_a_batch_from_its_page(ruled: World) -> None:
    ruled.settle(BATCH)
    browser = session(ruled, "operator")

    assert browser.post(f"/b/{BATCH}/work").status_code == 302
    _ended(browser)
    assert "VOTES_OPEN" in text(browser.get(f"/b/{BATCH}/"))
    assert ruled.office.batch(BATCH).determined is not None


def test_the_audit_is_shown_to_counsel_who_may_close_the_batch_and_never_to_reviewers(compared: World) -> None:
    counsel, reviewer = session(compared, "counsel"), session(compared, "reviewer-1")

    assert "with 95 % confidence" in text(counsel.get(f"/b/{BATCH}/"))
    assert "with 95 % confidence" not in text(reviewer.get(f"/b/{BATCH}/"))
    assert code(reviewer.post(f"/b/{BATCH}/forgo", {"reason": "Mine."})) == "RIGHT_MISSING"
    assert code(counsel.post(f"/b/{BATCH}/forgo", {"reason": ""})) == "REASON_NEEDED"
    counsel.post(f"/b/{BATCH}/forgo", {"reason": "The sample cannot be read in time."})
    assert compared.office.batch(BATCH).forgone
    assert "Counsel has closed this batch with noes" in text(counsel.get(f"/b/{BATCH}/"))


def test_who_reads_the_sample_is_not_shown_what_the_rule_said(compared: World) -> None:
    browser = session(compared, "reviewer-1")
    case = text(browser.post(NEXT))
    while "What the rule said of it is not shown" not in case:
        case = text(browser.post(NEXT, {"case": ticket_in(case), "vote": "not_same"}))
    row = next(row for row, kind in reviewing.open_cases(compared.office, BATCH) if kind == "audit")

    assert code(browser.post(f"/b/{BATCH}/r/{row}/")) == "RIGHT_MISSING"


def test_counsel_recalls_answers_of_a_batch_that_was_sealed_and_nobody_else(sealed: World) -> None:
    counsel, transmitter = session(sealed, "counsel"), session(sealed, "transmitter")
    page = f"/b/{sealed.batch}/"

    assert "Recall these answers" not in text(transmitter.get(page))
    said = {"rows": "1", "reason": "The address was read wrongly."}
    assert code(transmitter.post(f"{page}recall", said)) == "RIGHT_MISSING"
    assert code(counsel.post(f"{page}recall", said | {"rows": "one"})) == "ROWS_UNREADABLE"
    assert code(counsel.post(f"{page}recall", said | {"rows": "9" * 40})) == "ROWS_UNREADABLE"
    counsel.post(f"{page}recall", said)
    assert "Recall 1, closed" in text(counsel.get(page))
    assert "stopped, sealed" in text(counsel.get(page))


@pytest.mark.parametrize("officer", ["examiner", "reviewer-1", "hold-officer", "registrar"])
def test_who_may_not_read_records_sees_no_answer_counted_for_a_recipient(sealed: World, officer: str) -> None:
    shown = text(session(sealed, officer).get(f"/b/{sealed.batch}/release"))
    assert "ICE-R001" not in shown
    assert "CONFIRMED" not in text(session(sealed, officer).get(f"/b/{sealed.batch}/"))


def test_a_number_that_no_page_has_is_the_first_page(compared: World) -> None:
    assert session(compared, "auditor").get(f"/b/{BATCH}/requests?page={'9' * 5000}").status_code == 200
