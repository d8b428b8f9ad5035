"""A verifier takes every decision about the registers again: who proposed, who approved, and whether they could."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.case.envelope import Act, stamp
from comity.case.errors import Integrity
from comity.case.office_events import AgreementProposed, EntryApproved, SystemProposed
from comity.case.registers import AGREEMENT as REGISTER
from comity.case.registers import Proposal
from comity.demo.stage import AGREEMENT
from comity.office import acts
from comity.oversight.verify import verify_log
from tests.world import World


def done(world: World, officer: str, role: str, event: Proposal | EntryApproved) -> None:
    """Write an event as `officer`, asking nobody."""
    act = Act(officer, role, "an act", stamp(world.office.now()))
    world.office.record(act, [event], world.office.state())


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
    acts.grant_role(prepared.office, prepared.actor("registrar"), "counsel", "registrar")
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
