"""Holds: a court's order that stops an agreement, and where it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.case.errors import Refused

DISCLOSE = "disclose"
USE = "use"
DIRECTIONS = (DISCLOSE, USE)
EVERY_AGREEMENT = "*"


@dataclass(frozen=True)
class Lift:
    """A later order that ends a hold: which, and who proposed it in which role. It ends nothing before `confirmed_by`
    is somebody. `number` counts the proposals about one hold; the last takes the place of those before it.
    """

    number: int
    court: str
    order: str
    ordered_on: str
    order_digest: str
    proposed_by: str
    proposed_as: str
    proposed_at: str
    confirmed_by: str = ""
    confirmed_at: str = ""


@dataclass(frozen=True)
class Hold:
    """An order: which agreement (or `*`), which direction, which court, docket and day.

    It binds from the moment it is placed until a `lift` of it is confirmed; `confirmed_by` only says that a second
    officer has read the paper.
    """

    hold: str
    agreement: str
    direction: str
    court: str
    docket: str
    ordered_on: str
    order_digest: str
    says: str
    placed_by: str
    placed_at: str
    confirmed_by: str = ""
    lift: Lift | None = None

    @property
    def lifted_at(self) -> str:
        """The moment (ISO, UTC) from which it stops nothing any more; '' while it binds."""
        return self.lift.confirmed_at if self.lift and self.lift.confirmed_by else ""

    def order(self) -> str:
        """The order as one cites it."""
        return f"{self.court}, No. {self.docket}, {self.ordered_on}"

    def covers(self, agreement: str) -> bool:
        """Whether it stops disclosures under `agreement`. A hold on use stops new disclosures too."""
        return self.agreement in (agreement, EVERY_AGREEMENT)


def binding(holds: Iterable[Hold], agreement: str) -> tuple[Hold, ...]:
    """The holds that stop `agreement`, oldest first; unconfirmed ones bind, and those whose lift waits."""
    stopping = (hold for hold in holds if hold.covers(agreement) and not hold.lifted_at)
    return tuple(sorted(stopping, key=lambda hold: hold.placed_at))


def lifters(holds: Iterable[Hold], agreement: str, received_on: str) -> frozenset[str]:
    """Who lifted a hold that stood over a batch under `agreement`, received on the day `received_on` (ISO).

    A batch of the day of the lift counts as one that the hold stood over: days do not tell the hour.
    """
    over = (hold.lift for hold in holds if hold.covers(agreement) and received_on <= hold.lifted_at[:10])
    return frozenset(officer for lift in over if lift for officer in (lift.proposed_by, lift.confirmed_by))


def require_no_hold(holds: Iterable[Hold], agreement: str) -> None:
    """Refuse `HOLD_ACTIVE`, naming the orders, if any hold stops `agreement` (P5)."""
    orders = "; ".join(hold.order() for hold in binding(holds, agreement))
    if orders:
        raise Refused(
            "HOLD_ACTIVE",
            f"Nothing leaves under {agreement}: {orders}.",
            "Wait for the court: a hold ends on an order of a court alone, `comity hold lift`.",
        )
