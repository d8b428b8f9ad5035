"""The requests file, of any format, as the one table of requests; or every place of it that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.tables import REQUESTS, casting_select, present_text, unreadable_select
from comity.intake import csv_table, ndjson_table, niem_table, parquet_table, refusals
from comity.intake.encoding import as_utf8
from comity.intake.faults import LISTED_FAULTS, Fault, Found, UnreadableTable
from comity.intake.written import AS_NAMED, CSV, NDJSON, NIEM, Written, settled
from comity.workspace import Workspace, quoted

_ID_FORM = "[A-Z0-9-]{1,26}"
# A number that names a person outside the submission would be a search key: SSN and ITIN, and the A-number.
_ID_SHAPES = (r"\d{3}-?\d{2}-?\d{4}", r"A-?(\d{7}|\d{8}|\d{3}-?\d{3}-?\d{3}|\d{2}-?\d{3}-?\d{3})")
# What no text has, in whichever format it can be written: controls but tab and line ends.
_CONTROLS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{80}-\x{9F}]"


@dataclass(frozen=True)
class Loaded:
    """The rows of a requests file as text, in the workspace's table `source`; every cell can be read."""

    columns: tuple[str, ...]
    rows: int


def load_requests(ws: Workspace, path: Path, said: Written = AS_NAMED, listed: int = LISTED_FAULTS) -> Loaded:
    """Load the file at `path`, written as is `said`, and look at every cell; the first `listed` faults are kept.

    Raises Usage as `written.settled`; BadInput COLUMN_MISSING, COLUMN_UNKNOWN, COLUMN_REPEATED, COLUMN_TYPE,
    DELIMITER_UNCLEAR, REQUESTS_UNREADABLE, NO_REQUESTS; and UnreadableTable with a code of `faults.MEANINGS`.
    """
    written = settled(path, said)
    with as_utf8(path, written.encoding, ws.directory) as text:
        columns = _load(ws, text, written, Found(listed))
        [(rows,)] = ws.rows("SELECT count(*) FROM source")
        if not rows:
            raise refusals.no_requests()
        _require_readable(ws, text, written, columns, listed)
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


def write_sent(ws: Workspace, loaded: Loaded) -> Artefact:
    """Write the artefact `sent`: `row_number` and the columns of the file, all as the text that was sent."""
    cells = ", ".join(f'"{name}"' for name in loaded.columns)
    return ws.write_numbered("sent", f"SELECT CAST(row_number AS INTEGER) AS row_number, {cells} FROM source")


def write_packed(ws: Workspace, loaded: Loaded, path: Path) -> None:
    """Write the columns of the file, all as the text that was sent, in its order, to the Parquet file `path`."""
    cells = ", ".join(f'"{name}"' for name in loaded.columns)
    # Readers number the rows as they come, so that hardly ever anything has to be sorted.
    [(ordered,)] = ws.rows("SELECT bool_and(row_number = rowid + 1) FROM source")
    order = "" if ordered else "ORDER BY row_number"
    ws.con.execute(f"COPY (SELECT {cells} FROM source {order}) TO {quoted(path)} (FORMAT parquet)")


def _load(ws: Workspace, path: Path, written: Written, found: Found) -> list[str]:
    if written.format == CSV:
        return csv_table.load(ws, path, written.delimiter, found)
    if written.format == NDJSON:
        return ndjson_table.load(ws, path, found)
    if written.format == NIEM:
        return niem_table.load(ws, path, found)
    return parquet_table.load(ws, path, found)


def _require_readable(ws: Workspace, path: Path, written: Written, columns: Sequence[str], listed: int) -> None:
    ws.con.execute(f"CREATE TEMP TABLE faults AS {_faults_sql(columns, _columns_with_controls(ws, columns))}")
    [(count,)] = ws.rows("SELECT count(*) FROM faults")
    if not count:
        return
    first = ws.rows(f"SELECT * FROM faults ORDER BY ALL LIMIT {listed}")
    placed = _places(path, written, [(row, column) for row, column, _ in first])
    raise UnreadableTable([Fault(*place, code) for place, (_, _, code) in zip(placed, first, strict=True)], count)


def _places(path: Path, written: Written, marks: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The line and the column as a fault names them of each (row, column)."""
    if written.format == NIEM:
        return niem_table.places(path, marks)
    if written.format == CSV:
        lines = csv_table.places(path, written.delimiter, [row for row, _ in marks])
        return [(line, column) for line, (_, column) in zip(lines, marks, strict=True)]
    return list(marks)


def _columns_with_controls(ws: Workspace, columns: Sequence[str]) -> list[str]:
    """The columns in which a control character stands; rows are looked at whole first, for there is hardly ever one."""
    cells = ", ".join(f'"{name}"' for name in columns)
    [(some,)] = ws.rows(f"SELECT coalesce(bool_or(regexp_matches(concat({cells}), '{_CONTROLS}')), FALSE) FROM source")
    return list(columns) if some else []


def _faults_sql(columns: Sequence[str], with_controls: Sequence[str]) -> str:
    """Every (row_number, column_name, code) of the table `source` that intake cannot read or trust."""
    values = unreadable_select(REQUESTS, columns, "source", "row_number")
    selects = [f"SELECT row_number, column_name, 'VALUE_UNREADABLE' AS code FROM ({values})"]
    selects += [
        f"SELECT row_number, '{name}', 'CELL_TOO_LONG' FROM source WHERE length(\"{name}\") > {csv_table.MAXIMUM_CELL}"
        for name in columns
    ]
    selects += [
        f"SELECT row_number, '{name}', 'CONTROL_CHARACTER' FROM source WHERE regexp_matches(\"{name}\", '{_CONTROLS}')"
        for name in with_controls
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
