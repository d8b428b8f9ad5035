"""The demonstration: nine scenes, from two agencies without keys to a report that a judge could read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from comity.case.errors import ComityError, Usage, Waiting
from comity.demo import judges, measure
from comity.demo.account import DemoResult, gather
from comity.demo.cast import APPROVERS, REQUESTER, make_cast
from comity.demo.desk import Desk
from comity.demo.facts import AuditFacts, HoldFacts, LogFacts, Refusal, ReplyFacts, ReviewFacts
from comity.demo.report import render
from comity.demo.scene import Scene, Watch
from comity.demo.stage import AGREEMENT, VOUCHED_BY, Calendar, Stage, answer_days, set_stage
from comity.office import acts, handing, reviewing, story
from comity.office.desk import Progress, silent, system_clock
from comity.oversight.measured import ALL, Measured
from comity.oversight.verify import verify_log
from comity.synthetic import make_population, make_requests
from comity.workspace import quoted, workspace

ORDER = {
    "court": "D. Rehearsal",
    "docket": "1:26-cv-00001",
    "ordered_on": "2026-01-05",
    "says": "No disclosure under the agreement until further order.",
}
HELD_BACK = 40
# The story's answers: that of the first submission, and that of the one which the hold stops.
SUBMISSIONS = 2


def run_demo(directory: Path, seed: int, progress: Progress = silent) -> DemoResult:
    """Play the whole story in the new folder `directory`; the same seed gives the same people and determinations.

    Raises Usage `DEMO_EXISTS`, or `SYNTHETIC_EXTRA_MISSING` without pseudopeople.
    """
    if directory.exists() and any(directory.iterdir()):
        raise Usage("DEMO_EXISTS", "The folder is not empty.", "Remove it, or name another: --out DIR.")
    watch = Watch(progress)
    scene = prepare(directory, seed, watch)
    settled, passed = _to_determinations(scene)
    voted, votes = _review(scene)
    reply = _disclose(scene)
    accuracy = watch.during(
        "oversight",
        "7 oversight: comparing with the truth",
        lambda: measure.accuracy(scene.folder, scene.found(), scene.requests.truth),
    )
    hold = _hold(scene)
    log = watch.during("oversight", "7 oversight: verifying the log from its files alone", lambda: _verify(scene))
    by_vote = measure.confirmed_by_vote(scene.folder, scene.found(), scene.requests.truth)
    review = ReviewFacts(settled, passed, voted, votes, by_vote, judges.REVIEWER_ERROR, APPROVERS, _audited(scene))
    run = gather(scene, review, accuracy, log, reply, hold)
    report = directory / "report.html"
    report.write_text(render(run), encoding="utf-8")
    return DemoResult(run, report, directory / "home")


def prepare(directory: Path, seed: int, watch: Watch) -> Scene:
    """Scenes 1 to 3: people, keys, an office with its records, a signed submission."""
    people = directory / "people"
    people.mkdir(parents=True)
    population = watch.during(
        "people",
        "drawing a fictional population, its tax forms and its census",
        lambda: make_population(people, seed, lambda words, done, of: watch.progress(f"{words} ({done}/{of})")),
    )
    calendar = Calendar.ending_now(system_clock(), answer_days(), SUBMISSIONS)
    requests = watch.during(
        "people",
        "writing the requester's matters, most of them proper",
        lambda: make_requests(population, people, seed, calendar.moment.date()),
    )
    known = [who for who in requests.recipients if who.agency == REQUESTER]
    cast = make_cast(directory / "keys", [who.id for who in requests.recipients], calendar.moment)
    stage = watch.during(
        "office",
        "founding an office: keys, registers, the agreement in force",
        lambda: set_stage(directory / "home", cast, known, calendar, watch.progress),
    )
    watch.during(
        "office",
        "building the registry from the tax forms",
        lambda: acts.build_registry(
            stage.office, stage.actor("operator"), [population.registry], synthetic=True, vouched_by=VOUCHED_BY
        ),
    )
    desk = Desk(directory / "desk", cast, seed)
    desk.directory.mkdir()
    package = watch.during(
        "desk",
        "the requester's desk prepares a submission and signs it",
        lambda: desk.submit(1, requests.requests, requests.recipients, calendar.moment),
    )
    return Scene(directory, seed, watch, stage, desk, population, requests, package)


def _to_determinations(scene: Scene) -> tuple[int, int]:
    """Scene 4: intake, gates, an examiner's rulings, linkage; gives how many were settled and how many passed."""
    office, operator = scene.stage.office, scene.stage.actor("operator")
    watch = scene.watch
    scene.batch = watch.during("intake", "step 1 of 7", lambda: story.receive(office, operator, scene.package))
    watch.during("gates", "step 2 of 7", lambda: until(lambda: story.gates(office, operator, scene.batch)))
    settled = watch.during("gates", "the examiner settles what waits", lambda: judges.examine(scene.stage, scene.batch))
    watch.during("gates", "closing the rulings", lambda: story.gates(office, operator, scene.batch))
    watch.during("linkage", "step 3 of 7", lambda: story.linkage(office, operator, scene.batch))
    return settled


