"""In continuous integration nothing is skipped, and the drawn examples are the same ones every time.

What a test wants of its machine is there, or the test fails. New examples are drawn wherever else the tests run: a
change is to land or fail for what is in it.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

import comity.site  # noqa: F401 -- before anything of the store: Django is set up once in a process, and for the most

# How long an example takes says more of the machine than of the code: none fails for it.
settings.register_profile("drawn", deadline=None)
settings.register_profile("landing", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("landing" if os.environ.get("COMITY_CI") else "drawn")

pytest_plugins = ["tests.worlds"]

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself."""
    return _unskipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skips itself whole."""
    return _unskipped((yield))


def _unskipped(report: Report) -> Report:
    """The report with a skip turned into a failure where `COMITY_CI` is set; an expected failure is no skip."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("COMITY_CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped in continuous integration: {report.longrepr}"
    return report
