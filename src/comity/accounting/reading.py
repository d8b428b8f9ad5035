"""The leaves of an accounting artefact, in the order in which they are logged."""

from __future__ import annotations

from collections.abc import Iterator

from comity.workspace import Workspace

_AT_ONCE = 8192


def read_leaves(ws: Workspace) -> Iterator[bytes]:
    """The leaves of the view `accounting` of `ws`, some thousands in memory at a time."""
    cursor = ws.con.cursor().execute("SELECT leaf FROM accounting ORDER BY row_number")
    while some := cursor.fetchmany(_AT_ONCE):
        yield from (bytes(row[0]) for row in some)
