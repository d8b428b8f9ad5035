"""How the agency that asks stands in the registers on a day: read at receipt for the gates, and again at release."""

from __future__ import annotations

from collections.abc import Collection

from comity.case.errors import Refused
from comity.case.office_state import OfficeState

NOT_FEDERAL = "NOT_FEDERAL_AGENCY"


def standing(office: OfficeState, agency: str, day: str) -> dict[str, object]:
    """The facts about `agency` that gates judge, by the registers on `day` (ISO); None where they say nothing."""
    entry = office.agency_on(agency, day)
    return {"agency_in_force": entry is not None, "agency_federal": entry.federal if entry else None}


def require_standing(office: OfficeState, agency: str, day: str, demanded: Collection[str]) -> None:
    """Refuse what has lapsed of what the gates saw at receipt.

    `demanded` are the codes of the agreement: what none of its gates asks for is not asked again. Raises Refused
    `NOT_FEDERAL_AGENCY`.
    """
    entry = office.agency_on(agency, day)
    if NOT_FEDERAL in demanded and (entry is None or not entry.federal):
        raise Refused(
            "NOT_FEDERAL_AGENCY",
            "The agency that asked is no longer in the register as a Federal agency.",
            "Have the register set right, or have counsel decide; nothing leaves meanwhile.",
        )
