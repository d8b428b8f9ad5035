"""One small release that is in order, shared by the tests that change a part of it."""

from __future__ import annotations

import pytest

from .released import People, Release


@pytest.fixture(scope="session")
def people() -> People:
    return People()


@pytest.fixture
def release(tmp_path, people) -> Release:
    return Release(tmp_path / "batch", people)
