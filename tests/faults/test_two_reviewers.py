"""Two reviewers in two processes, on either database: no case is in two hands, and every vote is on a case in hand."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from comity.case.assignment import Held, holds, pass_on
from comity.office import assigning, reviewing
from comity.office.desk import open_office
from tests.spec.store.conftest import postgresql
from tests.world import START, World, make_world, submission_id

__all__ = ["postgresql"]

BATCH = submission_id(2)
TWO = ("reviewer-1", "reviewer-2")


@pytest.fixture(params=["sqlite", "postgresql"])
def determined(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A batch of six requests that waits for reviewers, in either database."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        subprocess.run(["createdb", "-h", server, "-U", "comity", "reviewers"], check=True, capture_output=True)
        monkeypatch.setenv("DATABASE_URL", f"postgresql://comity@/reviewers?host={server}")
        world = make_world(tmp_path)
    else:
        world = request.getfixturevalue("prepared")
    world.receive(world.sent(2, "request_id <= 'SMALL-00006'"))
    if world.work(BATCH) == "RULINGS_OPEN":
        world.settle(BATCH)
        world.work(BATCH)
    yield world
    world.office.store.close()


def _review(home: str, key: str, reviewer: str) -> None:
    from comity.crypto import P256Key

    office = open_office(Path(home), lambda: START)
    actor = office.identify(reviewer, P256Key.load(Path(key)))
    while reviewing.open_cases(office, BATCH, reviewer):
        found = assigning.next_case(office, actor, BATCH)
        if found is None:
            time.sleep(0.02)
            continue
        row = assigning.row_in_hand(office, actor, BATCH, found.ticket)
        assigning.vote(office, actor, BATCH, [(row, "not_same", "")])


def test_two_reviewers_at_once_never_have_one_case(determined: World) -> None:
    cases = len(reviewing.open_cases(determined.office, BATCH))
    keys, home = determined.stage.cast.officers, determined.place / "home"
    running = [
        get_context("spawn").Process(target=_review, args=(str(home), str(keys / f"{who}.key"), who)) for who in TWO
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0, 0]

    hands: dict[int, Held] = {}
    for stored in determined.office.store.read(f"batch/{BATCH}"):
        if stored.type == "cases_assigned":
            assert all(row not in hands or holds(hands, stored.actor, row) for row in stored.body["row_numbers"])
        if stored.type == "vote_cast":
            assert holds(hands, stored.actor, stored.body["row_number"])
        pass_on(hands, stored)
    votes = determined.office.batch(BATCH).votes
    assert sorted(vote.officer for vote in votes) == sorted(TWO * cases)
