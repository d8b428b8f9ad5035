"""The agency that asks: what the registers say of it at receipt and at release, and who may change them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from comity.case.errors import Refused
from comity.case.office_events import AgencyProposed, SafeguardsProposed, SystemProposed
from comity.case.registers import AGENCY
from comity.demo.cast import REQUESTER
from comity.office import acts, handing, story
from comity.oversight.verify import verify_log
from comity.review import SIGNATORY
from tests.world import START, World

TODAY = START.date().isoformat()
TOMORROW = (START.date() + timedelta(days=1)).isoformat()
STATE = AgencyProposed(REQUESTER, "An agency of a State", False, "State law", TODAY, "2099-12-31")
BRIEF = AgencyProposed(REQUESTER, "A Federal agency", True, "5 USC 551(1)", TODAY, TODAY)

SAFE = SafeguardsProposed(REQUESTER, "SSR-2", TODAY, False, 2, 2, TODAY, TODAY)


def codes_of(world: World, package: Path) -> dict[str, int]:
    """What the gates say of a submission that is received now."""
    batch = world.receive(package)
    world.work(batch)
    ruled = world.office.batch(batch).ruled
    assert ruled is not None
    return dict(ruled.by_code)


def few(world: World, **said: object) -> Path:
    return world.sent(2, "request_id <= 'SMALL-00004'", **said)


def test_a_federal_agency_of_the_register_passes(prepared: World) -> None:
    assert codes_of(prepared, few(prepared)) == {}


def test_an_agency_that_is_not_federal_gets_everything_back(prepared: World) -> None:
    prepared.entered(STATE)
    assert codes_of(prepared, few(prepared)) == {"NOT_FEDERAL_AGENCY": 4}


def test_an_agency_whose_entry_has_lapsed_gets_everything_back_and_on_its_last_day_does_not(prepared: World) -> None:
    prepared.entered(BRIEF)
    assert codes_of(prepared, few(prepared)) == {}
    prepared.stage.calendar.move_to(START + timedelta(days=1))
    package = prepared.sent(3, "request_id <= 'SMALL-00004'")
    assert codes_of(prepared, package) == {"NOT_FEDERAL_AGENCY": 4}


def test_an_agency_that_nobody_registered_gets_everything_back(prepared: World) -> None:
    assert codes_of(prepared, few(prepared, agency="CBP"))["NOT_FEDERAL_AGENCY"] == 4


def test_a_change_binds_from_its_day_and_not_before(prepared: World) -> None:
    prepared.entered(replace(STATE, binds_from=TOMORROW))
    assert codes_of(prepared, few(prepared)) == {}


def test_a_proposal_alone_changes_nothing(prepared: World) -> None:
    acts.propose_entry(prepared.office, prepared.actor("registrar"), STATE)
    assert codes_of(prepared, few(prepared)) == {}


def test_counsel_approves_what_the_registrar_proposed_and_nobody_both(prepared: World) -> None:
    office, registrar, counsel = prepared.office, prepared.actor("registrar"), prepared.actor("counsel")
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        acts.propose_entry(office, counsel, STATE)
    number = acts.propose_entry(office, registrar, STATE)
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        acts.approve_entry(office, registrar, AGENCY, REQUESTER, number)
    acts.approve_entry(office, counsel, AGENCY, REQUESTER, number)
    assert office.state().entries[AGENCY, REQUESTER][-1].approved_by == "counsel"


def test_both_roles_in_one_hand_do_not_make_two_officers(prepared: World) -> None:
    acts.grant_role(prepared.office, prepared.actor("registrar"), "counsel", "registrar")
    prepared.stage._actors.clear()
    number = acts.propose_entry(prepared.office, prepared.actor("counsel"), STATE)
    with pytest.raises(Refused, match="SOD_VIOLATION"):
        acts.approve_entry(prepared.office, prepared.actor("counsel"), AGENCY, REQUESTER, number)


def test_nothing_is_released_to_an_agency_that_is_federal_no_more(signed: World) -> None:
    today = signed.stage.calendar().date().isoformat()
    signed.entered(replace(STATE, binds_from=today))
    with pytest.raises(Refused, match="NOT_FEDERAL_AGENCY"):
        signed.release()
    assert signed.office.batch(signed.batch).intended is None


@pytest.mark.parametrize(
    "changed",
    [
        {"report": "", "report_until": ""},
        {"suspended": True},
        {"planned": 1},
        {"planned": 0, "plan_until": ""},
    ],
    ids=["no report", "suspended", "a finding in no plan", "no plan"],
)
def test_an_agency_that_does_not_meet_its_safeguards_gets_everything_back(
    prepared: World, changed: dict[str, object]
) -> None:
    prepared.entered(replace(SAFE, **changed))
    assert codes_of(prepared, few(prepared)) == {"SAFEGUARDS_NOT_MET": 4}


def test_a_report_and_a_plan_are_good_on_their_last_day_and_not_after_it(prepared: World) -> None:
    prepared.entered(SAFE)
    assert codes_of(prepared, few(prepared)) == {}
    prepared.stage.calendar.move_to(START + timedelta(days=1))
    package = prepared.sent(3, "request_id <= 'SMALL-00004'")
    assert codes_of(prepared, package) == {"SAFEGUARDS_NOT_MET": 4}


@pytest.mark.parametrize("step", ["intent", "sealing"])
def test_nothing_is_released_to_an_agency_whose_safeguards_have_lapsed(signed: World, step: str) -> None:
    if step == "sealing":
        story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    today = signed.stage.calendar().date().isoformat()
    signed.entered(replace(SAFE, report_until=today, plan_until=today, binds_from=today, suspended=True))
    with pytest.raises(Refused, match="SAFEGUARDS_NOT_MET"):
        signed.release()
    assert signed.office.batch(signed.batch).sealed is None


def test_a_sealed_reply_is_not_handed_over_under_lapsed_safeguards_but_what_comes_back_is(
    prepared: World, tmp_path: Path
) -> None:
    defective = "CASE request_id WHEN 'SMALL-00001' THEN NULL ELSE purpose END AS purpose"
    batch = prepared.receive(prepared.sent(2, "request_id <= 'SMALL-00004'", defective))
    prepared.to_signed(batch)
    prepared.release(batch)
    today = prepared.stage.calendar().date().isoformat()
    prepared.entered(replace(SAFE, report_until=today, plan_until=today, binds_from=today, suspended=True))
    named = handing.recipients(prepared.office, prepared.office.batch(batch))
    for recipient in set(named) - {SIGNATORY}:
        with pytest.raises(Refused, match="SAFEGUARDS_NOT_MET"):
            prepared.collect(recipient, tmp_path / recipient, batch)
    prepared.collect(SIGNATORY, tmp_path / SIGNATORY, batch)
    assert list(prepared.office.batch(batch).handed_over) == [SIGNATORY]


def test_a_report_that_ends_while_a_batch_waits_stops_its_release(signed: World) -> None:
    signed.stage.calendar.move_to(START + timedelta(days=366))
    with pytest.raises(Refused, match="SAFEGUARDS_NOT_MET"):
        signed.release()


@pytest.mark.parametrize("changed", [{"sort": "personal"}, {"agency": "CBP"}], ids=["personal", "of another agency"])
def test_a_recipient_at_a_personal_endpoint_or_a_system_of_others_gets_nothing(
    prepared: World, changed: dict[str, str]
) -> None:
    prepared.entered(AgencyProposed("CBP", "Another agency", True, "5 USC 551(1)", TODAY, "2099-12-31"))
    prepared.entered(replace(SystemProposed("ICE-CASES", REQUESTER, "case_system", TODAY, "2099-12-31"), **changed))
    assert codes_of(prepared, few(prepared)) == {"DESTINATION_NOT_APPROVED": 4}


def test_a_log_with_the_registers_of_two_officers_verifies(sealed: World) -> None:
    assert verify_log(sealed.place / "home").sealed == 1
