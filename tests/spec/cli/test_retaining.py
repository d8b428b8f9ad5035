"""`comity retention` and `comity home prune` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from tests.spec.cli.terminal import Terminal, typed
from tests.spec.oversight.test_verify import hand_all_over, small
from tests.world import World

BASIS = "Records schedule, item 4"


def test_the_policy_and_the_removal_are_typed(prepared: World, at: Callable[[World], Terminal]) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    terminal = at(prepared)
    terminal.done("retention", "set", "workings", "--days", 30, "--basis", BASIS, officer="registrar")
    terminal.done("retention", "approve", "workings", 1, officer="counsel")
    [shown] = terminal.done("retention", "show")["rows"]
    assert (shown["days"], shown["basis"], shown["approved by"]) == (30, BASIS, "counsel")
    assert terminal.done("home", "prune", "--dry-run", officer="operator")["rows"] == []
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(days=31))
    with terminal.unchanged():
        [due] = terminal.done("home", "prune", "--dry-run", officer="operator")["rows"]
    assert (due["batch"], due["class"], due["files"]) == (batch, "workings", 2)
    assert terminal.done("home", "prune", officer="operator")["files"] == 2
    assert terminal.done("home", "prune", officer="operator")["files"] == 0


def test_the_classes_are_listed_with_the_days_that_they_are_kept_at_least() -> None:
    rows = json.loads(typed("retention", "classes", "--json").stdout)["rows"]
    assert {row["class"]: row["least days"] for row in rows} == {"workings": 30, "records": 1827}


def test_what_stays_says_what_needs_it(prepared: World, at: Callable[[World], Terminal]) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    terminal = at(prepared)
    terminal.done("retention", "set", "workings", "--days", 30, "--basis", BASIS, officer="registrar")
    terminal.done("retention", "approve", "workings", 1, officer="counsel")
    prepared.hold()
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(days=31))
    said = terminal.office("home", "prune", officer="operator").stdout
    assert "workings stay (HOLD_ACTIVE)" in said
    assert "D. Rehearsal" in said
