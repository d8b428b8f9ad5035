"""The outbox: every event in the office's one order becomes its leaves, idempotently, until log and events agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from comity.accounting.errors import LogError
from comity.accounting.leaf import EmbargoLeaf, HoldLeaf, OfficeSegmentLeaf, OutcomeLeaf, StageLeaf
from comity.accounting.log import Log
from comity.accounting.reading import read_leaves
from comity.accounting.segments import commitment, office_salt, write_segment
from comity.case import batch_events as e
from comity.case.batch_decisions import APPROVERS
from comity.case.envelope import OFFICE, Envelope, batch_of, opened
from comity.case.office_events import OFFICE_EVENTS, HoldConfirmed, HoldPlaced
from comity.case.office_state import OfficeState, fold_office
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
}
OUTCOMES = {"replies_sealed": "sealed", "disclosure_abandoned": "abandoned"}


def feed(store: EventStore, vault: Vault, log: Log, key: bytes) -> None:
    """Append the leaves of every event that has none yet, then see that the log ends where the events end.

    A crash between the append and its record is repaired here by the same code: the log compares what stands. `key`
    salts office segments. Raises LogError `LOG_AND_STATE_DISAGREE`. One process at a time feeds.
    """
    fed = store.fed()
    before = next(store.read_from(fed.position - 1), None) if fed.position else None
    for item in list(store.read_from(fed.position)):
        segment = _closing_segment(store, before, item, fed.office_closed)
        office = [_office_segment(vault, key, segment)] if segment else []
        start, end = log.append(chain(office, _leaves(store, vault, item.envelope)), at=fed.size)
        closed = segment[-1].version if segment else fed.office_closed
        store.mark_fed(item.position, (start, end), closed)
        before, fed = item, FedUpTo(item.position, end, closed)
    if log.checkpoint().size != fed.size:
        raise LogError("LOG_AND_STATE_DISAGREE", "The log does not end where the events end.")


def registers_at(store: EventStore, version: int) -> OfficeState:
    """The registers of the office after its event of that version."""
    return fold_office(stored for stored in store.read(OFFICE) if stored.version <= version)


def _closing_segment(store: EventStore, before: Positioned | None, item: Positioned, closed: int) -> Sequence[Envelope]:
    """The office's events that close with `item`; [] if none do.

    The first event closes alone, so that the log says whose it is. Then the office's open events close at the first
    event after midnight (UTC), so that the time of a leaf does not tell when the office did what; and before an intent,
    so that whoever verifies it knows the registers it rests on.
    """
    stored = item.envelope
    if stored.type == "office_opened":
        return [stored]
    midnight = before is not None and _day(before.envelope) < _day(stored)
    if not midnight and stored.type != "disclosure_intended":
        return []
    last = store.version_before(OFFICE, item.position)
    return [event for event in store.read(OFFICE, after=closed) if event.version <= last]


def _leaves(store: EventStore, vault: Vault, stored: Envelope) -> Iterable[bytes]:
    if stored.type in ("hold_placed", "hold_confirmed"):
        return [_hold_leaf(store, stored)]
    if stored.type == "embargo_placed":
        return [_embargo_leaf(store, stored)]
    if stored.type in OUTCOMES:
        return [_outcome_leaf(stored)]
    if stored.type in STAGES:
        return _of_stage(store, vault, stored)
    return []


def _office_segment(vault: Vault, key: bytes, envelopes: Sequence[Envelope]) -> bytes:
    first, last = envelopes[0].version, envelopes[-1].version
    salt = office_salt(key, first, last)
    write_segment(vault.folder(OFFICE_FOLDER), envelopes, salt)
    return OfficeSegmentLeaf(first, last, commitment(envelopes, salt)).encode()


def _hold_leaf(store: EventStore, stored: Envelope) -> bytes:
    event = opened(stored, OFFICE_EVENTS)
    if not isinstance(event, HoldPlaced | HoldConfirmed):
        raise LogError("LEAF_MALFORMED", "Only an event about a hold becomes the leaf of one.")
    hold = registers_at(store, stored.version).holds[event.hold]
    return HoldLeaf(
        act="placed" if isinstance(event, HoldPlaced) else "confirmed",
        hold=hold.hold,
        agreement=hold.agreement,
        direction=hold.direction,
        scope="whole agreement",
        order_court=hold.court,
        order_docket=hold.docket,
        order_date=hold.ordered_on,
        order_digest=hold.order_digest,
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


def _of_stage(store: EventStore, vault: Vault, stored: Envelope) -> Iterable[bytes]:
    history = [event for event in store.read(stored.stream) if event.version <= stored.version]
    if not closes_stage(history):
        return []
    batch = batch_of(stored.stream)
    segment = since_last_stage(history)
    salt = bytes.fromhex(stored.body["salt"])
    write_segment(vault.folder(batch), segment, salt)
    stage = StageLeaf(STAGES[stored.type], batch, commitment(segment, salt)).encode()
    intended = opened(stored, e.BATCH_EVENTS)
    if isinstance(intended, e.DisclosureIntended):
        return chain(_request_leaves(vault, batch, intended), [stage])
    return [stage]


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
