"""Registry sources, CSV or Parquet, read as text and cast by the contract; unreadable rows are named, not shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from comity.case.errors import BadInput, raise_alone
from comity.case.tables import (
    REGISTRY,
    Column,
    Table,
    as_text,
    cell_sql,
    present_text,
    unreadable_select,
)
from comity.linkage.database import DatabaseTable, copy_table
from comity.workspace import file_sql, quoted

if TYPE_CHECKING:
    from comity.workspace import Workspace

ROLES = ("primary", "spouse", "dependent")
KEY = REGISTRY.projected("withdrawn", REGISTRY.key)
NAMED_ROWS = 10

# In the workspace's directory: the tables that were copied from databases.
TABLES = "tables"
# A shard is read, standardised and resolved at once: about a gigabyte of memory.
SHARD_ROWS = 3_000_000
_CSV_ROW_BYTES = 120
_CHUNK = 1024 * 1024
_ROLE_WORDS = ", ".join(f"'{role}'" for role in ROLES)
_FOLDED = "lower(role) AS role, replace(upper(source_form), '-', '') AS source_form"


def shards_for(sources: Sequence[Path]) -> int:
    """How many parts the rows of `sources` are divided into by taxpayer, so that each fits into memory."""
    return shards_for_rows(sum(_estimated_rows(source) for source in sources if source.exists()))


def shards_for_rows(rows: int) -> int:
    """How many parts so many rows are divided into."""
    return max(1, -(-rows // SHARD_ROWS))


def _estimated_rows(source: Path) -> int:
    if source.suffix == ".parquet":
        try:
            with duckdb.connect() as con:
                counted = f"SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata({quoted(source)})"
                [(rows,)] = con.execute(counted).fetchall()
        except duckdb.Error:
            return 0
        return int(rows)
    return source.stat().st_size // _CSV_ROW_BYTES


def shard_sql(shards: int) -> str:
    """SQL: the shard of a row, by its taxpayer; it holds for one build only, as the hash does."""
    return f"(hash(taxpayer_id) % {shards})::INTEGER" if shards > 1 else "0"


Source = Path | DatabaseTable


def as_files(ws: Workspace, sources: Sequence[Source]) -> list[Path]:
    """The sources as files: a database's table is copied into one, in the workspace's directory."""
    folder = ws.directory / TABLES
    folder.mkdir()
    return [
        source if isinstance(source, Path) else copy_table(ws, source, folder / f"table-{number}.parquet")
        for number, source in enumerate(sources, start=1)
    ]


def read_rows(ws: Workspace, sources: Sequence[Path], rows: Path, shards: int, table: Table = REGISTRY) -> None:
    """Write all `sources` with the columns of `table` as Parquet files `rows/<source>/shard=<n>/….parquet`.

    A source is a `.csv` or a `.parquet` file. Raises BadInput `REGISTRY_FORMAT_UNKNOWN`, `REGISTRY_UNREADABLE`,
    `REGISTRY_COLUMN_MISSING`, or `REGISTRY_ROW_UNREADABLE` with the first row numbers and columns of the file.
    """
    rows.mkdir(parents=True)
    for number, source in enumerate(sources):
        try:
            _keep(ws, source, rows / f"{number:05}", shards, table)
        except duckdb.Error:
            raise_alone(_unreadable(source))


def rows_of(folder: Path) -> str:
    """SQL: the kept rows below `folder`; there must be some."""
    return f"read_parquet({quoted(folder / '**' / '*.parquet')}, hive_partitioning = false)"


def shards_in(folder: Path) -> list[str]:
    """SQL: the kept rows below `folder`, one relation for each shard that has any."""
    names = sorted({file.parent.name for file in folder.rglob("*.parquet")})
    return [f"read_parquet({quoted(folder / '**' / name / '*.parquet')}, hive_partitioning = false)" for name in names]


def has_rows(folder: Path) -> bool:
    """Whether any row was kept below `folder`."""
    return next(folder.rglob("*.parquet"), None) is not None


def _keep(ws: Workspace, source: Path, into: Path, shards: int, table: Table) -> None:
    _demand_closed_quotes(source)
    columns = ws.rows(f"DESCRIBE SELECT * FROM {_reader(source)}")
    kinds = {column: kind for column, kind, *_ in columns if column in table.names()}
    _demand_columns(source, list(kinds), table)
    cells = ", ".join(_cell(column, kinds.get(column.name)) for column in table.columns)
    unread = (
        " OR ".join(_unread(column, kinds[column.name]) for column in table.columns if column.name in kinds) or "FALSE"
    )
    text = ", ".join(f'{as_text(column, kind)} AS "{column}"' for column, kind in kinds.items())
    ws.con.execute(f"CREATE OR REPLACE TEMP VIEW source_text AS SELECT {text} FROM {_reader(source)}")
    given = ", ".join(_given(column, kinds[column.name]) for column in table.columns if column.name in kinds)
    ws.con.execute(f"""
