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
class Hold:
    """An order in force: which agreement (or `*`), which direction, which court, docket and day.

    It binds from the moment it is placed; `confirmed` only says that a second officer has read the paper.
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

    def order(self) -> str:
        """The order as one cites it."""
        return f"{self.court}, No. {self.docket}, {self.ordered_on}"

    def covers(self, agreement: str) -> bool:
        """Whether it stops disclosures under `agreement`. A hold on use stops new disclosures too."""
        return self.agreement in (agreement, EVERY_AGREEMENT)


def binding(holds: Iterable[Hold], agreement: str) -> tuple[Hold, ...]:
    """The holds that stop `agreement`, oldest first; unconfirmed ones bind as well."""
    return tuple(sorted((hold for hold in holds if hold.covers(agreement)), key=lambda hold: hold.placed_at))


def require_no_hold(holds: Iterable[Hold], agreement: str) -> None:
    """Refuse `HOLD_ACTIVE`, naming the orders, if any hold stops `agreement` (P5)."""
    orders = "; ".join(hold.order() for hold in binding(holds, agreement))
    if orders:
        raise Refused(
            "HOLD_ACTIVE",
            f"Nothing leaves under {agreement}: {orders}.",
            "Wait for the court: a hold ends on the court's order alone.",
        )
