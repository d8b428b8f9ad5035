"""A registry and requests small enough to measure in a test, laid where a measurement looks for what it has drawn."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from comity.bench.material import RECIPIENTS, Material, material
from comity.synthetic import make_small_set

ROWS = 2_000
REQUESTS = 400
SEED = 3


def has_peer() -> bool:
    """Whether Splink is installed."""
    return importlib.util.find_spec("splink") is not None


needs_peer = pytest.mark.skipif(not has_peer(), reason="the extra `bench` is not installed")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `--keep` leaves it."""
    place = tmp_path_factory.mktemp("kept")
    folder = place / f"registry-{ROWS}-{SEED}"
    asked = folder / f"requests-{REQUESTS}-{RECIPIENTS}"
    for part in (folder / "registry", asked):
        part.mkdir(parents=True)
    files = make_small_set("ordinary", SEED).write(asked)
    files.registry.rename(folder / "registry" / "registry.parquet")
    return place


@pytest.fixture(scope="session")
def drawn(kept: Path) -> Material:
    """The material in that folder."""
    return material(kept, ROWS, SEED, lambda _words: None)
