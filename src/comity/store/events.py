"""The event store: events are appended at an expected version, many streams in one transaction, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import Count, Max, QuerySet

from comity.case.envelope import Envelope
from comity.case.errors import Integrity, Usage, Waiting
from comity.store.models import Fed, Head, StoredEvent

_AT_ONCE = 500


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

    def torn(self) -> list[str]:
        """The streams whose events do not count from 1 to the last: some have gone."""
        ends = self._events().values("stream").annotate(last=Max("version"), held=Count("version"))
        return sorted(found["stream"] for found in ends if found["last"] != found["held"])

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
            self._events().bulk_create([_row(event) for event in events], batch_size=_AT_ONCE)

    def count_after(self, position: int) -> int:
        """How many events stand after `position` in the office's one order."""
        return self._events().filter(position__gt=position).count()

    def fed(self) -> FedUpTo:
        """How far the log has been fed."""
        last = Fed.objects.using(self._alias).order_by("position").last()
        return _fed(last)

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

    def outbox(self) -> Iterator[FedUpTo]:
        """How far the log had been fed after each event, oldest first."""
        for row in Fed.objects.using(self._alias).order_by("position").iterator():
            yield _fed(row)

    def last_leaves(self) -> tuple[FedUpTo, FedUpTo] | None:
        """How far the log had been fed before and after the last event that has leaves."""
        rows = Fed.objects.using(self._alias).order_by("position")
        last = rows.filter(leaves__gt=0).last()
        if last is None:
            return None
        return _fed(rows.filter(position__lt=last.position).last()), _fed(last)

    def mark_fed(self, past: int, fed: Iterable[FedUpTo]) -> None:
        """Record, all or nothing, how far the log was fed after each event of `fed`, oldest first.

        `past` is how many leaves it held before the first of them.
        """
        rows = []
        for after in fed:
            rows.append(
                Fed(
                    position=after.position,
                    first_leaf=past,
                    leaves=after.size - past,
                    office_closed=after.office_closed,
                )
            )
            past = after.size
        Fed.objects.using(self._alias).bulk_create(rows, batch_size=_AT_ONCE)

    @contextmanager
    def filled(self, events: Iterator[Positioned], outbox: Iterator[FedUpTo]) -> Iterator[None]:
        """Take over the events of a copy, each at its position, and its outbox; they stay if the block ends well.

        All of it is one durable transaction: whatever the block finds wrong, or an end of the process, leaves the
        database as empty as it was. Raises Usage `DATABASE_NOT_EMPTY`.
        """
        with transaction.atomic(using=self._alias, durable=True):
            self._lock()
            if self.count() or self.fed().position:
                raise Usage(
                    "DATABASE_NOT_EMPTY",
                    "The database holds events already, and a copy is never laid over them.",
                    "Make an empty database and name it in DATABASE_URL.",
                )
            while some := list(islice(events, _AT_ONCE)):
                self._events().bulk_create([_row(item.envelope, item.position) for item in some])
            self.mark_fed(0, outbox)
            self._go_on_after_given_positions()
            yield

    def close(self) -> None:
        """Let go of the database."""
        connections[self._alias].close()

    def _events(self) -> QuerySet[StoredEvent]:
        return StoredEvent.objects.using(self._alias)

    def _by(self, actor: str) -> QuerySet[StoredEvent]:
        return self._events().filter(actor=actor) if actor else self._events()

    def _go_on_after_given_positions(self) -> None:
        """PostgreSQL counts positions apart from the rows: it is told where these end."""
        connection = connections[self._alias]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [StoredEvent]):
                cursor.execute(statement)

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


def _fed(row: Fed | None) -> FedUpTo:
    return FedUpTo(row.position, row.first_leaf + row.leaves, row.office_closed) if row else FedUpTo(0, 0, 0)


def _row(event: Envelope, position: int | None = None) -> StoredEvent:
    stored = event.stored()
    return StoredEvent(position=position, **{**stored, "body": json.dumps(stored["body"], sort_keys=True)})


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
            "Restore the home from the backup: docs/how-to/9-keep-a-home.md says how.",
        )
    return body
