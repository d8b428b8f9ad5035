"""Hard addresses read as a letter carrier reads them, and what is no address is named for what it is."""

import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads(Path(__file__).with_name("hard_addresses.toml").read_text(encoding="utf-8"))
COLUMNS = {"street": "a_street", "id": "a_unit", "form": "a_form", "number": "a_number"}
COLUMNS |= {column: column for column in ("a_city", "a_state", "a_zip")}
GROUPS = ("same", "different")
CLASSED = [(name, case) for name, cases in CASES.items() if name not in GROUPS for case in cases]


def row(case):
    if "text" in case:
        return [None] * 6 + [case["text"]]
    place = [case.get("city", "Houston"), case.get("state", "TX"), case.get("zip", "77001")]
    return [case["line"], case.get("unit"), *place, case.get("country"), None]


def test_each_hard_address_falls_into_its_class_and_is_read_into_its_parts(addresses):
    wrong = []
    found = addresses([row(case) for _, case in CLASSED])
    for (name, case), read in zip(CLASSED, found, strict=True):
        expected = {COLUMNS[field]: value for field, value in case.items() if field in COLUMNS} | {"a_class": name}
        if name == "sufficient":
            expected.setdefault("a_unit", None)
        wrong += [(case, column, read[column]) for column, value in expected.items() if read[column] != value]
    assert wrong == []


@pytest.mark.parametrize("group", GROUPS)
def test_spellings_of_one_place_read_the_same_and_other_places_differently(addresses, group):
    lines = [(i, line) for i, spellings in enumerate(CASES[group]) for line in spellings]
    places = {}
    for (i, _), read in zip(lines, addresses([row({"line": line}) for _, line in lines]), strict=True):
        places.setdefault(i, set()).add((read["a_street"], read["a_unit"], read["a_class"]))
    expected = [1 if group == "same" else len(spellings) for spellings in CASES[group]]
    wrong = [(CASES[group][i], found) for i, found in places.items() if len(found) != expected[i]]
    assert wrong == []


def test_there_are_hard_cases_of_every_class():
    assert len(CLASSED) >= 150
    assert {"placeholder", "zip_only", "incomplete", "unreadable", "institutional", "foreign", "po_box"} <= CASES.keys()
