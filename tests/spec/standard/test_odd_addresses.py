"""Spellings of one place are one place, other places are others, and what is no address is none."""

import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads(Path(__file__).with_name("odd_addresses.toml").read_text(encoding="utf-8"))
PLACE = ("a_number", "a_pre", "a_name", "a_suffix", "a_post", "a_unit", "a_street", "a_city", "a_state", "a_zip")
RETURNED = {"placeholder", "zip_only", "incomplete", "unreadable", "missing"}
HOUSTON = ("Houston", "TX", "77001")


def row(cell):
    """`street line | unit line | city | state | ZIP | country`, in Houston where no city is said."""
    sent = [field.strip() or None for field in cell.split("|")] if " | " in cell else [cell]
    return [*sent, *[None, None, *HOUSTON, None, None][len(sent) :]]


def cells(group):
    return [cell for rows in CASES[group].values() for spellings in rows for cell in spellings]


@pytest.fixture
def read(addresses):
    """A function from cells to what each was read as."""
    return lambda sent: dict(zip(sent, addresses([row(cell) for cell in sent]), strict=True))


def place(found):
    return tuple(found[column] for column in PLACE)


def test_every_spelling_of_a_place_is_read_as_that_place(read):
    found = read(cells("same"))
    assert [cell for cell in found if found[cell]["a_class"] != "sufficient"] == []
    rows = [spellings for rows in CASES["same"].values() for spellings in rows]
    wrong = [(cell, plain) for plain, *odd in rows for cell in odd if place(found[cell]) != place(found[plain])]
    assert wrong == []


def test_another_number_direction_type_name_or_unit_is_another_place(read):
    found = read(cells("apart"))
    rows = [spellings for rows in CASES["apart"].values() for spellings in rows]
    assert [cells for cells in rows if len({place(found[cell]) for cell in cells}) < len(cells)] == []


@pytest.mark.parametrize("group", CASES["bad"])
def test_what_is_no_address_of_a_person_is_not_sufficient(read, group):
    found = read(CASES["bad"][group])
    assert [cell for cell in found if found[cell]["a_class"] == "sufficient"] == []
    if group in RETURNED:
        assert [(cell, found[cell]["a_class"]) for cell in found if found[cell]["a_class"] not in RETURNED] == []
    elif group != "institutional":
        assert [(cell, found[cell]["a_class"]) for cell in found if found[cell]["a_class"] != group] == []


def test_there_are_cases_enough():
    assert len(cells("same")) + len(cells("apart")) + sum(map(len, CASES["bad"].values())) >= 1000
