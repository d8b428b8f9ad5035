"""What entered the registers of the office: proposed by one officer and approved by another, each with the right."""

from __future__ import annotations

from comity.case.envelope import OFFICE, Envelope, opened
from comity.case.errors import BadInput, Refused
from comity.case.office_events import OFFICE_EVENTS, EntryApproved
from comity.case.office_state import OfficeState
from comity.case.register_decisions import approve, propose
from comity.case.registers import Proposal
from comity.oversight.walk import inconsistent
from comity.review import rights


def require_by_right(before: OfficeState, stored: Envelope) -> None:
    """The event is none of the registers that two officers keep, or one that its officer could do on its day.

    `before` are the registers before it. The decision is taken again, by the rights and the rules that the office goes
    by. Raises Integrity ENTRY_NOT_BY_RIGHT with the code of what would have been refused.
    """
    event = opened(stored, OFFICE_EVENTS)
    known = before.officers.get(stored.actor)
    roles, day = known.roles if known else (), stored.at[:10]
    try:
        if isinstance(event, Proposal):
            rights.require(stored.actor, roles, "propose_entry", OFFICE)
            propose(before, event, day)
        elif isinstance(event, EntryApproved):
            entry = before.entry(event.register, event.subject, event.number)
            concerns = entry.proposed_by if entry else ""
            rights.require(stored.actor, roles, "approve_entry", OFFICE, concerns=concerns)
            approve(before, event, stored.actor, day)
    except (Refused, BadInput) as error:
        raise inconsistent(
            "ENTRY_NOT_BY_RIGHT", f"Event {stored.version} of the office was to be refused: {error.code}."
        ) from None
