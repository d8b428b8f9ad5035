"""Requests as a NIEM 6 JSON document: one after the other, every name a published one or ours, and nothing else."""

from __future__ import annotations

import csv
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from comity.case.tables import REQUESTS, Column
from comity.crypto.errors import refusing
from comity.intake import refusals
from comity.intake.csv_table import load_rows
from comity.intake.encoding import count_lines
from comity.intake.faults import Found
from comity.intake.json_cells import Members, cell
from comity.intake.json_stream import Malformed, Value, lines_of_members, values
from comity.intake.niem_names import CONTEXT, FIRST, NAMESPACES, REQUEST, Names, tree
from comity.workspace import Workspace

_COLUMNS = {column.name: column for column in REQUESTS.columns}
_TREE = tree()
# A name of this form is repeated where it is unknown; one of any other form may be anybody's.
_NIEM_NAME = re.compile(r"(nc|j):[A-Z][A-Za-z]{0,79}")


def load(ws: Workspace, path: Path, found: Found) -> list[str]:
    """Make the table `source` of the UTF-8 file at `path` and give its columns, as `ndjson_table.load` does.

    Raises BadInput REQUESTS_UNREADABLE; UnreadableTable ENCODING_INVALID, CONTROL_CHARACTER, JSON_INVALID,
    LINE_TOO_LONG, NIEM_CONTEXT, MEMBER_UNKNOWN, MEMBER_REPEATED, VALUE_TYPE.
    """
    count_lines(path)
    names = REQUESTS.names()
    rows = ws.directory / f".niem-{uuid.uuid4().hex}"
    try:
        with rows.open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            for cells in _read(path, found):
                writer.writerow([cells.get(name, "") for name in names])
        found.require_none()
        with refusing(refusals.unreadable_requests, duckdb.Error):
            load_rows(ws, rows, ",", names)
    finally:
        rows.unlink(missing_ok=True)
    return list(names)


def places(path: Path, marks: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The line and the path of each (row, column) of a file that `load` could read; rows count from 1."""
    wanted: dict[int, set[str]] = {}
    for row, column in marks:
        wanted.setdefault(row, set()).add(column)
    placed = {
        (row, column): place
        for row, value in enumerate((value for value in values(path) if value.name == REQUEST), 1)
        if row in wanted
        for column, place in _places_in(value).items()
        if column in wanted[row]
    }
    return [placed[mark] for mark in marks]


def _read(path: Path, found: Found) -> Iterator[dict[str, str]]:
    """The cells of each request; what is wrong is added to `found`, and then a request's cells are not whole."""
    bound = False
    try:
        for value in values(path):
            if value.name == CONTEXT and value.index is None and _binds(value.said):
                bound = True
            elif not bound or value.name == CONTEXT:
                found.add(value.line, f"/{CONTEXT}", "NIEM_CONTEXT")
                return
            elif value.name == REQUEST:
                yield _cells(value, found)
            else:
                found.add(value.line, "", "MEMBER_UNKNOWN")
    except Malformed as malformed:
        found.add(malformed.line, "", "LINE_TOO_LONG" if malformed.too_long else "JSON_INVALID")


def _binds(said: object) -> bool:
    return isinstance(said, Members) and sorted(said, key=str) == sorted(NAMESPACES.items(), key=str)


def _cells(value: Value, found: Found) -> dict[str, str]:
    request = _Request(_pointer(value))
    request.read(value.said, _TREE, (), ())
    if request.faults:
        lines = lines_of_members(value.text, value.line)
        for place, path, code in request.faults:
            found.add(lines[place], path, code)
    return request.cells


def _places_in(value: Value) -> dict[str, tuple[int, str]]:
    """Where each column of a request stands; one that it does not say would stand in the request."""
    request = _Request(_pointer(value))
    request.read(value.said, _TREE, (), ())
    lines = lines_of_members(value.text, value.line)
    return {
        column: (lines[place], path)
        for column, missing in FIRST.items()
        for place, path in [request.places.get(column, ((), "/".join((request.pointer, *missing))))]
    }


def _pointer(value: Value) -> str:
    return f"/{REQUEST}" if value.index is None else f"/{REQUEST}/{value.index}"


@dataclass
class _Request:
    """One request while it is read: its cells, where each was, and the (place, path, code) of what is wrong."""

    pointer: str
    cells: dict[str, str] = field(default_factory=dict, repr=False)
    places: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)
    faults: list[tuple[tuple[int, ...], str, str]] = field(default_factory=list)

    def read(self, said: object, names: Names, place: tuple[int, ...], path: tuple[str, ...]) -> None:
        """Read the object `said`, in which `names` may stand."""
        if not isinstance(said, Members):
            self._fault(place, path, "VALUE_TYPE")
            return
        seen: set[str] = set()
        for number, (name, value) in enumerate(said, 1):
            below = names.get(name)
            shown = name if below is not None or _NIEM_NAME.fullmatch(name) else f"#{number}"
            there = (*place, number), (*path, shown)
            if name in seen:
                self._fault(*there, "MEMBER_REPEATED")
            elif below is None:
                self._fault(*there, "MEMBER_UNKNOWN")
            elif isinstance(below, str):
                self._keep(_COLUMNS[below], value, *there)
            elif value is not None:
                self.read(value, below, *there)
            seen.add(name)

    def _keep(self, column: Column, value: object, place: tuple[int, ...], path: tuple[str, ...]) -> None:
        if column.name in self.cells:
            self._fault(place, path, "MEMBER_REPEATED")
            return
        self.places[column.name] = place, "/".join((self.pointer, *path))
        try:
            self.cells[column.name] = cell(column, value)
        except ValueError:
            self._fault(place, path, "VALUE_TYPE")

    def _fault(self, place: tuple[int, ...], path: tuple[str, ...], code: str) -> None:
        self.faults.append((place, "/".join((self.pointer, *path)), code))
