"""One small release that is in order, shared by the tests that change a part of it."""

from __future__ import annotations

import pytest

from comity.case.artefact import Artefact

from .released import People, Release


@pytest.fixture(scope="session")
def people() -> People:
    return People()


@pytest.fixture(scope="session")
def release(tmp_path_factory, people) -> Release:
    """A release that is in order and is never sealed: every test that takes it changes a part and is refused."""
    return Release(tmp_path_factory.mktemp("release") / "batch", people)


@pytest.fixture(scope="session")
def sealed(tmp_path_factory, people) -> tuple[Release, Artefact]:
    """A release and the index of its sealed replies."""
    made = Release(tmp_path_factory.mktemp("sealed") / "batch", people)
    return made, made.seal()
