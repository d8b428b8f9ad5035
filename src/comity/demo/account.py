"""What a run established, gathered for the report and for the command line."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.case.errors import Usage
from comity.case.outcomes import DETERMINATIONS
from comity.demo import cases, measure
from comity.demo.cast import CUSTODIAN, REQUESTER
from comity.demo.facts import AccuracyFacts, HoldFacts, LogFacts, ReplyFacts, ReviewFacts, RunFacts, StepFacts
from comity.demo.scene import Scene
from comity.demo.stage import AGREEMENT
from comity.office.receiving import agreement_in_force


@dataclass(frozen=True)
class DemoResult:
    """What `comity demo` ends with: the facts of the run and where its report lies."""

    run: RunFacts
    report: Path
    home: Path

    def facts(self) -> dict[str, Any]:
        """The figures, for JSON."""
        run = self.run
        return {
            "requests": run.requests,
            "returned": run.returned,
            "by_code": {code.code: code.requests for code in run.codes},
            "determinations": dict(run.determinations),
            "confirmed": run.answers.get("CONFIRMED", 0),
            "no_disclosure": run.answers.get("NO_DISCLOSURE", 0),
            "confirmable": run.accuracy.confirmable,
            "recall": round(run.accuracy.recall, 4),
            "wrong_person": run.accuracy.wrong_person,
            "wrong_person_by_vote": run.accuracy.wrong_person_by_vote,
            "wrong_address": run.accuracy.wrong_address,
            "log_size": run.log.size,
            "log_verified": run.log.verified,
            "reply_opened": run.reply.opened,
            "held_release_refused": [refusal.code for refusal in run.hold.refusals] == ["HOLD_ACTIVE"] * 2,
            "seconds": round(run.seconds, 1),
            "report": str(self.report),
        }

    def sentence(self) -> str:
        """What happened, for people, and what to try next."""
        run = self.run
        commands = "\n".join(f"  {command:<68} {says}" for command, says in run.commands)
        return (
            f"{run.requests:,} requests: {run.returned:,} returned, {run.answers.get('CONFIRMED', 0):,} confirmed, "
            f"{run.answers.get('NO_DISCLOSURE', 0):,} without disclosure.\n"
            f"Recall {run.accuracy.recall:.1%} of {run.accuracy.confirmable:,} confirmable; wrong person "
            f"{run.accuracy.wrong_person} by rule, {run.accuracy.wrong_person_by_vote} by vote; wrong address "
            f"{run.accuracy.wrong_address}.\nLog of {run.log.size:,} entries, verified. {run.seconds:.0f} s.\n"
            f"Report: {self.report}\nTry next:\n{commands}"
        )


def gather(
    scene: Scene, review: ReviewFacts, accuracy: AccuracyFacts, log: LogFacts, reply: ReplyFacts, hold: HoldFacts
) -> RunFacts:
    """Scene 9: everything the report tells."""
    state, found = scene.state, scene.found()
    office = scene.stage.office
    agreement = agreement_in_force(office, office.state(), AGREEMENT)
    says = {code: agreement.sentence(code)[0] for code in agreement.codes}
    registry, settled, determined, answers = office.state().registry, state.settled, state.determined, state.answers
    if registry is None or settled is None or determined is None or answers is None:
        raise Usage("DEMO_UNFINISHED", "The demonstration did not reach its end.", "Run it again.")
    return RunFacts(
        seed=scene.seed,
        at=datetime.now(UTC).replace(microsecond=0),
        agreement=AGREEMENT,
        agreement_version=agreement.version,
        custodian=CUSTODIAN,
        requester=REQUESTER,
        submission=scene.batch,
        requests=scene.requests.rows,
        recipients=reply.replies,
        registry_rows=registry.rows,
        taxpayers=measure.taxpayers(scene.population.registry),
        passed=settled.passed,
        returned=settled.returned,
        steps=_steps(scene),
        codes=measure.codes(scene.folder, found["rulings"], says),
        determinations={word: determined.counts[word] for word in DETERMINATIONS if word in determined.counts},
        answers=answers.counts,
        review=review,
        accuracy=accuracy,
        log=log,
        reply=reply,
        hold=hold,
        cases=cases.tell(scene.folder, found, scene.requests.truth, agreement, scene.requests.examples),
        commands=_commands(scene),
        seconds=time.monotonic() - scene.watch.began,
    )


_DID = {
    "intake": "The signature, the digests and the counts were verified and the requests read into one table.",
    "gates": "Every gate ruled on every request; an examiner settled what waited.",
    "linkage": "The requests that passed were compared with the records and determined by rule.",
    "review": "Reviewers voted blind on what rules leave open; two approvers signed the answers.",
    "accounting": "An entry per request was logged under a signed checkpoint before anything left.",
    "disclosure": "One reply per recipient was sealed; one was collected, opened and acknowledged.",
    "oversight": "The log was verified from its files alone, and the answers compared with the truth.",
}


def _steps(scene: Scene) -> tuple[StepFacts, ...]:
    seconds = scene.watch.seconds
    return tuple(
        StepFacts(number, name, did, seconds.get(name, 0.0)) for number, (name, did) in enumerate(_DID.items(), 1)
    )


def _commands(scene: Scene) -> tuple[tuple[str, str], ...]:
    home = scene.directory / "home"
    comity = "comity" if shutil.which("comity") else ".venv/bin/comity"
    return (
        (f"{comity} log verify {home}", "verify everything again, from the files alone"),
        (f"{comity} batches --home {home}", "where both batches stand"),
        (f"{comity} hold list --home {home}", "the hold, and the order behind it"),
        (f"{comity} agreement show {AGREEMENT}", "law, rule and cases side by side"),
        (f"{comity} request check {scene.package}", "what the requester could have known before sending"),
    )
