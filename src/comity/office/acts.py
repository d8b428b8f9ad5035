"""The acts of the office outside the seven steps: registers, the registry and holds."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TypedDict

from comity import agreements
from comity.case import hold_decisions as decide
from comity.case import office_events as e
from comity.case import register_decisions as registers
from comity.case.activation import orders_in_force
from comity.case.envelope import Act, Event
from comity.case.errors import BadInput, Refused
from comity.case.homes import require_people_fit
from comity.case.office_state import OfficeState
from comity.case.registers import Proposal
from comity.case.wording import require_printable
from comity.crypto import digest
from comity.intake import read_persons
from comity.linkage import DatabaseTable, Index, build_index, update_index
from comity.office.desk import Actor, Office
from comity.office.proposals import require_current
from comity.office.stores import kept_registry
from comity.oversight.activating import orders_of
from comity.oversight.entered import require_one_kind, require_true, require_vouched
from comity.review.rights import RIGHTS
from comity.store.events import StateMoved

# An act on the registers is decided again when somebody else acted meanwhile; five times is a crowd.
ATTEMPTS = 5


def build_registry(
    office: Office, actor: Actor, sources: Sequence[Path | DatabaseTable], *, synthetic: bool, vouched_by: str
) -> Index:
    """Build the index of the custodian's records and make it the one that new batches pin.

    Raises Refused `NOT_VOUCHED_SYNTHETIC` in a rehearsal home unless the records are said to be synthetic and somebody
    vouches for it, `SYNTHETIC_IN_LIVE_HOME` in a live one if they are.
    """
    said: _Said = {"synthetic": synthetic, "vouched_by": vouched_by}
    return _shelve(office, actor, said, lambda into: build_index(sources, into, office.progress))


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
    what comes of it. Raises Refused as `build_registry`, and `REGISTRY_MISSING`.
    """
    in_force = office.state().registry
    if in_force is None:
        raise Refused("REGISTRY_MISSING", "No registry has been built here.", "Build one: `comity registry build`.")
    before = kept_registry(office.home, in_force.digest)
    return _shelve(
        office,
        actor,
        {"synthetic": synthetic, "vouched_by": vouched_by},
        lambda into: update_index(before, delta, into, withdrawn, office.progress),
    )


class _Said(TypedDict):
    """What is said of records: whether they are made up, and who vouches for it."""

    synthetic: bool
    vouched_by: str


def _shelve(office: Office, actor: Actor, said: _Said, made: Callable[[Path], Index]) -> Index:
    """Make an index aside, put it where its digest says, and let new batches pin it."""
    require_people_fit(office.state().kind, **said)
    require_printable(said["vouched_by"])
    office.require(actor, "build_registry")
    draft = office.home.directory / "registry" / f".{secrets.token_hex(8)}"
    index = made(draft)
    place = office.home.registry(index.digest)
    if place.exists():
        shutil.rmtree(draft)
    else:
        draft.rename(place)
    event = e.RegistryBuilt(index.digest, index.rows, index.spells, **said)
    decide_and_record(office, actor, "build_registry", lambda *_: event)
    return replace(index, path=place / index.path.name)


def place_hold(
    office: Office,
    actor: Actor,
    hold: str,
    agreement: str,
    direction: str,
    order: Mapping[str, str],
    paper: bytes,
    persons: bytes | None = None,
) -> int:
    """Place a hold; it binds from this event. `order` says `court`, `docket`, `ordered_on` (ISO) and `says`.

    `paper` are the bytes of the order, of which only the digest is kept. With `persons`, a file as
    `intake.read_persons` reads it, it stops what is asked about them and nothing else; gives how many they are.
    """
    named = read_persons(persons) if persons is not None else []
    said = (order["court"], order["docket"], order["ordered_on"], digest(paper), order["says"])
    event = e.HoldPlaced(hold, agreement, direction, *said, [list(person) for person in named])
    decide_and_record(office, actor, "place_hold", lambda state, _: decide.place(state, event, agreements.names()))
    return len(named)


def confirm_hold(office: Office, actor: Actor, hold: str) -> None:
    """Confirm a hold as its second reader."""
    known = office.state().holds.get(hold)
    placed_by = known.placed_by if known else "nobody"
    event = e.HoldConfirmed(hold)
    decide_and_record(
        office, actor, "confirm_hold", lambda state, _: decide.confirm(state, event, actor.officer), placed_by
    )


