""" "That is not me": a contest is open until somebody has looked, and a recall or a finding has ended it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounting.leaf import commit
from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.office import contesting, recalling
from comity.oversight.verify import verify_log
from tests.accounted import account, answered, person_at
from tests.spec.office.test_accounts import next_day, refused
from tests.world import World, submission_id

LETTER = b"That is not me. I have never lived there."
FINDING = "Name, birth date and number agree."


def contest(world: World, row: int = 1, batch: str = "", reference: str = "LETTER-31"):
    batch = batch or world.batch
    return contesting.receive_contest(world.office, world.actor("counsel"), batch, row, reference, LETTER)


def look(world: World, number: int = 1):
    return contesting.look_up(world.office, world.actor("counsel"), number)


def close(world: World, number: int = 1, recall: int = 0, finding: str = ""):
    return contesting.close(world.office, world.actor("counsel"), number, recall, finding)


def test_a_contest_is_open_until_somebody_looked_and_found_why_the_answer_stands(sealed: World) -> None:
    received = contest(sealed)
    assert received.answer_by == (sealed.office.now().date() + timedelta(days=30)).isoformat()
    refused(Refused, "NOT_LOOKED_UP", close, sealed, 1, 0, FINDING)
    assert look(sealed).request_id == "SMALL-00001"
    assert close(sealed, finding=FINDING).stands() == "closed by a finding"
    refused(Refused, "DONE_BEFORE", close, sealed, 1, 0, FINDING)


def test_a_contest_is_closed_by_a_recall_of_the_contested_answer_and_by_no_other(sealed: World) -> None:
    [row, other, *_] = answered(sealed, sealed.batch)
    contest(sealed, row)
    look(sealed)
    refused(BadInput, "RECALL_OF_ANOTHER", close, sealed, 1, 1)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [other], "Read wrongly.")
    refused(BadInput, "RECALL_OF_ANOTHER", close, sealed, 1, 1)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    assert close(sealed, recall=2).stands() == "closed by recall 2"


@pytest.mark.parametrize("given", [(0, " "), (1, FINDING)])
def test_a_contest_is_closed_by_one_of_the_two(sealed: World, given: tuple[int, str]) -> None:
    contest(sealed)
    look(sealed)
    refused(BadInput, "CLOSED_BY_WHAT", close, sealed, 1, *given)


def test_a_look_at_a_contested_answer_is_an_event_of_the_batch_and_of_the_office(sealed: World) -> None:
    contest(sealed)
    look(sealed)
    look(sealed)
    read = [stored.type for stored in sealed.office.store.read(f"batch/{sealed.batch}")].count("records_read")
    looked = [stored.type for stored in sealed.office.store.read("office")].count("contest_looked_up")
    assert (read >= 2, looked) == (True, 1)


def test_a_contest_is_looked_up_under_a_hold_as_well(sealed: World) -> None:
    contest(sealed)
    sealed.hold()
    assert look(sealed).request_id == "SMALL-00001"


def test_the_letter_is_kept_as_a_salted_commitment_alone(sealed: World) -> None:
    received = contest(sealed)
    assert received.commitment == commit(bytes.fromhex(received.salt), LETTER)
    assert contest(sealed).commitment != received.commitment
    written = json.dumps([stored.stored() for stored in sealed.office.store.read("office")])
    assert LETTER.decode() not in written


def test_a_receipt_of_the_accounting_says_what_is_contested(sealed: World) -> None:
    row = answered(sealed, sealed.batch)[-1]
    account(sealed, person_at(sealed, sealed.batch, row))
    receipt = (sealed.place / "accounting" / "1.receipt").read_bytes()
    assert contesting.place_of(sealed.office, receipt) == (sealed.batch, row)


@pytest.mark.parametrize(("days", "late"), [(30, False), (31, True)])
def test_a_contest_is_overdue_after_its_last_day(sealed: World, days: int, late: bool) -> None:
    contest(sealed)
    sealed.stage.calendar.move_to(sealed.office.now() + timedelta(days=days))
    [(one, stands, overdue)] = contesting.contests(sealed.office)
    assert (one.contest, stands, overdue) == (1, "waits for a look-up", late)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("ROW_UNKNOWN", {"row": 121}),
        ("ROW_UNKNOWN", {"row": 0}),
        ("BATCH_UNKNOWN", {"batch": submission_id(9)}),
        ("ID_UNFIT", {"reference": "the letter of Ada Quill"}),
    ],
)
def test_a_contest_names_an_answer_and_a_letter_and_nobody(sealed: World, code: str, given) -> None:
    refused(ComityError, code, lambda: contest(sealed, **given))


def test_what_was_not_answered_yet_is_not_contested(signed: World) -> None:
    refused(Refused, "NOTHING_SEALED", contest, signed)


@pytest.mark.parametrize("officer", ["operator", "auditor", "transmitter"])
def test_counsel_alone_hears_a_contest(sealed: World, officer: str) -> None:
    given = (sealed.office, sealed.actor(officer), sealed.batch, 1, "LETTER-31", LETTER)
    refused(Refused, "RIGHT_MISSING", contesting.receive_contest, *given)
    contest(sealed)
    refused(Refused, "RIGHT_MISSING", contesting.look_up, sealed.office, sealed.actor(officer), 1)
    refused(Refused, "RIGHT_MISSING", contesting.close, sealed.office, sealed.actor(officer), 1, 0, FINDING)


def test_verification_counts_contests_and_how_many_are_open(sealed: World) -> None:
    [row, *_] = answered(sealed, sealed.batch)
    contest(sealed, row)
    contest(sealed)
    look(sealed)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    close(sealed, recall=1)
    next_day(sealed)
    found = verify_log(sealed.place / "home")
    assert (found.contests, found.open_contests) == (2, 1)


@pytest.mark.parametrize("given", [{"recall": 7}, {"finding": FINDING}])
def test_a_contest_that_was_closed_behind_the_rules_is_found(
    sealed: World, monkeypatch: pytest.MonkeyPatch, given
) -> None:
    contest(sealed)
    if "recall" in given:
        look(sealed)
    monkeypatch.setattr(contesting.decide, "close", lambda _, event, *__: event)
    close(sealed, **given)
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match="CONTEST_CLOSED_EARLY"):
        verify_log(sealed.place / "home")


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"contest": 1}, "NUMBER_NOT_NEXT"), ({"answer_by": "9999-12-31"}, "CONTEST_MISDATED")],
)
def test_a_contest_under_the_number_of_another_or_of_another_day_is_found(
    sealed: World, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], code: str
) -> None:
    contest(sealed)
    decided = contesting.decide.contest
    monkeypatch.setattr(contesting.decide, "contest", lambda *given: replace(decided(*given), **changed))
    contest(sealed, row=2)
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match=code):
        verify_log(sealed.place / "home")
