"""The commands on holds: pure functions from (state, command) to events, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from comity.case import office_events as e
from comity.case.batch_state import BatchState, Involvement
from comity.case.envelope import Act
from comity.case.errors import BadInput, Refused
from comity.case.holds import DIRECTIONS, EVERY_AGREEMENT, Hold, lifters
from comity.case.office_state import OfficeState
from comity.case.wording import require_day, require_id, require_printable

# What a leaf in clear can show (accounting.leaf): printable ASCII, without blanks at its ends.
ORDER_WORDS = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
# Whoever holds one of these could let a batch go that the hold stands over.
RELEASE_CHAIN = frozenset({"approver", "transmitter"})
# The list is a part of the event that every look at the registers reads again.
MOST_PERSONS = 20_000
LONGEST_NAME = 200
# A shorter word in an order's number is no name that would be told by it.
SHORTEST_TOLD = 4

AboutHold = e.HoldPlaced | e.HoldConfirmed | e.HoldLiftProposed | e.HoldLifted


def place(office: OfficeState, placed: e.HoldPlaced, shipped: Collection[str]) -> e.HoldPlaced:
    """Any officer places a hold on an order; it binds from this event.

    It names an agreement that was approved here, one of the `shipped` ones, or `*` for every one: a hold on a
    mistyped name would stop nothing. Raises BadInput `AGREEMENT_UNKNOWN`, `PERSON_UNNAMED`, `PERSONS_TOO_MANY`,
    `NAME_IN_CLEAR` and for words out of form, Refused `TAKEN`.
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
    _require_order(placed.court, placed.docket)
    _require_persons(placed)
    return placed


def _require_persons(placed: e.HoldPlaced) -> None:
    if len(placed.persons) > MOST_PERSONS:
        raise BadInput(
            "PERSONS_TOO_MANY",
            f"A hold names {MOST_PERSONS:,} persons at most.",
            "Place several holds on the order, each with a part of the list.",
        )
    for given_name, family_name, date_of_birth in placed.persons:
        _require_named(given_name, family_name)
        if date_of_birth:
            require_day(date_of_birth)
    listed = {word for given_name, family_name, _ in placed.persons for word in _words(f"{given_name} {family_name}")}
    if not listed.isdisjoint(_words(f"{placed.hold} {placed.docket} {placed.says}")):
        raise BadInput(
            "NAME_IN_CLEAR",
            "The hold's id, its docket or its sentence has a name of the list, and they stand in clear in the log.",
            "Cite the order by its number alone.",
        )


def _require_named(given_name: str, family_name: str) -> None:
    require_printable(given_name, family_name)
    if max(len(given_name), len(family_name)) > LONGEST_NAME:
        raise BadInput("PERSON_UNNAMED", f"A name has more than {LONGEST_NAME} characters.", "Give the name alone.")
    names = [name for name in (given_name, family_name) if any(char.isalpha() for char in name)]
    if not names or (len(names) == 1 and len(names[0].split()) > 1):
        raise BadInput(
            "PERSON_UNNAMED",
            "A line of the list has no name, or a whole name in one cell, so that nobody would be held by it.",
            "Give each line a given name and a family name, each in its own column; one alone is a single word.",
        )


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= SHORTEST_TOLD}


def _require_order(court: str, order: str) -> None:
    if not (ORDER_WORDS.fullmatch(court) and ORDER_WORDS.fullmatch(order)):
        raise BadInput(
            "ORDER_MISSING",
            "An order is named by its court and its number there, in up to 200 plain characters each.",
            "Give --court, and --docket for a hold or --order for the lift of one.",
        )


def confirm(office: OfficeState, confirmed: e.HoldConfirmed, actor: str) -> e.HoldConfirmed:
    """A second officer confirms a hold."""
    hold = _find(office, confirmed.hold)
    if hold.confirmed_by:
        raise Refused("DONE_BEFORE", "This hold is confirmed.", "There is nothing to do.")
    if hold.placed_by == actor:
        raise Refused("SOD_VIOLATION", "Who placed a hold does not confirm it.", "Have another officer confirm it.")
    return confirmed


def propose_lift(
    office: OfficeState, proposed: e.HoldLiftProposed, act: Act, chain: Collection[str]
) -> e.HoldLiftProposed:
    """An officer with a later order in hand proposes that a hold ends; it binds on until the other role confirms.

    `chain` are the officers who signed or transmitted in a batch of what the hold covers. Raises BadInput
    `HOLD_UNKNOWN`, `ORDER_MISSING`, `DAY_UNFIT` or `ORDER_UNFIT`, Refused `HOLD_LIFTED` or `IN_RELEASE_CHAIN`.
    """
    hold = _find(office, proposed.hold)
    _require_binding(hold)
    _require_order(proposed.court, proposed.order)
    require_day(proposed.ordered_on)
    if proposed.order_digest == hold.order_digest or not hold.ordered_on <= proposed.ordered_on <= act.day:
        raise BadInput(
            "ORDER_UNFIT",
            "A hold ends on a later order than its own, of a day between that order's and today.",
            "Give the order that ends it: --paper, and its day as --ordered-on.",
        )
    _require_outside_chain(office, act.actor, chain)
    return proposed


