"""Cases whose answer the office knows, among those of the reviewers: drawn, hidden, measured, and never answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity.case.batch_state import BatchState
from comity.case.errors import Integrity, Refused
from comity.demo.cast import REVIEWERS
from comity.demo.stage import AGREEMENT
from comity.office import assigning, reviewing
from comity.office.assigning import InHand
from comity.oversight import known_cases
from comity.oversight.verify import verify_log
from tests.world import START, World, submission_id

BATCH = submission_id(2)
# A third of the requests carries an initial, which is for people to weigh; the rest is confirmed.
_THIRD = "CASE WHEN request_id <= 'SMALL-00040' THEN left(given_name, 1) ELSE given_name END AS given_name"


@pytest.fixture(scope="module", name="mixed_in_template")
def template(prepared_template: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = prepared_template.copied(tmp_path_factory.mktemp("known"))
    world.agreed(AGREEMENT, (START.date(), START.date() + timedelta(days=365)), {"known_cases": 50})
    world.receive(world.sent(2, changed=_THIRD))
    if world.work(BATCH) == "RULINGS_OPEN":
        world.settle(BATCH)
        world.work(BATCH)
    return world


@pytest.fixture
def mixed_in(mixed_in_template: World, tmp_path: Path) -> Iterator[World]:
    """A world whose batch waits for reviewers, with known cases among its own."""
    world = mixed_in_template.copied(tmp_path)
    yield world
    world.office.store.close()


def state(world: World) -> BatchState:
    return world.office.batch(BATCH)


def known(world: World) -> dict[int, tuple[str, str, int]]:
    """The right answer of each known case, and the row it is made from."""
    path = world.office.vault.artefact(BATCH, state(world).known.known).path
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT row_number, verdict, person, original FROM '{path}'").fetchall()
    return {row: (verdict, person, original) for row, verdict, person, original in rows}


def voted(world: World, wrong: frozenset[int] = frozenset(), answers: bool = True) -> None:
    """Two reviewers vote on everything as the rule or the key has it, but the first errs on the known cases `wrong`."""
    right, persons = known(world), world.confirmed(BATCH)

    def said(row: int) -> tuple[str, str]:
        return right[row][:2] if row in right else ("same", persons[row]) if row in persons else ("not_same", "")

    world.cast(REVIEWERS[0], lambda row: ("not_same", "") if row in wrong else said(row), BATCH)
    world.cast(REVIEWERS[1], said, BATCH)
    if answers:
        assert world.work(BATCH) == "SIGNATURES_MISSING"


def test_known_cases_of_both_answers_are_numbered_behind_the_batch_and_made_from_its_requests(mixed_in: World) -> None:
    rows = state(mixed_in).received.requests["rows"]
    right = known(mixed_in)

    assert set(right) == set(range(rows + 1, rows + len(right) + 1))
    assert {verdict for verdict, *_ in right.values()} == {"same", "not_same"}
    assert len({original for *_, original in right.values()}) == len(right)
    assert all(original in mixed_in.confirmed(BATCH) for *_, original in right.values())


def test_a_known_case_is_put_like_any_other_and_shows_no_number(mixed_in: World) -> None:
    right, reviewer = known(mixed_in), mixed_in.actor("reviewer-1")
    shown: dict[bool, list[InHand]] = {True: [], False: []}
    while found := assigning.next_case(mixed_in.office, reviewer, BATCH):
        row = assigning.row_in_hand(mixed_in.office, reviewer, BATCH, found.ticket)
        if found.case.kind == "clerical":
            shown[row in right].append(found)
        assigning.put_back(mixed_in.office, reviewer, BATCH, row)

    assert len(shown[True]) == len(right)
    assert len(shown[False]) > len(right)
    assert shape(shown[True]) == shape(shown[False])
    for found in shown[True]:
        assert "request_id" not in found.case.request
        assert not any({"row_number", "request_id", "verdict"} & set(candidate) for candidate in found.case.candidates)


def shape(cases: list[InHand]) -> set[tuple[object, ...]]:
    """What is the same of all real cases: the length of the ticket, and the fields of the request and of a record."""
    return {
        (len(found.ticket), tuple(found.case.request), *{tuple(row) for row in found.case.candidates})
        for found in cases
    }


def test_a_known_case_comes_before_the_request_it_is_made_from_and_never_after_it(mixed_in: World) -> None:
    order = [row for row, _ in reviewing.open_cases(mixed_in.office, BATCH, "reviewer-1")]
    right = known(mixed_in)
    assert order != sorted(order)
    assert all(order.index(row) < order.index(original) for row, (*_, original) in right.items() if original in order)

    row, (*_, original) = next((row, said) for row, said in right.items() if said[2] in order)
    reviewer = mixed_in.actor("reviewer-1")
    assigning.take_cases(mixed_in.office, reviewer, BATCH, 1_000)
    assigning.vote(mixed_in.office, reviewer, BATCH, [(original, "not_same", "")])
    assert row not in dict(reviewing.open_cases(mixed_in.office, BATCH, "reviewer-1"))
    assert row in dict(reviewing.open_cases(mixed_in.office, BATCH, "reviewer-2"))


def test_the_reviewers_error_is_measured_and_nothing_of_a_known_case_is_answered(mixed_in: World) -> None:
    right = known(mixed_in)
    same = frozenset(row for row, (verdict, *_) in right.items() if verdict == "same")
    voted(mixed_in, wrong=same)

    measured = {one.officer: one for one in reviewing.measured(mixed_in.office, mixed_in.actor("counsel"), BATCH)}
    assert (measured["reviewer-1"].cases, measured["reviewer-1"].wrong) == (len(right), len(same))
    assert (measured["reviewer-2"].cases, measured["reviewer-2"].wrong) == (len(right), 0)
    assert measured["all reviewers"].low < len(same) / 2 / len(right) < measured["all reviewers"].high
    assert state(mixed_in).answers.answers["rows"] == state(mixed_in).received.requests["rows"]
    assert sum(state(mixed_in).answers.counts.values()) == state(mixed_in).received.requests["rows"]
    assert not {vote.row_number for vote in state(mixed_in).votes} & set(right)


def test_reviewers_do_not_read_their_own_error(mixed_in: World) -> None:
    with pytest.raises(Refused) as refused:
        reviewing.measured(mixed_in.office, mixed_in.actor("reviewer-1"), BATCH)
    assert refused.value.code == "RIGHT_MISSING"


def test_no_answer_waits_for_a_known_case(mixed_in: World) -> None:
    persons, right = mixed_in.confirmed(BATCH), known(mixed_in)
    for reviewer in REVIEWERS[:2]:
        actor = mixed_in.actor(reviewer)
        rows = [row for row in assigning.take_cases(mixed_in.office, actor, BATCH, 1_000) if row not in right]
        votes = [(row, "same", persons[row]) if row in persons else (row, "not_same", "") for row in rows]
        assigning.vote(mixed_in.office, actor, BATCH, votes)
        # What is left in hand is free for others when its time is over.
        mixed_in.stage.calendar.move_to(mixed_in.stage.calendar.moment + timedelta(hours=1))
    assert mixed_in.work(BATCH) == "SIGNATURES_MISSING"
    assert reviewing.measured(mixed_in.office, mixed_in.actor("counsel"), BATCH) == []


def released(world: World) -> str:
    """The code with which verification refuses the batch, released; or ''."""
    for approver in ("approver-1", "approver-2"):
        world.sign_answers(approver, BATCH)
    world.stage.calendar.move_to(START + timedelta(days=40))
    world.release(BATCH)
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


def test_a_released_batch_with_known_cases_verifies_and_logs_its_requests_alone(mixed_in: World) -> None:
    voted(mixed_in)
    assert released(mixed_in) == ""
    assert state(mixed_in).intended.accounting["rows"] == state(mixed_in).received.requests["rows"]


def test_an_error_that_the_votes_do_not_come_to_is_found(mixed_in: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {reviewer: {"cases": 9, "wrong": 0} for reviewer in REVIEWERS[:2]}
    monkeypatch.setattr("comity.review.measure_reviewers", lambda *_: told)
    voted(mixed_in, wrong=frozenset(known(mixed_in)))
    assert released(mixed_in) == "REVIEWERS_DIFFER"


def test_an_error_that_is_not_told_at_all_is_found(mixed_in: World, monkeypatch: pytest.MonkeyPatch) -> None:
    voted(mixed_in, answers=False)
    events = reviewing.ReviewersMeasured
    record = type(mixed_in.office).record

    def without(office, act, said, *streams):
        return record(office, act, [event for event in said if not isinstance(event, events)], *streams)

    monkeypatch.setattr(type(mixed_in.office), "record", without)
    assert mixed_in.work(BATCH) == "SIGNATURES_MISSING"
    monkeypatch.undo()
    assert released(mixed_in) == "REVIEWERS_DIFFER"


def test_a_small_batch_has_none(prepared: World) -> None:
    prepared.receive()
    if prepared.work() == "RULINGS_OPEN":
        prepared.settle()
        prepared.work()
    assert prepared.office.batch(prepared.batch).known is None


@pytest.mark.parametrize(("wanted", "taken"), [(1, 100), (10, 100), (500, 5_000), (1_000_000, 10_000)])
def test_no_more_requests_are_told_otherwise_than_the_wanted_cases_need(wanted: int, taken: int) -> None:
    assert known_cases._originals(wanted) == taken
