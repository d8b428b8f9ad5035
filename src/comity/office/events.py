"""Read model of the events: what was done in the office and its batches, by whom and when, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from comity.case.envelope import batch_of
from comity.office.desk import Actor, Office
from comity.office.paging import SIZE, Page, offset, there_is


@dataclass(frozen=True)
class Happened:
    """One event by its envelope alone; what it says stays in the store. `batch` is '' for an event of the office."""

    position: int
    at: str
    officer: str
    role: str
    command: str
    type: str
    batch: str


def list_events(office: Office, actor: Actor, page: int = 1, by: str = "") -> Page[Happened]:
    """A page of the events, newest first; of the officer `by` alone if one is named."""
    office.require(actor, "read")
    total = office.store.count(by)
    at = there_is(page, total)
    found = office.store.newest(SIZE, offset(at), by)
    events = tuple(
        Happened(
            stored.position,
            stored.envelope.at,
            stored.envelope.actor,
            stored.envelope.role,
            stored.envelope.command,
            stored.envelope.type,
            batch_of(stored.envelope.stream) if stored.envelope.stream != "office" else "",
        )
        for stored in found
    )
    return Page(events, total, at)
