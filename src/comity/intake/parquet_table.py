"""Requests as Parquet: which columns a file may have, and how its rows are read as text in their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from comity.case.tables import as_text
from comity.workspace import quoted

# Everything else (floats, times of day, structures) has no one form as text that the contract could read.
_SCALARS = ("VARCHAR", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "DATE", "NULL", '"NULL"')
TYPES = frozenset(kind + suffix for kind in _SCALARS for suffix in ("", "[]"))


def schema_sql(path: Path) -> str:
    """SQL that lists the columns of the file: name and DuckDB type first."""
    return f"DESCRIBE SELECT * FROM read_parquet({quoted(path)})"


def reader_sql(path: Path, columns: Sequence[tuple[str, str]]) -> str:
    """SQL of all rows, `row_number` (from 1, their order in the file) before the columns (name, type), each as text."""
    texts = ", ".join(f'{as_text(name, kind)} AS "{name}"' for name, kind in columns)
    return (
        f"SELECT file_row_number + 1 AS row_number, {texts} FROM read_parquet({quoted(path)}, file_row_number = true)"
    )
