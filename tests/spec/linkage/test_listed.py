"""Who is on a court's list: every spelling of the name that could be confirmed, but for another birth date."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from comity.case.artefact import Artefact
from comity.linkage import Compared, find_listed
from comity.linkage.listed import AGREEING, PART_PERSONS
from comity.linkage.plain_names import Lists, compare_name
from comity.linkage.standing import named_sql
from comity.standard import NAME, load_lists, standardise_names
from comity.workspace import workspace

from .name_cases import NAME_CASES

Asked = tuple[str | None, str | None, str | None]


Name = tuple[str | None, str | None, str | None]
"""Given name, middle name, family name."""


def compared_of(
    place: Path, asked: list[Asked], records: Sequence[tuple[int, str, Name, str | None]] = (), voted: str | None = None
) -> Compared:
    """A batch of requests with those given names, family names and birth dates, numbered from 1, of each of which the
    rule named `p1`, and reviewers `voted`; and `records` of them: the request, whose, the names and the birth date.
    """
    written = ", ".join(f"{part} VARCHAR" for part in NAME)
    record = ", ".join(f"record_{part} VARCHAR" for part in NAME)
    by_votes = f"'{voted}'" if voted else "NULL"
    with workspace(place) as ws:
        ws.con.execute(f"CREATE TABLE r (row_number INTEGER, {written}, date_of_birth DATE)")
        ws.con.execute(f"CREATE TABLE c (row_number INTEGER, person VARCHAR, {record}, record_date_of_birth DATE)")
        rows = [(row, given, None, family, None, born) for row, (given, family, born) in enumerate(asked, 1)]
        ws.con.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?, ?)", rows)
        for row, person, name, born in records:
            ws.con.execute("INSERT INTO c VALUES (?, ?, ?, ?, ?, NULL, ?)", [row, person, *name, born])
        return Compared(
            ws.write_numbered("requests", "SELECT * FROM r"),
            ws.write("candidates", "SELECT * FROM c", "row_number"),
            ws.write_numbered("determinations", "SELECT row_number, 'p1' AS person FROM r"),
            ws.write_numbered("verdicts", f"SELECT row_number, {by_votes}::VARCHAR AS person FROM r"),
        )


def named(drawn: str) -> list[tuple[str | None, str | None]]:
    """The given and family names in the rows of a case as it is drawn."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]
    given, family = head.index("given"), head.index("family")
    return [tuple(None if row[place] == "-" else row[place] for place in (given, family)) for row in rows]


def listed(place: Path, asked: list[Asked], *persons: tuple[str, str, str]) -> list[int]:
    """The rows of `asked` that name one of `persons`."""
    return rows_of(place, find_listed(place, compared_of(place, asked), persons))


def rows_of(place: Path, found: Artefact) -> list[int]:
    """The rows of the artefact `listed`."""
    with workspace(place) as ws:
        ws.view("listed", found)
        return [row for (row,) in ws.rows("SELECT row_number FROM listed ORDER BY ALL")]


@pytest.mark.parametrize(
    "written",
    [
        ("Maria", "Delgado"),
        ("MARIA", "DELGADO"),
        ("Mária", "Delgado Ruiz"),
        ("Maria", "Delgdao"),
        ("Delgado", "Maria"),
        ("Maria Elena", "Delgado"),
        ("M", "Delgado"),
    ],
)
def test_a_listed_person_is_held_under_every_spelling_that_could_be_confirmed(
    tmp_path: Path, written: tuple[str, str]
) -> None:
    assert listed(tmp_path, [(*written, None)], ("Maria", "Delgado", "1980-03-04")) == [1]


def test_somebody_of_one_name_alone_is_held(tmp_path: Path) -> None:
    assert listed(tmp_path, [(None, "Suharto", None), ("Suharto", None, None)], ("", "Suharto", "")) == [1, 2]


@pytest.mark.parametrize(
    ("person", "written"),
    [
        (("William", "Smith"), ("Bill", "Smiht")),
        (("William", "Lopez"), ("Bill", "Lpoez")),
        (("John", "Ibarra"), ("Jon", "Ybarra")),
        (("Garrett", "Cox"), ("Garretdt", "Ox")),
        (("Micaela", "Carney"), ("Micxela", "Arcey")),
        (("Piotr", "Chaikovsky"), ("Pyotr", "Tchaikovsky")),
        (("Ana", "Cruz"), ("Anna", "De la Cruz")),
        (("Cristina", "Servantes"), ("Kristina", "Cervantez")),
        (("Jose", "Cervantez"), ("Pepe", "Servantes")),
        (("Wang", "Xiaoming"), ("Xiao Ming", "Wang")),
        (("FNU", "Suharto"), ("Suharto", "LNU")),
    ],
)
def test_slips_at_both_ends_do_not_set_free(tmp_path: Path, person: tuple[str, str], written: tuple[str, str]) -> None:
    assert listed(tmp_path, [(*written, None)], (*person, "")) == [1]


def test_one_birth_date_is_enough_to_meet_however_the_names_are_written(tmp_path: Path) -> None:
    asked = [("Sheri", "Monarrez", "1980-03-04"), ("Sheri", "Monarrez", None)]
    assert listed(tmp_path, asked, ("Shri", "Onarrze", "1980-03-04")) == [1]


