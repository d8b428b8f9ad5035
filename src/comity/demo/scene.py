"""What the scenes of the demonstration hand on to each other, and the watch that times them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from comity.case.artefact import Artefact
from comity.case.batch_state import BatchState
from comity.demo.desk import Desk
from comity.demo.stage import Stage
from comity.office.desk import Progress
from comity.synthetic import Population, RequestsFiles

Result = TypeVar("Result")


@dataclass
class Watch:
    """Progress and the time each scene took."""

    progress: Progress
    began: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def during(self, scene: str, words: str, act: Callable[[], Result]) -> Result:
        """Tell what happens, do it, and keep how long it took."""
        self.progress(words)
        started = time.monotonic()
        result = act()
        self.seconds[scene] = self.seconds.get(scene, 0.0) + time.monotonic() - started
        return result


@dataclass
class Scene:
    """What the scenes hand on to each other."""

    directory: Path
    seed: int
    watch: Watch
    stage: Stage
    desk: Desk
    population: Population
    requests: RequestsFiles
    package: Path
    batch: str = ""

    @property
    def state(self) -> BatchState:
        """The batch as it stands."""
        return self.stage.office.batch(self.batch)

    @property
    def folder(self) -> Path:
        """The batch's folder in the vault."""
        return self.stage.office.vault.folder(self.batch)

    def found(self) -> dict[str, Artefact]:
        """The batch's artefacts by kind."""
        return {named["kind"]: self.stage.office.vault.artefact(self.batch, named) for named in self.state.named}
