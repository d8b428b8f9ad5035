"""How the agency that asks stands in the registers on a day: read at receipt for the gates, and again at release."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from comity.case.errors import Refused
from comity.case.office_events import SafeguardsProposed
from comity.case.office_state import OfficeState
from comity.case.registers import PERSONAL

NOT_FEDERAL = "NOT_FEDERAL_AGENCY"
SAFEGUARDS_NOT_MET = "SAFEGUARDS_NOT_MET"


def standing(office: OfficeState, agency: str, day: str) -> dict[str, object]:
    """The facts about `agency` that gates judge, by the registers on `day` (ISO); None where they say nothing."""
    entry, safeguards = office.agency_on(agency, day), office.safeguards_on(agency, day)
    return {
        "agency_in_force": entry is not None,
        "agency_federal": entry.federal if entry else None,
        "safeguards_suspended": safeguards.suspended if safeguards else None,
        "report_days_left": _days_left(safeguards.report_until, day) if safeguards else None,
        "unplanned_findings": _unplanned(safeguards, day) if safeguards else None,
    }


def stands_as_destination(office: OfficeState, system: str, agency: str, day: str) -> bool:
    """Whether `system` is registered on `day` (ISO) as a destination of `agency`, and no personal endpoint."""
    entry = office.system_on(system, day)
    return entry is not None and entry.agency == agency and entry.sort != PERSONAL


def require_standing(office: OfficeState, agency: str, day: str, demanded: Collection[str]) -> None:
    """Refuse what has lapsed of what the gates saw at receipt.

    `demanded` are the codes of the agreement: what none of its gates asks for is not asked again. Raises Refused
    `NOT_FEDERAL_AGENCY` or `SAFEGUARDS_NOT_MET`.
    """
    entry = office.agency_on(agency, day)
    if NOT_FEDERAL in demanded and (entry is None or not entry.federal):
        raise Refused(
            "NOT_FEDERAL_AGENCY",
            "The agency that asked is no longer in the register as a Federal agency.",
            "Have the register set right, or have counsel decide; nothing leaves meanwhile.",
        )
    if SAFEGUARDS_NOT_MET in demanded and not _met(office.safeguards_on(agency, day), day):
        raise Refused(
            "SAFEGUARDS_NOT_MET",
            "The agency that asked no longer meets the safeguards that are the condition for receiving.",
            "Release when the register of safeguards says that they are met again: `comity safeguards show`.",
        )


def _met(safeguards: SafeguardsProposed | None, day: str) -> bool:
    if safeguards is None or safeguards.suspended:
        return False
    left = _days_left(safeguards.report_until, day)
    return left is not None and left >= 0 and _unplanned(safeguards, day) == 0


def _days_left(until: str, day: str) -> int | None:
    """The days from `day` to the last one that counts, 0 on that day itself; None without a last day."""
    return (date.fromisoformat(until) - date.fromisoformat(day)).days if until else None


def _unplanned(safeguards: SafeguardsProposed, day: str) -> int:
    """The findings that no plan covers: one that has ended with findings still open covers none."""
    running = day <= safeguards.plan_until
    return safeguards.findings - (safeguards.planned if running else 0)
