"""Sealing: bytes that only the holder of one certificate can open, bound to what they belong to."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from comity.crypto.certificates import Certificate, Purpose, require_purpose
from comity.crypto.envelope import (
    CONTENT_ENCRYPTION,
    EC_WRAPPING,
    MAXIMUM_CIPHERTEXT,
    MAXIMUM_HEADER,
    REGISTRY,
    RSA_WRAPPING,
)
from comity.crypto.errors import CryptoError, refusing


def seal(plaintext: bytes, certificate: Certificate, *, context: Mapping[str, str]) -> bytes:
    """The compact JWE (RFC 7516) of `plaintext` for the holder of `certificate`: ASCII, about a third longer.

    A256GCM under a fresh key, wrapped by ECDH-ES+A256KW (P-256) or RSA-OAEP-256. The protected header names the
    certificate (`kid`, its fingerprint) and `context`, in clear and authenticated: who opens must name the same.
    The caller has verified the certificate. Raises CERTIFICATE_WRONG_PURPOSE, SEAL_NOT_MADE.
    """
    require_purpose(certificate, Purpose.SEALING)
    is_ec = isinstance(certificate.public_key, ec.EllipticCurvePublicKey)
    key = (ECKey if is_ec else RSAKey).import_key(certificate.public_key)
    header = {
        "alg": EC_WRAPPING if is_ec else RSA_WRAPPING,
        "enc": CONTENT_ENCRYPTION,
        "kid": certificate.fingerprint,
        "context": dict(context),
    }
    with refusing(_not_made, JoseError, ValueError):
        sealed: bytes = jwe.encrypt_compact(header, plaintext, key, registry=REGISTRY).encode("ascii")
    header_length = sealed.index(b".")
    if header_length > MAXIMUM_HEADER or len(sealed) - header_length > MAXIMUM_CIPHERTEXT:
        raise _not_made()
    return sealed


def _not_made() -> CryptoError:
    return CryptoError(
        "SEAL_NOT_MADE",
        "The seal cannot be made: its context is no small set of texts, or its content is over 384 MB.",
        "Name the context by short texts, and split the content.",
    )
