"""Holds in the log: each event has its leaf in clear and each leaf its event, and nothing left under one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from comity.accounting.leaf import HoldLeaf
from comity.case.batch_events import BATCH_EVENTS, ReplyHandedOver
from comity.case.envelope import Envelope, opened
from comity.case.holds import EVERY_AGREEMENT
from comity.case.office_events import OFFICE_EVENTS, HoldConfirmed, HoldPlaced
from comity.case.office_state import OfficeState
from comity.oversight.registers import Opened, Registers
from comity.oversight.walk import Walk, inconsistent

Essence = tuple[str | int, ...]


def require_holds_told(walk: Walk, registers: Registers) -> None:
    """Every event about a hold in an opened segment has one leaf, before that segment's, and no leaf lacks its event.

    Raises Integrity HOLD_WITHOUT_LEAF or HOLD_WITHOUT_EVENT.
    """
    before = 0
    for known in registers.opened:
        told = Counter(_said(leaf) for index, leaf in walk.holds if before < index < known.index)
        happened = Counter(_happened(known))
        if happened - told:
            raise inconsistent(
                "HOLD_WITHOUT_LEAF", f"A hold in the segment of leaf {known.index} has no leaf of its own."
            )
        if told - happened:
            raise inconsistent("HOLD_WITHOUT_EVENT", f"A leaf before {known.index} tells of a hold that no event does.")
        before = known.index
    late = [index for index, leaf in walk.holds if index > before and leaf.office_version <= registers.version]
    if late:
        raise inconsistent("HOLD_WITHOUT_EVENT", f"The leaf {late[0]} tells of a hold that no event does.")


def _said(leaf: HoldLeaf) -> Essence:
    order = (leaf.order_court, leaf.order_docket, leaf.order_date, leaf.order_digest)
    return (leaf.act, leaf.hold, leaf.agreement, leaf.direction, *order, leaf.at, leaf.office_version)


def _happened(known: Opened) -> Iterator[Essence]:
    for stored in known.segment.envelopes:
        event = opened(stored, OFFICE_EVENTS)
        if isinstance(event, HoldPlaced | HoldConfirmed):
            yield _essence(stored, event, known.after)


def _essence(stored: Envelope, event: HoldPlaced | HoldConfirmed, after: OfficeState) -> Essence:
    hold = after.holds[event.hold]
    act = "placed" if isinstance(event, HoldPlaced) else "confirmed"
    order = (hold.court, hold.docket, hold.ordered_on, hold.order_digest)
    return (act, hold.hold, hold.agreement, hold.direction, *order, stored.at, stored.version)


def require_not_held(walk: Walk, agreement: str, index: int, office_version: int, act: str) -> None:
    """No hold on `agreement` stands before the leaf `index`, or in the office as it was when the act was decided.

    Holds, intents and sealings stand in clear, so that a court needs nothing of ours to see their order. Raises
    Integrity INTENDED_UNDER_HOLD or SEALED_UNDER_HOLD.
    """
    for placed, leaf in _binding(walk, agreement):
        if placed < index or leaf.office_version <= office_version:
            raise inconsistent(f"{act.upper()}_UNDER_HOLD", f"The leaf {index} is under the hold of leaf {placed}.")


def require_not_handed_over_under_hold(walk: Walk, agreement: str, envelopes: Iterable[Envelope]) -> None:
    """No reply of a batch, whose opened events are `envelopes`, left under a hold on `agreement`.

    Raises Integrity HANDED_OVER_UNDER_HOLD.
    """
    handed = [
        (stored.at, opened(stored, BATCH_EVENTS)) for stored in envelopes if stored.type == ReplyHandedOver.kind()
    ]
    for placed, leaf in _binding(walk, agreement):
        for at, event in handed:
            known = isinstance(event, ReplyHandedOver) and leaf.office_version <= event.office_version
            if known or leaf.at < at:
                raise inconsistent(
                    "HANDED_OVER_UNDER_HOLD", f"A reply was handed over under the hold of leaf {placed}."
                )


def _binding(walk: Walk, agreement: str) -> Iterator[tuple[int, HoldLeaf]]:
    for placed, leaf in walk.holds:
        if leaf.act == "placed" and leaf.agreement in (agreement, EVERY_AGREEMENT):
            yield placed, leaf
