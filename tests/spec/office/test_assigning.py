"""Cases go into one reviewer's hands at a time, in the office's order, and come back by a vote, a word, or the hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.case.errors import Refused
from comity.case.outcomes import AUDIT, CLERICAL
from comity.office import assigning, reviewing
from tests.world import START, World

TWO = ("reviewer-1", "reviewer-2")


@pytest.fixture
def determined(prepared: World) -> World:
    batch = prepared.receive(prepared.sent(2, "request_id <= 'SMALL-00006'"))
    if prepared.work(batch) == "RULINGS_OPEN":
        prepared.settle(batch)
        prepared.work(batch)
    prepared.batch = batch
    return prepared


def taken(world: World, reviewer: str) -> int:
    """The row of the case that a reviewer is given; 0 for none."""
    found = assigning.next_case(world.office, world.actor(reviewer), world.batch)
    return assigning.row_in_hand(world.office, world.actor(reviewer), world.batch, found.ticket) if found else 0


def cast(world: World, reviewer: str, row: int) -> None:
    assigning.vote(world.office, world.actor(reviewer), world.batch, [(row, "not_same", "")])


def test_two_reviewers_never_hold_the_same_case_and_take_them_in_the_drawn_order(determined: World) -> None:
    order = [row for row, _ in reviewing.open_cases(determined.office, determined.batch)]
    assert [taken(determined, reviewer) for reviewer in TWO] == order[:2]
    cast(determined, TWO[0], order[0])
    assert taken(determined, TWO[0]) == order[2]


def test_a_reviewer_goes_back_to_the_own_unfinished_case_also_after_a_kill(determined: World) -> None:
    first = taken(determined, TWO[0])
    assert taken(determined, TWO[0]) == first
    determined.reopen()
    assert taken(determined, TWO[0]) == first
    cast(determined, TWO[0], first)


def test_a_case_is_another_reviewers_when_its_time_is_over_and_the_late_vote_is_refused(determined: World) -> None:
    first = taken(determined, TWO[0])
    determined.stage.calendar.move_to(determined.stage.calendar.moment + assigning.HELD_FOR - timedelta(seconds=1))
    assert taken(determined, TWO[1]) != first
    determined.stage.calendar.move_to(determined.stage.calendar.moment + assigning.HELD_FOR)
    assert taken(determined, "reviewer-3") == first
    with pytest.raises(Refused, match="NOT_ASSIGNED"):
        cast(determined, TWO[0], first)


def test_nobody_votes_on_a_case_that_the_office_did_not_give(determined: World) -> None:
    mine, theirs = (taken(determined, reviewer) for reviewer in TWO)
    for row in (theirs, 99):
        with pytest.raises(Refused, match="NOT_ASSIGNED"):
            cast(determined, TWO[0], row)
    with pytest.raises(Refused, match="NOT_ASSIGNED"):
        assigning.put_back(determined.office, determined.actor(TWO[0]), determined.batch, theirs)
    cast(determined, TWO[0], mine)
    with pytest.raises(Refused, match="NOT_ASSIGNED"):
        cast(determined, TWO[0], mine)


def test_an_act_in_between_does_not_cost_the_reviewer_the_case(
    determined: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    appended = type(determined.office).append
    tried: list[int] = []

    def between(office, events, expected):
        tried.append(len(events))
        if len(tried) == 1:
            determined.hold("H9")
        appended(office, events, expected)

    monkeypatch.setattr(type(determined.office), "append", between)
    row = taken(determined, TWO[0])
    assert tried == [2, 1, 2]
    assert determined.office.batch(determined.batch).assigned[row].officer == TWO[0]


def test_a_ticket_says_nothing_and_is_one_officers_alone(determined: World) -> None:
    found = assigning.next_case(determined.office, determined.actor(TWO[0]), determined.batch)
    with pytest.raises(Refused, match="NOT_ASSIGNED"):
        assigning.row_in_hand(determined.office, determined.actor(TWO[1]), determined.batch, found.ticket)


def test_when_the_answer_is_due_the_audit_that_holds_it_up_comes_before_any_clerical_case(
    received: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "open_cases", lambda *_: ((5, CLERICAL), (1, AUDIT), (9, CLERICAL), (2, AUDIT)))

    def order() -> tuple[int, ...]:
        batch = received.office.batch(received.batch)
        return assigning._choice(received.office, batch, TWO[0], (CLERICAL, AUDIT))

    assert order() == (5, 1, 9, 2)
    received.stage.calendar.move_to(START + timedelta(days=40))
    assert order() == (1, 2, 5, 9)
