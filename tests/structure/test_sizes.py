"""No module and no function outgrows the budget, and no module is a drawer for odds and ends."""

from __future__ import annotations

from docs.sizes import FUNCTION_LIMIT, MODULE_LIMIT, measured
from docs.source import modules

DRAWERS = {"utils", "util", "helpers", "helper", "manager", "service", "common", "misc"}


def test_no_module_is_over_its_limit() -> None:
    assert {name: lines for name, lines in measured().modules.items() if lines > MODULE_LIMIT} == {}


def test_no_function_is_over_its_limit() -> None:
    assert {name: lines for name, lines in measured().functions.items() if lines > FUNCTION_LIMIT} == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert [module.name for module in modules() if DRAWERS & set(module.name.split("."))] == []
