"""The requests file, CSV or Parquet, as the one table of requests; or every place of it that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from comity.case.artefact import Artefact
from comity.case.tables import REQUESTS, casting_select, present_text, unreadable_select
from comity.crypto.errors import refusing
from comity.intake import csv_table, parquet_table, refusals
from comity.intake.refusals import Fault, UnreadableTable
from comity.workspace import Workspace

LISTED_FAULTS = 100

_ID_FORM = "[A-Z0-9-]{1,26}"
# A number that names a person outside the submission would be a search key: SSN and ITIN, and the A-number.
_ID_SHAPES = (r"\d{3}-?\d{2}-?\d{4}", r"A-?(\d{7}|\d{8}|\d{3}-?\d{3}-?\d{3}|\d{2}-?\d{3}-?\d{3})")


@dataclass(frozen=True)
class Loaded:
    """The rows of a requests file as text, in the workspace's table `source`; every cell can be read."""

    columns: tuple[str, ...]
    rows: int


def load_requests(ws: Workspace, path: Path) -> Loaded:
    """Load the file at `path` (`.csv` or `.parquet`) and look at every cell.

    Raises BadInput COLUMN_MISSING, COLUMN_UNKNOWN, COLUMN_REPEATED, COLUMN_TYPE, REQUESTS_UNREADABLE, NO_REQUESTS; and
    UnreadableTable for ENCODING_INVALID, CONTROL_CHARACTER, ROW_WIDTH, CELL_UNREADABLE, CELL_TOO_LONG,
    VALUE_UNREADABLE, REQUEST_ID_MISSING, REQUEST_ID_FORM, REQUEST_ID_IDENTIFIES, REQUEST_ID_REPEATED.
    """
    columns = _load_csv(ws, path) if path.suffix == ".csv" else _load_parquet(ws, path)
    [(rows,)] = ws.rows("SELECT count(*) FROM source")
    if not rows:
        raise refusals.no_requests()
    _require_readable(ws, path, columns)
    return Loaded(tuple(columns), rows)


def write_requests(ws: Workspace, loaded: Loaded, received_on: date) -> Artefact:
    """Write the artefact `requests`: `row_number` (INTEGER, from 1, the place in the file), the columns of the REQUESTS
    contract, and `received_on` (DATE).
    """
    cells = casting_select(REQUESTS, loaded.columns, "source").removeprefix("SELECT ")
    stamp = f"DATE '{received_on.isoformat()}' AS received_on"
    return ws.write_numbered(
        "requests", f"SELECT *, {stamp} FROM (SELECT CAST(row_number AS INTEGER) AS row_number, {cells})"
    )


def _load_csv(ws: Workspace, path: Path) -> list[str]:
    lines = csv_table.count_lines(path)
    names = csv_table.header(path)
    _require_columns(names)
    try:
        ws.con.execute(f"CREATE TEMP TABLE source AS {csv_table.reader_sql(path, names)}")
    except duckdb.Error:
        readable = False
    else:
        # DuckDB drops a last row whose quote never ends, and every row that the quote swallowed.
        readable = ws.rows(csv_table.counted_lines_sql(names)) == [(lines,)]
    if not readable:
        _read_again(ws, path, len(names))
    return names


def _read_again(ws: Workspace, path: Path, width: int) -> None:
    """Say what is wrong with a file; one with blank lines or old line ends is right if all its rows are there."""
    walked = csv_table.walk(path, width)
    if walked.faults:
        raise UnreadableTable(walked.faults[:LISTED_FAULTS], len(walked.faults))
    with refusing(refusals.unreadable_requests, duckdb.Error):
        [(rows,)] = ws.rows("SELECT count(*) FROM source")
    if rows != walked.rows:
        raise refusals.unreadable_requests()


def _load_parquet(ws: Workspace, path: Path) -> list[str]:
    with refusing(refusals.unreadable_requests, duckdb.Error):
        columns = [(name, kind) for name, kind, *_ in ws.rows(parquet_table.schema_sql(path))]
    names = [name for name, _ in columns]
    _require_columns(names)
    for name, kind in columns:
        if kind not in parquet_table.TYPES:
            raise refusals.column_type(name)
    with refusing(refusals.unreadable_requests, duckdb.Error):
        ws.con.execute(f"CREATE TEMP TABLE source AS {parquet_table.reader_sql(path, columns)}")
    return names


def _require_columns(names: Sequence[str]) -> None:
    known = REQUESTS.names()
    for place, name in enumerate(names, 1):
        if name not in known:
            raise refusals.unknown_column(place)
        if name in names[: place - 1]:
            raise refusals.repeated_column(name)
    missing = [name for name in REQUESTS.required() if name not in names]
    if missing:
        raise refusals.missing_columns(missing)


def _require_readable(ws: Workspace, path: Path, columns: Sequence[str]) -> None:
    ws.con.execute(f"CREATE TEMP TABLE faults AS {_faults_sql(columns)}")
    [(count,)] = ws.rows("SELECT count(*) FROM faults")
    if not count:
        return
    first = ws.rows(f"SELECT * FROM faults ORDER BY ALL LIMIT {LISTED_FAULTS}")
    rows = [row for row, _, _ in first]
    lines = csv_table.lines_of(path, rows) if path.suffix == ".csv" else rows
    raise UnreadableTable(
        [Fault(line, column, code) for line, (_, column, code) in zip(lines, first, strict=True)], count
    )


def _faults_sql(columns: Sequence[str]) -> str:
    """Every (row_number, column_name, code) of the table `source` that intake cannot read or trust."""
    values = unreadable_select(REQUESTS, columns, "source", "row_number")
    selects = [f"SELECT row_number, column_name, 'VALUE_UNREADABLE' AS code FROM ({values})"]
    selects += [
        f"SELECT row_number, '{name}', 'CELL_TOO_LONG' FROM source WHERE length(\"{name}\") > {csv_table.MAXIMUM_CELL}"
        for name in columns
    ]
    identifies = " OR ".join(f"regexp_full_match(id, '{shape}')" for shape in _ID_SHAPES)
    for code, condition in (
        ("REQUEST_ID_MISSING", "id IS NULL"),
        ("REQUEST_ID_FORM", f"NOT regexp_full_match(id, '{_ID_FORM}')"),
        ("REQUEST_ID_IDENTIFIES", identifies),
        ("REQUEST_ID_REPEATED", "id IN (SELECT id FROM ids GROUP BY id HAVING count(*) > 1)"),
    ):
        selects.append(f"SELECT row_number, 'request_id', '{code}' FROM ids WHERE {condition}")
    ids = f"SELECT row_number, {present_text('request_id')} AS id FROM source"
    return f"WITH ids AS MATERIALIZED ({ids}) {' UNION ALL '.join(selects)}"
