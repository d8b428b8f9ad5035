"""Requests as CSV (RFC 4180, UTF-8): what a file must be before DuckDB reads it, and where it is not that."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.intake.refusals import Fault, UnreadableTable
from comity.workspace import quoted

# In characters, and with room for the longest row of a few such cells.
MAXIMUM_CELL = 10_000
MAXIMUM_ROW = 1_000_000
_CHUNK = 1024 * 1024
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_ALLOWED = bytes(set(range(256)) - set(_CONTROLS))


def header(path: Path) -> list[str]:
    """The names in the first line; empty when the file has none."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return next(csv.reader([file.readline(MAXIMUM_ROW)]), [])


def reader_sql(path: Path, names: Sequence[str]) -> str:
    """SQL of all rows, `row_number` (from 1, their order in the file) before the columns, each as text.

    Nothing about the file is guessed.
    """
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"SELECT row_number() OVER () AS row_number, * FROM read_csv({quoted(path)}, "
        "auto_detect = false, header = true, "
        "delim = ',', quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, strict_mode = true, null_padding = false, parallel = false, "
        f"max_line_size = {MAXIMUM_ROW})"
    )


def count_lines(path: Path) -> int:
    """The number of lines, blank ones included; raises UnreadableTable ENCODING_INVALID or CONTROL_CHARACTER."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ends, last = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                fault: Fault | None = Fault(ends + 1 + error.object[: error.start].count(b"\n"), "", "ENCODING_INVALID")
            else:
                fault = _control_fault(chunk, ends)
            if fault:
                raise UnreadableTable([fault], 1)
            ends += chunk.count(b"\n")
            last = chunk[-1:]
    if decoder.getstate()[0]:
        raise UnreadableTable([Fault(ends + 1, "", "ENCODING_INVALID")], 1)
    return ends if last in (b"", b"\n") else ends + 1


def _control_fault(chunk: bytes, ends: int) -> Fault | None:
    if len(chunk.translate(None, _CONTROLS)) == len(chunk):
        return None
    before = len(chunk) - len(chunk.lstrip(_ALLOWED))
    return Fault(ends + 1 + chunk[:before].count(b"\n"), "", "CONTROL_CHARACTER")


def counted_lines_sql(names: Sequence[str]) -> str:
    """SQL of the lines that the rows of the table `source` take up in a file without blank lines, header included."""
    within = " + ".join(
        f"CASE WHEN contains({cell}, chr(10)) THEN length({cell}) - length(replace({cell}, chr(10), '')) ELSE 0 END"
        for cell in (f'"{name}"' for name in names)
    )
    return f"SELECT 1 + count(*) + coalesce(sum({within}), 0) FROM source"


@dataclass(frozen=True)
class Walk:
    """What a second, slow reader finds: how many rows, and the lines of those that are not as they must be."""

    rows: int
    faults: tuple[Fault, ...]


def walk(path: Path, width: int) -> Walk:
    """Read the file again, row by row, for what DuckDB refuses without saying where, or drops without a word."""
    rows, faults = -1, []
    for line, cells in _records(path):
        rows += 1
        if cells is None:
            faults.append(Fault(line, "", "CELL_UNREADABLE"))
        elif len(cells) != width:
            faults.append(Fault(line, "", "ROW_WIDTH"))
        elif any(len(cell) > MAXIMUM_CELL for cell in cells):
            faults.append(Fault(line, "", "CELL_TOO_LONG"))
    return Walk(rows, tuple(faults))


def lines_of(path: Path, rows: Sequence[int]) -> list[int]:
    """The lines at which the given rows begin (the first after the header is row 1)."""
    wanted = set(rows)
    found = {row: line for row, (line, _) in enumerate(_records(path)) if row in wanted}
    return [found.get(row, row + 1) for row in rows]


def _records(path: Path) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line at which it begins; None for cells that cannot be told apart, and then no more."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(iter(lambda: file.readline(MAXIMUM_ROW), ""), strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error:
            yield line, None
