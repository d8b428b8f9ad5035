"""A hold names what it stops, in a form that events and leaves can keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.case import hold_decisions as decide
from comity.case import office_events as o
from comity.case.errors import BadInput, ComityError
from comity.case.office_state import OfficeState

ACTIVE = o.AgreementProposed("agreed", "1", "", {}, "2025-01-01", "2027-01-01")
OFFICE = OfficeState(version=1, agreements={"agreed": ACTIVE})
HOLD = o.HoldPlaced("H1", "agreed", "disclose", "D. Example", "1:26-cv-1", "2026-02-01", "", "Stop.")


def refusal(kind: type[ComityError], code: str, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.value.code == code


@pytest.mark.parametrize("agreement", ["agreed", "shipped", "*"])
def test_a_hold_names_an_agreement_that_is_known_or_every_one(agreement: str) -> None:
    placed = replace(HOLD, agreement=agreement)
    assert decide.place(OFFICE, placed, ("shipped",)) == placed


@pytest.mark.parametrize("agreement", ["agreed ", "Agreed", "agree", "", "**"])
def test_a_hold_on_a_mistyped_agreement_is_refused_because_it_would_stop_nothing(agreement: str) -> None:
    refusal(BadInput, "AGREEMENT_UNKNOWN", decide.place, OFFICE, replace(HOLD, agreement=agreement), ("shipped",))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"hold": "H\u20131"}, "ID_UNFIT"),
        ({"hold": ""}, "ID_UNFIT"),
        ({"hold": "H" * 65}, "ID_UNFIT"),
        ({"hold": "H1\n"}, "ID_UNFIT"),
        ({"ordered_on": "March 1"}, "DAY_UNFIT"),
        ({"ordered_on": "2026-02-30"}, "DAY_UNFIT"),
        ({"ordered_on": "20260201"}, "DAY_UNFIT"),
        ({"says": "caf\udce9"}, "TEXT_UNPRINTABLE"),
        ({"says": "Stop.\nNow."}, "TEXT_UNPRINTABLE"),
        ({"court": ""}, "ORDER_MISSING"),
        ({"direction": "both"}, "DIRECTION_UNKNOWN"),
    ],
)
def test_a_hold_has_the_form_that_events_and_leaves_can_keep(changed: dict[str, str], code: str) -> None:
    refusal(BadInput, code, decide.place, OFFICE, replace(HOLD, **changed), ())
