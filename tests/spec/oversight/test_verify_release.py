"""What had lapsed at the hour of a release is found by whoever verifies, by the registers of that hour alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity import gates
from comity.case import batch_decisions
from comity.case.errors import Integrity
from comity.case.office_events import SafeguardsProposed
from comity.office import story
from comity.oversight.verify import verify_log
from tests.spec.oversight.test_verify import hand_all_over, small
from tests.world import World


def suspend(world: World) -> None:
    """The agency's safeguards are suspended from today on."""
    today = world.office.now().date().isoformat()
    world.entered(SafeguardsProposed("ICE", "", "", True, 0, 0, "", today))


def next_day(world: World) -> None:
    """The office's events of the day close with the first one of the next."""
    world.stage.calendar.move_to(world.office.now() + timedelta(days=1))
    world.granted("operator", "auditor")


def found_by(world: World) -> str:
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The office asks for nothing again at a release."""
    monkeypatch.setattr(batch_decisions, "require_still_allowed", lambda *_: None)
    for name in ("require_still_passing", "require_still_entitled"):
        monkeypatch.setattr(gates, name, lambda *_: None)


@pytest.mark.usefixtures("unasked")
def test_an_intent_for_an_agency_without_its_safeguards_is_found(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspend(signed)
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    monkeypatch.undo()
    assert found_by(signed) == "LAPSED_SINCE_RECEIPT"


@pytest.mark.usefixtures("unasked")
def test_a_sealing_for_an_agency_without_its_safeguards_is_found(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    suspend(signed)
    signed.release()
    next_day(signed)
    monkeypatch.undo()
    assert found_by(signed) == "LAPSED_SINCE_RECEIPT"


@pytest.mark.usefixtures("unasked")
def test_a_reply_that_left_for_an_agency_without_its_safeguards_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = small(prepared)
    suspend(prepared)
    hand_all_over(prepared, batch)
    next_day(prepared)
    monkeypatch.undo()
    assert found_by(prepared) == "LAPSED_SINCE_RECEIPT"


def test_safeguards_that_lapsed_after_the_last_reply_left_are_no_fault(prepared: World) -> None:
    hand_all_over(prepared, small(prepared))
    next_day(prepared)
    suspend(prepared)
    assert found_by(prepared) == ""


def test_a_request_that_passed_against_its_ruling_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An examiner returned it; the table says that it passed."""
    settle = gates.settle

    def passing(folder, requests, rulings, examined, *, due):
        return settle(folder, requests, rulings, [(row, "pass") for row, _ in examined], due=due)

    monkeypatch.setattr(gates, "settle", passing)
    minor = "DATE '2015-01-01' AS date_of_birth"
    batch = prepared.receive(prepared.sent(2, rows="request_id <= 'SMALL-00003'", changed=minor))
    prepared.to_signed(batch)
    prepared.release(batch)
    assert found_by(prepared) == "RULINGS_DIFFER"
