"""What may be struck off the registers, and what an office does not do without."""

from __future__ import annotations

from dataclasses import replace

from comity.case import office_events as e
from comity.case.errors import BadInput, Refused
from comity.case.office_state import STRUCK, OfficeState, struck_off
from comity.case.registers import AUTHORITY, OFFICER, SIGNATORY
from comity.case.wording import require_printable

# Without a registrar and a counsel, two people, nothing is entered or struck off again; without a hold officer no order
# is confirmed or lifted. Everybody else can be proposed by them.
NEEDED = ("registrar", "counsel", "hold_officer")
_EVER = "9999-12-31"


def require_strike(office: OfficeState, said: e.StrikeProposed) -> None:
    """Something that stands is struck off, for a reason, and somebody is left for what an office needs.

    Raises BadInput `REASON_NEEDED`, `REGISTER_UNKNOWN` or `NOTHING_TO_STRIKE`, Refused `DONE_BEFORE` or
    `LAST_OF_ITS_ROLE`.
    """
    require_printable(said.reason, said.part)
    if not said.reason.strip():
        raise BadInput("REASON_NEEDED", "A strike states its reason.", "Give the reason in a sentence: --reason.")
    if said.of not in STRUCK:
        raise BadInput("REGISTER_UNKNOWN", f"Struck off is from {', '.join(STRUCK)}.", "Name one of these.")
    if any(
        (other.of, other.subject) == (said.of, said.subject) and other.part in ("", said.part)
        for other in office.strikes
    ):
        raise Refused("DONE_BEFORE", "This is struck off already, from a day to come.", "There is nothing to do.")
    if not _stands(office, said):
        raise BadInput(
            "NOTHING_TO_STRIKE", "The register holds nothing of that kind that stands.", "Show the register first."
        )
    if said.of == OFFICER:
        _require_left(office, said)


def _stands(office: OfficeState, said: e.StrikeProposed) -> bool:
    match said.of:
        case "officer":
            held = office.roles_of(said.subject)
            return said.part in held if said.part else bool(held)
        case "authority":
            return any(root.fingerprint == said.part for root in _roots(office, said.subject))
        case "recipient":
            standing = said.subject in office.recipients
        case "signatory" | "agreement":
            known = (office.signatories if said.of == SIGNATORY else office.agreements).get(said.subject)
            standing = known is not None and known.valid_to >= said.binds_from
        case _:
            standing = any(entry.approved_by for entry in office.standing(said.of, said.subject))
    return standing and not said.part


def _roots(office: OfficeState, agency: str) -> list[e.AuthorityProposed]:
    """What was approved of the roots of `agency` that are trusted."""
    trusted = office.authorities.get(agency, ())
    said = (entry.said for entry in office.entries.get((AUTHORITY, agency), ()) if entry.approved_by)
    return [one for one in said if isinstance(one, e.AuthorityProposed) and one.certificate in trusted]


def _require_left(office: OfficeState, said: e.StrikeProposed) -> None:
    """Who is left counts without those whose day to go is still to come."""
    before = office.on(_EVER)
    after = struck_off(before, replace(said)) if _stands(before, said) else before
    held = {role: {who.officer for who in after.officers.values() if role in who.roles} for role in NEEDED}
    lost = office.roles_of(said.subject) - after.roles_of(said.subject)
    alone = len(held["registrar"] | held["counsel"]) < 2 and lost & {"registrar", "counsel"}
    if alone or any(role in lost and not held[role] for role in NEEDED):
        raise Refused(
            "LAST_OF_ITS_ROLE",
            "Nobody else would be left to do what an office needs registrar, counsel and hold officer for.",
            "Have another officer entered in that role first, then strike this one off.",
        )
