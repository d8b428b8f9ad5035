"""The commands on the registers that two officers keep: a version is proposed, then approved, never for the past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comity.case import entrants, retention, striking
from comity.case import office_events as e
from comity.case.errors import BadInput, Refused
from comity.case.homes import require_witnesses
from comity.case.office_state import REGISTRAR, OfficeState
from comity.case.registers import (
    AGENCY,
    AGREEMENT,
    AUTHORITY,
    OFFICER,
    PASSKEY,
    QUORUM,
    RECIPIENT,
    RETENTION,
    SAFEGUARDS,
    SIGNATORY,
    SORTS,
    STRIKE,
    SYSTEM,
    Dated,
    Entry,
    Proposal,
)
from comity.case.wording import require_day, require_id, require_printable, require_term


def propose(office: OfficeState, proposed: Proposal, today: str) -> Proposal:
    """A version of an entry is proposed; it binds nobody until another officer approves it.

    Raises BadInput for words out of form, Refused `NOT_PROSPECTIVE` for a first day before `today` (ISO).
    """
    _require_fit(office, proposed, today)
    return proposed


def approve(office: OfficeState, approved: e.EntryApproved, actor: str, today: str) -> e.EntryApproved:
    """Another officer approves a version; from its first day on it takes the place of those before it.

    Raises BadInput `ENTRY_UNKNOWN`, Refused `DONE_BEFORE`, `SOD_VIOLATION`, `PROPOSER_STRUCK_OFF`, `ENTRY_STRUCK`,
    `ENTRY_SUPERSEDED` when a later version has been approved, and as `propose`: what stood in no way of the proposal
    may stand in the way of the approval.
    """
    entry = office.entry(approved.register, approved.subject, approved.number)
    if entry is None:
        raise BadInput(
            "ENTRY_UNKNOWN", "The register holds no such version of this entry.", "Show the entry for its versions."
        )
    if entry.approved_by:
        raise Refused("DONE_BEFORE", "This version is approved.", "There is nothing to do.")
    if entry.proposed_by == actor:
        raise Refused("SOD_VIOLATION", "Who proposed an entry does not approve it.", "Have another officer approve it.")
    proposer = office.officers.get(entry.proposed_by)
    if proposer and REGISTRAR in proposer.struck:
        raise Refused("PROPOSER_STRUCK_OFF", "Who proposed it was struck off that role.", "Have it proposed anew.")
    versions = office.entries[approved.register, approved.subject]
    if entry.number <= office.struck.get((approved.register, approved.subject), 0):
        raise Refused("ENTRY_STRUCK", "It was proposed before a strike of what it is about.", "Propose it anew.")
    # Strikes of one subject are of different things, and none takes the place of another.
    if approved.register != STRIKE and any(later.approved_by for later in versions if later.number > entry.number):
        raise Refused("ENTRY_SUPERSEDED", "A later version of this entry has been approved.", "Propose it anew.")
    _require_fit(office, entry.said, today)
    return approved


def versions_of(office: OfficeState, register: str, subject: str = "") -> list[tuple[str, Entry]]:
    """The versions in a register with their subjects, oldest first within a subject; of one `subject`, if given."""
    return [
        (about, entry)
        for (known, about), versions in sorted(office.entries.items())
        if known == register and subject in ("", about)
        for entry in versions
    ]


def _require_fit(office: OfficeState, proposed: Proposal, today: str) -> None:
    require_id(proposed.subject)
    if isinstance(proposed, Dated):
        require_day(proposed.binds_from)
    FORMS[proposed.register](office, proposed)
    if isinstance(proposed, Dated):
        _require_prospective(proposed, today)


def _require_prospective(proposed: Dated, today: str) -> None:
    if proposed.binds_from < today:
        raise Refused(
            "NOT_PROSPECTIVE",
            "The entry would bind from a day that is over, and a register changes forward only.",
            "Propose it from today or a later day on.",
        )


def _require_entered(office: OfficeState, agency: str) -> None:
    if (AGENCY, agency) not in office.entries:
        raise BadInput(
            "AGENCY_NOT_ENTERED", "The register of agencies has no such entry.", "Propose it: `comity agency add`."
        )


def _agency(_: OfficeState, proposed: e.AgencyProposed) -> None:
    require_printable(proposed.name, proposed.basis)
    require_term(proposed.binds_from, proposed.binds_to)
    if not proposed.basis.strip():
        raise BadInput("BASIS_NEEDED", "An entry says what it rests on.", "Give --basis, such as '5 USC 551(1)'.")


def _safeguards(office: OfficeState, proposed: e.SafeguardsProposed) -> None:
    _require_entered(office, proposed.subject)
    require_printable(proposed.report)
    _require_dated(proposed.report.strip(), proposed.report_until, "A security report and its last day")
    if not 0 <= proposed.planned <= proposed.findings:
        raise BadInput(
            "FINDINGS_UNFIT",
            "More findings are in the plan than are open.",
            "Count the open findings, and of these the ones in the plan.",
        )
    _require_dated(proposed.planned, proposed.plan_until, "Findings in a plan and the day it ends")


def _system(office: OfficeState, proposed: e.SystemProposed) -> None:
    _require_entered(office, proposed.agency)
    require_term(proposed.binds_from, proposed.binds_to)
    if proposed.sort not in SORTS:
        raise BadInput("SORT_UNKNOWN", f"A destination is one of {', '.join(SORTS)}.", "Say which: --sort.")


def _agreement(_: OfficeState, proposed: e.AgreementProposed) -> None:
    require_term(proposed.valid_from, proposed.valid_to)


def _quorum(office: OfficeState, proposed: e.QuorumProposed) -> None:
    office.agreement(proposed.subject)
    require_witnesses(office.kind, proposed.policy)
    require_printable(*proposed.policy.replace("\t", " ").split("\n"))


def _require_dated(given: str | int, until: str, what: str) -> None:
    if bool(given) != bool(until):
        raise BadInput("DAY_NEEDED", f"{what} are given together.", "Give both, or neither.")
    if until:
        require_day(until)


FORMS: Mapping[str, Callable[[OfficeState, Any], None]] = {
    AGENCY: _agency,
    SAFEGUARDS: _safeguards,
    SYSTEM: _system,
    QUORUM: _quorum,
    AGREEMENT: _agreement,
    AUTHORITY: entrants.require_authority,
    OFFICER: entrants.require_officer,
    PASSKEY: entrants.require_passkey,
    SIGNATORY: entrants.require_signatory,
    RECIPIENT: entrants.require_recipients,
    STRIKE: striking.require_strike,
    RETENTION: retention.require_retention,
}
