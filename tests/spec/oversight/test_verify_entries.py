"""A verifier takes every decision about the registers again: who proposed, who approved, and whether they could."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.case.envelope import OFFICE, Act, Event, envelope, stamp
from comity.case.errors import Integrity
from comity.case.office_events import (
    AgreementProposed,
    EntryApproved,
    FounderNamed,
    OfficerProposed,
    SystemProposed,
)
from comity.case.registers import AGREEMENT as REGISTER
from comity.crypto import P256Key, Purpose, issue
from comity.demo.stage import AGREEMENT, SYSTEM_NAME
from comity.office.proposals import role_proposal
from comity.office.rehearsal import years_after
from comity.oversight.verify import verify_log
from tests.world import START, World


def done(world: World, officer: str, role: str, event: Event) -> None:
    """Write an event as `officer`, asking nobody."""
    act = Act(officer, role, "an act", stamp(world.office.now()))
    state = world.office.state()
    world.office.append([envelope(event, act, OFFICE, state.version + 1)], {OFFICE: state.version})


def found_by(world: World) -> str:
    """What a verifier says once the office's events of the day are closed."""
    world.stage.calendar.move_to(world.office.now() + timedelta(days=1))
    world.hold("next-day")
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return str(error)
    return ""


def again(world: World) -> AgreementProposed:
    """The agreement in force, once more."""
    return world.office.state().agreement(AGREEMENT)


def test_an_agreement_that_two_officers_put_into_force_verifies(prepared: World) -> None:
    done(prepared, "registrar", "registrar", again(prepared))
    done(prepared, "counsel", "counsel", EntryApproved(REGISTER, AGREEMENT, 2))
    assert found_by(prepared) == ""


def test_a_log_in_which_one_officer_sat_in_both_chairs_is_refused(prepared: World) -> None:
    prepared.granted("approver-2", "counsel")
    prepared.granted("counsel", "registrar", by="approver-2")
    done(prepared, "counsel", "registrar", again(prepared))
    done(prepared, "counsel", "counsel", EntryApproved(REGISTER, AGREEMENT, 2))
    assert {"ENTRY_NOT_BY_RIGHT", "SOD_VIOLATION"} <= set(re.findall("[A-Z_]{9,}", found_by(prepared)))


@pytest.mark.parametrize(
    ("proposer", "approver"), [("operator", "counsel"), ("registrar", "operator"), ("nobody", "x")]
)
def test_a_log_in_which_somebody_without_the_right_proposed_or_approved_is_refused(
    prepared: World, proposer: str, approver: str
) -> None:
    done(prepared, proposer, "registrar", again(prepared))
    done(prepared, approver, "counsel", EntryApproved(REGISTER, AGREEMENT, 2))
    assert "RIGHT_MISSING" in found_by(prepared)


def test_a_log_in_which_an_entry_binds_from_a_day_that_was_over_is_refused(prepared: World) -> None:
    done(prepared, "registrar", "registrar", SystemProposed("S", "ICE", "case_system", "2020-01-01", "2099-12-31"))
    assert "NOT_PROSPECTIVE" in found_by(prepared)


@pytest.mark.parametrize("said", [{"digest": "0" * 64}, {"terms": {"answer_days": 45}}, {"version": "9.9"}])
def test_a_log_that_proposed_another_agreement_than_the_home_keeps_is_refused(
    prepared: World, said: dict[str, object]
) -> None:
    done(prepared, "registrar", "registrar", replace(again(prepared), **said))
    assert "AGREEMENT_" in found_by(prepared)


def officer_named(world: World, key: P256Key, officer: str) -> OfficerProposed:
    """An officer with a certificate for `key`."""
    authority, until = world.stage.cast.custodian, years_after(START)
    made = issue(authority, officer, officer, key.public_key, Purpose.SIGNING, START, until)
    pem = made.pem().decode()
    return OfficerProposed(officer, officer, pem, made.fingerprint, made.key_fingerprint, ["approver"])


def test_a_log_in_which_somebody_granted_a_role_to_themselves_is_refused(prepared: World) -> None:
    own = role_proposal(prepared.office, "registrar", "approver")
    done(prepared, "registrar", "registrar", own)
    assert "SELF_GRANT" in found_by(prepared)


def test_a_log_in_which_somebody_approved_a_role_of_their_own_is_refused(prepared: World) -> None:
    done(prepared, "registrar", "registrar", role_proposal(prepared.office, "counsel", "approver"))
    done(prepared, "counsel", "counsel", EntryApproved("officer", "counsel", 1))
    assert "SELF_GRANT" in found_by(prepared)


def test_a_log_in_which_two_officers_have_one_key_is_refused(prepared: World) -> None:
    key = prepared.stage.cast.officer_key("approver-1")
    done(prepared, "registrar", "registrar", officer_named(prepared, key, "twin"))
    assert "KEY_TAKEN" in found_by(prepared)


def test_a_log_that_tells_another_key_than_that_of_the_certificate_is_refused(prepared: World) -> None:
    key = prepared.stage.cast.officer_key("approver-1")
    done(prepared, "registrar", "registrar", replace(officer_named(prepared, key, "twin"), key="0" * 64))
    assert "ENTRY_UNTRUE" in found_by(prepared)


def test_a_log_in_which_a_list_of_recipients_has_another_digest_is_refused(prepared: World) -> None:
    listed = prepared.office.state().entry("recipient", SYSTEM_NAME, 1).said
    row = {**listed.recipients[0], "recipient": "R-NEW"}
    done(prepared, "registrar", "registrar", replace(listed, rows=1, recipients=[row]))
    assert "ENTRY_UNTRUE" in found_by(prepared)


def test_a_log_in_which_an_officer_enters_as_a_founder_of_an_office_at_work_is_refused(prepared: World) -> None:
    said = officer_named(prepared, P256Key.generate(), "late")
    late = FounderNamed("late", "late", said.certificate, said.fingerprint, said.key, "counsel")
    done(prepared, "counsel", "counsel", late)
    assert "FOUNDING_UNFIT" in found_by(prepared)
