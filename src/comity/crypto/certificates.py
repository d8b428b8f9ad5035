"""X.509 certificates: what one says, and whether it may be believed for a purpose at a moment."""

from __future__ import annotations

import enum
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import verification
from cryptography.x509.oid import NameOID

from comity.crypto.errors import CryptoError, refusing
from comity.crypto.keys import MINIMUM_RSA_BITS, public_fingerprint

REHEARSAL = "REHEARSAL"

# What the library raises, mostly when a field is first looked at, for bytes that are no certificate of ours.
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    # The library still reads some forms that RFC 5280 forbids, and only warns.
    UserWarning,
)


class Purpose(enum.Flag):
    """What a certificate's key may be used for (RFC 5280 4.2.1.3): signing, sealing to its holder, or both."""

    SIGNING = enum.auto()
    SEALING = enum.auto()


@dataclass(frozen=True)
class Certificate:
    """One certificate as it was read; equal to another of the same DER bytes. Reading it is not believing it.

    `name` (subject CN), `organisation` (subject O, or empty), `fingerprint` (SHA-256 of the DER, hex), `not_before`
    and `not_after` (UTC), `purpose`, `rehearsal` (the issuer or the subject says so), `public_key` (opaque).
    """

    fingerprint: str
    der: bytes = field(repr=False)
    name: str = field(repr=False, compare=False)
    organisation: str = field(repr=False, compare=False)
    not_before: datetime = field(repr=False, compare=False)
    not_after: datetime = field(repr=False, compare=False)
    purpose: Purpose = field(repr=False, compare=False)
    rehearsal: bool = field(repr=False, compare=False)
    parsed: x509.Certificate = field(repr=False, compare=False)

    @property
    def public_key(self) -> CertificatePublicKeyTypes:
        """The public key of the `cryptography` library, for this package and for `issue`."""
        return self.parsed.public_key()

    @property
    def key_fingerprint(self) -> str:
        """The SHA-256 (hex) of the public key's SubjectPublicKeyInfo: the same in every certificate for one key."""
        return public_fingerprint(self.public_key)

    @classmethod
    def from_der(cls, der: bytes) -> Certificate:
        """The certificate in `der`; raises CERTIFICATE_UNREADABLE, also when it has no single common name."""
        with warnings.catch_warnings(), refusing(_unreadable, *_UNREADABLE):
            _warn_no_more()
            return _read(x509.load_der_x509_certificate(der))

    @classmethod
    def from_pem(cls, pem: bytes) -> Certificate:
        """The one certificate in `pem`; raises CERTIFICATE_UNREADABLE for none or several."""
        with warnings.catch_warnings(), refusing(_unreadable, *_UNREADABLE):
            _warn_no_more()
            [parsed] = x509.load_pem_x509_certificates(pem)
        return cls.from_der(parsed.public_bytes(serialization.Encoding.DER))

    @classmethod
    def load(cls, path: Path) -> Certificate:
        """The one certificate in the PEM file at `path`; raises CERTIFICATE_UNREADABLE, and OSError."""
        return cls.from_pem(path.read_bytes())

    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.parsed.public_bytes(serialization.Encoding.PEM)

    def save(self, path: Path) -> None:
        """Write the certificate to `path` in PEM; raises OSError."""
        path.write_bytes(self.pem())


def _warn_no_more() -> None:
    """A serial number that is negative and a country of sixteen letters are warned of; here nothing reads on."""
    warnings.simplefilter("error", UserWarning)


def _read(parsed: x509.Certificate) -> Certificate:
    parsed.public_key()  # an unsupported key shows only when it is asked for
    der = parsed.public_bytes(serialization.Encoding.DER)
    if der[-len(parsed.signature) - 1]:
        raise ValueError("unused bits in a signature: one certificate would have several encodings")
    [name] = parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        fingerprint=parsed.fingerprint(hashes.SHA256()).hex(),
        der=der,
        name=str(name.value),
        organisation=_attribute(parsed.subject, NameOID.ORGANIZATION_NAME),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        purpose=_purpose(parsed),
        rehearsal=any(
            REHEARSAL in _attribute(subject, NameOID.ORGANIZATIONAL_UNIT_NAME)
            for subject in (parsed.subject, parsed.issuer)
        ),
        parsed=parsed,
    )


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return " ".join(str(attribute.value) for attribute in name.get_attributes_for_oid(oid))


