"""The agency that asks: what the registers say of it at receipt and at release, and who may change them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from comity import agreements
from comity.case.errors import Refused
from comity.case.office_events import AgencyProposed, SafeguardsProposed, SystemProposed
from comity.case.registers import AGENCY
from comity.demo.cast import REQUESTER
from comity.demo.stage import AGREEMENT
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
    prepared.granted("approver-2", "counsel")
    prepared.granted("counsel", "registrar", by="approver-2")
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


PERSONAL = SystemProposed("ICE-CASES", REQUESTER, "personal", TODAY, "2099-12-31")


@pytest.mark.parametrize("step", ["intent", "sealing"])
def test_nothing_is_released_to_a_destination_that_is_registered_no_more(signed: World, step: str) -> None:
    if step == "sealing":
        story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    today = signed.stage.calendar().date().isoformat()
    signed.entered(replace(PERSONAL, binds_from=today))
    with pytest.raises(Refused, match=r"LAPSED_SINCE_RECEIPT.*G-09 DESTINATION_NOT_APPROVED"):
        signed.release()
    assert signed.office.batch(signed.batch).sealed is None


def test_a_sealed_reply_is_not_handed_over_to_a_destination_that_is_registered_no_more(
    sealed: World, tmp_path: Path
) -> None:
    today = sealed.stage.calendar().date().isoformat()
    sealed.entered(replace(PERSONAL, binds_from=today))
    recipient = next(iter(set(handing.recipients(sealed.office, sealed.office.batch(sealed.batch))) - {SIGNATORY}))
    with pytest.raises(Refused, match="G-09 DESTINATION_NOT_APPROVED"):
        sealed.collect(recipient, tmp_path / "reply")
    assert not (tmp_path / "reply").exists()
    assert not sealed.office.batch(sealed.batch).handed_over


OWN_DEMAND = """
[[gate]]
id      = "G-07"
code    = "REPORT_ENDS_SOON"
scope   = "submission"
basis   = [{ level = "policy", clause = "Policy 21, safeguards" }]
from    = 2025-04-07
outcome = "return"
unless  = "report_days_left >= 100"
needs   = "office"
says    = "The security report ends soon."
next    = "Have it renewed."
"""
OWN_CASES = """
[["G-07 REPORT_ENDS_SOON"]]
what = "long enough"
given = { report_days_left = 100 }
gives = "pass"

[["G-07 REPORT_ENDS_SOON"]]
what = "too short"
given = { report_days_left = 99 }
gives = "REPORT_ENDS_SOON"
"""


def test_a_demand_that_only_this_agreement_makes_holds_at_the_release_too(prepared: World, tmp_path: Path) -> None:
    folder = tmp_path / "with_own_demand"
    shutil.copytree(Path(agreements.__file__).parent / AGREEMENT, folder)
    for name, more in (("gates.toml", OWN_DEMAND), ("cases.toml", OWN_CASES)):
        (folder / name).write_text((folder / name).read_text("utf-8") + more, "utf-8")
    rules = (folder / "gates.toml").read_text("utf-8")
    (folder / "gates.toml").write_text(
        rules.replace('"WRONG_ROUTE_NEEDS_ORDER",\n]', '"WRONG_ROUTE_NEEDS_ORDER",\n  "REPORT_ENDS_SOON",\n]'), "utf-8"
    )
    prepared.agreed(str(folder), (START.date(), START.date() + timedelta(days=400)), {})
    prepared.receive()
    prepared.to_signed()
    today = prepared.stage.calendar().date()
    soon = (today + timedelta(days=99)).isoformat()
    prepared.entered(replace(SAFE, report_until=soon, plan_until=soon, binds_from=today.isoformat()))
    with pytest.raises(Refused, match="G-07 REPORT_ENDS_SOON"):
        prepared.release()
    prepared.entered(replace(SAFE, report_until="2099-12-31", plan_until=soon, binds_from=today.isoformat()))
    assert prepared.release() > 0


@pytest.mark.parametrize("changed", [{"sort": "personal"}, {"agency": "CBP"}], ids=["personal", "of another agency"])
def test_a_recipient_at_a_personal_endpoint_or_a_system_of_others_gets_nothing(
    prepared: World, changed: dict[str, str]
) -> None:
    prepared.entered(AgencyProposed("CBP", "Another agency", True, "5 USC 551(1)", TODAY, "2099-12-31"))
    prepared.entered(replace(SystemProposed("ICE-CASES", REQUESTER, "case_system", TODAY, "2099-12-31"), **changed))
    assert codes_of(prepared, few(prepared)) == {"DESTINATION_NOT_APPROVED": 4}


def test_a_log_with_the_registers_of_two_officers_verifies(sealed: World) -> None:
    assert verify_log(sealed.place / "home").sealed == 1
