"""What happened in the office: each act by an officer with the right, and entries and lifts by two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from comity.case.envelope import OFFICE, Envelope, Event, act_of, opened
from comity.case.errors import BadInput, Refused
from comity.case.hold_decisions import lift, place, propose_lift
from comity.case.homes import KINDS, require_certificate_fits, require_people_fit
from comity.case.keeping_events import LogKeyChanged
from comity.case.office_events import (
    OFFICE_EVENTS,
    AuthorityProposed,
    EntryApproved,
    FounderNamed,
    HoldConfirmed,
    HoldLifted,
    HoldLiftProposed,
    HoldPlaced,
    OfficeOpened,
    OfficerProposed,
    PasskeyProposed,
    RecipientsProposed,
    RegistryBuilt,
    SignatoryProposed,
    SignInBarred,
)
from comity.case.office_state import FOUNDERS, OfficeState
from comity.case.register_decisions import approve, propose
from comity.case.registers import Proposal
from comity.crypto import Certificate, CryptoError, canonical, digest, verify_detached
from comity.oversight.walk import inconsistent
from comity.review import passkey_of, rights

# What an officer says, with the registered key, of the passkey to sign with.
_VOUCHING = "comity/signing-passkey/v1"

# Which act of the allow-list an event of the office is the outcome of; its first two come of nobody's right.
ACTS = {
    **{kind: "propose_entry" for kind, event in OFFICE_EVENTS.items() if issubclass(event, Proposal)},
    "entry_approved": "approve_entry",
    "registry_built": "build_registry",
    "hold_placed": "place_hold",
    "hold_confirmed": "confirm_hold",
    "hold_lift_proposed": "propose_lift",
    "hold_lifted": "confirm_lift",
    "person_accounted": "account",
    "embargo_placed": "place_embargo",
    "contest_received": "receive_contest",
    "contest_looked_up": "look_up_contest",
    "contest_closed": "close_contest",
    "log_caught_up": "catch_up_log",
    "home_backed_up": "back_up_home",
    "home_resumed": "resume_home",
    "log_key_proposed": "propose_log_key",
    "log_key_changed": "change_log_key",
    "sign_in_offered": "set_up_sign_in",
    "sign_in_set_up": "set_up_sign_in",
    "sign_in_barred": "bar_sign_in",
}


def require_by_right(before: OfficeState, stored: Envelope) -> None:
    """The event is one that its officer could do on its day.

    `before` are the registers before it, on that day. The right is asked again, and what two officers decide is decided
    again, by the rules that the office goes by; of officers, only those enter otherwise whom the office was founded
    with. Raises Integrity ENTRY_NOT_BY_RIGHT or ACT_WITHOUT_RIGHT with the code of what would have been refused,
    FOUNDING_UNFIT, and as `require_true` and `require_vouched`.
    """
    event = opened(stored, OFFICE_EVENTS)
    require_true(event)
    if isinstance(event, OfficeOpened | FounderNamed):
        _require_founding(before, event)
    if isinstance(event, PasskeyProposed):
        require_vouched(before, event, datetime.fromisoformat(stored.at))
    try:
        _decide_again(before, stored, event)
    except (Refused, BadInput) as error:
        code = "ENTRY_NOT_BY_RIGHT" if isinstance(event, Proposal | EntryApproved) else "ACT_WITHOUT_RIGHT"
        raise inconsistent(code, f"Event {stored.version} of the office was to be refused: {error.code}.") from None


def require_true(event: Event) -> None:
    """The fingerprints in an event are those of the certificates and keys beside them, the digest that of the list.

    Raises Integrity ENTRY_UNTRUE.
    """
    held = all(
        told == actual
        for certificate, *said in _certified(event)
        for told, actual in zip(said, (certificate.fingerprint, certificate.key_fingerprint), strict=True)
        if told is not None
    )
    listed = not isinstance(event, RecipientsProposed) or event.digest == digest(canonical(list(event.recipients)))
    if not (held and listed and _keyed(event)):
        raise inconsistent("ENTRY_UNTRUE", "An entry tells another fingerprint or digest than that of what it holds.")


def require_one_kind(kind: str, event: Event) -> None:
    """The certificates in an event are of a rehearsal exactly where the home is (P10).

    Raises Refused as `case.homes.require_certificate_fits`.
    """
    for certificate, *_ in _certified(event):
        require_certificate_fits(kind, rehearsal=certificate.rehearsal)


def _keyed(event: Event) -> bool:
    """Whether the passkey that is in an event, if any, has the fingerprint told of it, and is one."""
    try:
        return not isinstance(event, PasskeyProposed) or passkey_of(event).key_fingerprint == event.key
    except CryptoError:
        return False


def vouching(said: PasskeyProposed) -> bytes:
    """What an officer signs with the registered key to have a passkey entered: all that is said of it (RFC 8785)."""
    named = ("subject", "credential", "algorithm", "public_key", "key", "rp_id", "origin")
    return canonical({"type": _VOUCHING, **{name: getattr(said, name) for name in named}})


def require_vouched(registers: OfficeState, said: PasskeyProposed, at: datetime) -> None:
    """The officer whose passkey is entered vouched for it, with the registered certificate, in its term at `at`.

    Raises Integrity PASSKEY_NOT_VOUCHED.
    """
    known, office = registers.officers.get(said.subject), registers.opened
    try:
        roots = [_read(office.authority)] if office else []
        by = verify_detached(said.vouched, vouching(said), roots, at).certificate.fingerprint
    except CryptoError:
        by = ""
    if known is None or by != known.fingerprint:
        raise inconsistent("PASSKEY_NOT_VOUCHED", "A passkey is entered for an officer who did not vouch for it.")


def _certified(event: Event) -> Iterator[tuple[Certificate, str | None, str | None]]:
    """The certificates in an event, each with what is told of it: its fingerprint and its key's; None if not told."""
    match event:
        case OfficeOpened():
            yield _read(event.certificate), None, event.key
            yield _read(event.authority), None, None
        case AuthorityProposed():
            yield _read(event.certificate), event.fingerprint, None
        case FounderNamed() | OfficerProposed() | SignatoryProposed():
            yield _read(event.certificate), event.fingerprint, event.key
        case RecipientsProposed():
            for row in event.recipients:
                yield _read(row["certificate"]), row["fingerprint"], row["key"]


