"""The acts of the office outside the seven steps: registers, the registry and holds."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from comity import agreements
from comity.case import office_decisions as decide
from comity.case import office_events as e
from comity.case import register_decisions as registers
from comity.case.envelope import Act, Event
from comity.case.errors import BadInput, Refused
from comity.case.office_state import OfficeState
from comity.case.registers import Proposal
from comity.case.wording import require_id, require_printable
from comity.crypto import Certificate, Purpose, digest, verify_chain
from comity.linkage import DatabaseTable, Index, build_index, update_index
from comity.office.desk import Actor, Office, crypto_errors
from comity.review.rights import ROLES
from comity.store.events import StateMoved

# An act on the registers is decided again when somebody else acted meanwhile; five times is a crowd.
ATTEMPTS = 5

# Signatories and recipients sign what they send or open, and replies are sealed to them.
_OF_AGENCY = Purpose.SIGNING | Purpose.SEALING


def trust_authority(office: Office, actor: Actor, agency: str, certificate: Path) -> None:
    """Trust a root certificate (PEM file) for the people of `agency`."""
    with crypto_errors():
        root = Certificate.load(certificate)
    if not root.rehearsal:
        raise Refused("NOT_A_REHEARSAL_AUTHORITY", "A rehearsal home trusts rehearsal authorities only.", "Use one.")
    event = e.AuthorityTrusted(agency, root.pem().decode())
    _register(office, actor, "trust_authority", lambda state, _: decide.trust(state, event))


def add_officer(office: Office, actor: Actor, officer: str, name: str, certificate: Path) -> None:
    """Register a person of the office by a certificate (PEM file) that the office's own authority issued."""
    found = _certificate(office, certificate, [office.home.authority], Purpose.SIGNING)
    event = e.OfficerAdded(officer, name, found.pem().decode(), found.fingerprint)

    def decided(state: OfficeState, _: Act) -> Event:
        held = _officer_keys(office, state) | _keys(known.certificate for known in state.recipients.values())
        return decide.add_officer(state, event, found.key_fingerprint, held)

    _register(office, actor, "add_officer", decided)


def grant_role(office: Office, actor: Actor, officer: str, role: str) -> None:
    """Grant `role`, one of `review.rights.ROLES`, to an officer other than the actor."""
    event = e.RoleGranted(officer, role)
    _register(office, actor, "grant_role", lambda state, _: decide.grant(state, event, ROLES, actor.officer), officer)


def add_signatory(
    office: Office,
    actor: Actor,
    signatory: str,
    agency: str,
    name: str,
    held: Mapping[str, str],
    certificate: Path,
    term: tuple[date, date],
) -> None:
    """Register who may sign for `agency` (26 U.S.C. 6103(i)(2)(A)) within `term`, first and last day.

    `held` says the `office` held, the `basis` (statute or delegation) and, for a delegation, its `instrument`.
    """
    found = _certificate(office, certificate, _roots(office.state(), agency), _OF_AGENCY)
    event = e.SignatoryAdded(
        signatory,
        agency,
        name,
        held["office"],
        held["basis"],
        held.get("instrument", ""),
        found.fingerprint,
        *(day.isoformat() for day in term),
    )

    def decided(state: OfficeState, _: Act) -> Event:
        return decide.add_signatory(state, event, found.key_fingerprint, _officer_keys(office, state))

    _register(office, actor, "add_signatory", decided)


def add_recipients(
    office: Office, actor: Actor, rows: Sequence[Mapping[str, str]], certificates: Path, system: str
) -> None:
    """Register recipients (recipient, agency, name, role, office_address) who open replies at `system`.

    Certificates are `<id>.pem` files. The system need not be registered yet, but requests come back while it is not.
    """
    state = office.state()
    roots = {agency: _roots(state, agency) for agency in {row["agency"] for row in rows}}
    added = [_recipient(office, row, certificates, roots[row["agency"]], system) for row in rows]

    def decided(state: OfficeState, _: Act) -> list[Event]:
        held = _officer_keys(office, state)
        return [decide.add_recipient(state, event, key, held) for event, key in added]

    _register_all(office, actor, "add_recipient", decided)


def _recipient(
    office: Office, row: Mapping[str, str], certificates: Path, roots: Sequence[Certificate], system: str
) -> tuple[e.RecipientAdded, str]:
    """The event of a recipient, and the fingerprint of the recipient's key."""
    # Before it becomes a part of a file's name.
    require_id(row["recipient"])
    found = _certificate(office, certificates / f"{row['recipient']}.pem", roots, _OF_AGENCY)
    event = e.RecipientAdded(
        row["recipient"],
        row["agency"],
        row["name"],
        row["role"],
        row["office_address"],
        found.pem().decode(),
        found.fingerprint,
        system,
    )
    return event, found.key_fingerprint


def build_registry(
    office: Office, actor: Actor, sources: Sequence[Path | DatabaseTable], *, synthetic: bool, vouched_by: str
) -> Index:
    """Build the index of the custodian's records and make it the one that new batches pin.

    Raises Refused `NOT_VOUCHED_SYNTHETIC` unless the records are said to be synthetic and somebody vouches for it.
    """
    return _shelve(
        office, actor, vouched_by if synthetic else "", lambda into: build_index(sources, into, office.progress)
    )


