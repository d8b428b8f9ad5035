"""What waits for an examiner, and what becomes of it when the day of the answer has come."""

from __future__ import annotations

from datetime import timedelta

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
