"""Requests as CSV (RFC 4180, but for its delimiter): what a file must be, how it is read, and where it is not that."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from comity.case.tables import REQUESTS
from comity.crypto.errors import refusing
from comity.intake import refusals
from comity.intake.columns import require_columns
from comity.intake.encoding import count_lines
from comity.intake.faults import Found
from comity.workspace import Workspace, quoted

# In characters, and with room for the longest row of a few such cells.
MAXIMUM_CELL = 10_000
MAXIMUM_ROW = 1_000_000
# Two words and the one character between them, quotes and spaces aside.
_PARTED = re.compile(r'(\w+)"? ?([^\w" \r\n])(?= ?"?(\w+))', re.ASCII)


def load(ws: Workspace, path: Path, delimiter: str, found: Found) -> list[str]:
    """Make the table `source` of the UTF-8 file at `path` and give its columns: `row_number` (from 1, their order in
    the file) and each column as text.

    Raises BadInput DELIMITER_UNCLEAR, COLUMN_MISSING, COLUMN_UNKNOWN, COLUMN_REPEATED, REQUESTS_UNREADABLE; and
    UnreadableTable ENCODING_INVALID, CONTROL_CHARACTER, ROW_WIDTH, CELL_UNREADABLE, CELL_TOO_LONG.
    """
    lines = count_lines(path, delimiter)
    delimiter = delimiter or delimiter_of(_first_line(path))
    with refusing(refusals.unreadable_requests, csv.Error):
        names = next(csv.reader([_first_line(path)], delimiter=delimiter), [])
    require_columns(names)
    try:
        load_rows(ws, path, delimiter, names)
    except duckdb.Error:
        readable = False
    else:
        # DuckDB drops a last row whose quote never ends, and every row that the quote swallowed.
        readable = ws.rows(_counted_lines_sql(names)) == [(lines,)]
    if not readable:
        _read_again(ws, path, delimiter, found)
    return names


def load_rows(ws: Workspace, path: Path, delimiter: str, names: Sequence[str]) -> None:
    """Make the table `source` of a CSV file with a header line and the columns `names`; nothing is guessed.

    Raises duckdb.Error.
    """
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    ws.con.execute(
        f"CREATE OR REPLACE TEMP TABLE source AS SELECT row_number() OVER () AS row_number, * "
        f"FROM read_csv({quoted(path)}, auto_detect = false, header = true, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, strict_mode = true, null_padding = false, parallel = false, "
        f"max_line_size = {MAXIMUM_ROW})"
    )


def delimiter_of(header: str) -> str:
    """The one character that parts a header line into names of the contract; a comma where nothing is parted.

    Raises BadInput DELIMITER_UNCLEAR.
    """
    if len(header) > MAXIMUM_CELL:
        raise refusals.unclear_delimiter()
    known = REQUESTS.names()
    found = _PARTED.findall(header)
    parting = {char for before, char, behind in found if {before.lower(), behind.lower()} <= set(known)}
    if len(parting) > 1 or (found and not parting):
        raise refusals.unclear_delimiter()
    return parting.pop() if parting else ","


def places(path: Path, delimiter: str, rows: Sequence[int]) -> list[int]:
    """The lines at which the given rows begin (the first after the header is row 1)."""
    wanted = set(rows)
    delimiter = delimiter or delimiter_of(_first_line(path))
    begun = {row: line for row, (line, _) in enumerate(_records(path, delimiter)) if row in wanted}
    return [begun.get(row, row + 1) for row in rows]


def walk(path: Path, delimiter: str, found: Found) -> int:
    """Read the file again, row by row, for what DuckDB refuses without saying where, or drops without a word.

    Gives the number of rows.
    """
    rows, width = -1, 0
    for line, cells in _records(path, delimiter):
        rows += 1
        width = width or len(cells or ())
        if cells is None:
            found.add(line, "", "CELL_UNREADABLE")
        elif len(cells) != width:
            found.add(line, "", "ROW_WIDTH")
        elif any(len(cell) > MAXIMUM_CELL for cell in cells):
            found.add(line, "", "CELL_TOO_LONG")
    return rows


def _read_again(ws: Workspace, path: Path, delimiter: str, found: Found) -> None:
    """Say what is wrong with a file; one with blank lines or old line ends is right if all its rows are there."""
    walked = walk(path, delimiter, found)
    found.require_none()
    with refusing(refusals.unreadable_requests, duckdb.Error):
        [(rows,)] = ws.rows("SELECT count(*) FROM source")
    if rows != walked:
        raise refusals.unreadable_requests()


def _counted_lines_sql(names: Sequence[str]) -> str:
    """SQL of the lines that the rows of the table `source` take up in a file without blank lines, header included."""
    within = " + ".join(
        f"CASE WHEN contains({cell}, chr(10)) THEN length({cell}) - length(replace({cell}, chr(10), '')) ELSE 0 END"
        for cell in (f'"{name}"' for name in names)
    )
    return f"SELECT 1 + count(*) + coalesce(sum({within}), 0) FROM source"


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return file.readline(MAXIMUM_ROW)


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line at which it begins; None for cells that cannot be told apart, and then no more."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(iter(lambda: file.readline(MAXIMUM_ROW), ""), delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            yield line, None
