"""Prints the events: what can happen in the office and to a batch, and what each event records."""

from __future__ import annotations

import inspect
from dataclasses import fields
from types import ModuleType

from comity.case import batch_events, office_events
from comity.case.envelope import ENVELOPE_FIELDS, Envelope, Event
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
        _section("Stream `office`", office_events),
        _section("Streams `batch/<id>`", batch_events),
    )


def _section(title: str, module: ModuleType) -> str:
    kinds = [
        kind
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, Event) and kind.__module__ == module.__name__
    ]
    return f"## {title}\n\n{table(('event', 'schema', 'what happened', 'body'), map(_row, kinds))}"


def _row(kind: type[Event]) -> tuple[str, ...]:
    body = ", ".join(code(field.name) for field in fields(kind))
    return (code(kind.kind()), str(kind.schema), paragraph(kind.__doc__), body)
