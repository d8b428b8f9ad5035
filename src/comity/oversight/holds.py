"""Holds in the log: each event has its leaf in clear and each leaf its event, and nothing left while one bound.

A hold binds from the leaf that places it to the one that lifts it. Whatever was decided and logged before the first, or
decided and logged after the second, is outside; everything else is under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.accounting.leaf import HoldLeaf
from comity.case.batch_events import BATCH_EVENTS, ReplyHandedOver
from comity.case.batch_state import BatchState
from comity.case.envelope import Envelope, opened
from comity.case.hold_decisions import AboutHold, involvement, told
from comity.case.holds import EVERY_AGREEMENT, PERSON_LIST
from comity.case.office_events import OFFICE_EVENTS
from comity.oversight.registers import Opened, Registers
from comity.oversight.told import Essence, require_told
from comity.oversight.walk import Walk, inconsistent


def require_holds_told(walk: Walk, registers: Registers) -> None:
    """Every event about a hold has its leaf and each leaf its event. Raises Integrity HOLD_WITHOUT_LEAF or
    HOLD_WITHOUT_EVENT.
    """
    leaves = [(index, leaf.office_version, _said(leaf)) for index, leaf in walk.holds]
    require_told("hold", leaves, registers, _happened)


def _said(leaf: HoldLeaf) -> Essence:
    order = (leaf.order_court, leaf.order_docket, leaf.order_date, leaf.order_digest)
    return (leaf.act, leaf.hold, leaf.agreement, leaf.direction, leaf.scope, *order, leaf.at, leaf.office_version)


def _happened(known: Opened) -> Iterator[Essence]:
    for stored in known.segment.envelopes:
        event = opened(stored, OFFICE_EVENTS)
        if isinstance(event, AboutHold):
            hold = known.after.holds[event.hold]
            act, *order = told(event, hold)
            yield (act, hold.hold, hold.agreement, hold.direction, hold.scope, *order, stored.at, stored.version)


def require_not_held(walk: Walk, state: BatchState, index: int, office_version: int, act: str) -> None:
    """No hold on the batch `state` stands at the leaf `index`, or in the office as it was when the act was decided, but
    those about persons by which its answers were made.

    Holds, intents and sealings stand in clear, so that a court needs nothing of ours to see their order. Raises
    Integrity INTENDED_UNDER_HOLD or SEALED_UNDER_HOLD.
    """
    for span in _spans(walk, state):
        if span.stops((index, office_version)):
            raise inconsistent(f"{act.upper()}_UNDER_HOLD", f"The leaf {index} is under the hold of leaf {span.index}.")


def require_not_handed_over_under_hold(walk: Walk, state: BatchState, envelopes: Iterable[Envelope]) -> None:
    """No reply of the batch `state`, whose opened events are `envelopes`, left under a hold that stops it.

    Raises Integrity HANDED_OVER_UNDER_HOLD.
    """
    handed = [
        (stored.at, opened(stored, BATCH_EVENTS)) for stored in envelopes if stored.type == ReplyHandedOver.kind()
    ]
    for span in _spans(walk, state):
        for at, event in handed:
            if isinstance(event, ReplyHandedOver) and span.stops_at(at, event.office_version):
                raise inconsistent(
                    "HANDED_OVER_UNDER_HOLD", f"A reply was handed over under the hold of leaf {span.index}."
                )


def require_lifted_by_others(registers: Registers, state: BatchState) -> None:
    """Nobody who signed or transmitted in a batch lifted a hold that stood over it (SoD-3). Raises Integrity
    LIFTED_IN_RELEASE_CHAIN.
    """
    parts = involvement(state, registers.opened[-1].after)
    if parts.lifted & (parts.signed | parts.transmitted):
        raise inconsistent(
            "LIFTED_IN_RELEASE_CHAIN", f"Somebody who signed or transmitted batch {state.batch} lifted a hold on it."
        )


@dataclass(frozen=True)
class _Span:
    """A hold from the leaf that placed it, at `index`, to the one that lifted it, if any did."""

    index: int
    placed: HoldLeaf
    lift: tuple[int, HoldLeaf] | None

    def stops(self, decided: tuple[int, int]) -> bool:
        """Whether an act with its leaf at that index, decided at that version of the office, was under the hold."""
        index, version = decided
        before = index < self.index and version < self.placed.office_version
        return not before and not (self.lift and index > self.lift[0] and version >= self.lift[1].office_version)

    def stops_at(self, at: str, version: int) -> bool:
        """The same of an act without a leaf of its own, at that moment (ISO, UTC)."""
        before = at <= self.placed.at and version < self.placed.office_version
        return not before and not (self.lift and at >= self.lift[1].at and version >= self.lift[1].office_version)


def _spans(walk: Walk, state: BatchState) -> Iterator[_Span]:
    agreement, applied = state.submission().agreement, state.answers.holds if state.answers else ()
    lifts = {leaf.hold: (index, leaf) for index, leaf in walk.holds if leaf.act == "lifted"}
    for index, leaf in walk.holds:
        spared = leaf.scope == PERSON_LIST and leaf.hold in applied
        if leaf.act == "placed" and leaf.agreement in (agreement, EVERY_AGREEMENT) and not spared:
            yield _Span(index, leaf, lifts.get(leaf.hold))
