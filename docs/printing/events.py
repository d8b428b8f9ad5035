"""Prints the events: what can happen in the office and to a batch, and what each event records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from comity.case.batch_events import BATCH_EVENTS
from comity.case.envelope import ENVELOPE_FIELDS, Envelope, Event
from comity.case.office_events import OFFICE_EVENTS
from docs.printing.markdown import code, page, paragraph, table

OPENING = (
    "State is a fold over events. There are two kinds of stream, `office` and `batch/<id>`; within one, versions count "
    "from 1. A stored schema is never edited: a change is a new schema number."
)


def events_page() -> str:
    """The page `docs/reference/events.md`."""
    envelope = f"{paragraph(Envelope.__doc__)}\n\nFields: {', '.join(map(code, ENVELOPE_FIELDS))}."
    return page(
        "Events",
        OPENING,
        f"## Envelope\n\n{envelope}",
        _section("Stream `office`", OFFICE_EVENTS),
        _section("Streams `batch/<id>`", BATCH_EVENTS),
    )


def _section(title: str, catalogue: Mapping[str, type[Event]]) -> str:
    rows = map(_row, catalogue.values())
    return f"## {title}\n\n{table(('event', 'schema', 'what happened', 'body'), rows)}"


def _row(kind: type[Event]) -> tuple[str, ...]:
    body = ", ".join(code(field.name) for field in fields(kind))
    return (code(kind.kind()), str(kind.schema), paragraph(kind.__doc__), body)
