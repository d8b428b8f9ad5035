"""Registry sources, CSV or Parquet, read as text and cast by the contract; unreadable rows are named, not shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from comity.case.errors import BadInput
from comity.case.tables import REGISTRY, Column, as_text, casting_select, cell_sql, present_text, unreadable_select
from comity.workspace import quoted

if TYPE_CHECKING:
    from comity.workspace import Workspace

ROLES = ("primary", "spouse", "dependent")
NAMED_ROWS = 10
_CHUNK = 1024 * 1024
_ROLE_WORDS = ", ".join(f"'{role}'" for role in ROLES)
_DEMANDED = ("taxpayer_id", "tax_year", "source_form", "role")
_UNFIT = " OR ".join((*(f"{name} IS NULL" for name in _DEMANDED), f"lower(role) NOT IN ({_ROLE_WORDS})"))
_FOLDED = "lower(role) AS role, replace(upper(source_form), '-', '') AS source_form"


def read_registry(ws: Workspace, sources: Sequence[Path], into: str) -> int:
    """Make the table `into` with the columns of the REGISTRY contract from all `sources`; gives its number of rows.

    A source is a `.csv` or a `.parquet` file. Raises BadInput `REGISTRY_FORMAT_UNKNOWN`, `REGISTRY_UNREADABLE`,
    `REGISTRY_COLUMN_MISSING`, or `REGISTRY_ROW_UNREADABLE` with the first row numbers and columns of the file.
    """
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {casting_select(REGISTRY, [], '(SELECT 1 LIMIT 0)')}")
    for source in sources:
        try:
            _append(ws, source, into)
        except duckdb.Error:
            raise _unreadable(source) from None
    return int(ws.rows(f"SELECT count(*) FROM {into}")[0][0])


def _append(ws: Workspace, source: Path, into: str) -> None:
    _demand_closed_quotes(source)
    columns = ws.rows(f"DESCRIBE SELECT * FROM {_reader(source)}")
    present = [name for name, *_ in columns]
    _demand_columns(source, present)
    text = ", ".join(f'{as_text(name, kind)} AS "{name}"' for name, kind, *_ in columns if name in REGISTRY.names())
    ws.con.execute(f"CREATE OR REPLACE TEMP VIEW source_text AS SELECT {text} FROM {_reader(source)}")
    unread = " OR ".join(_unread(column) for column in REGISTRY.columns if column.name in present) or "FALSE"
    cells = casting_select(REGISTRY, present, "source_text").removesuffix(" FROM source_text")
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE source_cast AS {cells}, {unread} AS unread FROM source_text")
    if ws.rows(f"SELECT EXISTS (FROM source_cast WHERE unread OR {_UNFIT})")[0][0]:
        raise _unreadable_rows(ws, source, text, present)
    ws.con.execute(f"INSERT INTO {into} SELECT * EXCLUDE (unread) REPLACE ({_FOLDED}) FROM source_cast")
    ws.con.execute("DROP TABLE source_cast")


def _unread(column: Column) -> str:
    """SQL: the cell has text that its type cannot read; text is always read."""
    if column.type in ("VARCHAR", "VARCHAR[]"):
        return "FALSE"
    return f'"{column.name}" IS NOT NULL AND {present_text(column.name)} IS NOT NULL AND {cell_sql(column)} IS NULL'


def _reader(source: Path, options: str = "") -> str:
    if source.suffix == ".parquet":
        return f"read_parquet({quoted(source)})"
    if source.suffix == ".csv":
        return f"read_csv({quoted(source)}, header = true, all_varchar = true{options})"
    raise BadInput(
        "REGISTRY_FORMAT_UNKNOWN",
        "A registry source is neither CSV nor Parquet.",
        "Name files ending .csv or .parquet.",
    )


def _demand_closed_quotes(source: Path) -> None:
    """DuckDB drops, without a word, a last row whose quote is never closed, and all that the quote swallowed."""
    if source.suffix != ".csv" or not source.exists():
        return
    with source.open("rb") as file:
        quotes = sum(chunk.count(b'"') for chunk in iter(lambda: file.read(_CHUNK), b""))
    if quotes % 2:
        raise _unreadable(source)


def _demand_columns(source: Path, present: Sequence[str]) -> None:
    missing = [name for name in REGISTRY.required() if name not in present]
    if missing:
        raise BadInput(
            "REGISTRY_COLUMN_MISSING",
            f"The registry source {source.name} lacks: {', '.join(missing)}.",
            "Add the columns of the registry contract and build again.",
        )


def _unreadable_rows(ws: Workspace, source: Path, text: str, present: Sequence[str]) -> BadInput:
    """The error that names rows and columns; only this rare second reading pays for numbering the rows in order."""
    numbered = f"SELECT {text}, row_number() OVER () AS source_row FROM {_reader(source, ', parallel = false')}"
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE source_numbered AS {numbered}")
    absent = " UNION ALL ".join(
        f"SELECT source_row, '{name}' FROM source_numbered WHERE {present_text(name)} IS NULL" for name in _DEMANDED
    )
    unknown = (
        f"SELECT source_row, 'role' FROM source_numbered WHERE lower({present_text('role')}) NOT IN ({_ROLE_WORDS})"
    )
    unread = unreadable_select(REGISTRY, present, "source_numbered", "source_row")
    rows = ws.rows(f"SELECT DISTINCT * FROM ({unread} UNION ALL {absent} UNION ALL {unknown}) ORDER BY ALL")
    named = ", ".join(f"row {row} ({column})" for row, column in rows[:NAMED_ROWS])
    return BadInput(
        "REGISTRY_ROW_UNREADABLE",
        f"{len(rows)} cells of {source.name} cannot be read: {named}{', ...' if len(rows) > NAMED_ROWS else ''}.",
        "Correct them (dates as YYYY-MM-DD, roles primary, spouse or dependent) and build again; nothing was kept.",
    )


def _unreadable(source: Path) -> BadInput:
    return BadInput(
        "REGISTRY_UNREADABLE",
        f"The registry source {source.name} cannot be read as {source.suffix.removeprefix('.').upper()}.",
        "Check that the file is whole, UTF-8 and of that format; nothing was kept.",
    )
