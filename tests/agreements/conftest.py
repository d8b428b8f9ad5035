"""The cases of every agreement as rows, and a copy of the shipped agreement's folder that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from comity.agreements import Agreement, load_folder
from comity.agreements.loading import FOLDERS
from comity.gates.trial import lay_out_cases
from tests.agreements.shipped import AGREEMENTS

Spoil = Callable[[str, str, str], Agreement]


@pytest.fixture(scope="session")
def laid_out() -> Mapping[str, DuckDBPyConnection]:
    """A database with the cases of an agreement as rows, by its name."""
    return {agreement.name: lay_out_cases(agreement) for agreement in AGREEMENTS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder."""
    return Path(shutil.copytree(FOLDERS / "irs_ice_2025", tmp_path / "irs_ice_2025"))


@pytest.fixture
def spoilt(folder: Path) -> Spoil:
    """Load the copy after replacing the first occurrence of a text in one of its files."""

    def load_spoilt(name: str, old: str, new: str) -> Agreement:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
        return load_folder(folder)

    return load_spoilt
