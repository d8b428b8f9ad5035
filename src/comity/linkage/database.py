"""A registry source that is a table in a database: copied as text, in batches, into a Parquet file to be read on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from comity.case.errors import BadInput, ComityError, Usage, raise_alone
from comity.case.tables import REGISTRY
from comity.workspace import identifier, quoted

if TYPE_CHECKING:
    import psycopg

    from comity.workspace import Workspace

BATCH_ROWS = 50_000

Rows = Iterator[list[tuple[Any, ...]]]


@dataclass(frozen=True)
class DatabaseTable:
    """The table or view `table` (`schema.table` where there are schemas) of the database at `url`.

    `url` is `sqlite:///PATH` or `postgresql://HOST/NAME`. Account and password come from the environment (PGUSER,
    PGPASSWORD, PGPASSFILE, PGSERVICE); no message shows the URL.
    """

    url: str = field(repr=False)
    table: str


def copy_table(ws: Workspace, source: DatabaseTable, into: Path) -> Path:
    """Write the columns of `source` that the REGISTRY contract knows, as text, to the Parquet file `into`.

    One statement reads them, a batch at a time: memory does not grow with the table. Raises Usage `DATABASE_UNKNOWN`
    and BadInput `DATABASE_UNREADABLE`, neither with a word of the database's own message, which may quote values.
    """
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE copied ({', '.join(f'{c} VARCHAR' for c in REGISTRY.names())})")
    table = ".".join(map(identifier, source.table.split(".")))
    try:
        with _reader(source) as reader:
            there = reader.columns(table)
            names = [name for name in REGISTRY.names() if name in there]
            texts = ", ".join(f'CAST("{name}" AS TEXT)' for name in names)
            for rows in reader.batches(f"SELECT {texts} FROM {table}"):
                _append(ws, names, rows)
    except ComityError:
        raise
    except Exception:  # noqa: BLE001 -- every driver has errors of its own
        raise_alone(
            BadInput(
                "DATABASE_UNREADABLE",
                "The table cannot be read from the database.",
                "Check the address, the table's name, and that PGUSER with PGPASSWORD or PGPASSFILE may read it.",
            )
        )
    ws.con.execute(f"COPY (SELECT {', '.join(names)} FROM copied) TO {quoted(into)} (FORMAT parquet)")
    ws.con.execute("DROP TABLE copied")
    return into


def _append(ws: Workspace, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    cells = ", ".join("unnest(?::VARCHAR[])" for _ in names)
    columns = [list(column) for column in zip(*rows, strict=True)]
    ws.con.execute(f"INSERT INTO copied ({', '.join(names)}) SELECT {cells}", columns)


class _Reader(Protocol):
    """What is asked of a database."""

    def columns(self, table: str) -> list[str]: ...

    def batches(self, statement: str) -> Rows: ...


@contextmanager
def _reader(source: DatabaseTable) -> Iterator[_Reader]:
    parts = urlsplit(source.url)
    if parts.scheme == "sqlite":
        place = Path(unquote(parts.path)[1:]).absolute()
        with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as connection:
            yield _Sqlite(connection)
    elif parts.scheme in ("postgresql", "postgres"):
        import psycopg

        with psycopg.connect(source.url) as server:
            server.read_only = True
            yield _Postgresql(server)
    else:
        raise Usage(
            "DATABASE_UNKNOWN",
            "That kind of database cannot be read.",
            "Write sqlite:///PATH or postgresql://HOST/NAME.",
        )


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        return [str(column[0]) for column in self._connection.execute(f"SELECT * FROM {table} LIMIT 0").description]

    def batches(self, statement: str) -> Rows:
        cursor = self._connection.execute(statement)
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield rows


class _Postgresql:
    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        found = self._connection.execute(f"SELECT * FROM {table} LIMIT 0".encode())
        return [column.name for column in found.description or ()]

    def batches(self, statement: str) -> Rows:
        # A cursor with a name stays on the server, which sends a batch at a time.
        with self._connection.cursor(name="registry") as cursor:
            cursor.execute(statement.encode())
            while rows := cursor.fetchmany(BATCH_ROWS):
                yield rows
