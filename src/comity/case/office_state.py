"""What the office knows: a fold over the events of its stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

from comity.case import office_events as e
from comity.case.contests import Contest
from comity.case.embargoes import Embargo
from comity.case.envelope import Envelope, opened
from comity.case.errors import BadInput, Refused
from comity.case.holds import Hold, Lift, Person
from comity.case.homes import REHEARSAL
from comity.case.keeping_events import LogKeyChanged, LogKeyProposed
from comity.case.registers import (
    AGENCY,
    AGREEMENT,
    AUTHORITY,
    OFFICER,
    QUORUM,
    RECIPIENT,
    SAFEGUARDS,
    SIGNATORY,
    STRIKE,
    SYSTEM,
    Entries,
    Entry,
    Proposal,
    binding,
)

NO_QUORUM = "quorum none\n"

# The roles of the two officers whom an office begins with: one to propose, one to approve.
REGISTRAR = "registrar"
FOUNDERS = (REGISTRAR, "counsel")


@dataclass(frozen=True)
class Officer:
    """A person of the office: certificate (PEM), its fingerprint and its key's, the roles held, and those struck off.

    Whoever holds no role stays known: id and key are nobody else's.
    """

    officer: str
    name: str = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str
    key: str
    roles: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Recipient:
    """An officer of `agency` to whom replies can be sealed, by certificate (PEM), and the system that opens them."""

    recipient: str
    agency: str
    name: str = field(repr=False)
    role: str
    office_address: str = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str
    key: str
    system: str


@dataclass(frozen=True)
class OfficeState:
    """The registers of the office at one version of its stream; pure values, never written to.

    `key_proposed` is the verifier key that waits to be the log's, and who made it; `key_changes` are those that did
    become it, each with the version of its event.

    `strikes` are those whose day has not come (see `on`); of an entry in `struck` the versions up to that number are
    over, and nobody approves them any more; `former` are the recipients who were struck off.
    """

    version: int = 0
    opened: e.OfficeOpened | None = None
    authorities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    officers: Mapping[str, Officer] = field(default_factory=dict)
    signatories: Mapping[str, e.SignatoryProposed] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    agreements: Mapping[str, e.AgreementProposed] = field(default_factory=dict)
    registry: e.RegistryBuilt | None = None
    holds: Mapping[str, Hold] = field(default_factory=dict)
    entries: Entries = field(default_factory=dict)
    key_proposed: tuple[str, str] | None = None
    key_changes: tuple[tuple[int, LogKeyChanged], ...] = ()
    accountings: int = 0
    embargoes: Mapping[int, Embargo] = field(default_factory=dict)
    contests: Mapping[int, Contest] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    strikes: tuple[e.StrikeProposed, ...] = ()
    struck: Mapping[tuple[str, str], int] = field(default_factory=dict)
    former: Mapping[str, Recipient] = field(default_factory=dict)

    def on(self, day: str) -> OfficeState:
        """The registers as they stand on `day` (ISO), with everything struck off whose day has come."""
        due = [said for said in self.strikes if said.binds_from <= day]
        waiting = tuple(said for said in self.strikes if said.binds_from > day)
        return reduce(struck_off, due, replace(self, strikes=waiting)) if due else self

    def roles_of(self, officer: str) -> frozenset[str]:
        """The roles that `officer` holds; none if nobody of that id is known."""
        return self.officers[officer].roles if officer in self.officers else frozenset()

    @property
    def kind(self) -> str:
        """Which kind of home it is (`case.homes`); a rehearsal before the office is opened."""
        return self.opened.home_kind if self.opened else REHEARSAL

    @property
    def log_key(self) -> str:
        """The log's verifier key that is in force; '' before the office is opened."""
        return self.log_key_at(self.version)

    def log_key_at(self, version: int) -> str:
        """The log's verifier key after the office's event of that version."""
        changed = [event.vkey for at, event in self.key_changes if at <= version]
        return changed[-1] if changed else self.opened.log_key if self.opened else ""

    def officer(self, name: str) -> Officer:
        """The officer of that id. Raises Refused `OFFICER_UNKNOWN`."""
        if name not in self.officers:
            raise Refused("OFFICER_UNKNOWN", f"No officer {name!r} is registered.", "Have the officer entered first.")
        return self.officers[name]

    def agreement(self, name: str) -> e.AgreementProposed:
        """The agreement that was approved last under that name. Raises BadInput `AGREEMENT_UNKNOWN`."""
        if name not in self.agreements:
            raise BadInput(
                "AGREEMENT_UNKNOWN",
                "The agreement is not one that counsel has approved here.",
                "Check the agreement's id, or propose it, `comity agreement propose`, and have counsel approve it.",
            )
        return self.agreements[name]

    def entry(self, register: str, subject: str, number: int) -> Entry | None:
        """Version `number` of the entry about `subject` in `register`; None if there is none."""
        return next((known for known in self.entries.get((register, subject), ()) if known.number == number), None)

    def standing(self, register: str, subject: str) -> list[Entry]:
        """The versions of an entry that were not struck off, oldest first."""
        over = self.struck.get((register, subject), 0)
        return [entry for entry in self.entries.get((register, subject), ()) if entry.number > over]

    def agency_on(self, agency: str, day: str) -> e.AgencyProposed | None:
        """What the register of agencies says of `agency` on `day` (ISO); None outside the entry's days."""
        said = binding(self.standing(AGENCY, agency), day)
        return said if isinstance(said, e.AgencyProposed) and day <= said.binds_to else None

    def safeguards_on(self, agency: str, day: str) -> e.SafeguardsProposed | None:
        """What the register of safeguards says of `agency` on `day` (ISO)."""
        said = binding(self.entries.get((SAFEGUARDS, agency), ()), day)
        return said if isinstance(said, e.SafeguardsProposed) else None

    def system_on(self, system: str, day: str) -> e.SystemProposed | None:
        """What the register of destinations says of `system` on `day` (ISO); None outside the entry's days."""
        said = binding(self.standing(SYSTEM, system), day)
        return said if isinstance(said, e.SystemProposed) and day <= said.binds_to else None

    def quorum_on(self, agreement: str, day: str) -> str:
        """The witness policy (c2sp.org/tlog-policy) of `agreement` on `day` (ISO); without one, no witness is asked."""
        said = binding(self.entries.get((QUORUM, agreement), ()), day)
        return said.policy if isinstance(said, e.QuorumProposed) else NO_QUORUM


