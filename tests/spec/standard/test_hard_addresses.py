"""Hard addresses read as a letter carrier reads them, and what is no address is named for what it is."""

import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads(Path(__file__).with_name("hard_addresses.toml").read_text(encoding="utf-8"))
COLUMNS = {"street": "a_street", "id": "a_unit", "form": "a_form", "number": "a_number"}
COLUMNS |= {column: column for column in ("a_city", "a_state", "a_zip")}
CLASSES = [name for name in CASES if name not in ("same", "different")]


def row(case):
    if "text" in case:
        return [None] * 6 + [case["text"]]
    return [
        case["line"],
        case.get("unit"),
        case.get("city", "Houston"),
        case.get("state", "TX"),
        case.get("zip", "77001"),
        case.get("country"),
        None,
    ]


@pytest.mark.parametrize("name", CLASSES)
def test_each_hard_address_falls_into_its_class(addresses, name):
    found = addresses([row(case) for case in CASES[name]])
    wrong = [(case, read["a_class"]) for case, read in zip(CASES[name], found, strict=True) if read["a_class"] != name]
    assert wrong == []


@pytest.mark.parametrize("name", CLASSES)
def test_each_hard_address_is_read_into_its_parts(addresses, name):
    wrong = []
    for case, read in zip(CASES[name], addresses([row(case) for case in CASES[name]]), strict=True):
        expected = {COLUMNS[field]: value for field, value in case.items() if field in COLUMNS}
        if name == "sufficient":
            expected.setdefault("a_unit", None)
        wrong += [(case, column, read[column]) for column, value in expected.items() if read[column] != value]
    assert wrong == []


def _places(addresses, lines):
    return {(read["a_street"], read["a_unit"]) for read in addresses([row({"line": line}) for line in lines])}


def test_spellings_of_one_place_read_the_same(addresses):
    assert [lines for lines in CASES["same"] if len(_places(addresses, lines)) != 1] == []


def test_different_places_stay_different(addresses):
    assert [lines for lines in CASES["different"] if len(_places(addresses, lines)) != len(lines)] == []


def test_there_are_hard_cases_of_every_class():
    assert sum(map(len, CASES.values())) >= 150
    assert {"placeholder", "zip_only", "incomplete", "unreadable", "institutional", "foreign", "po_box"} <= CASES.keys()