COPY (
    SELECT * EXCLUDE (unread) REPLACE ({_FOLDED}), unread OR {_unfit(table)} AS unfit, {shard_sql(shards)} AS shard
    FROM (SELECT {cells}, {unread} AS unread FROM (SELECT {given} FROM {_reader(source)}))
) TO {quoted(into)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (shard))
""")
    if has_rows(into) and ws.rows(f"SELECT bool_or(unfit) FROM {rows_of(into)}")[0][0]:
        raise _unreadable_rows(ws, source, text, list(kinds), table)


def _typed(column: Column, kind: str | None) -> bool:
    """Whether the source has the column in the contract's type, which need not be written out and read again."""
    return column.type == kind and kind != "VARCHAR"


def _given(column: Column, kind: str) -> str:
    return f'"{column.name}"' if _typed(column, kind) else f'{as_text(column.name, kind)} AS "{column.name}"'


def _cell(column: Column, kind: str | None) -> str:
    if kind is None:
        return f'NULL::{column.type} AS "{column.name}"'
    return f'"{column.name}"' if _typed(column, kind) else f'{cell_sql(column)} AS "{column.name}"'


def _unfit(table: Table) -> str:
    absent = [f"{name} IS NULL" for name in table.key]
    return " OR ".join((*absent, f"lower(role) NOT IN ({_ROLE_WORDS})"))


def _unread(column: Column, kind: str) -> str:
    """SQL: the cell has text that its type cannot read; text is always read."""
    if column.type in ("VARCHAR", "VARCHAR[]") or _typed(column, kind):
        return "FALSE"
    return f'"{column.name}" IS NOT NULL AND {present_text(column.name)} IS NOT NULL AND {cell_sql(column)} IS NULL'


def _reader(source: Path, options: str = "") -> str:
    if source.suffix in (".parquet", ".csv"):
        return file_sql(source, options)
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


def _demand_columns(source: Path, present: Sequence[str], table: Table) -> None:
    missing = [name for name in table.required() if name not in present]
    if missing:
        raise BadInput(
            "REGISTRY_COLUMN_MISSING",
            f"The registry source {source.name} lacks: {', '.join(missing)}.",
            "Add the columns of the registry contract and build again.",
        )


def _unreadable_rows(ws: Workspace, source: Path, text: str, present: Sequence[str], table: Table) -> BadInput:
    """The error that names rows and columns; only this rare second reading pays for numbering the rows in order."""
    numbered = f"SELECT {text}, row_number() OVER () AS source_row FROM {_reader(source, ', parallel = false')}"
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE source_numbered AS {numbered}")
    absent = " UNION ALL ".join(
        f"SELECT source_row, '{name}' FROM source_numbered WHERE {present_text(name)} IS NULL" for name in table.key
    )
    unknown = (
        f"SELECT source_row, 'role' FROM source_numbered WHERE lower({present_text('role')}) NOT IN ({_ROLE_WORDS})"
    )
    unread = unreadable_select(table, present, "source_numbered", "source_row")
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
