"""The envelope every event travels in, and the way from an event to its stored form and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, ClassVar

from comity.case.errors import Integrity

OFFICE = "office"


def batch_stream(batch: str) -> str:
    """The name of the stream of one batch."""
    return f"batch/{batch}"


def batch_of(stream: str) -> str:
    """The batch whose stream this is."""
    return stream.removeprefix("batch/")


def stamp(at: datetime) -> str:
    """`at` (with a zone) as events write it: ISO 8601, UTC, to the second, ending in Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Event:
    """Something that happened, in the past tense; each kind is a frozen dataclass of strings, numbers and lists.

    `schema` counts the forms of this kind: a stored schema is never edited, a change is a new number.
    """

    schema: ClassVar[int] = 1
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def kind(cls) -> str:
        """The name under which it is stored: the class name in snake case."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")


@dataclass(frozen=True)
class Envelope:
    """An event with its place and its author.

    `stream` is `office` or `batch/<id>`, `version` counts from 1 within it, `at` is ISO 8601 in UTC, `actor` the
    officer's id, `role` the role in which the officer acted, `command` the act that led to it.
    """

    stream: str
    version: int
    type: str
    schema: int
    at: str
    actor: str
    role: str
    command: str
    body: Mapping[str, Any] = field(repr=False)

    def stored(self) -> dict[str, Any]:
        """The envelope as plain values, in the form that is digested and stored."""
        return {name: getattr(self, name) for name in ENVELOPE_FIELDS} | {"body": dict(self.body)}


ENVELOPE_FIELDS = tuple(field.name for field in fields(Envelope))


@dataclass(frozen=True)
class Act:
    """Who acts, in which role, through which command, and when (ISO 8601, UTC)."""

    actor: str
    role: str
    command: str
    at: str

    @property
    def day(self) -> str:
        """The day of the act (ISO)."""
        return self.at[:10]


def envelope(event: Event, act: Act, stream: str, version: int) -> Envelope:
    """Put `event` into its envelope as number `version` of `stream`."""
    return Envelope(
        stream, version, event.kind(), event.schema, act.at, act.actor, act.role, act.command, body_of(event)
    )


def act_of(stored: Envelope) -> Act:
    """The authorship of what is stored."""
    return Act(stored.actor, stored.role, stored.command, stored.at)


def body_of(event: Event) -> dict[str, Any]:
    """The fields of `event` as plain values."""
    return asdict(event)


def opened(stored: Envelope, catalogue: Mapping[str, type[Event]]) -> Event:
    """The event inside an envelope, by the catalogue of its stream.

    Raises Integrity `EVENT_UNKNOWN` for a type, a schema or a field that this version does not know.
    """
    kind = catalogue.get(stored.type)
    if kind is None or kind.schema != stored.schema or set(stored.body) != set(kind.__dataclass_fields__):
        raise Integrity(
            "EVENT_UNKNOWN",
            f"Event {stored.version} of {stored.stream} has a form this version does not know.",
            "Open the home with the version that wrote it.",
        )
    return kind(**stored.body)