def fold_office(envelopes: Iterable[Envelope], state: OfficeState | None = None) -> OfficeState:
    """The state after `envelopes`, which continue `state`. On a later day read it with `OfficeState.on`."""
    current = state or OfficeState()
    for stored in envelopes:
        event, day = opened(stored, e.OFFICE_EVENTS), stored.at[:10]
        current = replace(APPLIED[stored.type](current.on(day), event, stored), version=stored.version).on(day)
    return current


def _opened(state: OfficeState, event: e.OfficeOpened, _: Envelope) -> OfficeState:
    return replace(state, opened=event)


def _founded(state: OfficeState, event: e.FounderNamed, _: Envelope) -> OfficeState:
    held = frozenset({event.role_held})
    founder = Officer(event.officer, event.name, event.certificate, event.fingerprint, event.key, held)
    return replace(state, officers={**state.officers, event.officer: founder})


def _built(state: OfficeState, event: e.RegistryBuilt, _: Envelope) -> OfficeState:
    return replace(state, registry=event)


def _placed(state: OfficeState, event: e.HoldPlaced, stored: Envelope) -> OfficeState:
    hold = Hold(
        event.hold,
        event.agreement,
        event.direction,
        event.court,
        event.docket,
        event.ordered_on,
        event.order_digest,
        event.says,
        stored.actor,
        stored.at,
        persons=tuple(Person(*person) for person in event.persons),
    )
    return replace(state, holds={**state.holds, event.hold: hold})


def _confirmed(state: OfficeState, event: e.HoldConfirmed, stored: Envelope) -> OfficeState:
    hold = replace(state.holds[event.hold], confirmed_by=stored.actor)
    return replace(state, holds={**state.holds, event.hold: hold})


def _lift_proposed(state: OfficeState, event: e.HoldLiftProposed, stored: Envelope) -> OfficeState:
    hold = state.holds[event.hold]
    number = hold.lift.number + 1 if hold.lift else 1
    paper = (event.court, event.order, event.ordered_on, event.order_digest)
    lift = Lift(number, *paper, stored.actor, stored.role, stored.at)
    return replace(state, holds={**state.holds, event.hold: replace(hold, lift=lift)})


