"""Copies of the files of a batch: whoever may read may have one, the log has who, and who has one judges no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from comity.case.batch_events import CopyTaken
from comity.case.errors import ComityError, Integrity
from comity.office import assigning, copying
from comity.oversight.verify import verify_log
from comity.workspace import file_digest
from tests.world import START, World


def code(act, *given) -> str:
    with pytest.raises(ComityError) as stopped:
        act(*given)
    return stopped.value.code


def take(world: World, officer: str, kind: str, out: Path):
    return copying.take(world.office, world.actor(officer), world.batch, kind, out)


def sign(world: World) -> None:
    world.vote_no()
    world.screen()
    world.work_alone()
    for approver in ("approver-1", "approver-2"):
        world.sign_answers(approver)


def release(world: World) -> None:
    sign(world)
    world.stage.calendar.move_to(START + timedelta(days=40))
    world.release()


@pytest.fixture
def compared(prepared: World) -> World:
    """A batch whose cases wait for reviewers."""
    prepared.receive()
    if prepared.work_alone() == "RULINGS_OPEN":
        prepared.settle()
        prepared.work_alone()
    return prepared


def test_a_copy_has_the_digest_that_the_log_names_and_is_for_nobody_else_to_read(compared: World, tmp_path) -> None:
    out = tmp_path / "candidates.parquet"
    taken = take(compared, "auditor", "candidates", out)

    assert file_digest(out) == taken.digest == compared.office.batch(compared.batch).determined.candidates["digest"]
    assert out.stat().st_mode & 0o777 == 0o600


def test_what_there_is_already_is_not_written_over(compared: World, tmp_path) -> None:
    out = tmp_path / "requests.parquet"
    out.write_bytes(b"kept")

    assert code(take, compared, "auditor", "requests", out) == "FILE_EXISTS"
    assert code(take, compared, "auditor", "requests", tmp_path / "nowhere" / "x") == "OUT_NOT_WRITABLE"
    assert out.read_bytes() == b"kept"
    assert not [one for one in compared.office.store.read(f"batch/{compared.batch}") if one.type == "copy_taken"]


def test_a_file_that_was_changed_leaves_with_nobody(compared: World, tmp_path) -> None:
    named = compared.office.batch(compared.batch).ruled.rulings
    with compared.office.vault.place(compared.batch, named).open("ab") as file:
        file.write(b"!")

    assert code(take, compared, "auditor", "rulings", tmp_path / "rulings") == "ARTEFACT_CHANGED"
    assert not list(tmp_path.glob(".*.draft"))
    assert not (tmp_path / "rulings").exists()


def test_whoever_has_a_copy_votes_no_more_in_the_batch(compared: World, tmp_path) -> None:
    compared.granted("reviewer-1", "examiner")
    take(compared, "reviewer-1", "requests", tmp_path / "requests")

    reviewer = compared.actor("reviewer-1")
    assert code(assigning.next_case, compared.office, reviewer, compared.batch) == "SOD_VIOLATION"


def test_under_a_hold_copies_of_records_stop_and_those_of_requests_do_not(compared: World, tmp_path) -> None:
    compared.hold()

    assert code(take, compared, "auditor", "candidates", tmp_path / "candidates") == "HOLD_ACTIVE"
    assert take(compared, "auditor", "requests", tmp_path / "requests").rows == 120


def test_nobody_s_look_stands_in_the_segment_that_a_receipt_opens(compared: World, tmp_path) -> None:
    sign(compared)
    assert compared.office.batch(compared.batch).step() == "accounting"

    assert code(take, compared, "auditor", "requests", tmp_path / "requests") == "NOT_IN_THIS_STATE"


@pytest.mark.parametrize(
    ("officer", "role", "taken"),
    [("reviewer-3", "reviewer", "requests"), ("auditor", "auditor", "withholdings"), ("auditor", "auditor", "other")],
)
def test_verification_finds_a_copy_that_nobody_might_have_taken(
    compared: World, officer: str, role: str, taken: str
) -> None:
    office, batch = compared.office, compared.office.batch(compared.batch)
    digest = batch.submission().requests["digest"] if taken == "requests" else "0" * 64
    kind = "requests" if taken == "other" else taken
    office.record(
        office.act(compared.actor(officer), role, "files take"), [CopyTaken(kind, digest)], office.state(), batch
    )
    release(compared)

    with pytest.raises(Integrity) as found:
        verify_log(compared.place / "home")
    assert found.value.code == "RIGHT_MISSING"


def test_a_copy_that_was_rightly_taken_verifies(compared: World, tmp_path) -> None:
    take(compared, "auditor", "determinations", tmp_path / "determinations")
    release(compared)

    assert verify_log(compared.place / "home").sealed == 1