def update_registry(
    office: Office,
    actor: Actor,
    delta: Sequence[Path | DatabaseTable],
    withdrawn: Sequence[Path],
    *,
    synthetic: bool,
    vouched_by: str,
) -> Index:
    """Bring the registry in force up to date with the rows of `delta` and without those `withdrawn`; new batches pin
    what comes of it. Raises Refused `NOT_VOUCHED_SYNTHETIC` as `build_registry`, and `REGISTRY_MISSING`.
    """
    in_force = office.state().registry
    if in_force is None:
        raise Refused("REGISTRY_MISSING", "No registry has been built here.", "Build one: `comity registry build`.")
    before = office.home.registry(in_force.digest)
    return _shelve(
        office,
        actor,
        vouched_by if synthetic else "",
        lambda into: update_index(before, delta, into, withdrawn, office.progress),
    )


def _shelve(office: Office, actor: Actor, vouched_by: str, made: Callable[[Path], Index]) -> Index:
    """Make an index of synthetic records aside, put it where its digest says, and let new batches pin it."""
    if not vouched_by.strip():
        raise Refused(
            "NOT_VOUCHED_SYNTHETIC",
            "A rehearsal home takes only records that are synthetic, and somebody has to vouch for it.",
            "Use made-up people, and say so: --synthetic --vouched-by NAME.",
        )
    require_printable(vouched_by)
    office.require(actor, "build_registry")
    draft = office.home.directory / "registry" / f".{secrets.token_hex(8)}"
    index = made(draft)
    place = office.home.registry(index.digest)
    if place.exists():
        shutil.rmtree(draft)
    else:
        draft.rename(place)
    event = e.RegistryBuilt(index.digest, index.rows, index.spells, synthetic=True, vouched_by=vouched_by)
    _register(office, actor, "build_registry", lambda *_: event)
    return replace(index, path=place / index.path.name)


def place_hold(
    office: Office, actor: Actor, hold: str, agreement: str, direction: str, order: Mapping[str, str], paper: bytes
) -> None:
    """Place a hold; it binds from this event. `order` says `court`, `docket`, `ordered_on` (ISO) and `says`.

    `paper` are the bytes of the order, of which only the digest is kept.
    """
    event = e.HoldPlaced(
        hold, agreement, direction, order["court"], order["docket"], order["ordered_on"], digest(paper), order["says"]
    )
    _register(office, actor, "place_hold", lambda state, _: decide.place(state, event, agreements.names()))


def confirm_hold(office: Office, actor: Actor, hold: str) -> None:
    """Confirm a hold as its second reader."""
    known = office.state().holds.get(hold)
    placed_by = known.placed_by if known else "nobody"
    event = e.HoldConfirmed(hold)
    _register(office, actor, "confirm_hold", lambda state, _: decide.confirm(state, event, actor.officer), placed_by)


def propose_entry(office: Office, actor: Actor, proposal: Proposal) -> int:
    """Propose a version of an entry in its register; gives its number. It counts once another officer approves it."""
    _register(office, actor, "propose_entry", lambda state, act: registers.propose(state, proposal, act.day))
    versions = office.state().entries[proposal.register, proposal.subject]
    return max(entry.number for entry in versions if entry.said == proposal)


def approve_entry(office: Office, actor: Actor, register: str, subject: str, number: int) -> None:
    """Approve version `number` of the entry about `subject`, as another officer than who proposed it.

    Raises as `case.register_decisions.approve`, and Integrity when the text of a proposed agreement was touched since.
    """
    entry = office.state().entry(register, subject, number)
    proposed_by = entry.proposed_by if entry else "nobody"
    if entry and isinstance(entry.said, e.AgreementProposed):
        agreements.kept(office.home.agreements, entry.said.digest)
    event = e.EntryApproved(register, subject, number)
    _register(
        office,
        actor,
        "approve_entry",
        lambda state, act: registers.approve(state, event, act.actor, act.day),
        proposed_by,
    )


def _register(
    office: Office, actor: Actor, act: str, decided: Callable[[OfficeState, Act], Event], concerns: str = ""
) -> None:
    _register_all(office, actor, act, lambda state, done: [decided(state, done)], concerns)


def _register_all(
    office: Office, actor: Actor, act: str, decided: Callable[[OfficeState, Act], Sequence[Event]], concerns: str = ""
) -> None:
    role = office.require(actor, act, concerns=concerns)
    for attempt in range(ATTEMPTS):
        state, done = office.state(), office.act(actor, role, act)
        try:
            return office.record(done, decided(state, done), state)
        except StateMoved:
            if attempt == ATTEMPTS - 1:
                raise
    return None


def _roots(state: OfficeState, agency: str) -> list[Certificate]:
    return [Certificate.from_pem(pem.encode()) for pem in state.authorities.get(agency, ())]


def _keys(certificates: Iterable[str]) -> set[str]:
    return {Certificate.from_pem(pem.encode()).key_fingerprint for pem in certificates}


def _officer_keys(office: Office, state: OfficeState) -> set[str]:
    """The fingerprints of the keys of all officers and of the office itself."""
    return _keys(known.certificate for known in state.officers.values()) | {office.home.certificate.key_fingerprint}


def _certificate(office: Office, path: Path, roots: Sequence[Certificate], purpose: Purpose) -> Certificate:
    if not path.exists():
        raise BadInput("CERTIFICATE_MISSING", "A certificate file is not there.", "Name the PEM file of each person.")
    with crypto_errors():
        found = Certificate.load(path)
        verify_chain(found, roots, office.clock(), purpose)
    return found
