"""The look at a contested answer, verified: whoever looked had been shown the custodian's records, and it is told."""

from __future__ import annotations

from comity.accounting.segments import read_segments
from comity.case.batch_events import RecordsRead
from comity.case.batch_state import EXPLAIN, BatchState
from comity.case.contests import Contest
from comity.case.envelope import Envelope
from comity.case.errors import Integrity
from comity.oversight.artefacts import named_artefact, reading
from comity.oversight.walk import Walk, inconsistent


def require_look(walk: Walk, contest: Contest, looked: Envelope, batch: BatchState | None) -> None:
    """The event `looked`, about `contest`, names the reading of the records of that request, by the same officer.

    One that was returned has no records to be read. A reading that no segment opens yet is left to whoever has the
    events: `is_look` says what it has to be. `batch` is the batch at its last intent, None if it has none. Raises
    Integrity CONTEST_NOT_LOOKED_UP.
    """
    read = looked.body["read"]
    if not read:
        if batch is None or not _returned(walk, contest, batch):
            raise not_looked_up(contest)
        return
    events = [stored for segment in read_segments(walk.folder(contest.batch)) for stored in segment.envelopes]
    if any(stored.version == read and not is_look(stored, contest, looked) for stored in events):
        raise not_looked_up(contest)


def is_look(read: Envelope, contest: Contest, looked: Envelope) -> bool:
    """Whether the event `read`, of the contest's batch, is the reading that the event `looked` of the office needs."""
    return (
        (read.type, read.command, read.actor) == (RecordsRead.kind(), EXPLAIN, looked.actor)
        and contest.row_number in read.body["row_numbers"]
        and contest.received_at <= read.at <= looked.at
    )


def not_looked_up(contest: Contest) -> Integrity:
    """What is raised about a look of which no reading is told."""
    return inconsistent(
        "CONTEST_NOT_LOOKED_UP", f"Contest {contest.contest} was looked up, and nobody is told to have read a record."
    )


def _returned(walk: Walk, contest: Contest, batch: BatchState) -> bool:
    folder = walk.folder(contest.batch)
    with reading(folder) as ws:
        ws.view("settled", named_artefact(folder, batch.settled.settled if batch.settled else {}))
        found = ws.rows("SELECT len(codes) FROM settled WHERE row_number = ?", [contest.row_number])
    return bool(found and found[0][0])
