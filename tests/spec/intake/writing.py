"""One table of requests written in every format that intake reads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from comity.case.tables import REQUESTS
from comity.intake.niem_names import CONTEXT, FIRST, NAMESPACES, REQUEST

# A cell is None, a text, a date, or a list of texts or whole numbers.
Row = Mapping[str, Any]
COLUMNS = {column.name: column for column in REQUESTS.columns}

ROW: Row = {
    "request_id": "R-1",
    "given_name": "Ana",
    "family_name": "Canary",
    "street_line": "12 Elm St",
    "city": "Houston",
    "state": "TX",
    "zip": "01234",
    "tax_years": [2020, 2021],
    "statute": "8 USC 1253(a)(1)",
    "purpose": "INVESTIGATION",
    "case_id": "C-1",
    "case_opened_on": date(2024, 2, 29),
    "case_status": "OPEN",
    "reason": "Needed to locate the subject, said the officer",
    "recipients": ["officer-1", "officer-2"],
    "elements": ["address_confirmation"],
}


def plain(cell: Any) -> Any:
    """A cell as JSON has it."""
    return cell.isoformat() if isinstance(cell, date) else cell


def as_csv(rows: Sequence[Row], delimiter: str = ",", encoding: str = "utf-8", end: str = "\n") -> bytes:
    """The rows as CSV with every column of the contract."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(COLUMNS)
    writer.writerows([_cell_text(row.get(name)) for name in COLUMNS] for row in rows)
    return text.getvalue().encode(encoding)


def _cell_text(cell: Any) -> str:
    return ";".join(map(str, cell)) if isinstance(cell, list) else plain(cell) or ""


def as_ndjson(rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    """The rows as NDJSON; what is absent is left out of every other row and null in the rest."""
    lines = (
        json.dumps({name: plain(cell) for name, cell in row.items() if cell is not None or place % 2})
        for place, row in enumerate(rows)
    )
    return "".join(f"{line}\n" for line in lines).encode(encoding)


def as_niem(rows: Sequence[Row], indent: int | None = None) -> bytes:
    """The rows as a NIEM document, by the first path of each column."""
    document = {CONTEXT: NAMESPACES, REQUEST: [_nested(row) for row in rows]}
    return json.dumps(document, indent=indent, ensure_ascii=False).encode()


def _nested(row: Row) -> dict[str, Any]:
    request: dict[str, Any] = {}
    for name, cell in row.items():
        if cell is not None:
            inner = request
            for part in FIRST[name][:-1]:
                inner = inner.setdefault(part, {})
            inner[FIRST[name][-1]] = plain(cell)
    return request


def as_parquet(rows: Sequence[Row], folder: Path) -> bytes:
    """The rows as Parquet with the types of the contract."""
    file = folder / "made.parquet"
    kinds = ", ".join(f'"{name}" {column.type}' for name, column in COLUMNS.items())
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE made ({kinds})")
        places = ", ".join("?" for _ in COLUMNS)
        con.executemany(f"INSERT INTO made VALUES ({places})", [[row.get(name) for name in COLUMNS] for row in rows])
        con.execute(f"COPY made TO '{file}'")
    return file.read_bytes()
