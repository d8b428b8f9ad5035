"""Signatures: JWS with the signer's certificate inside (ES256); bare ones for the log, its witnesses, the sample."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from comity.crypto.certificates import Certificate, Purpose, require_purpose, verify_chain
from comity.crypto.errors import CryptoError, refusing
from comity.crypto.keys import Ed25519Key, MlDsa44Key, P256Key

ALGORITHM = "ES256"
HEADER_NAMES = frozenset({"alg", "x5c"})

# Lengths of the three parts as they are written, in characters. The header holds one certificate, encoded twice: a
# certificate of 4 kB fits. What is signed here is a cover, a statement or a manifest, never a table.
MAXIMUM_HEADER = 8 * 1024
MAXIMUM_CONTENT = 1024 * 1024
MAXIMUM_SIGNATURE = 128


@dataclass(frozen=True)
class Verified:
    """What was signed (`payload`, as RFC 7515 calls it), the believed certificate that signed it, and the evidence.

    `token` is the compact JWS with the content inside, also where the signature came detached.
    """

    payload: bytes = field(repr=False)
    certificate: Certificate
    token: str = field(repr=False)


def _registry() -> jws.JWSRegistry:
    """The library's checks, narrowed to ES256 and to the header names that `sign` writes."""
    registry = jws.JWSRegistry(algorithms=[ALGORITHM])
    registry.header_registry = {name: registry.header_registry[name] for name in HEADER_NAMES}
    registry.max_header_length = MAXIMUM_HEADER
    registry.max_payload_length = MAXIMUM_CONTENT
    registry.max_signature_length = MAXIMUM_SIGNATURE
    return registry


_REGISTRY = _registry()


def sign(payload: bytes, key: P256Key, certificate: Certificate) -> str:
    """The compact JWS of `payload` by `key`, with `certificate` as its `x5c` header (RFC 7515).

    Raises KEY_NOT_OF_CERTIFICATE, CERTIFICATE_WRONG_PURPOSE, SIGNED_TOO_LARGE (about 750 kB).
    """
    require_purpose(certificate, Purpose.SIGNING)
    if key.public_fingerprint != certificate.key_fingerprint:
        raise CryptoError(
            "KEY_NOT_OF_CERTIFICATE",
            "The key and the certificate do not belong together.",
            "Give the certificate issued for this key.",
        )
    header = {"alg": ALGORITHM, "x5c": [base64.b64encode(certificate.der).decode("ascii")]}
    token: str = jws.serialize_compact(header, payload, ECKey.import_key(key.raw), registry=_REGISTRY)
    _require_sizes(token.split("."))
    return token


def verify(token: str, roots: Sequence[Certificate], at: datetime) -> Verified:
    """What `token` signs, when its certificate is believed for signing at `at` under `roots`.

    Raises SIGNATURE_MALFORMED (also for any algorithm but ES256 and any other header), SIGNED_TOO_LARGE,
    SIGNATURE_INVALID, and the codes of `verify_chain`.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise _malformed()
    _require_sizes(parts)
    certificate = _certificate_in(parts[0])
    verify_chain(certificate, roots, at, Purpose.SIGNING)
    with refusing(_invalid, JoseError, ValueError):
        found = jws.deserialize_compact(token, ECKey.import_key(certificate.public_key), registry=_REGISTRY)
    return Verified(found.payload, certificate, token)


def sign_detached(payload: bytes, key: P256Key, certificate: Certificate) -> str:
    """As `sign`, without the signed bytes inside (RFC 7515 appendix F)."""
    header, _, signature = sign(payload, key, certificate).split(".")
    return f"{header}..{signature}"


def verify_detached(token: str, payload: bytes, roots: Sequence[Certificate], at: datetime) -> Verified:
    """As `verify`, for a token of `sign_detached` and the bytes that it is said to sign.

    A token that carries content of its own is refused: otherwise that content would be verified, and not `payload`.
    """
    parts = token.split(".")
    if len(parts) != 3 or parts[1]:
        raise _malformed()
    content = base64.urlsafe_b64encode(payload).rstrip(b"=").decode("ascii")
    return verify(f"{parts[0]}.{content}.{parts[2]}", roots, at)


def sign_ed25519(key: Ed25519Key, content: bytes) -> bytes:
    """The signature of `content` (64 bytes, RFC 8032): the same key and content always give the same."""
    return key.raw.sign(content)


def verify_ed25519(public_bytes: bytes, signature: bytes, content: bytes) -> None:
    """Raise SIGNATURE_INVALID unless `signature` is `content`'s by the key of `public_bytes` (32 bytes)."""
    with refusing(_invalid, InvalidSignature, ValueError):
        ed25519.Ed25519PublicKey.from_public_bytes(public_bytes).verify(signature, content)


def sign_ml_dsa_44(key: MlDsa44Key, content: bytes) -> bytes:
    """The signature of `content` (2,420 bytes, FIPS 204, without a context)."""
    return key.raw.sign(content)


def verify_ml_dsa_44(public_bytes: bytes, signature: bytes, content: bytes) -> None:
    """Raise SIGNATURE_INVALID unless `signature` is `content`'s by the key of `public_bytes` (1,312 bytes)."""
    with refusing(_invalid, InvalidSignature, ValueError):
        mldsa.MLDSA44PublicKey.from_public_bytes(public_bytes).verify(signature, content)


def _certificate_in(header_part: str) -> Certificate:
    header = _header(header_part)
    if header.keys() != HEADER_NAMES or header["alg"] != ALGORITHM:
        raise _malformed()
    match header["x5c"]:
        case [str(encoded)]:
            with refusing(_malformed, ValueError):
                return Certificate.from_der(base64.b64decode(encoded, validate=True))
    raise _malformed()


def _header(part: str) -> dict[str, Any]:
    with refusing(_malformed, ValueError, RecursionError):
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(header, dict):
        raise _malformed()
    return header


def _require_sizes(parts: list[str]) -> None:
    limits = (MAXIMUM_HEADER, MAXIMUM_CONTENT, MAXIMUM_SIGNATURE)
    if any(len(part) > limit for part, limit in zip(parts, limits, strict=True)):
        raise CryptoError(
            "SIGNED_TOO_LARGE",
            "The signed text, its header or its signature is longer than any of ours.",
            "Sign the digest of a large file, not the file.",
        )


def _malformed() -> CryptoError:
    return CryptoError(
        "SIGNATURE_MALFORMED",
        "This is not a compact JWS with alg ES256, one certificate in x5c and no other header.",
        "Sign with the requester's desk, or as the reference of the package says.",
    )


def _invalid() -> CryptoError:
    return CryptoError(
        "SIGNATURE_INVALID",
        "The signature is not of these bytes by this certificate.",
        "Ask for the signed original again; nothing of this one was kept.",
    )
