"""The commands on the registers of the office: pure functions from (state, command) to events, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Collection

from comity.case import office_events as e
from comity.case.errors import BadInput, Refused
from comity.case.holds import DIRECTIONS, EVERY_AGREEMENT
from comity.case.office_state import OfficeState
from comity.case.wording import require_day, require_id, require_printable

# What a leaf in clear can show (accounting.leaf): printable ASCII, without blanks at its ends.
ORDER_WORDS = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")


def trust(office: OfficeState, trusted: e.AuthorityTrusted) -> e.AuthorityTrusted:
    """An agency's root certificate is trusted, once."""
    if trusted.certificate in office.authorities.get(trusted.agency, ()):
        raise _taken("authority")
    return trusted


def add_officer(office: OfficeState, added: e.OfficerAdded, key: str, held: Collection[str]) -> e.OfficerAdded:
    """A person joins the office; an id and a key belong to one person only, whatever certificates name the key.

    `key` is the fingerprint of the new officer's public key, `held` those of everybody else the registers know.
    Two officers with one key would be one person who signs twice (P4). Raises BadInput `ID_UNFIT` or
    `TEXT_UNPRINTABLE`, Refused `TAKEN` or `KEY_TAKEN`.
    """
    require_id(added.officer)
    require_printable(added.name)
    certificates = {
        *(known.fingerprint for known in office.officers.values()),
        *(known.fingerprint for known in office.signatories.values()),
    }
    if added.officer in office.officers or added.fingerprint in certificates:
        raise _taken("officer")
    _require_own_key(key, held)
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


def add_signatory(office: OfficeState, added: e.SignatoryAdded, key: str, held: Collection[str]) -> e.SignatoryAdded:
    """A signatory of a trusted agency enters the register (26 U.S.C. 6103(i)(2)(A)); `held` are the officers' keys."""
    require_id(added.signatory)
    require_printable(added.name, added.office, added.basis, added.instrument)
    _require_agency(office, added.agency)
    if added.signatory in office.signatories:
        raise _taken("signatory")
    _require_own_key(key, held)
    return added


def add_recipient(office: OfficeState, added: e.RecipientAdded, key: str, held: Collection[str]) -> e.RecipientAdded:
    """A recipient of a trusted agency enters the register, with the certificate that replies are sealed to.

    `held` are the officers' keys: nobody of the office is a recipient as well.
    """
    require_id(added.recipient)
    require_id(added.system)
    require_printable(added.name, added.role, added.office_address)
    _require_agency(office, added.agency)
    if added.recipient in office.recipients:
        raise _taken("recipient")
    _require_own_key(key, held)
    return added


def place(office: OfficeState, placed: e.HoldPlaced, shipped: Collection[str]) -> e.HoldPlaced:
    """Any officer places a hold on an order; it binds from this event.

    It names an agreement that was approved here, one of the `shipped` ones, or `*` for every one: a hold on a
    mistyped name would stop nothing. Raises BadInput `AGREEMENT_UNKNOWN` and for words out of form, Refused `TAKEN`.
    """
    require_id(placed.hold)
    require_day(placed.ordered_on)
    require_printable(placed.says)
    if placed.agreement not in {EVERY_AGREEMENT, *office.agreements, *shipped}:
        raise BadInput(
            "AGREEMENT_UNKNOWN",
            "No agreement has this name, so the hold would stop nothing.",
            "Check the name with `comity agreement show`, or hold every agreement with --agreement '*'.",
        )
    if placed.direction not in DIRECTIONS:
        raise BadInput("DIRECTION_UNKNOWN", f"A hold stops one of {', '.join(DIRECTIONS)}.", "Say which.")
    if placed.hold in office.holds:
        raise _taken("hold")
    _require_order(placed)
    return placed


def _require_order(placed: e.HoldPlaced) -> None:
    if not (ORDER_WORDS.fullmatch(placed.court) and ORDER_WORDS.fullmatch(placed.docket)):
        raise BadInput(
            "ORDER_MISSING",
            "A hold names its court and docket, in up to 200 plain characters each.",
            "Give --court and --docket.",
        )


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


def _require_own_key(key: str, held: Collection[str]) -> None:
    if key in held:
        raise Refused(
            "KEY_TAKEN",
            "Somebody else in the registers holds this key.",
            "Make a key of this person's own, and have a certificate issued for it.",
        )


def _taken(what: str) -> Refused:
    return Refused("TAKEN", f"This {what} is registered already.", "Use another id, or leave it as it is.")