def until(act: Callable[[], None]) -> str:
    """Do an act that may have to wait for people; the code of what it waits for, or ''."""
    try:
        act()
    except Waiting as waiting:
        return waiting.code
    return ""


def _review(scene: Scene) -> tuple[int, int]:
    """Scene 5: reviewers vote, two approvers sign, the hour of the answer comes; gives cases and votes."""
    stage, watch = scene.stage, scene.watch
    voted = watch.during(
        "review",
        "step 4 of 7: reviewers vote, blind, on what rules leave open",
        lambda: judges.judge(stage, scene.batch, scene.requests.truth, scene.seed),
    )
    watch.during("review", "two approvers read the answers and sign", lambda: sign(stage, scene.batch))
    stage.calendar.move_to(datetime.fromisoformat(scene.state.submission().answer_at))
    return voted


def _audited(scene: Scene) -> AuditFacts:
    office, counsel = scene.stage.office, scene.stage.actor("counsel")
    found = reviewing.audit(office, counsel, scene.batch)
    everybody = (reviewing.measured(office, counsel, scene.batch) or [Measured(ALL, 0, 0, 0.0, 1.0)])[-1]
    measured = everybody.cases, everybody.wrong, everybody.interval()
    rule, noes = found.confirmed, found.noes
    return AuditFacts(rule.of, rule.read, rule.found, found.wrong_at_most[0], noes.read, noes.found, *measured)


def sign(stage: Stage, batch: str) -> None:
    """The screener clears everybody, and the batch is worked on to its answers, which two approvers sign."""
    judges.screen(stage, batch)
    until(lambda: story.work(stage.office, stage.actor("operator"), batch))
    for approver in APPROVERS:
        reviewing.sign(stage.office, stage.actor(approver), batch, stage.cast.officer_key(approver))


def _disclose(scene: Scene) -> ReplyFacts:
    """Scene 6: log, seal, hand over to one recipient, who opens it, and see that another cannot."""
    office, transmitter, watch = scene.stage.office, scene.stage.actor("transmitter"), scene.watch
    watch.during("accounting", "step 5 of 7", lambda: story.accounting(office, transmitter, scene.batch))
    replies = watch.during("disclosure", "step 6 of 7", lambda: story.disclosure(office, transmitter, scene.batch))
    recipient, other = [who for who in handing.recipients(office, scene.state) if who != "signatory"][:2]
    collected = scene.desk.directory / f"{recipient}.reply"
    now = office.now()
    watch.during(
        "disclosure",
        f"{recipient} collects a sealed reply and opens it; {other} cannot",
        lambda: story.collect(office, transmitter, scene.batch, recipient, collected),
    )
    opened = scene.desk.open(scene.package, collected, recipient, now)
    signed = scene.desk.acknowledgement(opened, recipient, scene.desk.directory / f"{recipient}.jws")
    story.acknowledge(office, transmitter, scene.batch, recipient, signed)
    refusal = scene.desk.refusal(scene.package, collected, other, now)
    return ReplyFacts(replies, recipient, len(opened.answers), bool(opened.answers), other, refusal)


