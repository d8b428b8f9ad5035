"""A worker: carries every batch on as far as it goes without people, again and again, and leaves word of each.

Several may work in one home, and each may be killed at any moment: a batch is worked on under its lock, which the
system lets go of with the process, and a step that was not finished begins anew.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from comity import review
from comity.case.batch_state import BatchState, Involvement
from comity.case.envelope import stamp
from comity.case.errors import ComityError, Refused, Waiting
from comity.linkage import EngineChoice
from comity.office import story
from comity.office.coding import coded
from comity.office.desk import Actor, Office
from comity.office.locks import is_held
from comity.office.reviewing import needs_answers

FOLDER = ".work"
STEPS = frozenset({"gates", "linkage", "review"})
LONGEST_PAUSE_SECONDS = 3600.0
MOST_DOUBLINGS = 20
_FORM: dict[str, type] = {
    "officer": str,
    "begun": str,
    "said": list,
    "done": bool,
    "version": int,
    "code": str,
    "says": str,
    "next": str,
    "waits": bool,
}


@dataclass(frozen=True)
class Word:
    """What a worker left about a batch: the officer it works for, what it said so far, and what stopped it.

    `done` says that the attempt has ended; `seconds` is how long ago it began.
    """

    batch: str
    officer: str
    said: tuple[str, ...]
    seconds: int
    stopped: ComityError | None
    done: bool


@dataclass(frozen=True)
class Tried:
    """What became of one attempt: the step it began at, and what stopped it; None when two have signed."""

    batch: str
    step: str
    stopped: ComityError | None

    def facts(self) -> dict[str, str]:
        """The same, for JSON."""
        return {"batch": self.batch, "step": self.step, "code": self.stopped.code if self.stopped else "READY"}

    def sentence(self) -> str:
        """The same, for people."""
        says = f"{self.stopped.code}: {self.stopped.says}" if self.stopped else "two have signed; it can be released"
        return f"{self.batch}, from {self.step}: {says}"


def word_of(office: Office, batch: str) -> Word | None:
    """What was left about `batch` by the last attempt of a worker; None if there was none, or if the batch moved since.

    An attempt that was killed is told as `INTERRUPTED`. A file that no worker wrote so is no word: nothing is decided
    by one, so none stops a page.
    """
    said = _left(_path(office, batch))
    if said is None or (said["done"] and said["version"] != office.any_batch(batch).version):
        return None
    seconds = int((office.clock() - datetime.fromisoformat(said["begun"])).total_seconds())
    done = said["done"] or not is_held(office.home.directory, f"batch-{batch}")
    return Word(batch, said["officer"], tuple(said["said"]), max(0, seconds), _stopped(said, ended=done), done)


def _left(path: Path) -> dict[str, Any] | None:
    """What lies in the file of a word; None where there is none, or not in the form that a worker writes."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        fit = isinstance(said, dict) and all(type(said.get(name)) is kind for name, kind in _FORM.items())
        fit = fit and all(type(words) is str for words in said["said"])
        return said if fit and datetime.fromisoformat(said["begun"]).tzinfo else None
    except (OSError, ValueError, RecursionError):
        return None


def _stopped(said: dict[str, Any], *, ended: bool) -> ComityError | None:
    if said["code"]:
        kind = Waiting if said["waits"] else ComityError
        return kind(str(said["code"]), str(said["says"]), str(said["next"]))
    if ended and not said["done"]:
        return Waiting("INTERRUPTED", "The attempt was cut short; a worker takes it up again.", "See that one runs.")
    return None


