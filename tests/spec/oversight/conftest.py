"""Figures that tests measured, shown at the end of the run whether or not output is captured."""

from __future__ import annotations

import pytest

FIGURE = "figure"


@pytest.fixture
def report_figures(record_property):
    """Add a line to the figures at the end of the run; it travels with the test's report, from whichever process."""
    return lambda line: record_property(FIGURE, line)


def pytest_terminal_summary(terminalreporter):
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    figures = [line for report in reports for name, line in report.user_properties if name == FIGURE]
    if figures:
        terminalreporter.section("evaluation")
    for line in figures:
        terminalreporter.write_line(line)