def _hold(scene: Scene) -> HoldFacts:
    """Scene 8: a court's order arrives; a second batch that is ready stays, and so does a reply that lies sealed."""
    stage, office, watch = scene.stage, scene.stage.office, scene.watch
    second = watch.during("hold", "a second, small submission is made ready for release", lambda: _second(scene))
    hold_officer, counsel = stage.actor("hold-officer"), stage.actor("counsel")
    watch.progress("a court's order arrives; the hold officer places a hold, counsel confirms it")
    acts.place_hold(office, hold_officer, "HOLD-1", AGREEMENT, "disclose", ORDER, b"The order's paper, for rehearsal.")
    leaf = office.log.checkpoint().size - 1
    acts.confirm_hold(office, counsel, "HOLD-1")
    sealed = next(who for who in handing.recipients(office, scene.state) if who not in scene.state.handed_over)
    transmitter, out = stage.actor("transmitter"), scene.desk.directory / f"{sealed}.reply"
    refusals = (
        _refusal("Release of the second batch", lambda: story.release(office, transmitter, second)),
        _refusal(
            "Handing-over of a sealed reply", lambda: story.collect(office, transmitter, scene.batch, sealed, out)
        ),
    )
    for refusal in refusals:
        watch.progress(f"{refusal.tried}: {f'refused, {refusal.code}' if refusal.code else 'not refused'}")
    [text] = office.log.entries(leaf, leaf + 1)
    return HoldFacts(
        ORDER["court"], ORDER["docket"], hold_officer.officer, counsel.officer, refusals, leaf, text.decode()
    )


def _second(scene: Scene) -> str:
    """A second submission about a few of the same people, taken as far as two signatures and the hour of its answer."""
    stage, office = scene.stage, scene.stage.office
    few = scene.desk.directory / "few.parquet"
    with workspace(scene.desk.directory, reads=[scene.requests.requests, scene.requests.truth]) as ws:
        ws.con.execute(
            f"""COPY (SELECT * FROM read_parquet({quoted(scene.requests.requests)}) WHERE request_id IN (
                SELECT request_id FROM read_parquet({quoted(scene.requests.truth)}) WHERE defect IS NULL
                ORDER BY request_id LIMIT {HELD_BACK}) ORDER BY request_id) TO {quoted(few)} (FORMAT parquet)"""
        )
    operator = stage.actor("operator")
    package = scene.desk.submit(2, few, scene.requests.recipients, stage.calendar())
    batch = story.receive(office, operator, package)
    if until(lambda: story.gates(office, operator, batch)):
        judges.examine(stage, batch)
    until(lambda: story.work(office, operator, batch))
    judges.judge(stage, batch, scene.requests.truth, scene.seed)
    sign(stage, batch)
    stage.calendar.move_to(datetime.fromisoformat(office.batch(batch).submission().answer_at))
    return batch


def _refusal(tried: str, act: Callable[[], object]) -> Refusal:
    try:
        act()
    except ComityError as error:
        return Refusal(tried, error.code, error.says)
    return Refusal(tried, "", "It was not refused.")


def _verify(scene: Scene) -> LogFacts:
    """Scene 7: the log, from its files alone."""
    office = scene.stage.office
    found = verify_log(scene.directory / "home", office.home.note_key().vkey)
    checked = tuple(found.sentence().split("\n"))
    return LogFacts(found.origin, found.size, found.root, office.log.note(), verified=True, checked=checked)
