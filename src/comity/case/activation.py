"""What comes into force with an agreement: in a live home, the court orders that it lists (P5, P10)."""

from __future__ import annotations

from collections.abc import Sequence

from comity.case.errors import Refused
from comity.case.hold_decisions import place
from comity.case.holds import Hold
from comity.case.homes import REHEARSAL
from comity.case.office_events import HoldPlaced
from comity.case.office_state import OfficeState


def orders_in_force(office: OfficeState, orders: Sequence[HoldPlaced]) -> list[HoldPlaced]:
    """Which of an agreement's `orders` are placed as holds in the act that approves it: each that was not before.

    A rehearsal home starts without court orders. An order that was placed is not placed again: a court that ended it
    has ended it. Raises Refused `HOLD_ID_TAKEN` where another order has the id, and as `hold_decisions.place`.
    """
    if office.kind == REHEARSAL:
        return []
    placed: dict[str, HoldPlaced] = {}
    for order in orders:
        known = office.holds.get(order.hold)
        if (known and not _is(known, order)) or placed.get(order.hold, order) != order:
            raise Refused(
                "HOLD_ID_TAKEN",
                f"Another order is held as {order.hold}, so the one that the agreement lists would not be in force.",
                "Give the order another id in holds.toml, and propose the agreement anew.",
            )
        if known is None:
            placed[order.hold] = place(office, order, [order.agreement])
    return list(placed.values())


def _is(hold: Hold, order: HoldPlaced) -> bool:
    """Whether a hold is that order: everything that was said of it, and it is about everybody."""
    said = set(HoldPlaced.__dataclass_fields__) - {"persons"}
    return not hold.persons and all(getattr(hold, name) == getattr(order, name) for name in said)
