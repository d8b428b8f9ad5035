"""Who enters the registers of the office, in which form, and whose keys are whose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from comity.case import office_events as o
from comity.case import register_decisions as decide
from comity.case.envelope import Act, envelope
from comity.case.errors import BadInput, ComityError, Refused
from comity.case.office_state import OfficeState, fold_office
from comity.case.registers import Proposal

TODAY = "2026-03-02"
OPENED = o.OfficeOpened("rehearsal", "office", "PEM", "PEM", "office key", "log key", "sampling key")
ANN = o.FounderNamed("ann", "Ann", "PEM", "f1", "ann's key", "registrar")
LIL = o.FounderNamed("lil", "Lil", "PEM", "f2", "lil's key", "counsel")
ICE = o.AuthorityProposed("ICE", "PEM", "f3")
BOB = o.OfficerProposed("bob", "Bob", "BOB'S PEM", "f4", "bob's key", ["operator"])
HEAD = o.SignatoryProposed(
    "head", "ICE", "Head", "HEAD_OF_AGENCY", "statute", "", "PEM", "f5", "head's key", "2025-01-01", "2027-01-01"
)
AGENT = {"recipient": "R1", "agency": "ICE", "name": "Agent", "role": "Special Agent", "office_address": "1 Main St"}
AGENT |= {"certificate": "PEM", "fingerprint": "f6", "key": "agent's key"}
LIST = o.RecipientsProposed("ICE-CASES", "digest", 1, [AGENT])


def after(*told: o.Event) -> OfficeState:
    """The registers after these events."""
    act = Act("ann", "registrar", "command", f"{TODAY}T00:00:00Z")
    return fold_office([envelope(event, act, "office", number) for number, event in enumerate(told, 1)])


def entered(*said: Proposal) -> OfficeState:
    """The registers of an office in which each of `said` was proposed and approved."""
    approved = [event for one in said for event in (one, o.EntryApproved(one.register, one.subject, 1))]
    return after(OPENED, ANN, LIL, *approved)


OFFICE = entered(ICE)


def refusal(kind: type[ComityError], code: str, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.value.code == code


def listing(*agents: dict[str, str]) -> o.RecipientsProposed:
    return replace(LIST, rows=len(agents), recipients=list(agents))


def changed(said: Proposal, **how: Any) -> Proposal:
    """The proposal with other words; of a list, those of its one recipient."""
    return listing({**AGENT, **how}) if isinstance(said, o.RecipientsProposed) else replace(said, **how)


@pytest.mark.parametrize("said", [BOB, HEAD, LIST], ids=lambda said: said.register)
def test_people_enter_with_a_printable_name_and_a_key_that_nobody_of_the_office_holds(said: Proposal) -> None:
    assert decide.propose(OFFICE, said, TODAY) == said
    for key in ("ann's key", "office key"):
        refusal(Refused, "KEY_TAKEN", decide.propose, OFFICE, changed(said, key=key), TODAY)
    refusal(BadInput, "TEXT_UNPRINTABLE", decide.propose, OFFICE, changed(said, name="Jos\udce9"), TODAY)
    of_id = {"recipient": "../x"} if said is LIST else {"subject": "../x"}
    refusal(BadInput, "ID_UNFIT", decide.propose, OFFICE, changed(said, **of_id), TODAY)


def test_a_recipients_key_makes_no_officer() -> None:
    office = entered(ICE, LIST)
    refusal(Refused, "KEY_TAKEN", decide.propose, office, replace(BOB, key="agent's key"), TODAY)


def test_a_signatorys_key_makes_no_officer() -> None:
    office = entered(ICE, HEAD)
    refusal(Refused, "KEY_TAKEN", decide.propose, office, replace(BOB, key=HEAD.key), TODAY)


def test_two_signatories_never_share_a_key_and_one_keeps_the_own() -> None:
    office = entered(ICE, HEAD)
    refusal(Refused, "KEY_TAKEN", decide.propose, office, replace(HEAD, subject="deputy", fingerprint="f9"), TODAY)
    assert decide.propose(office, replace(HEAD, valid_to="2026-12-31"), TODAY)


def test_two_recipients_never_share_a_key() -> None:
    twin = {**AGENT, "recipient": "R2", "fingerprint": "f9"}
    refusal(Refused, "KEY_TAKEN", decide.propose, OFFICE, listing(AGENT, twin), TODAY)
    refusal(Refused, "KEY_TAKEN", decide.propose, entered(ICE, LIST), listing(twin), TODAY)


def test_a_recipients_key_is_a_signatorys_only_where_both_are_one_person() -> None:
    deputy = replace(HEAD, key="agent's key")
    refusal(Refused, "KEY_TAKEN", decide.propose, entered(ICE, LIST), deputy, TODAY)
    assert decide.propose(entered(ICE, LIST), replace(deputy, subject="R1"), TODAY)
    agent = {**AGENT, "key": HEAD.key}
    refusal(Refused, "KEY_TAKEN", decide.propose, entered(ICE, HEAD), listing(agent), TODAY)
    assert decide.propose(entered(ICE, HEAD), listing({**agent, "recipient": "head"}), TODAY)


def test_a_signatorys_last_day_is_not_before_the_first() -> None:
    backwards = replace(HEAD, valid_from="2026-02-02", valid_to="2026-02-01")
    refusal(BadInput, "TERM_UNFIT", decide.propose, OFFICE, backwards, TODAY)


def test_a_certificate_of_the_registers_makes_no_second_officer() -> None:
    refusal(Refused, "TAKEN", decide.propose, OFFICE, replace(BOB, fingerprint="f1"), TODAY)
    refusal(Refused, "TAKEN", decide.propose, entered(ICE, HEAD), replace(BOB, fingerprint="f5"), TODAY)


@pytest.mark.parametrize("said", [BOB, HEAD, LIST, ICE, replace(ICE, subject="CBP")], ids=lambda said: said.subject)
def test_nobody_is_in_a_register_before_the_approval(said: Proposal) -> None:
    before, office = OFFICE, after(OPENED, ANN, LIL, ICE, o.EntryApproved("authority", "ICE", 1), said)
    for name in ("officers", "signatories", "recipients", "authorities"):
        assert getattr(office, name) == getattr(before, name)


def test_of_two_proposals_with_one_key_one_is_approved() -> None:
    twin = replace(BOB, subject="rob", fingerprint="f9")
    office = after(OPENED, ANN, LIL, BOB, twin, o.EntryApproved("officer", "bob", 1))
    refusal(Refused, "KEY_TAKEN", decide.approve, office, o.EntryApproved("officer", "rob", 1), "lil", TODAY)


def test_of_two_lists_with_one_recipient_one_is_approved() -> None:
    other = replace(LIST, subject="ICE-OTHER")
    told = (OPENED, ANN, LIL, ICE, o.EntryApproved("authority", "ICE", 1), LIST, other)
    approved = o.EntryApproved("recipient", "ICE-OTHER", 1)
    assert decide.approve(after(*told), approved, "lil", TODAY) == approved
    after_the_first = after(*told, o.EntryApproved("recipient", "ICE-CASES", 1))
    refusal(Refused, "TAKEN", decide.approve, after_the_first, approved, "lil", TODAY)


def test_an_officer_holds_more_roles_with_each_version_and_keeps_the_certificate() -> None:
    office, more = entered(BOB), replace(BOB, roles=["auditor", "operator"])
    assert office.officer("bob").roles == {"operator"}
    assert decide.propose(office, more, TODAY) == more
    for other in (BOB, replace(more, roles=["auditor"]), replace(more, certificate="ANOTHER")):
        refusal(Refused, "TAKEN", decide.propose, office, other, TODAY)


def test_a_role_that_was_granted_meanwhile_is_not_lost_to_a_proposal_made_before_it() -> None:
    first, second = (replace(BOB, roles=sorted(["operator", role])) for role in ("auditor", "examiner"))
    approvals = (o.EntryApproved("officer", "bob", number) for number in (1, 2))
    office = after(OPENED, ANN, LIL, BOB, next(approvals), first, second, next(approvals))
    refusal(Refused, "TAKEN", decide.approve, office, o.EntryApproved("officer", "bob", 3), "lil", TODAY)


def test_a_signatorys_later_version_takes_the_place_of_the_earlier_one() -> None:
    ended = replace(HEAD, valid_to="2026-03-01")
    office = after(
        OPENED,
        ANN,
        LIL,
        *(event for one in (ICE, HEAD) for event in (one, o.EntryApproved(one.register, one.subject, 1))),
        ended,
        o.EntryApproved("signatory", "head", 2),
    )
    assert office.signatories == {"head": ended}


@pytest.mark.parametrize("agency", ["CBP", ""])
def test_people_of_an_agency_whose_authority_is_not_trusted_do_not_enter(agency: str) -> None:
    for said in (HEAD, LIST):
        refusal(BadInput, "AGENCY_UNKNOWN", decide.propose, OFFICE, changed(said, agency=agency), TODAY)


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (replace(LIST, rows=0, recipients=[]), BadInput, "LIST_UNFIT"),
        (replace(LIST, rows=2), BadInput, "LIST_UNFIT"),
        (listing(AGENT, AGENT), Refused, "TAKEN"),
    ],
    ids=["empty", "other than its count", "somebody twice"],
)
def test_a_list_names_somebody_as_many_as_it_says_and_each_once(
    said: o.RecipientsProposed, kind: type[ComityError], code: str
) -> None:
    refusal(kind, code, decide.propose, OFFICE, said, TODAY)


def test_an_authority_is_trusted_once_and_another_beside_it() -> None:
    refusal(Refused, "TAKEN", decide.propose, OFFICE, ICE, TODAY)
    beside = replace(ICE, certificate="ANOTHER")
    office = after(OPENED, ICE, o.EntryApproved("authority", "ICE", 1), beside, o.EntryApproved("authority", "ICE", 2))
    assert office.authorities == {"ICE": ("PEM", "ANOTHER")}


def test_names_addresses_and_certificates_do_not_show_when_the_registers_are_printed() -> None:
    hidden = {"name": "CANARY", "certificate": "CANARY"}
    people = [replace(BOB, **hidden), replace(HEAD, **hidden), listing({**AGENT, **hidden, "office_address": "CANARY"})]
    others = [replace(OPENED, certificate="CANARY"), replace(ANN, **hidden), replace(ICE, certificate="CANARY")]
    assert "CANARY" not in repr([entered(ICE, *people), *people, *others])
