"""The event store as two files of one JSON object a line, whichever database it lies in, and back into an empty one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from comity.case.envelope import Envelope
from comity.case.errors import BadInput
from comity.store.events import EventStore, FedUpTo, Positioned

EVENTS = "events.ndjson"
OUTBOX = "outbox.ndjson"


def write_store(store: EventStore, folder: Path) -> int:
    """Write the events and the outbox of `store` into `folder`; gives how many events there are.

    Whoever calls it sees to it that nothing is appended meanwhile.
    """
    with (folder / OUTBOX).open("w", encoding="utf-8") as file:
        for fed in store.outbox():
            file.write(f"{json.dumps(asdict(fed), sort_keys=True)}\n")
    with (folder / EVENTS).open("w", encoding="utf-8") as file:
        for item in store.read_from(0):
            line = {"position": item.position, **item.envelope.stored()}
            file.write(f"{json.dumps(line, sort_keys=True)}\n")
    return store.count()


@contextmanager
def filled_store(store: EventStore, folder: Path) -> Iterator[None]:
    """Take what `write_store` wrote into `folder` over into `store`; it stays there if the block ends well.

    Raises Usage `DATABASE_NOT_EMPTY`, BadInput `BACKUP_UNREADABLE`.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(store.filled(_events(folder / EVENTS), _outbox(folder / OUTBOX)))
        except (OSError, ValueError, TypeError, KeyError):
            raise BadInput(
                "BACKUP_UNREADABLE", "The copy of the events cannot be read.", "Take another backup."
            ) from None
        yield


def _events(path: Path) -> Iterator[Positioned]:
    for said in _lines(path):
        position = said.pop("position")
        yield Positioned(int(str(position)), Envelope(**said))  # type: ignore[arg-type]


def _outbox(path: Path) -> Iterator[FedUpTo]:
    return (FedUpTo(**said) for said in _lines(path))  # type: ignore[arg-type]


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            said: dict[str, object] = json.loads(line)
            yield said
