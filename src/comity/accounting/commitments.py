"""Salts in SQL, and what a commitment hashes: the same bytes as `leaf.commit` frames one at a time."""

from __future__ import annotations

from comity.accounting.leaf import COMMITMENT_TAG

SALT_SIZE = 32

_SALT_TAG = "comity/salt/1"


def salt_sql(secret: str, row: str, side: str) -> str:
    """Give the SQL of a 32-byte salt: the SHA-256 of a tag, the secret (hex), the side and the row, a line each."""
    return f"unhex(sha256('{_SALT_TAG}' || chr(10) || {secret} || chr(10) || '{side}' || chr(10) || {row}))"


def framed_sql(salt: str, body: str) -> str:
    """Give the SQL of the bytes whose SHA-256 is the commitment to a text body under a 32-byte salt (`leaf.commit`).

    Hashing them is left to Python: the database's SHA-256 is ten times slower than the processor's own.
    """
    begin = (COMMITMENT_TAG + SALT_SIZE.to_bytes(8, "big")).hex()
    length = f"unhex(lpad(to_hex(strlen({body})), 16, '0'))"
    return f"unhex('{begin}') || {salt} || {length} || encode({body})"
