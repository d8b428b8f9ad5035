"""Cases drawn as small tables: each has a town of its own, so that all of them share one registry and one run."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.tables import IDENTITY, casting_select
from comity.workspace import workspace

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
SHORT = {
    "given": "given_name",
    "middle": "middle_name",
    "family": "family_name",
    "suffix": "name_suffix",
    "street": "street_line",
    "unit": "unit_line",
    "born": "date_of_birth",
    "years": "tax_years",
    "taxpayer": "taxpayer_id",
    "year": "tax_year",
    "form": "source_form",
    "id": "request_id",
}


@dataclass(frozen=True)
class Case:
    """A sentence, a drawn registry, one drawn request, and what is to become of it."""

    says: str
    registry: str
    request: str
    becomes: tuple[str, str]
    evidence: str = "names"
    namesake_years: str = "any"


class Town:
    """The place of one case: its ZIP and city are far from those of every other case."""

    def __init__(self, number: int) -> None:
        pair = LETTERS[number // len(LETTERS)] + LETTERS[number % len(LETTERS)]
        self.number, self.zip, self.city = number, f"{10007 + 211 * number}", f"{pair * 4} TOWN"

    def words(self) -> dict[str, str]:
        """Words that a drawn cell may hold: the town's ZIP and city, misread, and another town's."""
        last = str((int(self.zip[-1]) + 1) % 10)
        return {
            "ZIP": self.zip,
            "ZIP~": self.zip[:-1] + last,
            "CITY": self.city,
            "CITY~": self.city.replace("TOWN", "TWON"),
            "ELSEWHERE": "FARAWAY",
            "99001": "99001",
            "-": "",
        }

    def rows(self, table: str, **defaults: str) -> list[dict[str, str]]:
        """The rows of a table drawn with bars; the first line names the columns, blanks take the defaults."""
        lines = [[cell.strip() for cell in line.strip().split("|")] for line in table.strip().splitlines()]
        place = {"street": "12 Oak St", "city": "CITY", "state": "OH", "zip": "ZIP"}
        return [
            self._row({**place, **defaults, **{k: v for k, v in zip(lines[0], cells, strict=True) if v}}, number)
            for number, cells in enumerate(lines[1:], start=1)
        ]

    def _row(self, cells: dict[str, str], number: int) -> dict[str, str]:
        row = {SHORT.get(name, name): self.words().get(cell, cell) for name, cell in cells.items()}
        for own in ("taxpayer_id", "request_id"):
            if own in row:
                row[own] = f"{row[own].replace('#', str(number))}-{self.number:03}"
        return row

    def registry(self, table: str) -> list[dict[str, str]]:
        return self.rows(table, taxpayer="T#", year="2020", form="1040", role="primary")

    def requests(self, table: str) -> list[dict[str, str]]:
        return self.rows(table, id="R#", years="2020")


def write_csv(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...]) -> Path:
    """The rows as a CSV file with the contract's columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_artefacts(home: Path, requests: list[dict[str, str]]) -> tuple[Artefact, Artefact]:
    """The requests, and rulings that let all pass but those drawn with `ruling` return."""
    source = write_csv(home / "requests.csv", requests, (*IDENTITY.names(), "ruling"))
    with workspace(home) as ws:
        ws.con.execute(f"CREATE TABLE text AS FROM read_csv('{source}', header = true, all_varchar = true)")
        cast = casting_select(IDENTITY, IDENTITY.names(), "text")
        ws.con.execute(
            f"CREATE TABLE asked AS SELECT row_number() OVER (ORDER BY request_id) AS row_number, * FROM ({cast})"
        )
        settled = (
            "SELECT row_number, request_id, coalesce(ruling, 'pass') AS ruling FROM asked JOIN text USING (request_id)"
        )
        return ws.write("requests", "FROM asked", "row_number"), ws.write("settled", settled, "row_number")


def rows_of(artefact: Artefact) -> list[dict[str, object]]:
    """The rows of an artefact as dictionaries."""
    with workspace(artefact.path.parent) as ws:
        ws.view("read", artefact)
        names = [name for name, *_ in ws.rows("DESCRIBE read")]
        return [dict(zip(names, row, strict=True)) for row in ws.rows("FROM read")]
