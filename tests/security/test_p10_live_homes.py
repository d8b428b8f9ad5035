"""P10: real people's records only in a live home, which begins with every court order of its agreement in force.

Everybody in these tests is made up. What makes a home live here is `tests.live`: roots that do not say REHEARSAL.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from comity.case.errors import ComityError
from comity.cli.options import officer_key
from comity.demo.cast import Cast
from comity.demo.stage import AGREEMENT, Calendar, Stage
from comity.office import acts
from comity.office.desk import open_office
from comity.office.founding import Papers, found_live_office, found_office
from comity.office.home import open_home
from comity.office.proposals import agreement_proposal, authority_proposal, officer_proposal
from comity.office.rehearsal import open_authority, rehearsal_authority, rehearsal_certificate
from comity.oversight.verify import verify_log
from tests.live import LiveWorld, certified, founders_of, live_cast, papers_of
from tests.world import START, VOUCHED, World

ORDERS = ["irs_ice_2025.ddc-2025-11-21", "irs_ice_2025.dmass-2026-02-05", "irs_ice_2025.dmass-2026-02-05-use"]


def code_of(act) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    return live_cast(tmp_path_factory.mktemp("cast"))


def founded(place: Path, cast: Cast, papers: Papers | None = None):
    return found_live_office(place / "home", "office", papers or papers_of(cast), *founders_of(cast), lambda: START)


def test_a_live_home_is_founded_under_a_real_root_whose_key_it_does_not_have(tmp_path: Path, cast: Cast) -> None:
    office = founded(tmp_path, cast)
    opened = office.state().opened
    assert opened
    assert (open_home(tmp_path / "home").kind, opened.home_kind, office.state().kind) == ("live", "live", "live")
    assert {path.name for path in (tmp_path / "home" / "keys").iterdir()} == {
        "office.key",
        "office.pem",
        "authority.pem",
        "log.key",
        "sampling.key",
        "pseudonym.key",
    }
    verify_log(tmp_path / "home")


def test_no_live_home_is_founded_on_certificates_that_say_rehearsal(tmp_path: Path, cast: Cast) -> None:
    root = rehearsal_authority(tmp_path / "root", "Agency", START)
    rehearsal_certificate(root, tmp_path, "office", "office", START)
    for who in ("registrar", "counsel"):
        rehearsal_certificate(root, tmp_path / "officers", who, who, START)
    made_up = replace(cast, directory=tmp_path)
    papers = Papers(tmp_path / "root" / "authority.pem", tmp_path / "office.pem", tmp_path / "office.key")
    assert code_of(lambda: founded(tmp_path, made_up, papers)) == "REHEARSAL_IN_LIVE_HOME"
    assert not (tmp_path / "home").exists()


def test_a_live_home_is_founded_on_a_key_that_is_its_certificates(tmp_path: Path, cast: Cast) -> None:
    papers = replace(papers_of(cast), key=cast.officers / "registrar.key")
    assert code_of(lambda: founded(tmp_path, cast, papers)) == "KEY_NOT_OF_CERTIFICATE"
    assert not (tmp_path / "home").exists()


def test_a_rehearsal_is_not_founded_under_a_real_root(tmp_path: Path, cast: Cast) -> None:
    folder = tmp_path / "authority"
    folder.mkdir()
    cast.custodian.certificate.save(folder / "authority.pem")
    cast.custodian.key.save(folder / "authority.key")
    home = tmp_path / "home"
    assert code_of(lambda: open_authority(folder)) == "NOT_A_REHEARSAL_AUTHORITY"
    assert code_of(lambda: found_office(home, "x", folder, *founders_of(cast), lambda: START)) == (
        "NOT_A_REHEARSAL_AUTHORITY"
    )
    assert not home.exists()


@pytest.mark.parametrize("kind", ["rehearsal", "LIVE", ""])
def test_a_live_home_whose_settings_say_something_else_is_not_opened(live: LiveWorld, kind: str) -> None:
    home = live.place / "home"
    (home / "comity.toml").write_text(f'kind = "{kind}"\nname = "made-up-revenue"\n')
    expected = "HOME_KIND_DIFFERS" if kind == "rehearsal" else "HOME_KIND_UNKNOWN"
    assert code_of(lambda: open_home(home)) == expected
    assert code_of(lambda: open_office(home)) == expected


def test_a_rehearsals_certificate_enters_no_register_of_a_live_home(live: LiveWorld) -> None:
    root = rehearsal_authority(live.place / "rehearsal", "ICE", START)
    registrar = live.actor("registrar")
    proposal = authority_proposal("ICE", live.place / "rehearsal" / "authority.pem")
    assert root.certificate.rehearsal
    assert code_of(lambda: acts.propose_entry(live.office, registrar, proposal)) == "REHEARSAL_IN_LIVE_HOME"


def test_a_certificate_under_a_real_root_that_says_rehearsal_enters_no_register_of_a_live_home(live: LiveWorld) -> None:
    marked = replace(live.stage.cast.custodian.certificate, rehearsal=True)
    root = replace(live.stage.cast.custodian, certificate=marked)
    certified(root, live.place / "marked", "somebody")
    found = officer_proposal(live.office, "somebody", "Some Body", live.place / "marked" / "somebody.pem", ["auditor"])
    assert code_of(lambda: acts.propose_entry(live.office, live.actor("registrar"), found)) == "REHEARSAL_IN_LIVE_HOME"


def test_a_real_certificate_enters_no_register_of_a_rehearsal(prepared: World, cast: Cast) -> None:
    proposal = authority_proposal("ICE", cast.agency_authority / "authority.pem")
    registrar = prepared.actor("registrar")
    assert code_of(lambda: acts.propose_entry(prepared.office, registrar, proposal)) == "LIVE_IN_REHEARSAL_HOME"


@pytest.mark.parametrize(("synthetic", "vouched_by"), [(True, VOUCHED), (True, ""), (False, VOUCHED)])
def test_records_that_say_they_are_synthetic_make_no_registry_of_a_live_home(
    live: LiveWorld, synthetic: bool, vouched_by: str
) -> None:
    before = live.office.state()
    operator, source = live.actor("operator"), live.place / "registry.parquet"

    def build() -> None:
        acts.build_registry(live.office, operator, [source], synthetic=synthetic, vouched_by=vouched_by)

    assert code_of(build) == "SYNTHETIC_IN_LIVE_HOME"
    assert live.office.state() == before


@pytest.mark.parametrize("said", [{"synthetic": True, "vouched_by": VOUCHED}, {"vouched_by": VOUCHED}])
def test_a_submission_that_says_it_is_synthetic_makes_no_batch_of_a_live_home(
    live: LiveWorld, said: dict[str, object]
) -> None:
    live.lift_all()
    package = live.sent(2, "request_id <= 'SMALL-00003'", **said)
    assert code_of(lambda: live.receive(package)) == "SYNTHETIC_IN_LIVE_HOME"
    assert live.office.store.streams() == ["office"]


def test_an_agreement_comes_into_force_in_a_live_home_with_every_court_order_it_lists(live: LiveWorld) -> None:
    holds = live.office.state().holds
    assert sorted(holds) == ORDERS
    stored = list(live.office.store.read("office"))
    approved = max(at for at, event in enumerate(stored) if event.body.get("register") == "agreement")
    with_it = stored[approved : approved + 1 + len(ORDERS)]
    assert [event.type for event in with_it] == ["entry_approved", *["hold_placed"] * 3]
    assert len({(event.at, event.actor, event.role, event.command) for event in with_it}) == 1
    assert code_of(lambda: live.receive()) == "HOLD_ACTIVE"


def test_a_rehearsal_begins_without_court_orders(prepared: World) -> None:
    assert prepared.office.state().holds == {}


def test_an_order_that_a_court_ended_does_not_come_back_with_the_agreement(live: LiveWorld) -> None:
    live.lift(ORDERS[0])
    live.agreed(AGREEMENT, (START.date(), START.date() + timedelta(days=400)), {"answer_days": 1})
    holds = live.office.state().holds
    assert [bool(holds[hold].lifted_at) for hold in ORDERS] == [True, False, False]
    live.stage.calendar.move_to(START + timedelta(days=1))
    live.granted("operator", "auditor")
    verify_log(live.place / "home")


def test_an_order_whose_id_is_taken_by_another_hold_keeps_the_agreement_out_of_force(
    tmp_path: Path, cast: Cast
) -> None:
    stage = Stage(founded(tmp_path, cast), cast, Calendar(START))
    order = {"court": "D. Made-up", "docket": "26-cv-1", "ordered_on": "2026-03-01", "says": "Stop something else."}
    acts.place_hold(stage.office, stage.actor("counsel"), ORDERS[0], "*", "use", order, b"Made up.")
    term = (START.date(), START.date() + timedelta(days=9))
    proposal = agreement_proposal(stage.office, stage.actor("registrar"), AGREEMENT, term, {})
    assert code_of(lambda: stage.entered(proposal)) == "HOLD_ID_TAKEN"
    assert stage.office.state().agreements == {}
    assert list(stage.office.state().holds) == ORDERS[:1]


def test_nothing_made_up_is_put_into_a_live_home(tmp_path: Path, cast: Cast) -> None:
    founded(tmp_path, cast)
    inside = tmp_path / "home" / "keys" / "rehearsal"
    assert code_of(lambda: rehearsal_authority(inside, "Agency", START)) == "IN_LIVE_HOME"
    root = rehearsal_authority(tmp_path / "root", "Agency", START)
    assert code_of(lambda: rehearsal_certificate(root, inside, "operator", "operator", START)) == "IN_LIVE_HOME"
    assert not inside.exists()


def test_an_officers_key_in_a_live_home_is_not_taken(tmp_path: Path, cast: Cast) -> None:
    founded(tmp_path, cast)
    keys = tmp_path / "home" / "officers"
    shutil.copytree(cast.officers, keys)
    assert code_of(lambda: officer_key("counsel", keys)) == "KEYS_IN_LIVE_HOME"
    assert officer_key("counsel", cast.officers)
