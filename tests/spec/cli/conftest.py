"""Terminals on worlds; the clock of the command line is the world's calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.cli import options
from tests.spec.cli.terminal import Terminal
from tests.world import World


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], Terminal]:
    """Sit down at a terminal of a world."""

    def sit(world: World) -> Terminal:
        monkeypatch.setattr(options, "now", world.stage.calendar)
        return Terminal(world)

    return sit
