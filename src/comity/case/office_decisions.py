"""The commands on the registers of the office: pure functions from (state, command) to events, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Collection

from comity.case import office_events as e
from comity.case.errors import BadInput, Refused
from comity.case.holds import DIRECTIONS
from comity.case.office_state import OfficeState

# What a leaf in clear can show (accounting.leaf): printable ASCII, without blanks at its ends.
ORDER_WORDS = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")


def trust(office: OfficeState, trusted: e.AuthorityTrusted) -> e.AuthorityTrusted:
    """An agency's root certificate is trusted, once."""
    if trusted.certificate in office.authorities.get(trusted.agency, ()):
        raise _taken("authority")
    return trusted


def add_officer(office: OfficeState, added: e.OfficerAdded) -> e.OfficerAdded:
    """A person joins the office; ids and certificates belong to one person only."""
    certificates = {officer.fingerprint for officer in office.officers.values()}
    if added.officer in office.officers or added.fingerprint in certificates:
        raise _taken("officer")
    return added


def grant(office: OfficeState, granted: e.RoleGranted, roles: Collection[str], actor: str) -> e.RoleGranted:
    """A role is granted by somebody else than the one who gets it."""
    officer = office.officer(granted.officer)
    if granted.role_granted not in roles:
        raise BadInput("ROLE_UNKNOWN", f"A role is one of {', '.join(sorted(roles))}.", "Grant one of these.")
    if granted.officer == actor:
        raise Refused("SOD_VIOLATION", "Nobody grants a role to themselves.", "Have another officer grant it.")
    if granted.role_granted in officer.roles:
        raise _taken("role of this officer")
    return granted


def add_signatory(office: OfficeState, added: e.SignatoryAdded) -> e.SignatoryAdded:
    """A signatory of a trusted agency enters the register (26 U.S.C. 6103(i)(2)(A))."""
    _require_agency(office, added.agency)
    if added.signatory in office.signatories:
        raise _taken("signatory")
    return added


def add_recipient(office: OfficeState, added: e.RecipientAdded) -> e.RecipientAdded:
    """A recipient of a trusted agency enters the register, with the certificate that replies are sealed to."""
    _require_agency(office, added.agency)
    if added.recipient in office.recipients:
        raise _taken("recipient")
    return added


def place(office: OfficeState, placed: e.HoldPlaced) -> e.HoldPlaced:
    """Any officer places a hold on an order; it binds from this event."""
    if placed.direction not in DIRECTIONS:
        raise BadInput("DIRECTION_UNKNOWN", f"A hold stops one of {', '.join(DIRECTIONS)}.", "Say which.")
    if placed.hold in office.holds:
        raise _taken("hold")
    if not (ORDER_WORDS.fullmatch(placed.court) and ORDER_WORDS.fullmatch(placed.docket)):
        raise BadInput(
            "ORDER_MISSING",
            "A hold names its court and docket, in up to 200 plain characters each.",
            "Give --court and --docket.",
        )
    return placed


def confirm(office: OfficeState, confirmed: e.HoldConfirmed, actor: str) -> e.HoldConfirmed:
    """A second officer confirms a hold."""
    hold = office.holds.get(confirmed.hold)
    if hold is None:
        raise BadInput("HOLD_UNKNOWN", "No hold has this id.", "See `comity hold list`.")
    if hold.confirmed_by:
        raise Refused("DONE_BEFORE", "This hold is confirmed.", "There is nothing to do.")
    if hold.placed_by == actor:
        raise Refused("SOD_VIOLATION", "Who placed a hold does not confirm it.", "Have another officer confirm it.")
    return confirmed


def _require_agency(office: OfficeState, agency: str) -> None:
    if agency not in office.authorities:
        raise BadInput(
            "AGENCY_UNKNOWN", "No authority of this agency is trusted here.", "Run `comity authority trust` first."
        )


def _taken(what: str) -> Refused:
    return Refused("TAKEN", f"This {what} is registered already.", "Use another id, or leave it as it is.")
