"""What a measurement is made on: a synthetic registry, its index, and requests with their truth, kept or made anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.bench.measuring import Taken, figures, measure

Progress = Callable[[str], None]
RECIPIENTS = 10_000


@dataclass(frozen=True)
class Asked:
    """Requests on file with their truth, by the table contracts; `batch` is where they have been received."""

    requests: Path
    truth: Path
    batch: Path


@dataclass(frozen=True)
class Material:
    """The folder of a synthetic registry of `rows` rows, drawn from `seed`, and all that is made of it.

    Whatever is there already is used again: a folder that is kept serves every measurement of the same registry.
    """

    folder: Path
    rows: int
    seed: int
    progress: Progress

    @property
    def index(self) -> Path:
        """The folder of the index, once `build` has been called."""
        return self.folder / "index"

    def sources(self) -> list[Path]:
        """The registry's source files, drawn if they are not there."""
        place = self.folder / "registry"
        if not place.exists():
            self.progress(f"drawing a registry of {self.rows:,} rows")
            _make(place, "drawing:registry", rows=self.rows, seed=self.seed)
        return sorted(place.glob("*.parquet"))

    def build(self) -> dict[str, Any]:
        """Build the index, if it is not there; the figures of that, and its rows, spells and bytes."""
        if not self._built.exists():
            self.build_anew()
        built: dict[str, Any] = json.loads(self._built.read_text("utf-8"))
        return built

    def build_anew(self) -> Taken:
        """Build the index again, and use it from now on."""
        sources = self.sources()
        self.progress(f"building the index of {self.rows:,} rows")
        self._built.unlink(missing_ok=True)
        shutil.rmtree(self.index, ignore_errors=True)
        taken = measure("matching:build", sources=sources, into=self.index)
        self._built.write_text(json.dumps(figures([taken]) | taken.found), "utf-8")
        return taken

    @property
    def _built(self) -> Path:
        return self.folder / "built.json"

    def ask(self, requests: int, recipients: int = RECIPIENTS) -> Asked:
        """Requests about the people of this registry and others, drawn and received if they are not there."""
        place = self.folder / f"requests-{requests}-{recipients}"
        if not place.exists():
            sources = self.sources()
            self.progress(f"drawing {requests:,} requests")
            drawn = {"requests": requests, "recipients": recipients, "seed": self.seed}
            _make(place, "drawing:requests", registry=sources[0].parent, **drawn)
        asked = Asked(place / "requests.parquet", place / "truth.parquet", place / "batch")
        if not asked.batch.exists():
            self.progress("receiving the requests, and returning those without a sufficient address")
            _make(asked.batch, "matching:receive", requests=asked.requests)
        return asked


def material(place: Path, rows: int, seed: int, progress: Progress) -> Material:
    """The material of a registry of `rows` rows from `seed` below the folder `place`; nothing is drawn yet."""
    return Material(place / f"registry-{rows}-{seed}", rows, seed, progress)


def _make(place: Path, work: str, **arguments: object) -> None:
    """Let a process of its own fill the new folder `place`, which is there whole or not at all."""
    draft = place.with_name(f"draft-{place.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    measure(work, directory=draft, **arguments)
    draft.rename(place)
