"""The demonstration's office: founded, its registers filled, and a calendar that runs faster than ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from comity.agreements import load
from comity.case.office_events import AgencyProposed, SafeguardsProposed, SystemProposed
from comity.case.registers import Proposal
from comity.demo.cast import COUNSEL, OFFICERS, REGISTRAR, REQUESTER, SIGNATORY, Cast
from comity.office import acts
from comity.office.desk import Actor, Office, Progress
from comity.office.founding import Founder, found_office
from comity.office.proposals import (
    agreement_proposal,
    authority_proposal,
    officer_proposal,
    recipients_proposal,
    signatory_proposal,
)
from comity.synthetic.recipients import Recipient

AGREEMENT = "irs_ice_2025"
SYSTEM_NAME = f"{REQUESTER}-CASES"
VOUCHED_BY = "the demonstration"
_TERM = (date(2020, 1, 1), date(2099, 12, 31))
_REPORT_GOOD = timedelta(days=365)


@dataclass
class Calendar:
    """A clock the demonstration moves: the answer is due days after the request, and nobody waits for it here."""

    moment: datetime

    @classmethod
    def ending_now(cls, now: datetime, answer_days: int, answers: int) -> Calendar:
        """A calendar that begins early enough for so many `answers`, one after the other, to be due before `now`."""
        first = now.date() - timedelta(days=answers * (answer_days + 1))
        return cls(datetime.combine(first, time(8), tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def move_to(self, moment: datetime) -> None:
        """Let the time pass until `moment`."""
        self.moment = max(self.moment, moment)


@dataclass
class Stage:
    """The office of the demonstration with its cast: `actor(officer)` is that officer, proved by key."""

    office: Office
    cast: Cast
    calendar: Calendar
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, officer: str) -> Actor:
        """The officer of that id, after the challenge."""
        if officer not in self._actors:
            self._actors[officer] = self.office.identify(officer, self.cast.officer_key(officer))
        return self._actors[officer]

    def entered(self, proposal: Proposal) -> None:
        """The registrar proposes a version of an entry and counsel approves it."""
        number = acts.propose_entry(self.office, self.actor(REGISTRAR), proposal)
        acts.approve_entry(self.office, self.actor(COUNSEL), proposal.register, proposal.subject, number)


def set_stage(home: Path, cast: Cast, recipients: Iterable[Recipient], calendar: Calendar, progress: Progress) -> Stage:
    """Found the office and fill its registers, each through the act that people use."""
    first, second = (Founder(who, who, cast.officers / f"{who}.pem") for who in (REGISTRAR, COUNSEL))
    office = found_office(home, "rehearsal-revenue", cast.custodian_authority, first, second, calendar)
    office.progress = progress
    stage = Stage(office, cast, calendar)
    fill_registers(stage, recipients)
    return stage


def fill_registers(stage: Stage, recipients: Iterable[Recipient]) -> None:
    """Fill the registers of an office that was founded with the registrar and the counsel of the cast."""
    office, cast = stage.office, stage.cast
    for officer, role in OFFICERS.items():
        if officer not in (REGISTRAR, COUNSEL):
            stage.entered(officer_proposal(office, officer, officer, cast.officers / f"{officer}.pem", [role]))
    stage.entered(authority_proposal(REQUESTER, cast.agency_authority / "authority.pem"))
    held = {"office": "HEAD_OF_AGENCY", "basis": "statute"}
    certificate = cast.agency / f"{SIGNATORY}.pem"
    stage.entered(signatory_proposal(office, SIGNATORY, REQUESTER, SIGNATORY, held, certificate, _TERM))
    stage.entered(recipients_proposal(office, [_row(known) for known in recipients], cast.agency, SYSTEM_NAME))
    stage.entered(agreement_proposal(office, stage.actor(REGISTRAR), AGREEMENT, _TERM, {}))
    _enter_agency(stage)


def _enter_agency(stage: Stage) -> None:
    """Enter the requester in the registers that two officers keep, from today on."""
    today, last = stage.calendar().date().isoformat(), _TERM[1].isoformat()
    agency = AgencyProposed(REQUESTER, REQUESTER, True, "5 USC 551(1)", today, last)
    report_until = (stage.calendar() + _REPORT_GOOD).date().isoformat()
    safeguards = SafeguardsProposed(REQUESTER, "SSR-1", report_until, False, 2, 2, report_until, today)
    system = SystemProposed(SYSTEM_NAME, REQUESTER, "case_system", today, last)
    proposals: tuple[Proposal, ...] = (agency, safeguards, system)
    for proposal in proposals:
        stage.entered(proposal)


def answer_days() -> int:
    """How many days after receipt the shipped agreement answers."""
    return load(AGREEMENT).terms.answer_days


def _row(known: Recipient) -> dict[str, str]:
    return {
        "recipient": known.id,
        "agency": known.agency,
        "name": known.name,
        "role": known.role,
        "office_address": known.office_address,
    }