@pytest.mark.parametrize("written", [("Mario", "Hidalgo"), ("Maria", "Fuentes"), ("Ana", "Delgado"), (None, None)])
def test_another_person_is_not_held(tmp_path: Path, written: tuple[str | None, str | None]) -> None:
    assert listed(tmp_path, [(*written, None)], ("Maria", "Delgado", "")) == []


@pytest.mark.parametrize(
    ("asked", "on_list", "held"),
    [
        ("1980-03-04", "1980-03-04", True),
        (None, "1980-03-04", True),
        ("1980-03-04", "", True),
        ("1980-04-03", "1980-03-04", True),
        ("1980-03-05", "1980-03-04", True),
        ("1981-03-04", "1980-03-04", True),
        ("1980-04-01", "1980-03-31", True),
        ("1980-01-01", "1979-12-31", True),
        ("1980-07-15", "1980-01-01", True),
        ("1981-03-05", "1980-03-04", False),
        ("1972-11-20", "1980-03-04", False),
    ],
)
def test_only_a_birth_date_that_is_no_slip_sets_free(
    tmp_path: Path, asked: str | None, on_list: str, *, held: bool
) -> None:
    assert listed(tmp_path, [("Maria", "Delgado", asked)], ("Maria", "Delgado", on_list)) == ([1] if held else [])


@pytest.mark.parametrize(
    ("record", "person", "asked"),
    [
        (("Robert", "James", "Quill"), ("Robert", "Quill"), ("James", "Quill")),
        (("Robert", "James", "Quill"), ("James", "Quill"), ("Robert", "Quill")),
        (("Maria", None, "Garcia Lopez"), ("Maria", "Garcia"), ("Maria", "Lopez")),
        (("Jane", None, "Miller"), ("Jane", "Miller"), ("Jane", "Doe")),
    ],
)
def test_whoever_a_yes_would_name_is_held_by_the_name_on_record(
    tmp_path: Path, record: Name, person: tuple[str, str], asked: tuple[str, str]
) -> None:
    batch = compared_of(tmp_path, [(*asked, "1980-03-04")], [(1, "p1", record, "1980-03-04")])
    assert rows_of(tmp_path, find_listed(tmp_path, batch, [(*person, "1980-03-04")])) == [1]


def test_whom_two_reviewers_named_is_held_and_nobody_else_at_the_address(tmp_path: Path) -> None:
    records = [(1, "p2", ("Jane", None, "Miller"), None), (1, "p3", ("Otis", None, "Miller"), None)]
    voted = compared_of(tmp_path, [("Jane", "Doe", None)], records, voted="p2")
    assert rows_of(tmp_path, find_listed(tmp_path, voted, [("Jane", "Miller", "")])) == [1]
    assert rows_of(tmp_path, find_listed(tmp_path, voted, [("Otis", "Miller", "")])) == []


def test_the_date_of_a_request_does_not_set_free_whose_record_has_none(tmp_path: Path) -> None:
    batch = compared_of(tmp_path, [("Robert", "Quill", "1972-11-20")], [(1, "p1", ("Robert", None, "Quill"), None)])
    assert rows_of(tmp_path, find_listed(tmp_path, batch, [("Robert", "Quill", "1980-03-04")])) == [1]


def test_an_empty_list_holds_nobody(tmp_path: Path) -> None:
    assert listed(tmp_path, [("Maria", "Delgado", None)]) == []


def test_whoever_a_comparison_of_everybody_with_everybody_finds_is_held(tmp_path: Path) -> None:
    drawn = random.Random(20)
    names = sorted({name for case in NAME_CASES for name in (*named(case.registry), *named(case.request))}, key=str)
    asked = [(*name, None) for name in names]
    persons = [(given or "", family or "", "") for given, family in drawn.sample(names, 40) if given or family]
    found = listed(tmp_path, asked, *persons)
    with workspace(tmp_path) as ws:
        load_lists(ws.con)
        lists = Lists.read(ws)
        read = []
        either = [*persons, *((two, one, born) for one, two, born in persons)]
        for of in (asked, either):
            ws.con.execute(
                "CREATE OR REPLACE TABLE w (row_number INTEGER, given_name VARCHAR, family_name VARCHAR, "
                "middle_name VARCHAR, name_suffix VARCHAR)"
            )
            ws.con.executemany(
                "INSERT INTO w VALUES (?, ?, ?, NULL, NULL)", [(n, *one[:2]) for n, one in enumerate(of, 1)]
            )
            standardise_names(ws.con, "w", "r")
            read.append(ws.records(f"{named_sql('r')} ORDER BY row_number"))
    near = [
        q["row_number"] for q in read[0] if any(compare_name(q, [k], lists)["name_level"] in AGREEING for k in read[1])
    ]
    assert found == near


def test_a_list_longer_than_one_part_is_held_to_its_last_line(tmp_path: Path) -> None:
    others = [(f"Given{letter}", f"Family{letter}", "") for letter in map(chr, range(0x4E00, 0x4E00 + PART_PERSONS))]
    assert listed(tmp_path, [("Maria", "Delgado", None)], *others, ("Maria", "Delgado", "")) == [1]
