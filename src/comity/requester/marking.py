"""The requests as they were sent, each with its codes and its ruling: a copy to work through in a spreadsheet."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import Usage
from comity.workspace import Workspace, identifier, quoted, workspace

CODES, RULING = "codes", "ruling"
PASS, RETURN, REVIEW = "pass", "return", "review"
# A spreadsheet takes a cell that begins so for a formula, also behind what it does not show.
_FORMULA = r"^[\s\x{00A0}\x{00AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r]"


def require_new(path: Path) -> None:
    """Raise Usage COPY_FORMAT_UNKNOWN or FILE_EXISTS unless a copy can be written to `path`."""
    if path.suffix not in (".csv", ".parquet"):
        raise Usage("COPY_FORMAT_UNKNOWN", "A copy is CSV or Parquet.", "Name a file that ends in .csv or .parquet.")
    if path.exists() or path.is_symlink():
        raise _exists()


def write_copy(directory: Path, sent: Artefact, rulings: Artefact, path: Path) -> None:
    """Write the requests `sent`, in their order, to the new file `path` (mode 0600), whole or not at all.

    Two columns are added: `codes`, joined by semicolons, and `ruling`: pass, return or review. In a CSV file a cell
    that a spreadsheet would take for a formula begins with an apostrophe. `directory` is for what is made on the way.
    Raises as `require_new`; OSError.
    """
    require_new(path)
    with workspace(directory) as ws:
        ws.view("sent", sent)
        ws.view("rulings", rulings)
        made = directory / f"{uuid.uuid4().hex}{path.suffix}"
        form = "FORMAT csv, HEADER, FORCE_QUOTE *" if path.suffix == ".csv" else "FORMAT parquet"
        ws.con.execute(f"COPY ({_marked_sql(ws, guarded=path.suffix == '.csv')}) TO {quoted(made)} ({form})")
    _place(made, path)


def _marked_sql(ws: Workspace, *, guarded: bool) -> str:
    names = [name for name, *_ in ws.rows("DESCRIBE sent") if name != "row_number"]
    cells = ", ".join(_guarded(name) if guarded else identifier(name) for name in names)
    ruling = f"CASE WHEN back IS NULL THEN '{PASS}' WHEN back THEN '{RETURN}' ELSE '{REVIEW}' END"
    return f"""
        SELECT {cells}, coalesce(said, '') AS {CODES}, {ruling} AS {RULING}
        FROM sent LEFT JOIN (
            SELECT row_number, string_agg(DISTINCT code, ';' ORDER BY code) AS said, bool_or(outcome = 'return') AS back
            FROM rulings GROUP BY row_number
        ) USING (row_number) ORDER BY row_number"""


def _guarded(name: str) -> str:
    cell = identifier(name)
    return f"CASE WHEN regexp_matches({cell}, '{_FORMULA}') THEN '''' || {cell} ELSE coalesce({cell}, '') END AS {cell}"


def _place(made: Path, path: Path) -> None:
    """Give `made` the name `path`, unless somebody has taken that meanwhile."""
    made.chmod(0o600)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        made.replace(draft)
        os.link(draft, path)
    except FileExistsError:
        taken = True
    else:
        taken = False
    finally:
        draft.unlink(missing_ok=True)
    if taken:
        raise _exists()


def _exists() -> Usage:
    return Usage("FILE_EXISTS", "A file is already there.", "Name a file that is not there yet.")
