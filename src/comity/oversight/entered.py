"""What entered the registers of the office: proposed by one officer and approved by another, each with the right."""

from __future__ import annotations

from collections.abc import Iterator

from comity.case.envelope import OFFICE, Envelope, Event, act_of, opened
from comity.case.errors import BadInput, Refused
from comity.case.hold_decisions import lift, propose_lift
from comity.case.office_events import (
    OFFICE_EVENTS,
    AuthorityProposed,
    EntryApproved,
    FounderNamed,
    HoldLifted,
    HoldLiftProposed,
    OfficeOpened,
    OfficerProposed,
    RecipientsProposed,
    SignatoryProposed,
)
from comity.case.office_state import FOUNDERS, OfficeState
from comity.case.register_decisions import approve, propose
from comity.case.registers import Proposal, grantee
from comity.crypto import Certificate, canonical, digest
from comity.oversight.walk import inconsistent
from comity.review import rights


def require_by_right(before: OfficeState, stored: Envelope) -> None:
    """The event is none of the registers that two officers keep, or one that its officer could do on its day.

    `before` are the registers before it. The decision is taken again, by the rights and the rules that the office goes
    by; of officers, only those enter otherwise whom the office was founded with. Raises Integrity ENTRY_NOT_BY_RIGHT
    with the code of what would have been refused, FOUNDING_UNFIT, and as `require_true`.
    """
    event = opened(stored, OFFICE_EVENTS)
    require_true(event)
    if isinstance(event, OfficeOpened | FounderNamed):
        _require_founding(before, event)
    try:
        _decide_again(before, stored, event)
    except (Refused, BadInput) as error:
        raise inconsistent(
            "ENTRY_NOT_BY_RIGHT", f"Event {stored.version} of the office was to be refused: {error.code}."
        ) from None


def require_true(event: Event) -> None:
    """The fingerprints in an event are those of the certificates beside them, and the digest that of the list.

    Raises Integrity ENTRY_UNTRUE.
    """
    held = all(
        told == actual
        for certificate, *said in _certified(event)
        for told, actual in zip(said, (certificate.fingerprint, certificate.key_fingerprint), strict=True)
        if told is not None
    )
    listed = not isinstance(event, RecipientsProposed) or event.digest == digest(canonical(list(event.recipients)))
    if not (held and listed):
        raise inconsistent("ENTRY_UNTRUE", "An entry tells another fingerprint or digest than that of what it holds.")


def _certified(event: Event) -> Iterator[tuple[Certificate, str | None, str | None]]:
    """The certificates in an event, each with what is told of it: its fingerprint and its key's; None if not told."""
    match event:
        case OfficeOpened():
            yield _read(event.certificate), None, event.key
        case AuthorityProposed():
            yield _read(event.certificate), event.fingerprint, None
        case FounderNamed() | OfficerProposed() | SignatoryProposed():
            yield _read(event.certificate), event.fingerprint, event.key
        case RecipientsProposed():
            for row in event.recipients:
                yield _read(row["certificate"]), row["fingerprint"], row["key"]


def _require_founding(before: OfficeState, event: OfficeOpened | FounderNamed) -> None:
    """An office is opened once; a registrar and a counsel follow at once, two people with two keys."""
    if isinstance(event, OfficeOpened):
        fit = before.version == 0
    else:
        others = before.officers.values()
        fit = (
            before.version == 1 + len(others)
            and len(others) < len(FOUNDERS)
            and event.role_held == FOUNDERS[len(others)]
            and all(event.officer != other.officer and event.key != other.key for other in others)
        )
    if not fit:
        raise inconsistent("FOUNDING_UNFIT", "An officer entered without approval who is no founder of the office.")


def _decide_again(before: OfficeState, stored: Envelope, event: Event) -> None:
    known = before.officers.get(stored.actor)
    roles, day = known.roles if known else (), stored.at[:10]
    if isinstance(event, Proposal):
        whose = grantee(event.register, event.subject)
        rights.require(stored.actor, roles, "propose_entry", OFFICE, grantee=whose)
        propose(before, event, day)
    elif isinstance(event, EntryApproved):
        entry, whose = before.entry(event.register, event.subject, event.number), grantee(event.register, event.subject)
        concerns = entry.proposed_by if entry else ""
        rights.require(stored.actor, roles, "approve_entry", OFFICE, concerns=concerns, grantee=whose)
        approve(before, event, stored.actor, day)
    elif isinstance(event, HoldLiftProposed):
        rights.require(stored.actor, {*roles} & {stored.role}, "propose_lift", OFFICE)
        propose_lift(before, event, act_of(stored), ())
    elif isinstance(event, HoldLifted):
        waiting = before.holds[event.hold].lift if event.hold in before.holds else None
        concerns = waiting.proposed_by if waiting else ""
        rights.require(stored.actor, {*roles} & {stored.role}, "confirm_lift", OFFICE, concerns=concerns)
        lift(before, event, act_of(stored), ())


def _read(pem: str) -> Certificate:
    return Certificate.from_pem(pem.encode())
