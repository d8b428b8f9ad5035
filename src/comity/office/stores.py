"""Two stores, one story: whether the database and the log of a home tell the same, and which of the two is behind.

Events are the truth and come first; their leaves follow from them, and the outbox says which leaves each event has. So
a log that is behind can be made again, and a database that is behind cannot. docs/how-to/9-keep-a-home.md says what to
do about each code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from comity.accounting.log import Log
from comity.case.batch_events import ArtefactsPruned, Named
from comity.case.batch_state import named_by
from comity.case.envelope import OFFICE, batch_of, batch_stream
from comity.case.errors import Integrity
from comity.case.office_state import fold_office
from comity.office.home import Home
from comity.store import Vault, database_url
from comity.store.database import FILE
from comity.store.events import EventStore, FedUpTo


def require_database(home: Path, log: Log) -> None:
    """Raise Integrity `DATABASE_MISSING` where the log has leaves and the home no database.

    Opening one would make it, empty.
    """
    if not database_url() and not (home / FILE).exists() and log.checkpoint().size:
        raise _database_missing()


def require_events(store: EventStore, log: Log) -> None:
    """Raise Integrity `DATABASE_MISSING` where the log has leaves and the database no event."""
    if log.checkpoint().size and not store.count():
        raise _database_missing()


def require_log_not_behind(log: Log, fed: FedUpTo) -> None:
    """Raise Integrity `LOG_OLDER_THAN_EVENTS` when the log lacks leaves that events have had."""
    size = log.checkpoint().size
    if size < fed.size:
        raise Integrity(
            "LOG_OLDER_THAN_EVENTS",
            f"The log has {size} leaves, and the events had {fed.size}: it is of an earlier day than the database.",
            "Put the newest copy of log/ back; without one, `comity home catch-up` makes the leaves again.",
        )


def require_log_not_ahead(log: Log, fed: FedUpTo) -> None:
    """Raise Integrity `EVENTS_OLDER_THAN_LOG` when the log goes on after the leaves of the last event."""
    size = log.checkpoint().size
    if size > fed.size:
        raise Integrity(
            "EVENTS_OLDER_THAN_LOG",
            f"The log has {size} leaves, and the events make {fed.size}: the database is of an earlier day than it.",
            "Restore the newest database; the log stays as it is. Events cannot be made again from leaves.",
        )


def other_history(index: int) -> Integrity:
    """What is raised where the log holds another leaf than the events make."""
    return Integrity(
        "LOG_OF_ANOTHER_HISTORY",
        f"The leaf {index} of the log is not the one that the events make: the two are not of one office.",
        "Keep both as they are, and restore log and database from one backup.",
    )


def require_all_fed(store: EventStore, fed: FedUpTo) -> None:
    """Raise Integrity `OUTBOX_HALF_WAY` when events have no leaves yet."""
    waiting = store.count_after(fed.position)
    if waiting:
        raise Integrity(
            "OUTBOX_HALF_WAY",
            f"{waiting} events stand in the database and not in the log yet: a process ended in between.",
            "Run any command of the office, such as `comity batches`: on opening, the log catches up by itself.",
        )


def require_streams_whole(store: EventStore) -> None:
    """Raise Integrity `EVENTS_MISSING` when an event is gone from between others."""
    torn = store.torn()
    if torn:
        raise Integrity(
            "EVENTS_MISSING",
            f"The database lacks events of {len(torn)} streams, {torn[0]} first.",
            "Restore the newest database; an event cannot be made again.",
        )


def kept_registry(home: Home, digest: str) -> Path:
    """The folder of a registry index that was built here. Raises Integrity `REGISTRY_NOT_IN_HOME`."""
    if not home.registry(digest).is_dir():
        raise Integrity(
            "REGISTRY_NOT_IN_HOME",
            f"The registry {digest[:16]} was built here and does not lie in the home any more.",
            "Copy its folder from a backup into registry/, or build one anew for the batches that are not linked yet.",
        )
    return home.registry(digest)


def require_registry_in_force(home: Home, store: EventStore) -> None:
    """Raise Integrity `REGISTRY_NOT_IN_HOME` when the registry that new batches pin does not lie in the home.

    Earlier ones are needed to replay their batches and for nothing else: a replay says so itself.
    """
    in_force = fold_office(store.read(OFFICE)).registry
    if in_force is not None:
        kept_registry(home, in_force.digest)


def require_named_artefacts(store: EventStore, vault: Vault) -> None:
    """Every artefact that an event names lies in the home; its bytes are not read. Raises Integrity
    `ARTEFACT_MISSING`."""
    for folder, named in named_artefacts(store):
        vault.artefact(folder, named)


def named_artefacts(store: EventStore) -> Iterator[tuple[str, Named]]:
    """Every artefact that an event names and none removed, with the folder it lies in: a batch's, or the office's."""
    for stream in store.streams():
        gone = {digest for _, digests in _prunings(store, stream) for digest in digests}
        for stored in store.read(stream):
            yield from ((batch_of(stream), named) for named in named_by(stored) if named["digest"] not in gone)


def pruned_on(store: EventStore, batch: str, digest: str) -> str:
    """The day (ISO) on which the artefact of that digest was pruned; '' if it was not."""
    found = (day for day, digests in _prunings(store, batch_stream(batch)) if digest in digests)
    return next(found, "")


def _prunings(store: EventStore, stream: str) -> Iterator[tuple[str, Sequence[str]]]:
    for stored in store.read(stream):
        if stored.type == ArtefactsPruned.kind():
            yield stored.at[:10], stored.body["digests"]


def batches_of(store: EventStore) -> Iterator[str]:
    """The batches that have events, oldest first."""
    return (batch_of(stream) for stream in store.streams() if stream != OFFICE)


def _database_missing() -> Integrity:
    return Integrity(
        "DATABASE_MISSING",
        "The log has leaves, and there is no database with the events that they follow from.",
        "See that DATABASE_URL is set as it was; otherwise restore the home: `comity home restore`.",
    )
