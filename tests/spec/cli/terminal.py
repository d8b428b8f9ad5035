"""A terminal on a rehearsal world: commands as they are typed, and what they leave behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from comity.cli.app import app
from tests.world import World


def typed(*words: object) -> Result:
    """What `comity WORDS` says, and how it ends."""
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@dataclass
class Terminal:
    """A terminal where the office of `world` is known."""

    world: World

    def office(self, *words: object, officer: str = "") -> Result:
        """A command in the office, by `officer` if one acts."""
        acting = ("--as", officer, "--keys", self.world.stage.cast.officers) if officer else ()
        return typed(*words, "--home", self.home, *acting)

    def done(self, *words: object, officer: str = "") -> dict[str, Any]:
        """What a command in the office gives as JSON when it succeeds."""
        result = self.office(*words, "--json", officer=officer)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def refused(self, *words: object, officer: str = "") -> tuple[int, str]:
        """The exit code and the code with which a command in the office refuses, having changed nothing."""
        with self.unchanged():
            result = self.office(*words, "--json", officer=officer)
        return result.exit_code, json.loads(result.stdout)["error"]["code"]

    @property
    def home(self) -> Path:
        """The folder of the office."""
        return self.world.place / "home"

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Events, artefacts and log are afterwards what they were before."""
        before = self._kept()
        yield
        assert self._kept() == before

    def _kept(self) -> tuple[int, list[tuple[str, int]]]:
        files = [path for part in ("batches", "log", "registry") for path in (self.home / part).rglob("*")]
        events = sum(1 for _ in self.world.office.store.read_from(0))
        return events, sorted((str(path), path.stat().st_mtime_ns) for path in files if path.is_file())


def error_of(result: Result) -> dict[str, Any]:
    """The error that a command with `--json` ended with."""
    return json.loads(result.stdout)["error"]
