"""Holds: a court's order that stops an agreement, or what is asked about the persons it names, and where it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from comity.case.errors import Refused

DISCLOSE = "disclose"
USE = "use"
DIRECTIONS = (DISCLOSE, USE)
EVERY_AGREEMENT = "*"

# What the log says in clear of whom a hold is about; of persons nothing but that there is a list.
WHOLE_AGREEMENT = "whole agreement"
PERSON_LIST = "person list"

# What the sealed accounting says of a request that names somebody on a list.
HOLD_ACTIVE = "HOLD_ACTIVE"


class Person(NamedTuple):
    """Somebody whom an order names: names as written, of which one may be '', and birth date (ISO), '' if unknown."""

    given_name: str
    family_name: str
    date_of_birth: str = ""


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
    officer has read the paper. With `persons` it stops no more than what is asked about them; without, everything.
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
    persons: tuple[Person, ...] = field(default=(), repr=False)

    @property
    def scope(self) -> str:
        """Whom it is about, as the log says it."""
        return PERSON_LIST if self.persons else WHOLE_AGREEMENT

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


def about_persons(holds: Iterable[Hold], agreement: str) -> tuple[Hold, ...]:
    """Those of the holds that stop `agreement`, oldest first, which name the persons whom they are about."""
    return tuple(hold for hold in binding(holds, agreement) if hold.persons)


def persons_of(holds: Iterable[Hold]) -> list[Person]:
    """Everybody whom one of the holds names, each once."""
    return sorted({person for hold in holds for person in hold.persons})


def require_no_hold(holds: Iterable[Hold], agreement: str) -> None:
    """Refuse `HOLD_ACTIVE`, naming the orders, if any hold stops all of `agreement` (P5).

    One that names persons lets the rest go on: `require_applied`.
    """
    orders = "; ".join(hold.order() for hold in binding(holds, agreement) if not hold.persons)
    if orders:
        raise Refused(
            HOLD_ACTIVE,
            f"Nothing leaves under {agreement}: {orders}.",
            "Wait for the court: a hold ends on an order of a court alone, `comity hold lift`.",
        )


def require_applied(holds: Iterable[Hold], agreement: str, applied: Collection[str]) -> None:
    """Refuse `HOLD_ACTIVE` while a hold that names persons binds, and is not among the `applied` ones, by which the
    answers say nothing of them: until then it stops the whole batch (P5).
    """
    later = [hold for hold in about_persons(holds, agreement) if hold.hold not in applied]
    if later:
        raise Refused(
            HOLD_ACTIVE,
            f"These answers were made before an order about persons: {'; '.join(hold.order() for hold in later)}.",
            "Make the answers anew: `comity work BATCH`, after `comity abandon BATCH` if their disclosure is intended. "
            "Replies that lie sealed wait until the hold is lifted.",
        )
