"""The whole way of a national batch through an office, step 1 to sealed replies, as the demonstration does it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from comity.bench.material import Asked, Material
from comity.bench.measuring import figures, measure
from comity.bench.stages import Stages, median_stages
from comity.case.errors import Waiting
from comity.case.outcomes import AUDIT
from comity.demo import judges
from comity.demo.cast import APPROVERS, REQUESTER, Cast, make_cast
from comity.demo.desk import Desk
from comity.demo.stage import VOUCHED_BY, Calendar, Stage, set_stage
from comity.office import acts, reviewing, story
from comity.office.desk import open_office, silent
from comity.office.rehearsal import open_authority
from comity.synthetic.nation.requests import RECEIVED_ON
from comity.synthetic.recipients import Recipient
from comity.workspace import quoted, workspace

PACKAGE = "submission-1"


def bench_pipeline(material: Material, requests: int, recipients: int, repeat: int) -> dict[str, Any]:
    """`pipeline`: the figures of the whole way, each run in a fresh copy of one home, with the seconds of each stage.

    Drawing the records, founding the office, its index and the requester's package are not counted. Reviewers read the
    audit sample alone: at the hour of the answer what is unclear is a no. They, the signatures and the examiner's
    rulings are stages of their own.
    """
    asked = material.ask(requests, recipients)
    office = _prepared(material, asked)
    runs = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory(dir=material.folder) as place:
            home = Path(place) / "home"
            shutil.copytree(office / "home", home, copy_function=_linked_or_copied)
            material.progress(f"the whole way: {requests:,} requests, step 1 to sealed replies")
            runs.append(measure("pipeline:run", office=office, home=home, truth=asked.truth))
    last = runs[-1].found
    return {"pipeline": figures(runs) | last | {"stages": median_stages(runs)}, "recipients": recipients}


def _prepared(material: Material, asked: Asked) -> Path:
    """The folder of an office with its registry, and of a requester with a signed package, made if it is not there."""
    place = asked.requests.parent / "office"
    if not place.exists():
        sources = material.sources()
        material.progress("founding an office, building its registry, signing a submission")
        draft = place.with_name("office-draft")
        shutil.rmtree(draft, ignore_errors=True)
        measure("pipeline:prepare", directory=draft, sources=sources, requests=asked.requests, seed=material.seed)
        draft.rename(place)
    return place


def _linked_or_copied(source: str, copy: str) -> str:
    """An index is immutable, and large: its copy is another name for it."""
    if f"{os.sep}registry{os.sep}" in source:
        os.link(source, copy)
        return copy
    return shutil.copy2(source, copy)


def prepare(directory: str, sources: Sequence[str], requests: str, seed: int) -> None:
    """Make `home`, `keys` and `desk` in the new folder `directory`: an office with its registry, a signed package."""
    place = Path(directory)
    (place / "desk").mkdir(parents=True)
    calendar = _calendar()
    recipients = _recipients(place / "desk", Path(requests))
    cast = make_cast(place / "keys", [who.id for who in recipients], calendar.moment)
    stage = set_stage(place / "home", cast, recipients, calendar, silent)
    operator, files = stage.actor("operator"), [Path(source) for source in sources]
    acts.build_registry(stage.office, operator, files, synthetic=True, vouched_by=VOUCHED_BY)
    Desk(place / "desk", cast, seed).submit(1, Path(requests), recipients, calendar.moment)


def _calendar() -> Calendar:
    return Calendar(datetime.combine(RECEIVED_ON, time(8), tzinfo=UTC))


def _recipients(directory: Path, requests: Path) -> list[Recipient]:
    """The officers that a file of requests names, each with the number of his or her matters."""
    with workspace(directory, reads=[requests]) as ws:
        rows = ws.rows(f"""
SELECT recipient, count(DISTINCT case_id)
FROM (SELECT unnest(recipients) AS recipient, case_id FROM read_parquet({quoted(requests)}))
GROUP BY recipient ORDER BY recipient""")
    return [
        Recipient(id_, f"Agent {id_}", REQUESTER, "Special Agent", matters, "100 Rehearsal Plaza, Alderburg CA 95803")
        for id_, matters in rows
    ]


def run(office: str, home: str, truth: str) -> dict[str, Any]:
    """Carry the package of `prepare`'s folder `office` through the office in `home`, whose reviewers know `truth`.

    Gives the seconds of each stage, how many requests got which answer, and how many replies were sealed.
    """
    stages = Stages()
    stage = stage_of(Path(office), Path(home))
    operator = stage.actor("operator")
    stages.end("opening")
    batch = story.receive(stage.office, operator, Path(office) / "desk" / PACKAGE)
    stages.end("1 intake")
    _to_determinations(stage, batch, stages)
    judges.judge(stage, batch, Path(truth), seed=0, kinds=(AUDIT,))
    stages.end("the reviewers")
    _to_signatures(stage, batch, stages)
    transmitter = stage.actor("transmitter")
    story.accounting(stage.office, transmitter, batch)
    stages.end("5 accounting")
    replies = story.disclosure(stage.office, transmitter, batch)
    stages.end("6 disclosure")
    return {"stages": stages.seconds, "replies": replies, "answers": _answers(stage, batch)}


def stage_of(office: Path, home: Path) -> Stage:
    """The office in `home` with the keys of `prepare`'s folder `office`, on the day of receipt."""
    keys = office / "keys"
    authorities = (open_authority(keys / f"{name}-authority") for name in ("custodian", "agency"))
    calendar = _calendar()
    return Stage(open_office(home, calendar), Cast(keys, *authorities), calendar)


def _to_determinations(stage: Stage, batch: str, stages: Stages) -> None:
    operator = stage.actor("operator")
    waits = _until(lambda: story.gates(stage.office, operator, batch))
    stages.end("2 gates")
    if waits:
        judges.examine(stage, batch)
        stages.end("the examiner")
        story.gates(stage.office, operator, batch)
        stages.end("2 gates")
    story.linkage(stage.office, operator, batch)
    stages.end("3 linkage")


def _to_signatures(stage: Stage, batch: str, stages: Stages) -> None:
    """The hour of the answer comes, and two officers sign."""
    stage.calendar.move_to(datetime.fromisoformat(stage.office.batch(batch).submission().answer_at))
    judges.screen(stage, batch)
    stages.end("the screener")
    _until(lambda: story.review(stage.office, stage.actor("operator"), batch))
    stages.end("4 review")
    for approver in APPROVERS:
        reviewing.sign(stage.office, stage.actor(approver), batch, stage.cast.officer_key(approver))
    stages.end("the signatures")


def _until(act: Callable[[], None]) -> bool:
    """Do an act that may stop where people are awaited; whether they are."""
    try:
        act()
    except Waiting:
        return True
    return False


def _answers(stage: Stage, batch: str) -> dict[str, int]:
    named = next(named for named in stage.office.batch(batch).named if named["kind"] == "answers")
    answers = stage.office.vault.artefact(batch, named)
    with workspace(answers.path.parent) as ws:
        ws.view("answers", answers)
        return dict(ws.rows("SELECT answer, count(*) FROM answers GROUP BY answer ORDER BY answer"))