def lift(office: OfficeState, lifted: e.HoldLifted, act: Act, chain: Collection[str]) -> e.HoldLifted:
    """An officer of the other role has read the same order: from this event on the hold stops nothing.

    Raises BadInput `HOLD_UNKNOWN`, `LIFT_UNKNOWN` or `ORDER_DIFFERS`, Refused `HOLD_LIFTED`, `SOD_VIOLATION`,
    `SAME_ROLE`, `SAME_PERSON`, `PROPOSER_STRUCK_OFF`, or `IN_RELEASE_CHAIN` of either of the two.
    """
    hold = _find(office, lifted.hold)
    _require_binding(hold)
    if hold.lift is None or hold.lift.number != lifted.lift:
        raise BadInput("LIFT_UNKNOWN", "No such proposal to lift this hold waits.", "See `comity hold list`.")
    if hold.lift.order_digest != lifted.order_digest:
        raise BadInput(
            "ORDER_DIFFERS",
            "The paper is not the order that was proposed.",
            "Read the same paper, or propose the lift again with the right one.",
        )
    _require_two(office, hold.lift.proposed_by, hold.lift.proposed_as, act)
    if hold.lift.proposed_as not in office.roles_of(hold.lift.proposed_by):
        raise Refused("PROPOSER_STRUCK_OFF", "Who proposed it was struck off that role.", "Have it proposed anew.")
    for officer in (hold.lift.proposed_by, act.actor):
        _require_outside_chain(office, officer, chain)
    return lifted


def chain_of(hold: Hold, batch: BatchState) -> frozenset[str]:
    """Who signed or transmitted in a batch, if it is of what the hold covers; none otherwise."""
    if batch.received is None or not hold.covers(batch.received.agreement):
        return frozenset()
    return batch.involvement.signed | batch.involvement.transmitted


def involvement(batch: BatchState, office: OfficeState) -> Involvement:
    """Who did what in a batch, with those who lifted a hold that stood over it."""
    if batch.received is None:
        return batch.involvement
    received = batch.received
    lifted = lifters(office.holds.values(), received.agreement, received.received_on)
    return replace(batch.involvement, lifted=lifted)


def told(event: AboutHold, hold: Hold) -> tuple[str, str, str, str, str]:
    """What the leaf of an event about `hold` says of it: the act, and court, number, day and digest of its order."""
    match event:
        case e.HoldLiftProposed():
            return "lift-proposed", event.court, event.order, event.ordered_on, event.order_digest
        case e.HoldLifted() if hold.lift:
            return "lifted", hold.lift.court, hold.lift.order, hold.lift.ordered_on, hold.lift.order_digest
        case e.HoldPlaced():
            act = "placed"
        case _:
            act = "confirmed"
    return act, hold.court, hold.docket, hold.ordered_on, hold.order_digest


def _find(office: OfficeState, hold: str) -> Hold:
    if hold not in office.holds:
        raise BadInput("HOLD_UNKNOWN", "No hold has this id.", "See `comity hold list`.")
    return office.holds[hold]


def _require_binding(hold: Hold) -> None:
    if hold.lifted_at:
        raise Refused("HOLD_LIFTED", f"This hold was lifted, {hold.lifted_at}.", "There is nothing to do.")


def _require_two(office: OfficeState, proposer: str, role: str, act: Act) -> None:
    """Two officers, who are not one person under two ids, and of whom one is counsel and one a hold officer."""
    if proposer == act.actor:
        raise Refused("SOD_VIOLATION", "This act takes two different officers.", "Ask another officer to do it.")
    if role == act.role:
        raise Refused(
            "SAME_ROLE", "Counsel and a hold officer lift a hold together.", "Ask an officer who holds the other role."
        )
    if office.officer(proposer).name.split() == office.officer(act.actor).name.split():
        raise Refused(
            "SAME_PERSON", "Two officers of one name could be one person.", "Ask an officer of another name to do it."
        )


def _require_outside_chain(office: OfficeState, officer: str, chain: Collection[str]) -> None:
    if officer in chain or not RELEASE_CHAIN.isdisjoint(office.officer(officer).roles):
        raise Refused(
            "IN_RELEASE_CHAIN",
            "Who approves or transmits what a hold stops does not lift it.",
            "Have an officer lift it who neither signed nor transmitted, and has no role for either.",
        )
