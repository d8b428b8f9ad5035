"""The leaves of an accounting artefact, each made of its bodies and salts, in the order in which they are logged."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from comity.accounting.commitments import framed_sql
from comity.accounting.errors import LogError
from comity.workspace import Workspace

_AT_ONCE = 8192

# A leaf is a pure function of the bodies and salts: it is not kept beside them, where it could differ.
_FRAMED = f"""
    SELECT row_number, {framed_sql("outer_salt", "outer_body")}, {framed_sql("inner_salt", "inner_body")}
    FROM accounting"""


def read_leaves(ws: Workspace) -> Iterator[bytes]:
    """The leaves (`leaf.RequestLeaf`) of the view `accounting` of `ws`, some thousands in memory at a time.

    Raises LogError `ACCOUNTING_UNREADABLE` at an entry that is not whole or not in the order of the file.
    """
    cursor = ws.con.cursor().execute(_FRAMED)
    last = 0
    while some := cursor.fetchmany(_AT_ONCE):
        for row_number, outer, inner in some:
            if outer is None or inner is None or row_number <= last:
                raise LogError("ACCOUNTING_UNREADABLE", "An entry is not whole or not in its place.")
            last = row_number
            yield b'{"inner":"%b","outer":"%b","type":"request/1"}' % (_hex(inner), _hex(outer))


def _hex(framed: bytes) -> bytes:
    return sha256(framed).hexdigest().encode("ascii")
