"""What waits for an examiner, and what becomes of it when the day of the answer has come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.case.errors import BadInput, Refused
from comity.demo.cast import SIGNATORY
from comity.intake import Signatory
from comity.office import ruling
from comity.workspace import workspace
from tests.world import START, World


def settled(world: World, batch_id: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
    batch = world.office.batch(batch_id)
    assert batch.settled is not None
    artefact = world.office.vault.artefact(batch_id, batch.settled.settled)
    with workspace(world.office.vault.folder(batch_id)) as ws:
        ws.view("settled", artefact)
        rows = ws.rows("SELECT ruling, settled_by, codes FROM settled")
    return [(word, by, tuple(codes)) for word, by, codes in rows]


def test_a_request_that_no_examiner_settled_is_returned_on_the_day_of_the_answer(prepared: World) -> None:
    batch = prepared.receive(prepared.sent(2, changed="['STAY'] AS bars"))
    assert prepared.work(batch) == "RULINGS_OPEN"
    waiting = ruling.waiting_rows(prepared.office, prepared.office.batch(batch))
    prepared.stage.calendar.move_to(START + timedelta(days=29))
    assert prepared.work(batch) == "RULINGS_OPEN"
    prepared.stage.calendar.move_to(START + timedelta(days=40))
    assert prepared.work(batch) == "SIGNATURES_MISSING"
    late = [row for row in settled(prepared, batch) if row[1] == "time"]
    assert len(late) == len(waiting) > 0
    assert all(word == "return" and "NOT_SETTLED_IN_TIME" in codes for word, _, codes in late)


@pytest.mark.parametrize(
    ("invokes", "code"),
    [("26 USC 6103(i)(5)", "WRONG_ROUTE_NEEDS_ORDER"), ("26 USC 6103(i)(2) and (i)(5)", "WRONG_ROUTE")],
)
def test_a_cover_that_rests_on_another_provision_has_every_request_returned(
    prepared: World, invokes: str, code: str
) -> None:
    batch = prepared.receive(prepared.sent(2, invokes=invokes))
    prepared.work(batch)
    rulings = settled(prepared, batch)
    assert rulings
    assert all(word == "return" and code in codes for word, _, codes in rulings)


def test_what_was_asked_in_earlier_submissions_makes_a_request_wait(prepared: World) -> None:
    first = prepared.receive(prepared.sent(2))
    prepared.work(first)
    rounds = [prepared.receive(prepared.sent(number)) for number in (3, 4, 5)]
    for batch in rounds:
        prepared.work(batch)
    office = prepared.office
    earlier = [office.batch(batch).ruled for batch in (first, *rounds)]
    assert [len(ruled.earlier) for ruled in earlier if ruled] == [0, 1, 2, 3]
    last = ruling.waiting_rows(office, office.batch(rounds[-1]))
    asked_again = [row for row, codes in last.items() if "ASKED_BEFORE" in codes]
    assert asked_again
    found = ruling.show_waiting(office, prepared.stage.actor("examiner"), rounds[-1], asked_again[0])
    assert found.counted["asks_before"] > 2
    assert "ASKED_BEFORE" in [code for code, _, _ in found.said]
    assert found.request["family_name"]


def test_only_who_may_read_requests_is_shown_one_and_only_one_that_waits(prepared: World) -> None:
    batch = prepared.receive(prepared.sent(2, changed="['STAY'] AS bars"))
    prepared.work(batch)
    row = next(iter(ruling.waiting_rows(prepared.office, prepared.office.batch(batch))))
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        ruling.show_waiting(prepared.office, prepared.stage.actor("transmitter"), batch, row)
    with pytest.raises(BadInput, match="ROW_NOT_WAITING"):
        ruling.show_waiting(prepared.office, prepared.stage.actor("examiner"), batch, 10_000)


def test_a_submission_many_times_as_large_as_any_before_waits_as_a_whole(prepared: World) -> None:
    small = prepared.receive(
        prepared.sent(
            2, rows="request_id IN (SELECT min(request_id) FROM '{}')".format(prepared.place / "requests.parquet")
        )
    )
    grown = prepared.receive(prepared.sent(3))
    other = prepared.receive(prepared.sent(4))
    sizes = [prepared.office.batch(batch).submission() for batch in (small, grown, other)]
    rows = [received.requests["rows"] for received in sizes]
    assert [received.facts["requests"] for received in sizes] == rows
    assert [received.facts["growth"] for received in sizes] == [1, rows[1], rows[2]]
    prepared.work(grown)
    settled = prepared.office.batch(grown).settled
    assert settled is not None
    last = prepared.office.batch(prepared.receive(prepared.sent(5))).submission()
    assert last.facts["growth"] == -(-rows[1] // settled.passed), "what passed is what a submission is compared with"


def test_what_waits_is_counted_and_read_in_pieces_as_it_is_as_a_whole(prepared: World) -> None:
    batch = prepared.receive(prepared.sent(2, changed="['STAY'] AS bars"))
    assert prepared.work(batch) == "RULINGS_OPEN"
    office = prepared.office
    whole = ruling.waiting_rows(office, office.batch(batch))
    rows = list(whole)
    assert len(rows) > 3
    ruling.settle(office, prepared.actor("examiner"), batch, {rows[1]: ("return", "It names no place.")})
    left = {row: codes for row, codes in whole.items() if row != rows[1]}
    state = office.batch(batch)
    assert ruling.waiting_count(state) == len(left)
    assert ruling.waiting_rows(office, state) == left
    assert list(ruling.waiting_rows(office, state, first=2)) == [rows[0], rows[2]]
    assert list(ruling.waiting_rows(office, state, after=rows[0], first=1)) == [rows[2]]
    assert list(ruling.waiting_rows(office, state, among=rows[1:3])) == [rows[2]]


@pytest.mark.parametrize("said", [("CHIEF", "statute"), ("HEAD_OF_AGENCY", "delegation")])
def test_a_cover_that_says_another_capacity_than_the_register_is_signed_by_nobody(
    prepared: World, said: tuple[str, str]
) -> None:
    batch = prepared.receive(prepared.sent(2, signatory=Signatory(SIGNATORY, *said)))
    received = prepared.office.batch(batch).submission()
    assert (received.signatory, received.facts["signatory_in_force"]) == ("", False)
    prepared.work(batch)
    ruled = prepared.office.batch(batch).ruled
    assert ruled is not None
    assert (ruled.passed, ruled.returned) == (0, received.requests["rows"])
