"""The event store: events are appended at an expected version, many streams in one transaction, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.models import Max, QuerySet

from comity.case.envelope import Envelope
from comity.case.errors import Integrity, Waiting
from comity.store.models import Fed, Head, StoredEvent


class StateMoved(Waiting):
    """Somebody else acted between reading and writing; read again and decide again."""

    def __init__(self) -> None:
        super().__init__("STATE_MOVED", "Somebody else acted at the same moment.", "Run the command again.")


@dataclass(frozen=True)
class Positioned:
    """An event with its place in the office's one order."""

    position: int
    envelope: Envelope


@dataclass(frozen=True)
class FedUpTo:
    """How far the log has been fed: the last event's position, the number of leaves, the office version closed."""

    position: int
    size: int
    office_closed: int


class EventStore:
    """The events of one home, in one database."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def read(self, stream: str, after: int = 0) -> list[Envelope]:
        """The events of `stream` after version `after`, oldest first; [] if there are none."""
        rows = self._events().filter(stream=stream, version__gt=after).order_by("version")
        return [_envelope(row) for row in rows.iterator()]

    def read_from(self, position: int) -> Iterator[Positioned]:
        """All events after `position` in the office's one order."""
        for row in self._events().filter(position__gt=position).order_by("position").iterator():
            yield Positioned(row.position, _envelope(row))

    def count(self, actor: str = "") -> int:
        """How many events there are, of `actor` alone if one is named."""
        return self._by(actor).count()

    def newest(self, number: int, after: int = 0, actor: str = "") -> list[Positioned]:
        """The newest `number` events but for `after` newer ones, of `actor` alone if one is named; newest first."""
        rows = self._by(actor).order_by("-position")[after : after + number]
        return [Positioned(row.position, _envelope(row)) for row in rows]

    def streams(self) -> list[str]:
        """The names of all streams, in the order of their first event."""
        found = self._events().filter(version=1).order_by("position")
        return list(found.values_list("stream", flat=True))

    def version(self, stream: str) -> int:
        """The version `stream` stands at; 0 if it has no event."""
        return self._events().filter(stream=stream).aggregate(at=Max("version"))["at"] or 0

    def last_at(self) -> str:
        """The hour of the last event, ISO 8601 in UTC; '' before the first."""
        last = self._events().order_by("position").last()
        return last.at if last else ""

    def append(self, events: Sequence[Envelope], expected: Mapping[str, int]) -> None:
        """Append `events` in one durable transaction if every stream of `expected` still stands at its version.

        `expected` names each stream that is written to, and each whose state the decision was read from: an act that
        depends on holds names the office's version. Raises StateMoved; then nothing was written.
        """
        with transaction.atomic(using=self._alias, durable=True):
            self._lock()
            if any(self.version(stream) != version for stream, version in expected.items()):
                raise StateMoved
            _require_next(events, expected)
            self._events().bulk_create([_row(event) for event in events], batch_size=500)

    def fed(self) -> FedUpTo:
        """How far the log has been fed."""
        last = Fed.objects.using(self._alias).order_by("position").last()
        return FedUpTo(last.position, last.first_leaf + last.leaves, last.office_closed) if last else FedUpTo(0, 0, 0)

    def version_before(self, stream: str, position: int) -> int:
        """The version `stream` stood at just before the event at `position`."""
        earlier = self._events().filter(stream=stream, position__lt=position)
        return earlier.aggregate(at=Max("version"))["at"] or 0

    def leaves_of(self, position: int) -> tuple[int, int] | None:
        """(first leaf, end) of the event at `position`, if it has been fed."""
        row = Fed.objects.using(self._alias).filter(position=position).first()
        return (row.first_leaf, row.first_leaf + row.leaves) if row else None

    def position_of(self, envelope: Envelope) -> int:
        """The place of a stored event in the office's one order."""
        return self._events().get(stream=envelope.stream, version=envelope.version).position

    def mark_fed(self, position: int, leaves: tuple[int, int], office_closed: int) -> None:
        """Record that the event at `position` stands in the log as `leaves`, (first, end).

        `office_closed` is the version of the office up to which its segments are closed by then.
        """
        start, end = leaves
        Fed.objects.using(self._alias).create(
            position=position, first_leaf=start, leaves=end - start, office_closed=office_closed
        )

    def close(self) -> None:
        """Let go of the database."""
        connections[self._alias].close()

    def _events(self) -> QuerySet[StoredEvent]:
        return StoredEvent.objects.using(self._alias)

    def _by(self, actor: str) -> QuerySet[StoredEvent]:
        return self._events().filter(actor=actor) if actor else self._events()

    def _lock(self) -> None:
        heads = Head.objects.using(self._alias)
        if not heads.select_for_update().filter(id=1).exists():
            heads.bulk_create([Head(id=1)], ignore_conflicts=True)
            list(heads.select_for_update().filter(id=1))


def _require_next(events: Sequence[Envelope], expected: Mapping[str, int]) -> None:
    at = dict(expected)
    for event in events:
        if event.stream not in at or event.version != at[event.stream] + 1:
            raise Integrity("EVENT_OUT_OF_LINE", "An event does not continue its stream.", "Report this as a defect.")
        at[event.stream] = event.version


def _row(event: Envelope) -> StoredEvent:
    stored = event.stored()
    return StoredEvent(**{**stored, "body": json.dumps(stored["body"], sort_keys=True)})


def _envelope(row: StoredEvent) -> Envelope:
    return Envelope(row.stream, row.version, row.type, row.schema, row.at, row.actor, row.role, row.command, _body(row))


def _body(row: StoredEvent) -> Mapping[str, Any]:
    try:
        body = json.loads(row.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Integrity(
            "EVENT_UNREADABLE",
            f"The event at {row.position} in the database cannot be read.",
            "Restore the home from the backup: docs/how-to/6-stop-and-verify.md says how.",
        )
    return body
