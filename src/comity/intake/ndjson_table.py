"""Requests as NDJSON: an object a line, its members the columns of the contract, several values an array."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

from comity.case.tables import REQUESTS, Column
from comity.intake import refusals
from comity.intake.csv_table import MAXIMUM_ROW
from comity.intake.encoding import count_lines
from comity.intake.faults import Found
from comity.intake.json_cells import Members, cell, decode
from comity.workspace import Workspace, quoted

_MAXIMUM_LISTS = 10_000
_BY_NAME = {column.name: column for column in REQUESTS.columns}
# What an array has to be, written out: DuckDB would take a number in it for text, and text for a number.
_ARRAY = r"^\s*\[\s*({item}(\s*,\s*{item})*)?\s*\]\s*$"
_WHOLE = _ARRAY.format(item=r"-?\d+")
_NO_OBJECT = "CASE WHEN starts_with(line, '{') THEN FALSE ELSE json_type(line) <> 'OBJECT' END"
_TEXTS = _ARRAY.format(item=r'"([^"\\]|\\.)*"')


def load(ws: Workspace, path: Path, found: Found) -> list[str]:
    """Make the table `source` of the UTF-8 file at `path` and give its columns, as `csv_table.load` does: a member that
    is left out or null is absent, so every column is there.

    Raises BadInput REQUESTS_UNREADABLE; UnreadableTable ENCODING_INVALID, CONTROL_CHARACTER, LINE_BLANK, LINE_TOO_LONG,
    JSON_INVALID, MEMBER_UNKNOWN, MEMBER_REPEATED, VALUE_TYPE.
    """
    lines = count_lines(path)
    try:
        ws.con.execute(f"CREATE OR REPLACE TEMP TABLE source AS {_rows_sql(path)}")
        readable = ws.rows("SELECT count(*) FROM source") == [(lines,)]
        suspects = _suspects(ws, path) if readable else None
    except duckdb.Error:
        readable, suspects = False, None
    if suspects is None or suspects:
        examine(path, suspects, found)
        found.require_none()
    # What one reader takes and the other does not is believed of neither.
    if not readable or ws.rows("SELECT 1 FROM source WHERE wrong LIMIT 1"):
        raise refusals.unreadable_requests()
    return list(REQUESTS.names())


def _suspects(ws: Workspace, path: Path) -> Collection[int] | None:
    """The lines to read again, or None for all of them: when a name is unknown or repeated in some, or the lists of
    names are too many to look at. Looking at each line's would take longer than reading it.
    """
    known = set(REQUESTS.names())
    lists = ws.rows(f"SELECT DISTINCT json_keys(line) FROM ({_lines_sql(path)}) LIMIT {_MAXIMUM_LISTS}")
    if len(lists) == _MAXIMUM_LISTS or any(len(set(names or ()) & known) != len(names or ()) for (names,) in lists):
        return None
    return {row for (row,) in ws.rows("SELECT row_number FROM source WHERE doubted")}


def examine(path: Path, rows: Collection[int] | None, found: Found) -> None:
    """Read the given lines (None: all) as strictly as JSON is meant, and say what is wrong with each."""
    for number, line in enumerate(_lines(path), 1):
        if rows is None or number in rows:
            for column, code in _faults(line):
                found.add(number, column, code)


def _lines(path: Path) -> Iterator[str]:
    """The lines of the file, of each no more than a line may have and one character."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        while line := file.readline(MAXIMUM_ROW + 1):
            yield line
            while len(line) > MAXIMUM_ROW and not line.endswith("\n"):
                line = file.readline(MAXIMUM_ROW + 1)


def _faults(line: str) -> Iterator[tuple[str, str]]:
    """The (column, code) of everything in a line that is not as the contract has it."""
    if not line.strip():
        yield "", "LINE_BLANK"
    elif len(line) > MAXIMUM_ROW:
        yield "", "LINE_TOO_LONG"
    else:
        try:
            value = decode(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, Members):
            yield from _member_faults(value)
        else:
            yield "", "JSON_INVALID"


def _member_faults(members: Members) -> Iterator[tuple[str, str]]:
    seen = set()
    for place, (name, value) in enumerate(members, 1):
        column = _BY_NAME.get(name)
        if column is None:
            yield f"#{place}", "MEMBER_UNKNOWN"
        elif name in seen:
            yield name, "MEMBER_REPEATED"
        elif not _fits(column, value):
            yield name, "VALUE_TYPE"
        seen.add(name)


def _fits(column: Column, value: object) -> bool:
    if column.is_list and not isinstance(value, list | None):
        return False
    try:
        cell(column, value)
    except ValueError:
        return False
    return True


def _rows_sql(path: Path) -> str:
    """SQL of all lines as rows of text, each with whether it is `wrong`, and whether it is `doubted`, because it is
    wrong or may have the one thing that DuckDB lets pass: a comma behind the last member or item.
    """
    read = (
        f"SELECT row_number, line, from_json(line, '{_structure(raw=True)}') AS raw, "
        f"from_json(line, '{_structure(raw=False)}') AS text FROM ({_lines_sql(path)})"
    )
    wrongs = ("line IS NULL", _NO_OBJECT, *map(_wrong, REQUESTS.columns))
    texts = ", ".join(f'{_text_sql(column)} AS "{column.name}"' for column in REQUESTS.columns)
    return (
        f"SELECT row_number, coalesce({' OR '.join(wrongs)}, TRUE) AS wrong, "
        f"wrong OR regexp_matches(line, ',\\s*[}}\\]]') AS doubted, {texts} FROM ({read})"
    )


def _lines_sql(path: Path) -> str:
    """SQL of all lines by their number; one that is no JSON is NULL."""
    return (
        f"SELECT row_number() OVER () AS row_number, CASE WHEN json_valid(line) THEN line END AS line "
        f"FROM read_csv({quoted(path)}, "
        "auto_detect = false, header = false, delim = chr(1), quote = '', escape = '', columns = {'line': 'VARCHAR'}, "
        f"strict_mode = false, null_padding = false, parallel = false, max_line_size = {MAXIMUM_ROW})"
    )


def _structure(*, raw: bool) -> str:
    kinds = (
        (column.name, '"JSON"' if raw else '["VARCHAR"]' if column.is_list else '"VARCHAR"')
        for column in REQUESTS.columns
    )
    return "{" + ", ".join(f'"{name}": {kind}' for name, kind in kinds) + "}"


def _wrong(column: Column) -> str:
    raw, text = f'raw."{column.name}"', f'text."{column.name}"'
    if column.type == "INTEGER[]":
        fits = f"regexp_full_match({raw}, '{_WHOLE}')"
    elif column.is_list:
        fits = f"regexp_full_match({raw}, '{_TEXTS}') AND NOT contains(array_to_string({text}, ''), ';')"
    else:
        fits = f"starts_with({raw}, '\"')"
    return f"({raw} IS NOT NULL AND NOT ({fits}))"


def _text_sql(column: Column) -> str:
    text = f'text."{column.name}"'
    return f"array_to_string({text}, ';')" if column.is_list else text
