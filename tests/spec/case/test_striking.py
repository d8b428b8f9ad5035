"""What is struck off a register counts no more from a day on, and what was before stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.case import office_events as o
from comity.case import register_decisions as decide
from comity.case.envelope import Act, envelope
from comity.case.errors import BadInput, ComityError, Refused
from comity.case.office_state import OfficeState, fold_office

TODAY = "2026-03-02"
TOMORROW = "2026-03-03"
OPENED = o.OfficeOpened("rehearsal", "office", "PEM", "PEM", "office key", "log key", "sampling key")
ANN = o.FounderNamed("ann", "Ann", "PEM", "f1", "ann's key", "registrar")
LIL = o.FounderNamed("lil", "Lil", "PEM", "f2", "lil's key", "counsel")
BOB = o.OfficerProposed("bob", "Bob", "BOB", "f4", "bob's key", ["approver", "operator"])
HAL = o.OfficerProposed("hal", "Hal", "HAL", "f7", "hal's key", ["hold_officer"])
ICE = o.AuthorityProposed("ICE", "ROOT", "f3")
HEAD = o.SignatoryProposed(
    "head", "ICE", "Head", "HEAD_OF_AGENCY", "statute", "", "PEM", "f5", "head's key", "2025-01-01", "2027-01-01"
)
AGENT = {"recipient": "R1", "agency": "ICE", "name": "Agent", "role": "Special Agent", "office_address": "1 Main St"}
AGENT |= {"certificate": "PEM", "fingerprint": "f6", "key": "agent's key"}
LIST = o.RecipientsProposed("ICE-CASES", "digest", 1, [AGENT])
AGREED = o.AgreementProposed("agreed", "1", "ab", {}, "2025-01-01", "2027-01-01")
AGENCY = o.AgencyProposed("ICE", "ICE", True, "5 USC 551(1)", TODAY, "2099-12-31")

STRIKE = o.StrikeProposed("bob", "officer", "approver", "Moved.", TODAY)


def entered(*said: o.Event) -> list[o.Event]:
    """Each proposal, and its approval as the first version; other events as they are."""
    return [
        event
        for one in said
        for event in ((one, o.EntryApproved(one.register, one.subject, 1)) if isinstance(one, o.Proposal) else (one,))
    ]


def after(*told: o.Event, day: str = TODAY) -> OfficeState:
    act = Act("ann", "registrar", "command", f"{day}T00:00:00Z")
    return fold_office([envelope(event, act, "office", number) for number, event in enumerate(told, 1)])


ALL = entered(OPENED, ANN, LIL, BOB, HAL, ICE, HEAD, LIST, AGREED, AGENCY)
OFFICE = after(*ALL)


def struck(said: o.StrikeProposed, *before: o.Event) -> OfficeState:
    return after(*ALL, *before, said, o.EntryApproved("strike", said.subject, 1))


def refusal(kind: type[ComityError], code: str, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.value.code == code


def test_a_role_that_was_struck_off_is_held_no_more_and_the_others_are() -> None:
    assert decide.propose(OFFICE, STRIKE, TODAY) == STRIKE
    state = struck(STRIKE)
    assert (state.roles_of("bob"), state.officers["bob"].struck) == ({"operator"}, {"approver"})


def test_an_officer_who_was_struck_off_holds_no_role_and_keeps_id_and_key() -> None:
    state = struck(replace(STRIKE, part=""))
    assert not state.roles_of("bob")
    other = o.OfficerProposed("other", "Other", "OTHER", "f8", "bob's key", ["approver"])
    refusal(Refused, "KEY_TAKEN", decide.propose, state, other, TODAY)
    another = replace(other, subject="bob", key="new key")
    refusal(Refused, "TAKEN", decide.propose, state, another, TODAY)


def test_a_strike_counts_from_its_day_on() -> None:
    state = struck(replace(STRIKE, binds_from=TOMORROW))
    assert "approver" in state.on(TODAY).roles_of("bob")
    assert "approver" not in state.on(TOMORROW).roles_of("bob")


def test_a_strike_for_the_past_is_refused_when_it_is_proposed_and_when_it_is_approved() -> None:
    refusal(Refused, "NOT_PROSPECTIVE", decide.propose, OFFICE, STRIKE, TOMORROW)
    waiting, approved = after(*ALL, STRIKE), o.EntryApproved("strike", "bob", 1)
    assert decide.approve(waiting, approved, "lil", TODAY) == approved
    refusal(Refused, "NOT_PROSPECTIVE", decide.approve, waiting, approved, "lil", TOMORROW)


def test_a_strike_is_approved_once_and_by_another() -> None:
    waiting, approved = after(*ALL, STRIKE), o.EntryApproved("strike", "bob", 1)
    refusal(Refused, "SOD_VIOLATION", decide.approve, waiting, approved, "ann", TODAY)
    refusal(Refused, "DONE_BEFORE", decide.approve, struck(STRIKE), approved, "lil", TODAY)
    refusal(BadInput, "ENTRY_UNKNOWN", decide.approve, waiting, replace(approved, number=2), "lil", TODAY)


def test_a_strike_changes_the_rights_of_whom_it_strikes_off() -> None:
    assert STRIKE.grantee() == "bob"
    assert replace(STRIKE, of="recipient").grantee() == ""


@pytest.mark.parametrize(
    ("changed", "kind", "code"),
    [
        ({"reason": " "}, BadInput, "REASON_NEEDED"),
        ({"reason": "Moved\n."}, BadInput, "TEXT_UNPRINTABLE"),
        ({"of": "quorum"}, BadInput, "REGISTER_UNKNOWN"),
        ({"of": "strike"}, BadInput, "REGISTER_UNKNOWN"),
        ({"subject": "eve"}, BadInput, "NOTHING_TO_STRIKE"),
        ({"part": "reviewer"}, BadInput, "NOTHING_TO_STRIKE"),
        ({"of": "recipient", "subject": "R1", "part": "approver"}, BadInput, "NOTHING_TO_STRIKE"),
        ({"of": "recipient", "subject": "R2", "part": ""}, BadInput, "NOTHING_TO_STRIKE"),
        ({"of": "authority", "subject": "ICE", "part": "f9"}, BadInput, "NOTHING_TO_STRIKE"),
        ({"of": "signatory", "subject": "tail", "part": ""}, BadInput, "NOTHING_TO_STRIKE"),
        ({"of": "signatory", "subject": "head", "part": "", "binds_from": "2027-02-01"}, BadInput, "NOTHING_TO_STRIKE"),
        ({"of": "agency", "subject": "CBP", "part": ""}, BadInput, "NOTHING_TO_STRIKE"),
        ({"subject": "ann", "part": ""}, Refused, "LAST_OF_ITS_ROLE"),
        ({"subject": "ann", "part": "registrar"}, Refused, "LAST_OF_ITS_ROLE"),
        ({"subject": "lil", "part": ""}, Refused, "LAST_OF_ITS_ROLE"),
        ({"subject": "hal", "part": "hold_officer"}, Refused, "LAST_OF_ITS_ROLE"),
    ],
)
def test_what_does_not_stand_and_what_an_office_needs_is_not_struck_off(
    changed: dict[str, str], kind: type[ComityError], code: str
) -> None:
    refusal(kind, code, decide.propose, OFFICE, replace(STRIKE, **changed), TODAY)


def test_of_two_registrars_one_may_go_but_not_both_not_even_on_days_to_come() -> None:
    second = o.OfficerProposed("sue", "Sue", "SUE", "f9", "sue's key", ["registrar"])
    later = o.StrikeProposed("sue", "officer", "", "Leaves.", "2026-12-31")
    office = after(*ALL, *entered(second))
    gone = replace(STRIKE, subject="ann", part="")
    assert decide.propose(office, gone, TODAY) == gone
    waiting = after(*ALL, *entered(second), *entered(later))
    refusal(Refused, "LAST_OF_ITS_ROLE", decide.propose, waiting, gone, TODAY)
    both = after(*ALL, *entered(second), gone, *entered(later))
    refusal(Refused, "LAST_OF_ITS_ROLE", decide.approve, both, o.EntryApproved("strike", "ann", 1), "lil", TODAY)


def test_registrar_and_counsel_stay_two_people() -> None:
    both = o.OfficerProposed("sue", "Sue", "SUE", "f9", "sue's key", ["counsel", "registrar"])
    office = after(*ALL, *entered(both), *entered(replace(STRIKE, subject="lil", part="")))
    refusal(Refused, "LAST_OF_ITS_ROLE", decide.propose, office, replace(STRIKE, subject="ann", part=""), TODAY)


def test_the_same_is_not_struck_off_twice_while_the_first_waits_for_its_day() -> None:
    state = struck(replace(STRIKE, binds_from=TOMORROW))
    refusal(Refused, "DONE_BEFORE", decide.propose, state, STRIKE, TODAY)
    refusal(BadInput, "NOTHING_TO_STRIKE", decide.propose, struck(STRIKE), STRIKE, TODAY)


def test_a_grant_that_waited_through_a_strike_brings_nothing_back() -> None:
    grant = replace(BOB, roles=["approver", "operator", "reviewer"])
    state = struck(STRIKE, grant)
    refusal(Refused, "ENTRY_STRUCK", decide.approve, state, o.EntryApproved("officer", "bob", 2), "lil", TODAY)
    anew = replace(BOB, roles=["approver", "operator"])
    assert decide.propose(state, anew, TODAY) == anew


def test_what_was_struck_off_is_remembered_until_it_is_granted_again() -> None:
    other = [replace(BOB, roles=["operator", "reviewer"]), o.EntryApproved("officer", "bob", 2)]
    again = [replace(BOB, roles=["approver", "operator", "reviewer"]), o.EntryApproved("officer", "bob", 3)]
    strike = [STRIKE, o.EntryApproved("strike", "bob", 1)]
    assert after(*ALL, *strike, *other).officers["bob"].struck == {"approver"}
    assert after(*ALL, *strike, *other, *again).officers["bob"].struck == frozenset()


def test_what_a_registrar_proposed_who_was_struck_off_since_is_proposed_anew() -> None:
    second = o.OfficerProposed("sue", "Sue", "SUE", "f9", "sue's key", ["registrar"])
    gone = replace(STRIKE, subject="ann", part="registrar")
    state = after(*ALL, *entered(second), *entered(gone), STRIKE)
    refusal(Refused, "PROPOSER_STRUCK_OFF", decide.approve, state, o.EntryApproved("strike", "bob", 1), "lil", TODAY)


def test_strikes_of_one_officer_do_not_take_the_place_of_one_another() -> None:
    second = replace(STRIKE, part="operator")
    state = after(*ALL, STRIKE, second, o.EntryApproved("strike", "bob", 2))
    first = o.EntryApproved("strike", "bob", 1)
    assert decide.approve(state, first, "lil", TODAY) == first


def test_a_recipient_who_was_struck_off_is_none_and_the_id_is_nobody_elses() -> None:
    state = struck(o.StrikeProposed("R1", "recipient", "", "Left.", TODAY))
    assert not state.recipients
    again = replace(LIST, recipients=[{**AGENT, "fingerprint": "f10", "key": "other"}])
    refusal(Refused, "TAKEN", decide.propose, state, again, TODAY)


def test_a_root_that_was_struck_off_is_not_trusted_until_it_is_entered_anew() -> None:
    state = struck(o.StrikeProposed("ICE", "authority", "f3", "Its key is in other hands.", TODAY))
    assert "ICE" not in state.authorities
    assert decide.propose(state, ICE, TODAY) == ICE


@pytest.mark.parametrize("of", ["signatory", "agreement"])
def test_a_term_ends_with_the_day_before_the_strike(of: str) -> None:
    subject = {"signatory": "head", "agreement": "agreed"}[of]
    state = struck(o.StrikeProposed(subject, of, "", "Ended.", TODAY))
    ended = (state.signatories if of == "signatory" else state.agreements)[subject]
    assert ended.valid_to == "2026-03-01"


def test_an_agency_that_was_struck_off_is_entered_by_a_new_version_alone() -> None:
    state = struck(o.StrikeProposed("ICE", "agency", "", "Ended.", TODAY))
    assert OFFICE.agency_on("ICE", TODAY) is not None
    assert state.agency_on("ICE", TODAY) is None
    act = Act("ann", "registrar", "command", f"{TODAY}T00:00:00Z")
    anew = [AGENCY, o.EntryApproved("agency", "ICE", 2)]
    state = fold_office([envelope(event, act, "office", state.version + at) for at, event in enumerate(anew, 1)], state)
    assert state.agency_on("ICE", TODAY) is not None
