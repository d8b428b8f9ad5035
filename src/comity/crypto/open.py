"""Opening what was sealed to one's own certificate."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from comity.crypto.envelope import CONTENT_ENCRYPTION, EC_WRAPPING, MAXIMUM_HEADER, REGISTRY, RSA_WRAPPING
from comity.crypto.errors import CryptoError, refusing
from comity.crypto.keys import P256Key, RsaKey


def open_sealed(sealed: bytes, key: P256Key | RsaKey, *, context: Mapping[str, str]) -> bytes:
    """The bytes that `seal` sealed to the certificate of `key` under the same `context`.

    Raises SEAL_NOT_OPENED, and nothing finer: a wrong key, another context and a changed byte look alike.
    """
    header = _header(sealed)
    is_ec = isinstance(key, P256Key)
    expected = {"alg": EC_WRAPPING if is_ec else RSA_WRAPPING, "enc": CONTENT_ENCRYPTION, "context": dict(context)}
    if {name: header.get(name) for name in expected} != expected:
        raise _not_opened()
    if header.keys() - expected.keys() != ({"kid", "epk"} if is_ec else {"kid"}):
        raise _not_opened()
    if is_ec and not _is_public_point(header["epk"]):
        raise _not_opened()
    own = (ECKey if is_ec else RSAKey).import_key(key.raw)
    with refusing(_not_opened, JoseError, ValueError):
        plaintext: bytes = jwe.decrypt_compact(sealed, own, registry=REGISTRY).plaintext
    return plaintext


def _header(sealed: bytes) -> dict[str, Any]:
    part = sealed[: MAXIMUM_HEADER + 1].partition(b".")[0]
    with refusing(_not_opened, ValueError, RecursionError):
        header = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    if not isinstance(header, dict):
        raise _not_opened()
    return header


def _is_public_point(key: object) -> bool:
    """Whether this is a bare public P-256 key in JSON: a private part would be taken for a key of our own."""
    return (
        isinstance(key, dict)
        and key.keys() == {"kty", "crv", "x", "y"}
        and (key["kty"], key["crv"]) == ("EC", "P-256")
        and isinstance(key["x"], str)
        and isinstance(key["y"], str)
    )


def _not_opened() -> CryptoError:
    return CryptoError(
        "SEAL_NOT_OPENED",
        "The seal does not open with this key for this context.",
        "Use the recipient's own key and the submission that the reply belongs to; else ask for the reply again.",
    )
