"""The span of a hold: whatever was decided or logged inside it was under it, in whichever order the leaves stand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from comity.accounting.leaf import HoldLeaf
from comity.case.errors import Integrity
from comity.oversight.holds import require_not_held

PLACED = HoldLeaf("placed", "H1", "agreed", "disclose", "whole agreement", "D. Example", "1", "2026-02-01", "", "", 20)
LIFTED = HoldLeaf("lifted", "H1", "agreed", "disclose", "whole agreement", "D. Example", "2", "2026-03-01", "", "", 30)


def found(
    index: int, version: int, agreement: str = "agreed", scope: str = "whole agreement", applied: tuple[str, ...] = ()
) -> bool:
    """Whether an intent with its leaf there, decided at that version, is found to be under the hold.

    `applied` are the holds by which the answers were made.
    """
    walk = cast("Any", SimpleNamespace(holds=[(100, replace(PLACED, scope=scope)), (200, LIFTED)]))
    answers = SimpleNamespace(holds=applied)
    batch = cast("Any", SimpleNamespace(submission=lambda: SimpleNamespace(agreement=agreement), answers=answers))
    try:
        require_not_held(walk, batch, index, version, "intended")
    except Integrity as error:
        return error.code == "INTENDED_UNDER_HOLD"
    return False


@pytest.mark.parametrize(("index", "version"), [(99, 19), (201, 30), (900, 31)])
def test_what_was_decided_and_logged_on_one_side_of_the_span_is_not_under_it(index: int, version: int) -> None:
    assert not found(index, version)
    assert not found(150, 25, "another")


@pytest.mark.parametrize(
    ("index", "version"),
    [(99, 20), (99, 30), (101, 19), (150, 25), (150, 30), (199, 19), (201, 29), (201, 19), (201, 20)],
)
def test_what_was_decided_or_logged_within_it_is(index: int, version: int) -> None:
    assert found(index, version)


def test_only_a_hold_about_persons_spares_answers_that_were_made_by_it() -> None:
    assert not found(150, 25, scope="person list", applied=("H1",))
    assert found(150, 25, scope="person list", applied=("H2",))
    assert found(150, 25, scope="person list")
    assert found(150, 25, scope="whole agreement", applied=("H1",))
