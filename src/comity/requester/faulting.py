"""Every place of a table that cannot be read, as a file that somebody can work through from top to bottom."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from comity.case.errors import Usage
from comity.intake import MEANINGS, Fault, UnreadableTable

FAULT_COLUMNS = ("file", "line", "column", "code", "what", "next")


def beside(requests: Path) -> Path:
    """Where the faults of the file `requests` are written if nobody names another place."""
    return requests.with_name(f"{requests.name}.errors.csv")


def require_place(path: Path) -> None:
    """Raise Usage ERRORS_FILE_TAKEN unless nothing is at `path`, or the list of an earlier try."""
    if not _may_be_replaced(path):
        raise Usage(
            "ERRORS_FILE_TAKEN",
            "Where the errors would be written lies a file that is none of theirs.",
            "Name another place: --errors FILE.",
        )


def write_faults(requests: Path, refused: UnreadableTable, path: Path) -> None:
    """Write every fault of `refused` to the CSV file `path` (mode 0600), in the order of lines, without any value.

    The list of an earlier try is replaced, any other file left as it is. Raises as `require_place`.
    """
    require_place(path)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(FAULT_COLUMNS)
            writer.writerows(_row(_harmless(requests.name), fault) for fault in sorted(refused.faults, key=_order))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def drop_faults(path: Path) -> None:
    """Remove the list of an earlier try at `path`, if one lies there: it would tell of faults that are mended.

    Raises as `require_place`.
    """
    require_place(path)
    path.unlink(missing_ok=True)


def _row(name: str, fault: Fault) -> tuple[object, ...]:
    meaning = MEANINGS[fault.code]
    return name, fault.line, fault.column, fault.code, meaning.says, meaning.next


def _order(fault: Fault) -> tuple[int, str, str]:
    return fault.line, fault.column, fault.code


def _harmless(name: str) -> str:
    """A file's name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def _may_be_replaced(path: Path) -> bool:
    if not path.exists() and not path.is_symlink():
        return True
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(200).rstrip() == ",".join(FAULT_COLUMNS).encode()
