"""A hold ends on a later order that counsel and a hold officer read, neither of whom releases anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.case import hold_decisions as decide
from comity.case import office_events as o
from comity.case.envelope import Act, envelope
from comity.case.errors import BadInput, ComityError, Refused
from comity.case.holds import Hold, Lift, binding, lifters
from comity.case.office_state import Officer, OfficeState, fold_office

PAPER = "ab" * 32
HOLD = Hold(
    "H1", "agreed", "disclose", "D. Example", "1:26-cv-1", "2026-02-01", "00" * 32, "Stop.", "ann", "2026-02-02"
)
ORDER = o.HoldLiftProposed("H1", "D. Example", "1:26-cv-1, No. 61", "2026-03-01", PAPER)
WAITING = replace(HOLD, lift=Lift(1, "D. Example", "1:26-cv-1, No. 61", "2026-03-01", PAPER, "hal", "hold_officer", ""))
LIFTED = o.HoldLifted("H1", 1, PAPER)
TODAY = "2026-03-02T10:00:00Z"


def officer(name: str, *roles: str, called: str = "") -> Officer:
    return Officer(name, called or name, "", name, name, frozenset(roles))


OFFICERS = {
    "hal": officer("hal", "hold_officer"),
    "cat": officer("cat", "counsel"),
    "hob": officer("hob", "hold_officer"),
    "app": officer("app", "counsel", "approver"),
    "tra": officer("tra", "hold_officer", "transmitter"),
    "twin": officer("twin", "counsel", called="hal"),
}


def office(hold: Hold = HOLD) -> OfficeState:
    return OfficeState(version=1, holds={"H1": hold}, officers=OFFICERS)


def acting(who: str, role: str) -> Act:
    return Act(who, role, "", TODAY)


def refusal(kind: type[ComityError], code: str, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.value.code == code


def test_a_hold_officer_proposes_and_counsel_confirms() -> None:
    assert decide.propose_lift(office(), ORDER, acting("hal", "hold_officer"), ()) == ORDER
    assert decide.lift(office(WAITING), LIFTED, acting("cat", "counsel"), ()) == LIFTED


def test_the_two_roles_may_come_in_the_other_order() -> None:
    waiting = replace(WAITING, lift=replace(WAITING.lift, proposed_by="cat", proposed_as="counsel"))
    assert decide.lift(office(waiting), LIFTED, acting("hob", "hold_officer"), ()) == LIFTED


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"hold": "H2"}, "HOLD_UNKNOWN"),
        ({"court": ""}, "ORDER_MISSING"),
        ({"order": " "}, "ORDER_MISSING"),
        ({"order": "caf\u00e9"}, "ORDER_MISSING"),
        ({"ordered_on": "March 1"}, "DAY_UNFIT"),
        ({"ordered_on": "2026-01-31"}, "ORDER_UNFIT"),
        ({"ordered_on": "2026-03-03"}, "ORDER_UNFIT"),
        ({"order_digest": HOLD.order_digest}, "ORDER_UNFIT"),
    ],
)
def test_a_lift_names_a_hold_that_stands_and_a_later_order(changed: dict[str, str], code: str) -> None:
    proposed = replace(ORDER, **changed)
    refusal(BadInput, code, decide.propose_lift, office(), proposed, acting("hal", "hold_officer"), ())


@pytest.mark.parametrize(
    ("who", "role", "code"),
    [
        ("hal", "counsel", "SOD_VIOLATION"),
        ("hob", "hold_officer", "SAME_ROLE"),
        ("twin", "counsel", "SAME_PERSON"),
        ("app", "counsel", "IN_RELEASE_CHAIN"),
    ],
)
def test_the_second_is_another_person_in_the_other_role_and_outside_the_release_chain(
    who: str, role: str, code: str
) -> None:
    refusal(Refused, code, decide.lift, office(WAITING), LIFTED, acting(who, role), ())


def test_whoever_may_transmit_does_not_propose_a_lift() -> None:
    refusal(Refused, "IN_RELEASE_CHAIN", decide.propose_lift, office(), ORDER, acting("tra", "hold_officer"), ())


def test_whoever_signed_or_transmitted_once_lifts_nothing_not_even_as_the_one_who_proposed() -> None:
    refusal(Refused, "IN_RELEASE_CHAIN", decide.propose_lift, office(), ORDER, acting("hal", "hold_officer"), ("hal",))
    refusal(Refused, "IN_RELEASE_CHAIN", decide.lift, office(WAITING), LIFTED, acting("cat", "counsel"), ("cat",))
    refusal(Refused, "IN_RELEASE_CHAIN", decide.lift, office(WAITING), LIFTED, acting("cat", "counsel"), ("hal",))


def test_a_lift_is_confirmed_once_by_its_number_and_its_paper() -> None:
    cat = acting("cat", "counsel")
    refusal(BadInput, "HOLD_UNKNOWN", decide.lift, office(), replace(LIFTED, hold="H2"), cat, ())
    refusal(BadInput, "LIFT_UNKNOWN", decide.lift, office(), LIFTED, cat, ())
    refusal(BadInput, "LIFT_UNKNOWN", decide.lift, office(WAITING), replace(LIFTED, lift=2), cat, ())
    refusal(BadInput, "ORDER_DIFFERS", decide.lift, office(WAITING), replace(LIFTED, order_digest="cd" * 32), cat, ())
    ended = replace(WAITING, lift=replace(WAITING.lift, confirmed_by="cat", confirmed_at=TODAY))
    refusal(Refused, "HOLD_LIFTED", decide.lift, office(ended), LIFTED, cat, ())
    refusal(Refused, "HOLD_LIFTED", decide.propose_lift, office(ended), ORDER, acting("hal", "hold_officer"), ())


def test_a_hold_binds_until_its_lift_is_confirmed_and_another_hold_binds_on() -> None:
    other = replace(HOLD, hold="H2", agreement="*")
    state = office()
    stages = [(ORDER, acting("hal", "hold_officer")), (LIFTED, acting("cat", "counsel"))]
    stopped = [len(binding([*state.holds.values(), other], "agreed"))]
    for place, (event, act) in enumerate(stages, 2):
        state = fold_office([envelope(event, act, "office", place)], state)
        stopped.append(len(binding([*state.holds.values(), other], "agreed")))
    assert stopped == [2, 2, 1]


def test_a_second_proposal_takes_the_place_of_the_first_whose_confirmation_then_fails() -> None:
    act = acting("hal", "hold_officer")
    events = [
        envelope(replace(ORDER, order_digest=paper), act, "office", at) for at, paper in ((2, PAPER), (3, "cd" * 32))
    ]
    state = fold_office(events, office())
    refusal(BadInput, "LIFT_UNKNOWN", decide.lift, state, LIFTED, acting("cat", "counsel"), ())
    refusal(BadInput, "ORDER_DIFFERS", decide.lift, state, replace(LIFTED, lift=2), acting("cat", "counsel"), ())


def test_a_lift_that_was_proposed_by_somebody_struck_off_since_is_proposed_anew() -> None:
    gone = {**OFFICERS, "hal": replace(OFFICERS["hal"], roles=frozenset(), struck=frozenset({"hold_officer"}))}
    state = replace(office(WAITING), officers=gone)
    refusal(Refused, "PROPOSER_STRUCK_OFF", decide.lift, state, LIFTED, acting("cat", "counsel"), ())


def test_who_lifted_a_hold_is_remembered_for_the_batches_that_it_stood_over() -> None:
    ended = replace(WAITING, lift=replace(WAITING.lift, confirmed_by="cat", confirmed_at=TODAY))
    assert lifters([ended], "agreed", "2026-02-01") == {"hal", "cat"}
    assert lifters([ended], "agreed", "2026-03-03") == frozenset()
    assert lifters([ended], "another", "2026-02-01") == frozenset()
    assert lifters([WAITING], "agreed", "2026-02-01") == frozenset()