def _purpose(parsed: x509.Certificate) -> Purpose:
    """What key usage and key kind together allow; nothing, when the certificate does not say."""
    try:
        usage = parsed.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return Purpose(0)
    key = parsed.public_key()
    allowed = Purpose(0)
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        allowed |= Purpose.SIGNING if usage.digital_signature else Purpose(0)
        allowed |= Purpose.SEALING if usage.key_agreement else Purpose(0)
    elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= MINIMUM_RSA_BITS:
        allowed |= Purpose.SEALING if usage.key_encipherment else Purpose(0)
    return allowed


def verify_chain(leaf: Certificate, trusted_roots: Sequence[Certificate], at: datetime, purpose: Purpose) -> None:
    """Believe `leaf` for `purpose` at `at` (with a zone) when one of `trusted_roots` issued it directly; else raise.

    Codes: CERTIFICATE_NOT_YET_VALID, CERTIFICATE_EXPIRED, CERTIFICATE_WRONG_PURPOSE, and CERTIFICATE_UNTRUSTED for
    whatever the path validation of the `cryptography` library (RFC 5280) refuses: signature, a root that is no
    authority or not valid at `at`, an unknown critical extension, a weak algorithm. There are no intermediates.
    """
    require_valid_at(leaf, at)
    require_purpose(leaf, purpose)
    if not trusted_roots:
        raise _untrusted()
    with refusing(_untrusted, verification.VerificationError):
        _verifier(tuple(root.parsed for root in trusted_roots), at).verify(leaf.parsed, [])


# One batch asks about ten thousand holders of one authority at one moment.
@lru_cache(maxsize=8)
def _verifier(trusted_roots: tuple[x509.Certificate, ...], at: datetime) -> verification.ClientVerifier:
    return (
        verification.PolicyBuilder()
        .store(verification.Store(list(trusted_roots)))
        .time(at)
        .max_chain_depth(0)
        .extension_policies(ca_policy=_AUTHORITIES, ee_policy=_HOLDERS)
        .build_client_verifier()
    )


def require_valid_at(certificate: Certificate, at: datetime) -> None:
    """Raise CERTIFICATE_NOT_YET_VALID or CERTIFICATE_EXPIRED unless `at` (with a zone) lies in its term."""
    if at.utcoffset() is None:
        raise CryptoError("CLOCK_WITHOUT_ZONE", "The moment to judge at has no time zone.", "Give a moment in UTC.")
    if at < certificate.not_before:
        raise CryptoError(
            "CERTIFICATE_NOT_YET_VALID", "The certificate's term has not begun.", "Wait for it, or correct the clock."
        )
    if at > certificate.not_after:
        raise CryptoError(
            "CERTIFICATE_EXPIRED",
            "The certificate's term has ended.",
            "Ask the authority that issued it for a new one.",
        )


def require_purpose(certificate: Certificate, purpose: Purpose) -> None:
    """Raise CERTIFICATE_WRONG_PURPOSE unless the certificate's key usage and key kind allow all of `purpose`."""
    if not purpose or purpose not in certificate.purpose:
        raise CryptoError(
            "CERTIFICATE_WRONG_PURPOSE",
            "The certificate's key usage, or its kind of key, does not allow this use.",
            "Use a P-256 certificate with digital signature and key agreement.",
        )


def _no_authority(_policy: verification.Policy, _leaf: x509.Certificate, found: x509.BasicConstraints | None) -> None:
    if found is not None and found.ca:
        raise ValueError("an authority's certificate signs certificates only")


_AUTHORITIES = (
    verification.ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, verification.Criticality.CRITICAL, None)
    .require_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, None)
)
_HOLDERS = verification.ExtensionPolicy.permit_all().may_be_present(
    x509.BasicConstraints, verification.Criticality.AGNOSTIC, _no_authority
)


def _unreadable() -> CryptoError:
    return CryptoError(
        "CERTIFICATE_UNREADABLE",
        "This is not one readable X.509 certificate with one common name.",
        "Give the certificate as the authority issued it.",
    )


def _untrusted() -> CryptoError:
    return CryptoError(
        "CERTIFICATE_UNTRUSTED",
        "No trusted authority issued this certificate.",
        "Use a certificate of an authority that this office has registered.",
    )