def _lifted(state: OfficeState, event: e.HoldLifted, stored: Envelope) -> OfficeState:
    hold = state.holds[event.hold]
    if hold.lift is None:
        raise KeyError(event.hold)
    lift = replace(hold.lift, confirmed_by=stored.actor, confirmed_at=stored.at)
    return replace(state, holds={**state.holds, event.hold: replace(hold, lift=lift)})


def _accounted(state: OfficeState, event: e.PersonAccounted, _: Envelope) -> OfficeState:
    return replace(state, accountings=event.accounting)


def _embargoed(state: OfficeState, event: e.EmbargoPlaced, stored: Envelope) -> OfficeState:
    embargo = Embargo(event.embargo, event.agreement, event.batch, event.basis, event.ends_on, event.covered, stored.at)
    return replace(state, embargoes={**state.embargoes, event.embargo: embargo})


def _contested(state: OfficeState, event: e.ContestReceived, stored: Envelope) -> OfficeState:
    contest = Contest(event.contest, event.batch, event.row_number, event.reference, event.answer_by, stored.at)
    return replace(state, contests={**state.contests, event.contest: contest})


def _looked_up(state: OfficeState, event: e.ContestLookedUp, _: Envelope) -> OfficeState:
    return _with_contest(state, replace(state.contests[event.contest], looked_up=True))


def _contest_closed(state: OfficeState, event: e.ContestClosed, stored: Envelope) -> OfficeState:
    ended = replace(state.contests[event.contest], closed_at=stored.at, recall=event.recall, finding=event.finding)
    return _with_contest(state, ended)


def _with_contest(state: OfficeState, contest: Contest) -> OfficeState:
    return replace(state, contests={**state.contests, contest.contest: contest})


def _proposed(state: OfficeState, event: Proposal, stored: Envelope) -> OfficeState:
    of = (event.register, event.subject)
    versions = state.entries.get(of, ())
    entry = Entry(len(versions) + 1, event, stored.actor, stored.at)
    return replace(state, entries={**state.entries, of: (*versions, entry)})


def _approved(state: OfficeState, event: e.EntryApproved, stored: Envelope) -> OfficeState:
    of = (event.register, event.subject)
    versions = {entry.number: entry for entry in state.entries[of]}
    versions[event.number] = replace(versions[event.number], approved_by=stored.actor, approved_at=stored.at)
    after = replace(state, entries={**state.entries, of: tuple(versions.values())})
    enters = ENTERS.get(event.register)
    return enters(after, versions[event.number].said) if enters else after


def _officer(state: OfficeState, said: e.OfficerProposed) -> OfficeState:
    held, known = frozenset(said.roles), state.officers.get(said.subject)
    struck = known.struck - held if known else frozenset[str]()
    officer = Officer(said.subject, said.name, said.certificate, said.fingerprint, said.key, held, struck)
    return replace(state, officers={**state.officers, said.subject: officer})


def _authority(state: OfficeState, said: e.AuthorityProposed) -> OfficeState:
    roots = (*state.authorities.get(said.subject, ()), said.certificate)
    return replace(state, authorities={**state.authorities, said.subject: roots})


def _signatory(state: OfficeState, said: e.SignatoryProposed) -> OfficeState:
    return replace(state, signatories={**state.signatories, said.subject: said})


def _recipients(state: OfficeState, said: e.RecipientsProposed) -> OfficeState:
    listed = {row["recipient"]: Recipient(**row, system=said.subject) for row in said.recipients}
    return replace(state, recipients={**state.recipients, **listed})


def _agreement(state: OfficeState, said: e.AgreementProposed) -> OfficeState:
    return replace(state, agreements={**state.agreements, said.subject: said})