def propose_lift(office: Office, actor: Actor, hold: str, order: Mapping[str, str], paper: bytes) -> int:
    """Propose that a hold ends by a later order; gives the number of the proposal. It binds until that is confirmed.

    `order` says `court`, `order` (its id there) and `ordered_on` (ISO); of the `paper` only the digest is kept.
    """
    if not paper:
        raise BadInput("ORDER_MISSING", "The paper of the order is empty.", "Give the file of the order: --paper.")
    event = e.HoldLiftProposed(hold, order["court"], order["order"], order["ordered_on"], digest(paper))
    decide_and_record(
        office,
        actor,
        "propose_lift",
        lambda state, act: decide.propose_lift(state, event, act, _release_chain(office, state, hold)),
    )
    lift = office.state().holds[hold].lift
    return lift.number if lift else 0


def confirm_lift(office: Office, actor: Actor, hold: str, number: int, paper: bytes) -> None:
    """Confirm proposal `number` as an officer of the other role who has read the same paper: the hold ends."""
    known = office.state().holds.get(hold)
    lift = known.lift if known else None
    event = e.HoldLifted(hold, number, digest(paper))
    decide_and_record(
        office,
        _in_other_role(actor, lift.proposed_as if lift else ""),
        "confirm_lift",
        lambda state, act: decide.lift(state, event, act, _release_chain(office, state, hold)),
        lift.proposed_by if lift else "nobody",
    )


def _in_other_role(actor: Actor, role: str) -> Actor:
    """The actor without the role in which the first half was done, where another one for the second is held."""
    others = actor.roles - {role}
    return Actor(actor.officer, others) if others & set(RIGHTS["confirm_lift"].roles) else actor


def _release_chain(office: Office, state: OfficeState, hold: str) -> frozenset[str]:
    if hold not in state.holds:
        return frozenset()
    return frozenset(chain.from_iterable(decide.chain_of(state.holds[hold], batch) for batch in office.batches()))


def propose_entry(office: Office, actor: Actor, proposal: Proposal) -> int:
    """Propose a version of an entry in its register; gives its number. It counts once another officer approves it.

    Raises as `case.register_decisions.propose`, and Refused for a certificate of a rehearsal in a live home, or of the
    real world in a rehearsal.
    """
    require_one_kind(office.state().kind, proposal)
    role = office.require(actor, "propose_entry", grantee=proposal.grantee())
    _record(office, actor, role, "propose_entry", lambda state, act: [registers.propose(state, proposal, act.day)])
    versions = office.state().entries[proposal.register, proposal.subject]
    return max(entry.number for entry in versions if entry.said == proposal)


def approve_entry(office: Office, actor: Actor, register: str, subject: str, number: int) -> None:
    """Approve version `number` of the entry about `subject`, as another officer than who proposed it.

    With an agreement every court order that it lists comes into force in a live home, in the same transaction.
    Raises as `case.register_decisions.approve`, and Integrity when the text of a proposed agreement was touched since,
    or a certificate or passkey in the proposal is not the one that it says, or not its officer's; and as
    `proposals.require_current` for a certificate that has ended since.
    """
    entry = office.state().entry(register, subject, number)
    proposed_by = entry.proposed_by if entry else "nobody"
    role = office.require(actor, "approve_entry", concerns=proposed_by, grantee=entry.said.grantee() if entry else "")
    if entry:
        require_true(entry.said)
        require_current(office, entry.said)
        require_one_kind(office.state().kind, entry.said)
    if entry and isinstance(entry.said, e.PasskeyProposed):
        require_vouched(office.state(), entry.said, office.now())
    orders: Sequence[e.HoldPlaced] = ()
    if entry and isinstance(entry.said, e.AgreementProposed):
        orders = orders_of(agreements.kept(office.home.agreements, entry.said.digest))
    event = e.EntryApproved(register, subject, number)

    def decided(state: OfficeState, act: Act) -> list[Event]:
        return [registers.approve(state, event, act.actor, act.day), *orders_in_force(state, orders)]

    _record(office, actor, role, "approve_entry", decided)


def decide_and_record(
    office: Office, actor: Actor, act: str, decided: Callable[[OfficeState, Act], Event], concerns: str = ""
) -> None:
    """Record the event that `decided` makes of the state, as `actor`'s `act`, which may concern another officer.

    Decided again when somebody else acted meanwhile. Raises what `decided` raises, Refused as `Office.require`, and
    `StateMoved` after five times.
    """
    role = office.require(actor, act, concerns=concerns)
    _record(office, actor, role, act, lambda state, done: [decided(state, done)])


def _record(
    office: Office, actor: Actor, role: str, act: str, decided: Callable[[OfficeState, Act], Sequence[Event]]
) -> None:
    for attempt in range(ATTEMPTS):
        state, done = office.state(), office.act(actor, role, act)
        try:
            return office.record(done, decided(state, done), state)
        except StateMoved:
            if attempt == ATTEMPTS - 1:
                raise
    return None