def _require_founding(before: OfficeState, event: OfficeOpened | FounderNamed) -> None:
    """An office of a known kind is opened once; a registrar and a counsel follow at once, two people with own keys."""
    if isinstance(event, OfficeOpened):
        fit = before.version == 0 and event.home_kind in KINDS
    else:
        others = before.officers.values()
        fit = (
            before.version == 1 + len(others)
            and len(others) < len(FOUNDERS)
            and event.role_held == FOUNDERS[len(others)]
            and all(event.officer != other.officer and event.key != other.key for other in others)
            and before.opened is not None
            and event.key not in (before.opened.key, _read(before.opened.authority).key_fingerprint)
        )
    if not fit:
        raise inconsistent("FOUNDING_UNFIT", "An officer entered without approval who is no founder of the office.")


def _decide_again(before: OfficeState, stored: Envelope, event: Event) -> None:
    require_one_kind(event.home_kind if isinstance(event, OfficeOpened) else before.kind, event)
    if isinstance(event, OfficeOpened | FounderNamed):
        return
    concerns, whose = _concerned(before, event)
    held = before.roles_of(stored.actor) & {stored.role}
    rights.require(stored.actor, held, ACTS[stored.type], OFFICE, concerns=concerns, grantee=whose)
    day = stored.at[:10]
    match event:
        case Proposal():
            propose(before, event, day)
        case EntryApproved():
            approve(before, event, stored.actor, day)
        case RegistryBuilt():
            require_people_fit(before.kind, synthetic=event.synthetic, vouched_by=event.vouched_by)
        case HoldPlaced():
            place(before, event, [event.agreement])
        case HoldLiftProposed():
            propose_lift(before, event, act_of(stored), ())
        case HoldLifted():
            lift(before, event, act_of(stored), ())


def _concerned(before: OfficeState, event: Event) -> tuple[str, str]:
    """Who did the first half of an act, or whom it is done to, and whose own rights it changes."""
    match event:
        case Proposal():
            return "", event.grantee()
        case EntryApproved():
            entry = before.entry(event.register, event.subject, event.number)
            return (entry.proposed_by, entry.said.grantee()) if entry else ("", "")
        case HoldConfirmed():
            return before.holds[event.hold].placed_by, ""
        case HoldLifted():
            waiting = before.holds[event.hold].lift
            return waiting.proposed_by if waiting else "", ""
        case LogKeyChanged():
            return before.key_proposed[1] if before.key_proposed else "", ""
        case SignInBarred():
            return event.officer, ""
        case _:
            return "", ""


def _read(pem: str) -> Certificate:
    return Certificate.from_pem(pem.encode())
