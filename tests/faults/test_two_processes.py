"""Two processes in one home: neither takes what the other is about to name, and the log stays whole."""

from __future__ import annotations

import stat
from multiprocessing import get_context
from pathlib import Path

import pytest

from comity.case.errors import BadInput, ComityError, Waiting
from comity.office import acts, story
from comity.office.desk import open_office
from comity.office.locks import alone
from comity.oversight.verify import verify_log
from tests.world import World


def code_of(act) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


def test_a_batch_that_one_process_works_on_is_busy_for_another(signed: World) -> None:
    with alone(signed.place / "home", f"batch-{signed.batch}", wait=False):
        assert code_of(signed.release) == "BUSY"
        assert signed.office.batch(signed.batch).intended is None
    assert signed.release() == 40


def test_a_second_worker_does_not_sweep_what_the_first_is_about_to_name(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = type(signed.office).append
    tried: list[str] = []

    def append(office, events, expected):
        if any(stored.type == "disclosure_intended" for stored in events) and not tried:
            tried.append(code_of(lambda: story.release(signed.office, signed.actor("transmitter"), signed.batch)))
        recording(office, events, expected)

    monkeypatch.setattr(type(signed.office), "append", append)
    assert signed.release() == 40
    assert tried == ["BUSY"]
    assert verify_log(signed.place / "home").sealed == 1


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    with pytest.raises(KeyError), alone(tmp_path, "x", wait=False):
        raise KeyError
    with alone(tmp_path, "x", wait=False), pytest.raises(Waiting), alone(tmp_path, "x", wait=False):
        pass


def _place_holds(home: str, keys: str, officer: str) -> None:
    from comity.crypto import P256Key
    from tests.world import START

    office = open_office(Path(home), lambda: START)
    actor = office.identify("hold-officer", P256Key.load(Path(keys)))
    order = {"court": "D. Rehearsal", "docket": "1", "ordered_on": "2026-03-01", "says": "Stop."}
    for number in range(6):
        acts.place_hold(office, actor, f"{officer}-{number}", "irs_ice_2025", "disclose", order, b"paper")


def test_two_processes_that_act_at_once_leave_one_log_that_verifies(prepared: World) -> None:
    keys = prepared.stage.cast.officers / "hold-officer.key"
    context = get_context("spawn")
    running = [
        context.Process(target=_place_holds, args=(str(prepared.place / "home"), str(keys), name)) for name in "ab"
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0, 0]
    prepared.reopen()
    assert len(prepared.office.state().holds) == 12
    assert verify_log(prepared.place / "home").holds == 12


def test_a_text_without_a_canonical_form_is_refused_before_it_is_an_event(prepared: World) -> None:
    registrar, before = prepared.actor("registrar"), prepared.office.state().version
    certificate = prepared.place / "new.pem"
    certificate.write_bytes((prepared.stage.cast.officers / "counsel.pem").read_bytes())
    order = {"court": "D. Rehearsal", "docket": "1", "ordered_on": "2026-03-01", "says": "Stop \udce9"}
    with pytest.raises(BadInput):
        acts.place_hold(
            prepared.office, prepared.actor("hold-officer"), "H1", "irs_ice_2025", "disclose", order, b"paper"
        )
    assert registrar.officer == "registrar"
    assert prepared.office.state().version == before
    prepared.reopen()


def test_what_a_killed_intake_left_is_swept_by_the_next(prepared: World) -> None:
    left = prepared.place / "home" / "batches" / ".incoming-00"
    left.mkdir()
    (left / "requests.parquet").touch()
    prepared.receive()
    assert not left.exists()


def test_nothing_in_a_home_is_for_others_to_read(sealed: World) -> None:
    home = sealed.place / "home"
    for path in [home, *home.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.relative_to(home)
