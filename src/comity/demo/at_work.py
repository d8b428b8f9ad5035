"""A rehearsal office at work: a batch for each kind of officer to go on with, for whoever tries the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from comity.case.errors import Usage
from comity.demo import judges
from comity.demo.cast import APPROVERS
from comity.demo.run import prepare, sign, until
from comity.demo.scene import Scene, Watch
from comity.office import reviewing, story
from comity.office.desk import Progress, silent
from comity.workspace import quoted, workspace

REQUESTS = 400
"""How many requests each of the batches asks."""


def office_at_work(directory: Path, seed: int, progress: Progress = silent) -> Path:
    """Make the office in the new folder `directory`; gives its home.

    One batch is released, one is signed, and of the others one waits for signatures, one for reviewers and one for an
    examiner. Raises as `run_demo`.
    """
    if directory.exists() and any(directory.iterdir()):
        raise Usage("DEMO_EXISTS", "The folder is not empty.", "Remove it, or name another.")
    scene = prepare(directory, seed, Watch(progress))
    office, calendar = scene.stage.office, scene.stage.calendar
    first, _ = [_taken(scene, number, _to_signed) for number in (1, 2)]
    calendar.move_to(datetime.fromisoformat(office.batch(first).submission().answer_at))
    story.release(office, scene.stage.actor("transmitter"), first)
    # Received from here on, they are due in days to come: people have time to judge them.
    for number, stop in enumerate((_to_answers, _to_votes, _to_rulings), 3):
        _taken(scene, number, stop)
    return directory / "home"


def _taken(scene: Scene, number: int, stop: Callable[[Scene, str], None]) -> str:
    """Receive a submission and take it to where `stop` leaves it; gives the batch."""
    batch = _received(scene, number)
    scene.watch.progress(f"batch {number}: as far as it goes")
    stop(scene, batch)
    return batch


def _received(scene: Scene, number: int) -> str:
    """A submission of other requests than those before it."""
    part = scene.desk.directory / f"part-{number}.parquet"
    with workspace(scene.desk.directory, reads=[scene.requests.requests]) as ws:
        ws.con.execute(
            f"""COPY (SELECT * FROM read_parquet({quoted(scene.requests.requests)}) ORDER BY hash(request_id)
            LIMIT {REQUESTS} OFFSET {(number - 1) * REQUESTS}) TO {quoted(part)} (FORMAT parquet)"""
        )
    # The first submission of the scene is the one that `prepare` made.
    package = scene.desk.submit(number + 1, part, scene.requests.recipients, scene.stage.calendar())
    return story.receive(scene.stage.office, scene.stage.actor("operator"), package)


def _to_rulings(scene: Scene, batch: str) -> None:
    until(lambda: story.gates(scene.stage.office, scene.stage.actor("operator"), batch))


def _to_votes(scene: Scene, batch: str) -> None:
    _to_rulings(scene, batch)
    judges.examine(scene.stage, batch)
    until(lambda: story.work(scene.stage.office, scene.stage.actor("operator"), batch))


def _to_answers(scene: Scene, batch: str) -> None:
    _to_votes(scene, batch)
    judges.judge(scene.stage, batch, scene.requests.truth, scene.seed)
    judges.screen(scene.stage, batch)
    until(lambda: story.work(scene.stage.office, scene.stage.actor("operator"), batch))
    stage, first = scene.stage, APPROVERS[0]
    if not stage.office.batch(batch).countersigned:
        reviewing.sign(stage.office, stage.actor(first), batch, stage.cast.officer_key(first))


def _to_signed(scene: Scene, batch: str) -> None:
    _to_votes(scene, batch)
    judges.judge(scene.stage, batch, scene.requests.truth, scene.seed)
    sign(scene.stage, batch)
