"""Whoever was asked about before, under a name that differs a little or with another address, is looked at."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from comity import gates
from comity.workspace import workspace
from tests.spec.gates.conftest import FIRST

Submit = Callable[..., gates.Ruled]

MARIA: dict[str, Any] = {"given_name": "María", "family_name": "Ortiz-Gómez"}
HOME = {"street_line": "7 West Elm Street", "unit_line": None}
NO_BIRTH = {"date_of_birth": None}


@pytest.fixture
def submit(rule_on: Submit) -> Submit:
    """Rule on a submission; what the submissions `after` asked is in the ledger."""

    def submitted(*changes: dict[str, Any], after: tuple[gates.Ruled, ...] = (), key: bytes = FIRST.key) -> gates.Ruled:
        return rule_on(*changes, earlier=gates.Earlier(key, [ruled.asks for ruled in after if ruled.asks is not None]))

    return submitted


def counted(ruled: gates.Ruled) -> dict[int, tuple[int, int]]:
    """Of the requests that wait: earlier asks, and other addresses in them."""
    with workspace(ruled.waiting.path.parent) as ws:
        ws.view("waiting", ruled.waiting)
        rows = ws.rows("SELECT row_number, asks_before, addresses_before FROM waiting")
    return {row: (asks, addresses) for row, asks, addresses in rows}


def times(submit: Submit, number: int, **changes: Any) -> tuple[gates.Ruled, ...]:
    """So many submissions with one request each about Maria at home."""
    return tuple(submit({**MARIA, **HOME, **changes}) for _ in range(number))


def test_the_third_repeat_of_a_request_waits(submit: Submit) -> None:
    assert submit({**MARIA, **HOME}, after=times(submit, 2)).by_code == {}
    again = submit({**MARIA, **HOME}, after=times(submit, 3))
    assert (again.by_code, counted(again)) == ({"ASKED_BEFORE": 1}, {1: (3, 0)})


def test_so_does_the_third_address(submit: Submit) -> None:
    first, second = times(submit, 1), times(submit, 1, street_line="9 Oak Street")
    assert submit({**MARIA, "street_line": "9 Oak St"}, after=first).by_code == {}
    third = submit({**MARIA, "street_line": "11 Pine Street"}, after=(*first, *second))
    assert (third.by_code, counted(third)) == ({"ASKED_BEFORE": 1}, {1: (2, 2)})


@pytest.mark.parametrize(
    "variant",
    [
        {"given_name": "Marta"},
        {"given_name": "M"},
        {"given_name": "ORTIZ GOMEZ", "family_name": "maria"},
        {"tax_years": [2022]},
        {"case_id": "M-77"},
        NO_BIRTH,
        {"street_line": "12 North Street"},
    ],
    ids=lambda variant: " ".join(variant),
)
def test_a_little_difference_hides_nobody(submit: Submit, variant: dict[str, Any]) -> None:
    assert submit({**MARIA, **HOME, **variant}, after=times(submit, 3)).by_code == {"ASKED_BEFORE": 1}


def test_nor_does_a_birth_date_that_is_sent_only_now(submit: Submit) -> None:
    assert submit({**MARIA, **HOME}, after=times(submit, 3, **NO_BIRTH)).by_code == {"ASKED_BEFORE": 1}


@pytest.mark.parametrize(
    "other",
    [
        {"date_of_birth": date(1971, 2, 3)},
        {"family_name": "Ruiz"},
        {"given_name": "Ana"},
        {**NO_BIRTH, "zip": "77002"},
    ],
    ids=lambda other: " ".join(other),
)
def test_somebody_else_was_not_asked_about(submit: Submit, other: dict[str, Any]) -> None:
    assert submit({**MARIA, **HOME, **other}, after=times(submit, 3)).by_code == {}


def test_a_request_that_came_back_was_no_ask(submit: Submit) -> None:
    assert submit({**MARIA, **HOME}, after=times(submit, 3, street_line="Unknown")).by_code == {}


def test_without_the_ledger_nobody_passes(rule_on: Submit) -> None:
    ruled = rule_on({}, earlier=None)
    assert (ruled.by_code, ruled.asks) == ({"ASKED_BEFORE": 1}, None)


def test_another_key_knows_nothing_of_it_and_no_entry_can_be_guessed(submit: Submit) -> None:
    asked = times(submit, 3)
    assert submit({**MARIA, **HOME}, after=asked, key=b"\1" * gates.KEY_BYTES).by_code == {}
    assert asked[0].asks is not None
    with workspace(asked[0].asks.path.parent) as ws:
        ws.view("asks", asked[0].asks)
        columns = [name for name, *_ in ws.rows("DESCRIBE asks")]
        near = {value for (value,) in ws.rows("SELECT near FROM asks")}
    assert columns == ["row_number", "near", "place", "by_zip", "birth"]
    text = "\x1f".join(("birth", "MARIA", "ORTIZGOMEZ", "1980-06-15"))
    digest = hmac.digest(FIRST.key, text.encode(), hashlib.sha256)
    assert int.from_bytes(digest[:8], "big") in near, "RFC 2104, over the names in their order and the birth date"


def test_a_ledger_key_has_thirty_two_bytes(submit: Submit) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        submit({}, key=b"short")


@pytest.mark.parametrize(
    "known",
    [{"given_name": None}, {"family_name": None}, {**NO_BIRTH, "zip": None}],
    ids=["a family name alone", "a given name alone", "a city in place of the ZIP"],
)
def test_who_is_known_by_little_is_known_again(submit: Submit, known: dict[str, Any]) -> None:
    before = tuple(submit({**MARIA, **known, "street_line": f"{number} Oak Street"}) for number in (1, 2, 3))
    assert submit({**MARIA, **HOME, **known}, after=before).by_code == {"ASKED_BEFORE": 1}
    asked = [{**MARIA, **known, "street_line": f"{number} Oak Street", "case_id": f"M-{number}"} for number in (1, 2)]
    assert submit(*asked).by_code == {"PROBING_SUSPECTED": 2}
