"""P10: a rehearsal stays one, and takes only what somebody vouches to be made up."""

from __future__ import annotations

import base64
import shutil
from dataclasses import replace

import pytest

from comity.case.errors import ComityError
from comity.office import acts
from comity.office.desk import open_office, silent, system_clock, unfollowed
from comity.office.home import open_home
from tests.live import live_cast
from tests.world import VOUCHED, World


def code_of(act) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize("kind", ["live", "LIVE", "", "rehearsal "])
def test_a_rehearsal_home_that_says_it_is_anything_else_is_not_opened(prepared: World, kind: str) -> None:
    home = prepared.place / "home"
    (home / "comity.toml").write_text(f'kind = "{kind}"\nname = "x"\n')
    expected = "HOME_KIND_DIFFERS" if kind == "live" else "HOME_KIND_UNKNOWN"
    assert code_of(lambda: open_home(home)) == expected
    assert code_of(lambda: open_office(home)) == expected


def test_a_rehearsal_whose_settings_and_certificates_were_changed_is_not_opened(
    prepared: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, cast = prepared.place / "home", live_cast(tmp_path_factory.mktemp("cast"))
    (home / "comity.toml").write_text('kind = "live"\nname = "rehearsal-revenue"\n')
    shutil.copy(cast.directory / "office.pem", home / "keys" / "office.pem")
    shutil.copy(cast.custodian_authority / "authority.pem", home / "keys" / "authority.pem")
    assert open_home(home).kind == "live"
    assert code_of(lambda: open_office(home)) == "HOME_KIND_DIFFERS"


def test_a_home_whose_first_event_tells_no_kind_is_not_opened(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    home, store = prepared.place / "home", prepared.office.store
    first = next(store.read_from(0))
    body = {name: value for name, value in first.envelope.body.items() if name != "home_kind"}
    untold = replace(first, envelope=replace(first.envelope, body=body))
    monkeypatch.setattr(type(store), "read_from", lambda *_: iter([untold]))
    assert code_of(lambda: unfollowed(home, system_clock, silent)) == "HOME_KIND_DIFFERS"


@pytest.mark.parametrize(("synthetic", "vouched_by"), [(False, VOUCHED), (True, ""), (True, "  ")])
def test_records_that_nobody_vouches_are_synthetic_make_no_registry(
    prepared: World, synthetic: bool, vouched_by: str
) -> None:
    before = prepared.office.state()
    operator, source = prepared.actor("operator"), prepared.place / "registry.parquet"

    def build() -> None:
        acts.build_registry(prepared.office, operator, [source], synthetic=synthetic, vouched_by=vouched_by)

    assert code_of(build) == "NOT_VOUCHED_SYNTHETIC"
    assert prepared.office.state() == before


@pytest.mark.parametrize("said", [{"synthetic": False}, {"vouched_by": ""}])
def test_a_submission_that_nobody_vouches_is_synthetic_makes_no_batch(prepared: World, said: dict[str, object]) -> None:
    package = prepared.sent(2, "request_id <= 'SMALL-00003'", **said)
    assert code_of(lambda: prepared.receive(package)) == "NOT_VOUCHED_SYNTHETIC"
    assert prepared.office.store.streams() == ["office"]
    assert [path.name for path in (prepared.place / "home" / "batches").iterdir()] == ["office"]


def test_what_leaves_says_that_it_is_a_rehearsal(sealed: World) -> None:
    sealed.collect("ICE-R016", sealed.place / "out")
    manifest = (sealed.place / "out").read_bytes().split(b"\n")[0].split(b".")[1]
    assert b'"rehearsal":true' in base64.urlsafe_b64decode(manifest + b"=" * (-len(manifest) % 4))
