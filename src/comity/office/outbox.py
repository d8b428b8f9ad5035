"""The outbox: every event in the office's one order becomes its leaves, idempotently, until log and events agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from comity.accounting.errors import LogError
from comity.accounting.leaf import EmbargoLeaf, HoldLeaf, OfficeSegmentLeaf, OutcomeLeaf, StageLeaf
from comity.accounting.log import Log
from comity.accounting.reading import read_leaves
from comity.accounting.segments import commitment, office_salt, write_segment
from comity.case import batch_events as e
from comity.case.batch_decisions import APPROVERS
from comity.case.envelope import OFFICE, Envelope, batch_of, opened
from comity.case.hold_decisions import AboutHold, told
from comity.case.keeping_events import LogKeyChanged
from comity.case.office_events import OFFICE_EVENTS
from comity.case.office_state import OfficeState, fold_office
from comity.office.stores import other_history, require_log_not_ahead, require_log_not_behind
from comity.store import Vault
from comity.store.events import EventStore, FedUpTo, Positioned
from comity.workspace import workspace

OFFICE_FOLDER = "office"
STAGES = {
    "submission_received": "received",
    "requests_ruled": "ruled",
    "requests_determined": "determined",
    "countersigned": "countersigned",
    "disclosure_intended": "intended",
    "batch_closed": "closed",
    "recall_ordered": "recalled",
    "recall_closed": "disposed",
    "artefacts_pruned": "pruned",
}
OUTCOMES = {"replies_sealed": "sealed", "disclosure_abandoned": "abandoned"}


def feed(store: EventStore, vault: Vault, log: Log, key: bytes, changed: Callable[[], Log]) -> int:
    """Append the leaves of every event that has none yet, and see that the log ends where the events end.

    A crash between the append and its record is repaired here by the same code: the log compares what stands. `key`
    salts office segments; `changed` hands the log over to the next key, once the leaf of that event stands, and gives
    it as it is then. Gives how many events had no leaves yet. One process at a time feeds. Raises Integrity
    `LOG_OLDER_THAN_EVENTS`, `EVENTS_OLDER_THAN_LOG` or `LOG_OF_ANOTHER_HISTORY`.
    """
    fed = store.fed()
    require_log_not_behind(log, fed)
    before = next(store.read_from(fed.position - 1), None) if fed.position else None
    waiting = list(store.read_from(fed.position))
    recorded, unrecorded = fed.size, list[FedUpTo]()
    for item in waiting:
        leaves, closed = _made(store, vault, key, (before, item), fed.office_closed)
        size = _appended(log, leaves, fed.size)
        unrecorded.append(FedUpTo(item.position, size, closed))
        before, fed = item, unrecorded[-1]
        if size > recorded:
            store.mark_fed(recorded, unrecorded)
            recorded, unrecorded = size, []
        if item.envelope.type == LogKeyChanged.kind():
            log = changed()
    store.mark_fed(recorded, unrecorded)
    require_log_not_ahead(log, fed)
    return len(waiting)


def feed_again(store: EventStore, vault: Vault, log: Log, key: bytes) -> int:
    """Make the leaves again that the outbox says the log has had and that it lacks; gives how many.

    A leaf follows from its event alone, so what comes of it is the log as it was. Raises Integrity
    `LOG_OF_ANOTHER_HISTORY` where it would not be.
    """
    size = log.checkpoint().size
    before, past = None, FedUpTo(0, 0, 0)
    for item, fed in zip(store.read_from(0), store.outbox(), strict=False):
        if fed.size > past.size:
            leaves, closed = _made(store, vault, key, (before, item), past.office_closed)
            end = _appended(log, leaves, past.size)
            if FedUpTo(item.position, end, closed) != fed:
                raise other_history(end)
        before, past = item, fed
    return log.checkpoint().size - size


def require_same_past(store: EventStore, log: Log, key: bytes) -> None:
    """The last leaf that the outbox knows of is the one that its event makes. Raises Integrity
    `LOG_OF_ANOTHER_HISTORY`: two stores may be of one length and of two stories."""
    last = store.last_leaves()
    if last is None:
        return
    past, fed = last
    [held] = log.entries(fed.size - 1, fed.size)
    if held != _last_leaf(store, key, past, fed):
        raise other_history(fed.size - 1)


def _last_leaf(store: EventStore, key: bytes, past: FedUpTo, fed: FedUpTo) -> bytes:
    """The last leaf of the event that the log was fed up to in `fed`, after `past`."""
    stored = next(store.read_from(fed.position - 1)).envelope
    if (leaf := _own_leaf(store, stored)) is not None:
        return leaf
    closed = [event for event in store.read(OFFICE, after=past.office_closed) if event.version <= fed.office_closed]
    return _office_leaf(closed, key)


def _made(
    store: EventStore, vault: Vault, key: bytes, at: tuple[Positioned | None, Positioned], closed: int
) -> tuple[Iterable[bytes], int]:
    """The leaves of the second event of `at`, which follows the first, and how far the office is closed then."""
    before, item = at
    segment = _closing_segment(store, before, item, closed)
    office = [_office_segment(vault, key, segment)] if segment else []
    return chain(office, _leaves(store, vault, item.envelope)), segment[-1].version if segment else closed


def _appended(log: Log, leaves: Iterable[bytes], at: int) -> int:
    """The size of the log once `leaves` stand in it from `at` on; most events have none, and it is left alone."""
    rest = iter(leaves)
    first = next(rest, None)
    if first is None:
        return at
    try:
        return log.append(chain([first], rest), at=at)[1]
    except LogError as error:
        if error.code == "LEAF_DIFFERS":
            raise other_history(at) from None
        raise


def registers_at(store: EventStore, version: int) -> OfficeState:
    """The registers of the office after its event of that version."""
    return fold_office(stored for stored in store.read(OFFICE) if stored.version <= version)


def _closing_segment(store: EventStore, before: Positioned | None, item: Positioned, closed: int) -> Sequence[Envelope]:
    """The office's events that close with `item`; [] if none do.

    The first event closes alone, so that the log says whose it is. Then the office's open events close at the first
    event after midnight (UTC), so that the time of a leaf does not tell when the office did what; and before an intent,
    so that whoever verifies it knows the registers it rests on. A change of the log's key closes at once, with all
    before it, under the key that it ends.
    """
    stored = item.envelope
    if stored.type == "office_opened":
        return [stored]
    if stored.type == LogKeyChanged.kind():
        return [event for event in store.read(OFFICE, after=closed) if event.version <= stored.version]
    midnight = before is not None and _day(before.envelope) < _day(stored)
    if not midnight and stored.type != "disclosure_intended":
        return []
    last = store.version_before(OFFICE, item.position)
    return [event for event in store.read(OFFICE, after=closed) if event.version <= last]


def _leaves(store: EventStore, vault: Vault, stored: Envelope) -> Iterable[bytes]:
    leaf = _own_leaf(store, stored)
    if leaf is None:
        return []
    intended = opened(stored, e.BATCH_EVENTS) if stored.type == e.DisclosureIntended.kind() else None
    if stage := _stage(store, stored):
        write_segment(vault.folder(batch_of(stored.stream)), *stage)
    if isinstance(intended, e.DisclosureIntended):
        return chain(_request_leaves(vault, batch_of(stored.stream), intended), [leaf])
    return [leaf]


def _own_leaf(store: EventStore, stored: Envelope) -> bytes | None:
    """The leaf that an event has to itself, if it has one."""
    if stored.type.startswith("hold_"):
        return _hold_leaf(store, stored)
    if stored.type == "embargo_placed":
        return _embargo_leaf(store, stored)
    if stored.type in OUTCOMES:
        return _outcome_leaf(stored)
    if stage := _stage(store, stored):
        return StageLeaf(STAGES[stored.type], batch_of(stored.stream), commitment(*stage)).encode()
    return None


def _office_segment(vault: Vault, key: bytes, envelopes: Sequence[Envelope]) -> bytes:
    write_segment(vault.folder(OFFICE_FOLDER), envelopes, _salt_of(envelopes, key))
    return _office_leaf(envelopes, key)


def _office_leaf(envelopes: Sequence[Envelope], key: bytes) -> bytes:
    committed = commitment(envelopes, _salt_of(envelopes, key))
    return OfficeSegmentLeaf(envelopes[0].version, envelopes[-1].version, committed).encode()


def _salt_of(envelopes: Sequence[Envelope], key: bytes) -> bytes:
    return office_salt(key, envelopes[0].version, envelopes[-1].version)


def _hold_leaf(store: EventStore, stored: Envelope) -> bytes:
    event = opened(stored, OFFICE_EVENTS)
    if not isinstance(event, AboutHold):
        raise LogError("LEAF_MALFORMED", "Only an event about a hold becomes the leaf of one.")
    hold = registers_at(store, stored.version).holds[event.hold]
    act, court, order, day, digest = told(event, hold)
    return HoldLeaf(
        act=act,
        hold=hold.hold,
        agreement=hold.agreement,
        direction=hold.direction,
        scope=hold.scope,
        order_court=court,
        order_docket=order,
        order_date=day,
        order_digest=digest,
        at=stored.at,
        office_version=stored.version,
    ).encode()


def _embargo_leaf(store: EventStore, stored: Envelope) -> bytes:
    said = registers_at(store, stored.version).embargoes[stored.body["embargo"]]
    return EmbargoLeaf(
        said.embargo, said.agreement, said.scope, said.basis, said.covered, said.ends_on, stored.at, stored.version
    ).encode()


def _outcome_leaf(stored: Envelope) -> bytes:
    body = stored.body
    outcome = OUTCOMES[stored.type]
    return OutcomeLeaf(outcome, batch_of(stored.stream), body["intent"], stored.at, body["office_version"]).encode()


def _stage(store: EventStore, stored: Envelope) -> tuple[Sequence[Envelope], bytes] | None:
    """The segment that an event closes, with its salt; None where it ends no stage."""
    if stored.type not in STAGES:
        return None
    history = [event for event in store.read(stored.stream) if event.version <= stored.version]
    if not closes_stage(history):
        return None
    return since_last_stage(history), bytes.fromhex(stored.body["salt"])


def closes_stage(history: Sequence[Envelope]) -> bool:
    """Whether the last event of `history` ends a stage; a countersignature does when it completes the two."""
    last = history[-1].type
    if last != "countersigned":
        return last in STAGES
    types = [event.type for event in history]
    answers = len(types) - 1 - types[::-1].index("answers_made")
    return types[answers:].count("countersigned") == APPROVERS


def since_last_stage(history: Sequence[Envelope]) -> Sequence[Envelope]:
    """The events of `history` after the last one, before its end, that ended a stage."""
    ends = (at for at in range(len(history) - 1, 0, -1) if history[at - 1].type in STAGES)
    return history[next((at for at in ends if closes_stage(history[:at])), 0) :]


def _request_leaves(vault: Vault, batch: str, intended: e.DisclosureIntended) -> Iterator[bytes]:
    accounting = vault.artefact(batch, intended.accounting)
    with workspace(vault.folder(batch)) as ws:
        ws.view("accounting", accounting)
        yield from read_leaves(ws)


def _day(stored: Envelope) -> str:
    return stored.at[:10]
