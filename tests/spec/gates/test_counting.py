"""What only the whole submission shows: one person asked about again, one address for many, one reason for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from comity import gates
from comity.agreements import Agreement
from comity.workspace import workspace

Said = Callable[..., dict[int, list[str]]]

ONE = {"given_name": "María", "family_name": "Ortiz-Gómez"}
SAME = {"given_name": "MARIA", "family_name": "Ortiz Gomez"}
SPELT = {"street_line": "7 W. Elm Street", "unit_line": None}
STANDARD = {"street_line": "7 WEST ELM ST", "unit_line": None}


def limit(agreement: Agreement, name: str) -> int:
    """The count of that name which still passes."""
    value = agreement.value(name)
    assert value is not None
    assert isinstance(value.meant, int)
    return value.meant


@pytest.fixture
def said(rule_on: Callable[..., gates.Ruled]) -> Said:
    """The codes said of each request of a submission, by its row."""

    def by_row(*changes: dict[str, Any], **changed: Any) -> dict[int, list[str]]:
        rulings = rule_on(*changes, **changed).rulings
        with workspace(rulings.path.parent) as ws:
            ws.view("rulings", rulings)
            return dict(ws.rows("SELECT row_number, list(code ORDER BY code) FROM rulings GROUP BY row_number"))

    return by_row


def test_one_person_asked_about_twice_waits_for_an_examiner_however_it_is_spelt(said: Said) -> None:
    again, moved = {**SAME, **STANDARD}, {**SAME, "date_of_birth": date(1981, 6, 15)}
    assert said({**ONE, **SPELT}, again, {}, moved) == {1: ["PROBING_SUSPECTED"], 2: ["PROBING_SUSPECTED"]}


def test_so_does_a_second_address_for_one_person(said: Said, agreement: Agreement) -> None:
    lenient = agreement.with_terms({"asks_limit": 2})
    assert said(ONE, SAME, {}, under=lenient) == {1: ["PROBING_SUSPECTED"], 2: ["PROBING_SUSPECTED"]}


def test_without_a_birth_date_the_name_and_the_zip_make_the_person(said: Said) -> None:
    bare = {**ONE, "date_of_birth": None}
    other = {"given_name": "Ana", "date_of_birth": None, "family_name": "Ruiz"}
    asked = (bare, {**bare, "zip": "77002"}, other, {**other, "zip": "77001-4444"})
    assert said(*asked) == {3: ["PROBING_SUSPECTED"], 4: ["PROBING_SUSPECTED"]}


def test_requests_without_a_name_are_not_one_person(said: Said) -> None:
    nameless = {"given_name": None, "family_name": None, "tin": None, "date_of_birth": None}
    assert said(nameless, nameless) == {1: ["NAME_MISSING"], 2: ["NAME_MISSING"]}


def test_an_address_or_a_reason_for_as_many_as_the_limit_passes(said: Said, agreement: Agreement) -> None:
    limits = limit(agreement, "mass_reuse_limit"), limit(agreement, "same_reason_limit")
    assert said(*[SPELT] * limits[0], *[{"reason": "One reason for all asked."}] * limits[1]) == {}


def test_for_one_more_than_the_limit_all_of_them_wait(said: Said, agreement: Agreement) -> None:
    houses, reasons = limit(agreement, "mass_reuse_limit"), limit(agreement, "same_reason_limit")
    asked = [
        *[SPELT] * houses,
        STANDARD,
        *[{"reason": "One reason for all asked."}] * reasons,
        {"reason": "one  REASON for all asked"},
    ]
    codes = ["ADDRESS_MASS_REUSED"] * (houses + 1) + ["REASON_BOILERPLATE"] * (reasons + 1)
    assert said(*asked) == {row: [code] for row, code in enumerate(codes, 1)}


def test_units_of_one_house_are_addresses_of_their_own(said: Said, agreement: Agreement) -> None:
    many = range(limit(agreement, "mass_reuse_limit") + 1)
    assert said(*({**SPELT, "unit_line": f"Apt {number}"} for number in many)) == {}


def test_one_officer_in_more_matters_than_one_person_can_be_engaged_in_waits(said: Said, agreement: Agreement) -> None:
    strict = agreement.with_terms({"recipient_matters_limit": 2})
    other = {"recipients": ["R-2"]}
    assert said({}, {}, other, under=strict) == {}
    both = {"recipients": ["R-2", "R-1"]}
    waiting = ["ENGAGEMENT_IMPLAUSIBLE"]
    assert said({}, {}, both, other, other, under=strict) == dict.fromkeys(range(1, 6), waiting)


def test_an_officer_in_one_matter_with_many_people_is_in_one_matter(said: Said, agreement: Agreement) -> None:
    strict = agreement.with_terms({"recipient_matters_limit": 1})
    one = {"case_id": "M-1"}
    assert said(one, one, one, under=strict) == {}


def test_one_matter_in_which_many_people_are_named_waits(said: Said, agreement: Agreement) -> None:
    strict = agreement.with_terms({"matter_people_limit": 2})
    one = {"case_id": "M-1"}
    assert said(one, one, {}, under=strict) == {}
    assert said(one, one, one, {}, under=strict) == {row: ["NOT_INDIVIDUALISED"] for row in (1, 2, 3)}


def test_however_its_name_is_spelt_one_matter_is_one(said: Said, agreement: Agreement) -> None:
    strict = agreement.with_terms({"matter_people_limit": 2})
    spelt = [{"case_id": name} for name in ("M-7", "m 7", "M.7")]
    assert said(*spelt, under=strict) == {row: ["NOT_INDIVIDUALISED"] for row in (1, 2, 3)}
