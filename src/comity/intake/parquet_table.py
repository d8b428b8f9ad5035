"""Requests as Parquet: which columns a file may have, and how its rows are read as text in their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from comity.case.tables import as_text
from comity.crypto.errors import refusing
from comity.intake import refusals
from comity.intake.columns import require_columns
from comity.intake.faults import Found
from comity.workspace import Workspace, quoted

# Everything else (floats, times of day, structures) has no one form as text that the contract could read.
_SCALARS = ("VARCHAR", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "DATE", "NULL", '"NULL"')
TYPES = frozenset(kind + suffix for kind in _SCALARS for suffix in ("", "[]"))


def load(ws: Workspace, path: Path, found: Found) -> list[str]:
    """Make the table `source` of the file at `path` and give its columns, as `csv_table.load` does.

    Raises BadInput COLUMN_MISSING, COLUMN_UNKNOWN, COLUMN_REPEATED, COLUMN_TYPE, REQUESTS_UNREADABLE; UnreadableTable
    VALUE_UNREADABLE for items of a list that hold a semicolon.
    """
    with refusing(refusals.unreadable_requests, duckdb.Error):
        described = ws.rows(f"DESCRIBE SELECT * FROM read_parquet({quoted(path)})")
    columns = [(name, kind) for name, kind, *_ in described]
    names = [name for name, _ in columns]
    require_columns(names)
    for name, kind in columns:
        if kind not in TYPES:
            raise refusals.column_type(name)
    with refusing(refusals.unreadable_requests, duckdb.Error):
        ws.con.execute(f"CREATE OR REPLACE TEMP TABLE source AS {_rows_sql(path, columns)}")
        _require_plain_items(ws, path, [name for name, kind in columns if kind == "VARCHAR[]"], found)
    return names


def _rows_sql(path: Path, columns: Sequence[tuple[str, str]]) -> str:
    texts = ", ".join(f'{as_text(name, kind)} AS "{name}"' for name, kind in columns)
    return (
        f"SELECT file_row_number + 1 AS row_number, {texts} FROM read_parquet({quoted(path)}, file_row_number = true)"
    )


def _require_plain_items(ws: Workspace, path: Path, names: Sequence[str], found: Found) -> None:
    """A list becomes text with semicolons between its items: one that holds a semicolon would become two."""
    source = f"read_parquet({quoted(path)}, file_row_number = true)"
    for name in names:
        split = f"contains(array_to_string(\"{name}\", ''), ';')"
        for (row,) in ws.rows(f"SELECT file_row_number + 1 FROM {source} WHERE {split} ORDER BY 1"):
            found.add(row, name, "VALUE_UNREADABLE")
    found.require_none()
