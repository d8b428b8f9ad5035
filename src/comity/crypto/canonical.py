"""Canonical JSON and digests: the bytes that are signed, logged and compared."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import rfc8785

from comity.crypto.errors import CryptoError, refusing


def canonical(value: object) -> bytes:
    """The RFC 8785 form of `value` (dict, list, str, int, float, bool, None), UTF-8.

    Raises NOT_CANONICAL for what that form cannot hold: other types, integers beyond 2^53 - 1, NaN, lone surrogates.
    """
    with refusing(_not_canonical, ValueError, RecursionError):
        return rfc8785.dumps(cast(Any, value))


def digest(content: bytes) -> str:
    """The SHA-256 of `content`, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _not_canonical() -> CryptoError:
    return CryptoError(
        "NOT_CANONICAL", "A value has no canonical JSON form.", "Keep to text, safe integers, lists and objects."
    )
