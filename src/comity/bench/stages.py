"""Where the time of a piece of work goes: the seconds of each of its stages, and linkage's seen through its engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.bench.measuring import Taken
    from comity.linkage.engine import Engine
    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace


class Stages:
    """A clock that runs from its making; `seconds` has each stage in the order in which they ended."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def end(self, stage: str) -> None:
        """Say that `stage` has ended, and the next one begins."""
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._since, 3)
        self._since = now


def median_stages(runs: Sequence[Taken]) -> dict[str, float]:
    """The median seconds of each stage over some runs of work that gives its `stages`."""
    return {name: round(median(run.found["stages"][name] for run in runs), 3) for name in runs[0].found["stages"]}


class WatchedEngine:
    """An engine that tells `stages` when each of its acts ends.

    What comes before the first act is `prepare`; between parts results are written and the next requests read: `write`.
    """

    def __init__(self, engine: Engine, stages: Stages) -> None:
        self._engine = engine
        self._stages = stages
        self._before = "prepare"

    def narrow(self, ws: Workspace) -> None:
        """As the engine does it."""
        self._stages.end(self._before)
        self._before = "write"
        self._engine.narrow(ws)
        self._stages.end("narrow")

    def compare(self, ws: Workspace) -> None:
        """As the engine does it."""
        self._engine.compare(ws)
        self._stages.end("compare")

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """As the engine does it."""
        self._engine.determine(ws, terms)
        self._stages.end("determine")
