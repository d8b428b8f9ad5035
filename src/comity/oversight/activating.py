"""The court orders that an agreement lists, as the holds that a live home starts with, and whether it did."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from pathlib import Path

from comity.agreements import Agreement, kept
from comity.case.activation import orders_in_force
from comity.case.envelope import Envelope, body_of, opened
from comity.case.homes import REHEARSAL
from comity.case.office_events import OFFICE_EVENTS, AgreementProposed, EntryApproved, HoldPlaced
from comity.case.office_state import OfficeState, fold_office
from comity.case.registers import AGREEMENT
from comity.crypto import canonical, digest
from comity.oversight.registers import Registers
from comity.oversight.walk import inconsistent


def orders_of(agreement: Agreement) -> list[HoldPlaced]:
    """The orders in holds.toml as holds on their agreement; each is named by that agreement and its own id.

    No court's paper is in an agreement's folder: the digest is that of the entry in its canonical form (RFC 8785).
    """
    return [
        HoldPlaced(
            f"{agreement.name}.{order.id}",
            agreement.name,
            order.direction,
            order.court,
            order.docket,
            order.ordered_on.isoformat(),
            digest(canonical({**asdict(order), "ordered_on": order.ordered_on.isoformat()})),
            order.says,
        )
        for order in agreement.orders
    ]


def require_orders_in_force(agreements: Path, registers: Registers) -> None:
    """In a live home every approval of an agreement, whose texts lie in `agreements`, is followed at once and by the
    same officer by the holds of all its orders that were not placed before. Raises Integrity ORDERS_NOT_IN_FORCE.
    """
    if registers.opened[-1].after.kind == REHEARSAL:
        return
    stored = list(chain.from_iterable(known.segment.envelopes for known in registers.opened))
    state = OfficeState()
    for place, envelope in enumerate(stored):
        for hold, follows in enumerate(_due(agreements, state, envelope), place + 1):
            if stored[hold : hold + 1] != [_placed(envelope, follows, hold - place)]:
                raise inconsistent(
                    "ORDERS_NOT_IN_FORCE",
                    f"Event {envelope.version} of the office activated an agreement without the orders that it lists.",
                )
        state = fold_office([envelope], state)


def _due(agreements: Path, before: OfficeState, stored: Envelope) -> list[HoldPlaced]:
    event = opened(stored, OFFICE_EVENTS)
    if not isinstance(event, EntryApproved) or event.register != AGREEMENT:
        return []
    entry = before.entry(AGREEMENT, event.subject, event.number)
    said = entry.said if entry else None
    return (
        orders_in_force(before, orders_of(kept(agreements, said.digest))) if isinstance(said, AgreementProposed) else []
    )


def _placed(approved: Envelope, hold: HoldPlaced, after: int) -> Envelope:
    """The envelope of a hold that was placed in the transaction of an approval, that many events after it."""
    said = approved.stored() | {"type": hold.kind(), "schema": hold.schema, "body": body_of(hold)}
    return Envelope(**said | {"version": approved.version + after})
