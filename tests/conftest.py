"""In continuous integration nothing is skipped: what a test wants of its machine is there, or the test fails."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where `COMITY_CI` is set."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("COMITY_CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped in continuous integration: {report.longrepr}"
    return report
