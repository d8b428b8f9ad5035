"""What the registers say on a day of who asks: the facts that gates judge, at receipt and again at release."""

from __future__ import annotations

from datetime import date

from comity.case.batch_events import SubmissionReceived
from comity.case.office_events import SafeguardsProposed
from comity.case.office_state import OfficeState
from comity.case.registers import PERSONAL


def authority(
    office: OfficeState, signatory: str, agency: str, agreement: str, version: str, day: str
) -> dict[str, object]:
    """The facts about who signed for `agency` and the agreement in that version, by the registers on `day` (ISO)."""
    known, activated = office.signatories.get(signatory), office.agreement(agreement)
    return {
        "signatory_in_force": known is not None
        and known.agency == agency
        and known.valid_from <= day <= known.valid_to,
        "signatory_office": known.office if known else None,
        "signatory_basis": known.basis if known else None,
        "agreement_in_force": activated.version == version and activated.valid_from <= day <= activated.valid_to,
    }


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


def facts_on(office: OfficeState, received: SubmissionReceived, day: str) -> dict[str, object]:
    """The facts of receipt of a submission, those that the registers give read again as they stand on `day` (ISO)."""
    signed = (received.signatory, received.agency, received.agreement, received.agreement_version)
    return {**received.facts, **authority(office, *signed, day), **standing(office, received.agency, day)}


def registered_on(office: OfficeState, day: str) -> list[tuple[str, str, str, str, bool]]:
    """The registered recipients as gates take them: id, agency, fingerprint, role, and whether the system of each
    stands as a destination on `day` (ISO)."""
    return [
        (r.recipient, r.agency, r.fingerprint, r.role, stands_as_destination(office, r.system, r.agency, day))
        for r in office.recipients.values()
    ]


def stands_as_destination(office: OfficeState, system: str, agency: str, day: str) -> bool:
    """Whether `system` is registered on `day` (ISO) as a destination of `agency`, and no personal endpoint."""
    entry = office.system_on(system, day)
    return entry is not None and entry.agency == agency and entry.sort != PERSONAL


def _days_left(until: str, day: str) -> int | None:
    """The days from `day` to the last one that counts, 0 on that day itself; None without a last day."""
    return (date.fromisoformat(until) - date.fromisoformat(day)).days if until else None


def _unplanned(safeguards: SafeguardsProposed, day: str) -> int:
    """The findings that no plan covers: one that has ended with findings still open covers none."""
    running = day <= safeguards.plan_until
    return safeguards.findings - (safeguards.planned if running else 0)
