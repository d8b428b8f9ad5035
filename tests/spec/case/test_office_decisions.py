"""What enters the registers of the office, in which form, and whose keys are whose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.case import office_decisions as decide
from comity.case import office_events as o
from comity.case.errors import BadInput, ComityError, Refused
from comity.case.office_state import Officer, OfficeState

ANN = Officer("ann", "Ann", "PEM", "f1")
ACTIVE = o.AgreementProposed("agreed", "1", "", {}, "2025-01-01", "2027-01-01")
OFFICE = OfficeState(version=1, authorities={"ICE": ("PEM",)}, officers={"ann": ANN}, agreements={"agreed": ACTIVE})
BOB = o.OfficerAdded("bob", "Bob", "PEM", "f2")
HEAD = o.SignatoryAdded("head", "ICE", "Head", "HEAD_OF_AGENCY", "statute", "", "f3", "2025-01-01", "2027-01-01")
AGENT = o.RecipientAdded("R1", "ICE", "Agent", "Special Agent", "1 Main St", "PEM", "f4", "ICE-CASES")
HOLD = o.HoldPlaced("H1", "agreed", "disclose", "D. Example", "1:26-cv-1", "2026-02-01", "", "Stop.")


def refusal(kind: type[ComityError], code: str, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.value.code == code


@pytest.mark.parametrize("agreement", ["agreed", "shipped", "*"])
def test_a_hold_names_an_agreement_that_is_known_or_every_one(agreement: str) -> None:
    placed = replace(HOLD, agreement=agreement)
    assert decide.place(OFFICE, placed, ("shipped",)) == placed


@pytest.mark.parametrize("agreement", ["agreed ", "Agreed", "agree", "", "**"])
def test_a_hold_on_a_mistyped_agreement_is_refused_because_it_would_stop_nothing(agreement: str) -> None:
    refusal(BadInput, "AGREEMENT_UNKNOWN", decide.place, OFFICE, replace(HOLD, agreement=agreement), ("shipped",))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"hold": "H\u20131"}, "ID_UNFIT"),
        ({"hold": ""}, "ID_UNFIT"),
        ({"hold": "H" * 65}, "ID_UNFIT"),
        ({"hold": "H1\n"}, "ID_UNFIT"),
        ({"ordered_on": "March 1"}, "DAY_UNFIT"),
        ({"ordered_on": "2026-02-30"}, "DAY_UNFIT"),
        ({"ordered_on": "20260201"}, "DAY_UNFIT"),
        ({"says": "caf\udce9"}, "TEXT_UNPRINTABLE"),
        ({"says": "Stop.\nNow."}, "TEXT_UNPRINTABLE"),
        ({"court": ""}, "ORDER_MISSING"),
        ({"direction": "both"}, "DIRECTION_UNKNOWN"),
    ],
)
def test_a_hold_has_the_form_that_events_and_leaves_can_keep(changed: dict[str, str], code: str) -> None:
    refusal(BadInput, code, decide.place, OFFICE, replace(HOLD, **changed), ())


@pytest.mark.parametrize(
    ("call", "event", "id_field"),
    [
        (decide.add_officer, BOB, "officer"),
        (decide.add_signatory, HEAD, "signatory"),
        (decide.add_recipient, AGENT, "recipient"),
    ],
)
def test_people_enter_with_an_id_of_the_form_a_printable_name_and_a_key_of_their_own(
    call: Callable[..., object], event: o.OfficerAdded, id_field: str
) -> None:
    assert call(OFFICE, event, "key", {"other"}) == event
    refusal(Refused, "KEY_TAKEN", call, OFFICE, event, "key", {"key"})
    refusal(BadInput, "ID_UNFIT", call, OFFICE, replace(event, **{id_field: "../x"}), "key", set())
    refusal(BadInput, "TEXT_UNPRINTABLE", call, OFFICE, replace(event, name="Jos\udce9"), "key", set())


def test_a_certificate_of_the_registers_makes_no_second_officer() -> None:
    refusal(Refused, "TAKEN", decide.add_officer, OFFICE, replace(BOB, fingerprint="f1"), "key", set())
    with_head = replace(OFFICE, signatories={"head": HEAD})
    refusal(Refused, "TAKEN", decide.add_officer, with_head, replace(BOB, fingerprint="f3"), "key", set())


def test_names_addresses_and_certificates_do_not_show_when_the_registers_are_printed() -> None:
    hidden = {"name": "CANARY", "certificate": "CANARY"}
    shown = [replace(ANN, **hidden), replace(BOB, **hidden), replace(AGENT, **hidden, office_address="CANARY")]
    shown += [replace(HEAD, name="CANARY"), o.AuthorityTrusted("ICE", "CANARY")]
    assert "CANARY" not in repr(shown)
