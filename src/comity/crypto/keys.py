"""Private keys: made, stored and loaded, and never shown."""

from __future__ import annotations

import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import Generic, NoReturn, Self, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from comity.crypto.errors import CryptoError, refusing

MINIMUM_RSA_BITS = 2048

Raw = TypeVar("Raw", ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey, mldsa.MLDSA44PrivateKey, rsa.RSAPrivateKey)


class PrivateKey(Generic[Raw]):
    """A private key of one kind; what it shows of itself is the fingerprint of its public half.

    `raw` is the key of the `cryptography` library, for this package alone.
    """

    kind: type[Raw]

    def __init__(self, raw: object) -> None:
        if not isinstance(raw, self.kind):
            raise CryptoError(
                "KEY_WRONG_KIND", "The key is of another kind than this act needs.", "Give the key made for it."
            )
        self.raw: Raw = raw

    @property
    def public_key(self) -> CertificatePublicKeyTypes:
        """The public half, as `issue` takes it."""
        return self.raw.public_key()

    @cached_property
    def public_fingerprint(self) -> str:
        """The SHA-256 (hex) of the public half's SubjectPublicKeyInfo."""
        return public_fingerprint(self.public_key)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The key stored at `path` (PEM, PKCS #8); raises KEY_UNREADABLE, KEY_WRONG_KIND, and OSError."""
        with refusing(_unreadable, ValueError, TypeError, UnsupportedAlgorithm):
            return cls(serialization.load_pem_private_key(path.read_bytes(), password=None))

    def save(self, path: Path) -> None:
        """Write the key to a new file at `path` (PEM, PKCS #8, mode 0600), on disk when this returns.

        Raises KEY_EXISTS rather than write over a file: a key that is lost this way opens nothing ever again.
        """
        pem = self.raw.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with refusing(_exists, FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.public_fingerprint[:16]}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


class P256Key(PrivateKey[ec.EllipticCurvePrivateKey]):
    """An EC key on P-256: signs (ES256) and opens seals. People, offices and recipients have one."""

    kind = ec.EllipticCurvePrivateKey

    def __init__(self, raw: object) -> None:
        super().__init__(raw)
        if not isinstance(self.raw.curve, ec.SECP256R1):
            raise CryptoError("KEY_WRONG_KIND", "The key is on another curve than P-256.", "Give a P-256 key.")

    @classmethod
    def generate(cls) -> P256Key:
        """A new key, from the system's randomness."""
        return cls(ec.generate_private_key(ec.SECP256R1()))


class Ed25519Key(PrivateKey[ed25519.Ed25519PrivateKey]):
    """An Ed25519 key: the log's checkpoints and the seed of a sample. Its signatures are deterministic (RFC 8032)."""

    kind = ed25519.Ed25519PrivateKey

    @classmethod
    def generate(cls) -> Ed25519Key:
        """A new key, from the system's randomness."""
        return cls(ed25519.Ed25519PrivateKey.generate())

    @property
    def public_bytes(self) -> bytes:
        """The public half as RFC 8032 writes it: 32 bytes."""
        return self.raw.public_key().public_bytes_raw()


class MlDsa44Key(PrivateKey[mldsa.MLDSA44PrivateKey]):
    """An ML-DSA-44 key (FIPS 204), which a quantum computer does not break: a witness's cosignatures."""

    kind = mldsa.MLDSA44PrivateKey

    @classmethod
    def generate(cls) -> MlDsa44Key:
        """A new key, from the system's randomness."""
        return cls(mldsa.MLDSA44PrivateKey.generate())

    @property
    def public_bytes(self) -> bytes:
        """The public half as FIPS 204 writes it: 1,312 bytes."""
        return self.raw.public_key().public_bytes_raw()


class RsaKey(PrivateKey[rsa.RSAPrivateKey]):
    """An RSA key of 2048 bits or more, of a recipient whose agency made it: it opens seals only."""

    kind = rsa.RSAPrivateKey

    def __init__(self, raw: object) -> None:
        super().__init__(raw)
        if self.raw.key_size < MINIMUM_RSA_BITS:
            raise CryptoError("KEY_TOO_SHORT", "The RSA key has fewer than 2048 bits.", "Give a longer key.")


def public_fingerprint(public_key: CertificatePublicKeyTypes) -> str:
    """The SHA-256 (hex) of a public key's SubjectPublicKeyInfo."""
    spki = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def _unreadable() -> CryptoError:
    return CryptoError(
        "KEY_UNREADABLE", "The file holds no private key in PEM.", "Name the key file written when it was made."
    )


def _exists() -> CryptoError:
    return CryptoError("KEY_EXISTS", "A file is already there; a key is never written over.", "Choose another file.")
