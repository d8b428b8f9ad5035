"""Figures that tests measured, shown at the end of the run whether or not output is captured."""

from __future__ import annotations

import pytest

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def report_figures(request):
    """Add a line to the figures at the end of the run."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter, config):
    figures = config.stash.get(FIGURES, [])
    if figures:
        terminalreporter.section("evaluation")
    for line in figures:
        terminalreporter.write_line(line)