@dataclass
class Worker:
    """An operator's worker in one office. What failed is tried again after `pause` seconds, then after twice as many.

    What waits for people, or is refused, is tried again when something happened to the batch or in the office, or when
    the hour of its answer has come.
    """

    office: Office
    actor: Actor
    engine: EngineChoice = field(default_factory=EngineChoice)
    pause: float = 10.0
    _left: dict[str, tuple[object, float, int]] = field(default_factory=dict, repr=False)

    def round(self) -> Iterator[Tried]:
        """Try each batch that may go on, oldest first; what another process is at work on is left to it."""
        for batch in list(self.office.batches()):
            outdated = batch.step() == "accounting" and needs_answers(self.office, batch)
            if (batch.step() in STEPS or outdated) and self._may_go_on(batch):
                tried = self._try(batch)
                if tried:
                    yield tried

    def watch(self, told: Callable[[Tried | ComityError], None], rest: Callable[[float], bool]) -> None:
        """Round after round, until `rest`, which is given the seconds of the pause, says that it is over.

        `told` hears of every attempt, and of a round that failed as a whole, which is tried again like every other.
        Raises Refused where the officer may not work on batches.
        """
        review.require(self.actor.officer, self.actor.roles, "link", "gates", Involvement())
        over = False
        while not over:
            try:
                for tried in self.round():
                    told(tried)
            except Exception as error:  # noqa: BLE001 -- a database that is away for a minute ends no worker
                told(coded(error))
            # A connection that is kept over a pause is one that the server may have dropped.
            self.office.store.close()
            over = rest(self.pause)

    def _may_go_on(self, batch: BatchState) -> bool:
        mark, again_at, _ = self._left.get(batch.batch, (None, 0.0, 0))
        return mark != self._mark(batch) or monotonic() >= again_at

    def _mark(self, batch: BatchState) -> Sequence[object]:
        return (batch.version, self.office.state().version, self.office.is_due(batch))

    def _seen(self, batch: str) -> Sequence[object]:
        return self._mark(self.office.batch(batch))

    def _try(self, batch: BatchState) -> Tried | None:
        if is_held(self.office.home.directory, f"batch-{batch.batch}"):
            return None
        seen, stopped = self._seen(batch.batch), self._attempt(batch.batch)
        if _is_told(stopped) and self._seen(batch.batch) != seen:
            # What moved may be the attempt's own doing, or a vote that came after its last look: it looks once more.
            seen, stopped = self._seen(batch.batch), self._attempt(batch.batch)
        if stopped and stopped.code == "BUSY":
            return None
        failures, again = 0, math.inf
        if not _is_told(stopped):
            seen = self._seen(batch.batch)
            failures = self._left.get(batch.batch, (None, 0.0, 0))[2] + 1
            again = monotonic() + min(self.pause * 2 ** min(failures - 1, MOST_DOUBLINGS), LONGEST_PAUSE_SECONDS)
        self._left[batch.batch] = (seen, again, failures)
        return Tried(batch.batch, batch.step(), stopped)

    def _attempt(self, batch: str) -> ComityError | None:
        """One attempt; word of it is left when it begins, with everything it says, and when it ends."""
        word: dict[str, Any] = {
            "officer": self.actor.officer,
            "begun": stamp(self.office.now()),
            "said": [],
            "done": False,
            "version": 0,
            **_stop(None),
        }
        path = _path(self.office, batch)

        def tell(words: str) -> None:
            word["said"].append(words)
            _write(path, word)

        told_before, self.office.progress = self.office.progress, tell
        try:
            _write(path, word)
            story.work(self.office, self.actor, batch, self.engine)
            stopped = None
        except Exception as error:  # noqa: BLE001 -- whatever stops a batch is said, coded, and stops no other
            stopped = coded(error)
        finally:
            self.office.progress = told_before
        # What another worker is at, that one tells.
        if stopped is None or stopped.code != "BUSY":
            try:
                _write(path, word | {"done": True, "version": self.office.any_batch(batch).version, **_stop(stopped)})
            except OSError as error:
                return stopped or coded(error)
        return stopped


def _is_told(stopped: ComityError | None) -> bool:
    """Whether an attempt ended as far as it could, and goes on when something moves; anything else is a failure."""
    return stopped is None or isinstance(stopped, (Waiting, Refused))


def _stop(stopped: ComityError | None) -> dict[str, object]:
    said = (stopped.code, stopped.says, stopped.next) if stopped else ("", "", "")
    return dict(zip(("code", "says", "next"), said, strict=True)) | {"waits": isinstance(stopped, Waiting)}


def _path(office: Office, batch: str) -> Path:
    return office.home.directory / FOLDER / f"{batch}.json"


def _write(path: Path, word: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"{path.name}-{os.getpid()}")
    draft.write_text(json.dumps(word), encoding="utf-8")
    draft.replace(path)
