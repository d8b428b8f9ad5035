"""The commands on holds: pure functions from (state, command) to events, or a refusal."""

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
        raise Refused("TAKEN", "This hold is registered already.", "Use another id, or leave it as it is.")
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