def _strike(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    return replace(state, strikes=(*state.strikes, said))


def struck_off(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    """The registers once `said` has taken effect. What was proposed of that entry before waits in vain."""
    of = (said.of, said.subject)
    over = {} if said.of == RECIPIENT else {of: len(state.entries.get(of, ()))}
    return STRUCK[said.of](replace(state, struck={**state.struck, **over}), said)


def _strike_officer(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    known = state.officers[said.subject]
    lost = frozenset({said.part}) if said.part else known.roles
    officer = replace(known, roles=known.roles - lost, struck=known.struck | lost)
    return replace(state, officers={**state.officers, said.subject: officer})


def _strike_recipient(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    left = dict(state.recipients)
    return replace(state, former={**state.former, said.subject: left.pop(said.subject)}, recipients=left)


def _strike_authority(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    struck = {
        entry.said.certificate
        for entry in state.entries[AUTHORITY, said.subject]
        if isinstance(entry.said, e.AuthorityProposed) and entry.said.fingerprint == said.part
    }
    roots = tuple(root for root in state.authorities[said.subject] if root not in struck)
    others = {agency: held for agency, held in state.authorities.items() if agency != said.subject}
    return replace(state, authorities={**others, said.subject: roots} if roots else others)


def _strike_signatory(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    known = state.signatories[said.subject]
    ended = replace(known, valid_to=min(known.valid_to, _day_before(said.binds_from)))
    return replace(state, signatories={**state.signatories, said.subject: ended})


def _strike_agreement(state: OfficeState, said: e.StrikeProposed) -> OfficeState:
    known = state.agreements[said.subject]
    ended = replace(known, valid_to=min(known.valid_to, _day_before(said.binds_from)))
    return replace(state, agreements={**state.agreements, said.subject: ended})


def _strike_dated(state: OfficeState, _: e.StrikeProposed) -> OfficeState:
    # The versions that are over are not looked up any more: see `standing`.
    return state


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


STRUCK: Mapping[str, Callable[[OfficeState, e.StrikeProposed], OfficeState]] = {
    OFFICER: _strike_officer,
    RECIPIENT: _strike_recipient,
    AUTHORITY: _strike_authority,
    SIGNATORY: _strike_signatory,
    AGREEMENT: _strike_agreement,
    AGENCY: _strike_dated,
    SYSTEM: _strike_dated,
}

# What an approved entry changes at once; a dated one is looked up by the day, and a strike waits for its own.
ENTERS: Mapping[str, Callable[[OfficeState, Any], OfficeState]] = {
    OFFICER: _officer,
    AUTHORITY: _authority,
    SIGNATORY: _signatory,
    RECIPIENT: _recipients,
    AGREEMENT: _agreement,
    STRIKE: _strike,
}


def _key_proposed(state: OfficeState, event: LogKeyProposed, stored: Envelope) -> OfficeState:
    return replace(state, key_proposed=(event.vkey, stored.actor))


def _key_changed(state: OfficeState, event: LogKeyChanged, stored: Envelope) -> OfficeState:
    return replace(state, key_proposed=None, key_changes=(*state.key_changes, (stored.version, event)))


def _told(state: OfficeState, _: object, __: Envelope) -> OfficeState:
    """What is told for the record, and changes no register."""
    return state


def _barred(state: OfficeState, event: e.SignInBarred, _: Envelope) -> OfficeState:
    named = frozenset({event.officer})
    return replace(state, barred=state.barred | named if event.barred else state.barred - named)


APPLIED: Mapping[str, Callable[[OfficeState, Any, Envelope], OfficeState]] = {
    "office_opened": _opened,
    "founder_named": _founded,
    "officer_proposed": _proposed,
    "passkey_proposed": _proposed,
    "authority_proposed": _proposed,
    "signatory_proposed": _proposed,
    "recipients_proposed": _proposed,
    "agreement_proposed": _proposed,
    "registry_built": _built,
    "hold_placed": _placed,
    "hold_confirmed": _confirmed,
    "hold_lift_proposed": _lift_proposed,
    "hold_lifted": _lifted,
    "person_accounted": _accounted,
    "embargo_placed": _embargoed,
    "contest_received": _contested,
    "contest_looked_up": _looked_up,
    "contest_closed": _contest_closed,
    "agency_proposed": _proposed,
    "safeguards_proposed": _proposed,
    "system_proposed": _proposed,
    "quorum_proposed": _proposed,
    "retention_proposed": _proposed,
    "strike_proposed": _proposed,
    "entry_approved": _approved,
    "log_caught_up": _told,
    "home_backed_up": _told,
    "home_resumed": _told,
    "log_key_proposed": _key_proposed,
    "log_key_changed": _key_changed,
    "sign_in_offered": _told,
    "sign_in_set_up": _told,
    "sign_in_barred": _barred,
}
