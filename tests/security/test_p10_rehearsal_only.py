"""P10: no path makes or opens a live home, and a rehearsal takes only what somebody vouches to be made up."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from comity.case.errors import ComityError, Refused
from comity.crypto import make_authority
from comity.office import acts
from comity.office.desk import open_office
from comity.office.home import create_home, open_home
from comity.office.proposals import authority_proposal
from tests.world import START, VOUCHED, World


def code_of(act) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize("kind", ["live", "LIVE", "", "rehearsal "])
def test_a_home_that_says_it_is_anything_but_a_rehearsal_is_not_opened(prepared: World, kind: str) -> None:
    home = prepared.place / "home"
    (home / "comity.toml").write_text(f'kind = "{kind}"\nname = "x"\n')
    assert code_of(lambda: open_home(home)) == "NOT_A_REHEARSAL_HOME"
    assert code_of(lambda: open_office(home)) == "NOT_A_REHEARSAL_HOME"


def test_no_home_is_made_under_an_authority_that_is_not_a_rehearsal_one(tmp_path) -> None:
    real = make_authority("Agency", rehearsal=False, not_before=START, not_after=START + timedelta(days=9))
    with pytest.raises(Refused) as caught:
        create_home(tmp_path / "home", "office", real, START)
    assert caught.value.code == "NOT_A_REHEARSAL_AUTHORITY"
    assert not (tmp_path / "home").exists()


def test_a_real_authority_is_not_trusted_in_a_rehearsal(prepared: World) -> None:
    real = make_authority("Agency", rehearsal=False, not_before=START, not_after=START + timedelta(days=9))
    path = prepared.place / "real.pem"
    real.certificate.save(path)
    assert code_of(lambda: authority_proposal("X", path)) == "NOT_A_REHEARSAL_AUTHORITY"


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
