"""Holds in the log: each event has its leaf in clear and each leaf its event, and nothing left under one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.accounting.leaf import HoldLeaf
from comity.case.batch_events import BATCH_EVENTS, ReplyHandedOver
from comity.case.envelope import Envelope, opened
from comity.case.holds import EVERY_AGREEMENT
from comity.case.office_events import OFFICE_EVENTS, HoldConfirmed, HoldPlaced
from comity.case.office_state import OfficeState
from comity.oversight.registers import Opened, Registers
from comity.oversight.told import Essence, require_told
from comity.oversight.walk import Walk, inconsistent


def require_holds_told(walk: Walk, registers: Registers) -> None:
    """Every event about a hold has its leaf and each leaf its event. Raises Integrity HOLD_WITHOUT_LEAF or
    HOLD_WITHOUT_EVENT.
    """
    told = [(index, leaf.office_version, _said(leaf)) for index, leaf in walk.holds]
    require_told("hold", told, registers, _happened)


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
