"""A live office releases nothing under the orders that it began with, and nothing that no witness has seen.

Everybody here is made up: see `tests.live`.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest

from comity import agreements
from comity.case import batch_decisions
from comity.case.errors import ComityError, Integrity
from comity.case.registers import QUORUM
from comity.demo.stage import AGREEMENT, Calendar, Stage
from comity.office import acts, story, witnessing
from comity.office.desk import open_office
from comity.office.founding import found_live_office
from comity.office.proposals import agreement_proposal
from comity.oversight.verify import verify_log
from comity.requester import asked_in, open_reply
from tests.live import LiveWorld, founders_of, live_cast, papers_of
from tests.witnesses import Running, made, serving
from tests.world import START, VOUCHED, World


def code_of(act) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


def found_by(place: Path) -> str:
    try:
        verify_log(place)
    except Integrity as error:
        return error.code
    return ""


def quorum(world: World, policy: str) -> None:
    """Registrar and counsel enter a policy, from today on."""
    today = world.office.now().date().isoformat()
    number = witnessing.propose_quorum(world.office, world.actor("registrar"), AGREEMENT, policy.encode(), today)
    acts.approve_entry(world.office, world.actor("counsel"), QUORUM, AGREEMENT, number)


@pytest.fixture
def court(live_signed: LiveWorld) -> Running:
    """A witness of the live office's log, which the office has entered; it answers while it is served."""
    witness = made(live_signed.place / "court", live_signed.office.home.note_key())
    with serving(witness):
        quorum(live_signed, f"{witness.line('court')}quorum court\n")
    return witness


def test_nothing_is_released_under_an_order_that_was_in_force_or_comes(live_signed: LiveWorld, court: Running) -> None:
    live_signed.hold("later")
    with serving(court, court.port):
        assert code_of(live_signed.release) == "HOLD_ACTIVE"
        live_signed.lift("later")
        assert live_signed.release() == 40


def test_a_new_text_brings_its_orders_and_they_stop_a_batch_that_is_signed(live_signed: LiveWorld) -> None:
    folder = live_signed.place / "text"
    folder.mkdir()
    for file in agreements.folder_of(AGREEMENT).iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    text = (folder / "holds.toml").read_text().replace('id        = "ddc-2025-11-21"', 'id        = "ddc-again"')
    (folder / "holds.toml").write_text(text)
    live_signed.agreed(str(folder), (START.date(), START.date() + timedelta(days=400)), {})
    assert [hold.hold for hold in live_signed.office.state().holds.values() if not hold.lifted_at] == [
        "irs_ice_2025.ddc-again"
    ]
    assert code_of(live_signed.release) == "HOLD_ACTIVE"


def test_a_live_office_releases_nothing_that_no_witness_has_to_see(live_signed: LiveWorld) -> None:
    assert code_of(live_signed.release) == "QUORUM_NEEDED"
    assert live_signed.office.batch(live_signed.batch).intended is None


def test_a_live_office_takes_no_policy_that_asks_nobody(live: LiveWorld) -> None:
    assert code_of(lambda: quorum(live, "# none yet\nquorum  none\n")) == "QUORUM_NEEDED"


def test_a_live_release_waits_for_its_witness_and_says_live(live_signed: LiveWorld, court: Running) -> None:
    assert code_of(live_signed.release) == "QUORUM_NOT_MET"
    assert live_signed.office.batch(live_signed.batch).sealed is None
    with serving(court, court.port):
        assert live_signed.release() == 40
    out = live_signed.place / "out"
    live_signed.collect("ICE-R016", out)
    said = out.read_bytes().split(b"\n")[0].split(b".")[1]
    assert json.loads(base64.urlsafe_b64decode(said + b"=" * (-len(said) % 4)))["rehearsal"] is False
    opened = open_reply(
        out.read_bytes(),
        live_signed.stage.cast.agency_key("ICE-R016"),
        asked=asked_in(live_signed.package),
        roots=[live_signed.stage.cast.custodian.certificate],
        at=live_signed.office.now(),
    )
    assert opened.answers
    assert b"REHEARSAL" not in out.read_bytes()
    assert found_by(live_signed.place / "home") == ""


def test_a_live_office_is_opened_again_after_a_release(live_signed: LiveWorld, court: Running) -> None:
    with serving(court, court.port):
        live_signed.release()
    live_signed.office.store.close()
    assert open_office(live_signed.place / "home", live_signed.stage.calendar).state().kind == "live"


def test_a_live_release_that_demanded_no_witness_is_found(
    live_signed: LiveWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as careless:
        careless.setattr(batch_decisions, "require_witnesses", lambda *_: None)
        story.accounting(live_signed.office, live_signed.actor("transmitter"), live_signed.batch)
    assert found_by(live_signed.place / "home") == "QUORUM_NEEDED"


def test_an_agreement_that_came_into_force_without_its_orders_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, calendar = live_cast(tmp_path / "keys"), Calendar(START)
    office = found_live_office(tmp_path / "home", "office", papers_of(cast), *founders_of(cast), calendar)
    stage = Stage(office, cast, calendar)
    with monkeypatch.context() as careless:
        careless.setattr(acts, "orders_in_force", lambda *_: [])
        term = (START.date(), START.date() + timedelta(days=9))
        stage.entered(agreement_proposal(office, stage.actor("registrar"), AGREEMENT, term, {}))
    # The office's events of the day close with the first one of the next.
    calendar.move_to(START + timedelta(days=1))
    order = {"court": "D. Made-up", "docket": "26-cv-1", "ordered_on": "2026-03-01", "says": "Stop."}
    acts.place_hold(office, stage.actor("counsel"), "late", AGREEMENT, "disclose", order, b"Made up.")
    assert found_by(tmp_path / "home") == "ORDERS_NOT_IN_FORCE"


def test_a_registry_of_made_up_people_in_a_live_home_is_found(live: LiveWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as careless:
        careless.setattr(acts, "require_people_fit", lambda *_, **__: None)
        source = live.place / "registry.parquet"
        acts.build_registry(live.office, live.actor("operator"), [source], synthetic=True, vouched_by=VOUCHED)
    # The office's events of the day close with the first one of the next.
    live.stage.calendar.move_to(START + timedelta(days=1))
    live.hold("of-the-next-day")
    assert found_by(live.place / "home") == "ACT_WITHOUT_RIGHT"
