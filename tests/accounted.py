"""Accountings for tests: the person behind a confirmed request, as that person would describe herself to counsel."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from comity.office import accounts, contesting, subjects
from comity.office.accounts import Accounted
from tests.world import World

REFERENCE = "LETTER-17"
STATUTE = "5 USC 552a(c)(3)"
_SAID = ("given_name", "middle_name", "family_name", "name_suffix", "street_line", "unit_line", "city", "state", "zip")


def table(world: World, batch: str, kind: str) -> str:
    """SQL: an artefact of a batch as DuckDB reads it."""
    [path] = (world.place / "home" / "batches" / batch).glob(f"{kind}-*.parquet")
    return f"'{path}'"


def answered(world: World, batch: str, answer: str = "CONFIRMED") -> list[int]:
    """The rows of a batch with that answer."""
    with duckdb.connect() as con:
        sql = f"SELECT row_number FROM {table(world, batch, 'answers')} WHERE answer = ? ORDER BY row_number"
        return [row for (row,) in con.execute(sql, [answer]).fetchall()]


def person_at(world: World, batch: str, row: int) -> dict[str, str]:
    """The person whose record was found for the request at `row`: names, birth date and address as on the record."""
    columns = ", ".join(f"c.record_{name} AS {name}" for name in (*_SAID, "date_of_birth"))
    sql = f"""SELECT {columns}, c.taxpayer_id FROM {table(world, batch, "candidates")} AS c
        JOIN {table(world, batch, "determinations")} AS d ON d.row_number = c.row_number AND d.person = c.person
        WHERE c.row_number = ? AND c.in_stated_year ORDER BY c.address_level = 'equal' DESC LIMIT 1"""
    with duckdb.connect() as con:
        cursor = con.execute(sql, [row])
        names = [name for name, *_ in cursor.description]
        [cells] = cursor.fetchall()
    told = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    return {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in told.items()}


def account(world: World, person: dict[str, str], out: str = "accounting") -> tuple[Accounted, dict[str, Any]]:
    """Counsel accounts to `person`: what was made, and what the person reads."""
    given = subjects.read_given(json.dumps(person).encode())
    place = world.place / out
    made = accounts.account(world.office, world.actor("counsel"), given, REFERENCE, place)
    return made, json.loads((place / "accounting.json").read_bytes())


def embargo(world: World, batch: str = "", until: str = "2026-12-31") -> Any:
    """Counsel places an embargo on the shipped agreement."""
    return contesting.place_embargo(world.office, world.actor("counsel"), "irs_ice_2025", batch, STATUTE, until)


def papers(place: Path) -> str:
    """Everything that an accounting gives to the person, as one text."""
    return "".join(path.read_text("utf-8") for path in sorted(place.iterdir()))
