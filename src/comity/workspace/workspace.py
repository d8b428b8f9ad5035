"""A DuckDB of one step's own: in memory, limited, without external access, and silent about values when it fails."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from comity.case.artefact import Artefact
from comity.case.errors import Integrity, raise_alone

MEMORY_LIMIT = "4GB"
THREADS = 2
# Small enough that every thread has a part of a batch of a hundred thousand rows.
ROW_GROUP = 30_720
_HMAC_BLOCK = 64


def file_digest(path: Path) -> str:
    """Hex SHA-256 of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_unchanged(artefact: Artefact) -> None:
    """Raises Integrity `ARTEFACT_MISSING` or `ARTEFACT_CHANGED` unless the file has the digest that its event names."""
    if not artefact.path.exists():
        raise Integrity("ARTEFACT_MISSING", f"The {artefact.kind} artefact is gone.", "Restore it from the backup.")
    if file_digest(artefact.path) != artefact.digest:
        raise Integrity(
            "ARTEFACT_CHANGED",
            f"The {artefact.kind} artefact is not the one its event names.",
            "Restore it from the backup; do not go on with it.",
        )


class Workspace:
    """The tables of one step, and the only hand that writes artefacts.

    `directory` is where artefacts are written (and temporary files spill). Made by `workspace()`.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
        self.con = connection
        self.directory = directory

    def view(self, name: str, artefact: Artefact) -> None:
        """Show `artefact` as the view `name`, after its bytes have been compared with its digest.

        Raises Integrity `ARTEFACT_MISSING` or `ARTEFACT_CHANGED`.
        """
        require_unchanged(artefact)
        self.con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({quoted(artefact.path)})")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query whose answer is small."""
        return self.con.execute(sql, list(parameters)).fetchall()

    def records(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The same rows, each with its cells by the names of their columns."""
        cursor = self.con.execute(sql, list(parameters))
        names = [name for name, *_ in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def hmac_sql(self, key: bytes, message: str) -> str:
        """SQL: HMAC-SHA-256 (RFC 2104) of the BLOB `message` under `key` of at most 64 bytes, as hex.

        For columns, where a call into Python for each row would cost more than all else. A workspace has one key: it
        lies in a table, so that no statement holds it.
        """
        padded = key.ljust(_HMAC_BLOCK, b"\0")
        pads = [bytes(byte ^ mask for byte in padded).hex() for mask in (0x36, 0x5C)]
        self.con.execute("CREATE TEMP TABLE pads AS SELECT unhex(?) AS inner_pad, unhex(?) AS outer_pad", pads)
        inner, outer = "(SELECT inner_pad FROM pads)", "(SELECT outer_pad FROM pads)"
        return f"sha256({outer} || unhex(sha256({inner} || {message})))"

    def write(self, kind: str, sql: str, order_by: str, columns: str = "*") -> Artefact:
        """Write `columns` of the rows of `sql`, ordered by `order_by`, as the artefact `kind`: complete, synced, then
        renamed."""
        draft = self._draft(kind)
        return self._named(kind, draft, self._copied(f"SELECT {columns} FROM ({sql}) ORDER BY {order_by}", draft))

    def write_numbered(self, kind: str, sql: str) -> Artefact:
        """As `write`, for rows that bear the `row_number` 1, 2, 3 and so on: sorted by it only if they come otherwise.

        Sorting rows as wide as a request costs as much as making them, and they nearly always come in order.
        """
        draft = self._draft(kind)
        rows = self._copied(sql, draft)
        if not self._in_order(draft):
            unsorted, draft = draft, self._draft(kind)
            self._copied(f"SELECT * FROM read_parquet({quoted(unsorted)}) ORDER BY row_number", draft)
            unsorted.unlink()
        return self._named(kind, draft, rows)

    def _draft(self, kind: str) -> Path:
        return self.directory / f".{kind}-{uuid.uuid4().hex}.draft"

    def _copied(self, sql: str, draft: Path) -> int:
        """Write the rows of `sql` to `draft`; gives how many."""
        rows: int = self.rows(f"COPY ({sql}) TO {quoted(draft)} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})")[0][0]
        return rows

    def _in_order(self, draft: Path) -> bool:
        source = f"read_parquet({quoted(draft)}, file_row_number = true)"
        return bool(self.rows(f"SELECT coalesce(bool_and(row_number = file_row_number + 1), TRUE) FROM {source}")[0][0])

    def _named(self, kind: str, draft: Path, rows: int) -> Artefact:
        _sync(draft)
        digest = file_digest(draft)
        path = self.directory / artefact_name(kind, digest)
        draft.replace(path)
        _sync(self.directory)
        return Artefact(kind, digest, path, rows)


@contextmanager
def workspace(
    directory: Path, *, reads: Sequence[Path] = (), memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> Iterator[Workspace]:
    """Open a step's workspace on `directory`; `reads` are further files or directories it may read.

    A failure of DuckDB leaves as Integrity `STEP_FAILED` without the message, which may quote values, and without the
    original exception behind it (P9).
    """
    con = duckdb.connect(":memory:")
    try:
        _limit(con, directory, reads, memory_limit, threads)
        yield Workspace(con, directory)
    except duckdb.Error as error:
        raise_alone(_failed(type(error).__name__))
    finally:
        con.close()


def _failed(failure: str) -> Integrity:
    return Integrity(
        "STEP_FAILED",
        f"The tables of this step could not be worked out ({failure}).",
        "Nothing was changed. Check free disk and memory, then run the step again.",
    )


def _limit(
    con: duckdb.DuckDBPyConnection, directory: Path, reads: Sequence[Path], memory_limit: str, threads: int
) -> None:
    places = [directory, *(path for path in reads if path.is_dir())]
    files = [path for path in reads if not path.is_dir()]
    con.execute(f"SET memory_limit = '{memory_limit}'; SET threads = {threads}")
    con.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false; SET TimeZone = 'UTC'")
    con.execute(f"SET temp_directory = {quoted(directory / '.spill')}")
    con.execute(f"SET allowed_directories = [{', '.join(quoted(place) for place in places)}]")
    con.execute(f"SET allowed_paths = [{', '.join(quoted(file) for file in files)}]")
    con.execute("SET enable_external_access = false; SET lock_configuration = true")


def artefact_name(kind: str, digest: str) -> str:
    """The file name of an artefact: its kind and its digest."""
    return f"{kind}-{digest}.parquet"


def quoted(text: str | Path) -> str:
    """`text`, or a path, as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def file_sql(path: Path, options: str = "") -> str:
    """SQL: the rows of the Parquet file `path`, or, of any other, those of a CSV file as text, read with `options`."""
    if path.suffix == ".parquet":
        return f"read_parquet({quoted(path)})"
    return f"read_csv({quoted(path)}, header = true, all_varchar = true{options})"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
