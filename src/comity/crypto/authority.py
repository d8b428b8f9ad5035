"""Certificate authorities: they issue the certificates that `certificates` reads and believes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from comity.crypto.certificates import REHEARSAL, Certificate, Purpose
from comity.crypto.errors import CryptoError, refusing
from comity.crypto.keys import P256Key


@dataclass(frozen=True)
class Authority:
    """A root that issues certificates: its own certificate, and the key that belongs to it."""

    certificate: Certificate
    key: P256Key


def make_authority(name: str, *, rehearsal: bool, not_before: datetime, not_after: datetime) -> Authority:
    """A new self-signed root of `name`; a rehearsal authority says REHEARSAL in its subject.

    Raises CERTIFICATE_NAME_UNFIT, CERTIFICATE_TERM_UNFIT.
    """
    key = P256Key.generate()
    subject = _subject(name, name, rehearsal=rehearsal)
    builder = _builder(subject, subject, key.public_key, not_before, not_after)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return Authority(_signed(builder, key), key)


def issue(
    authority: Authority,
    name: str,
    organisation: str,
    public_key: CertificatePublicKeyTypes,
    purpose: Purpose,
    not_before: datetime,
    not_after: datetime,
) -> Certificate:
    """A certificate for `public_key` (P-256; RSA of 2048 bits or more for sealing alone), signed by `authority`.

    Raises CERTIFICATE_NAME_UNFIT, CERTIFICATE_TERM_UNFIT, CERTIFICATE_WRONG_PURPOSE.
    """
    root = authority.certificate
    subject = _subject(name, organisation, rehearsal=root.rehearsal)
    builder = _builder(subject, root.parsed.subject, public_key, not_before, not_after)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage_for(purpose, public_key), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.raw.public_key())
    certificate = _signed(builder.add_extension(issuer, critical=False), authority.key)
    if not purpose or certificate.purpose != purpose:
        raise CryptoError(
            "CERTIFICATE_WRONG_PURPOSE", "This kind of key cannot serve that purpose.", "Give a P-256 key."
        )
    return certificate


def _subject(name: str, organisation: str, *, rehearsal: bool) -> x509.Name:
    with refusing(_name_unfit, ValueError):
        attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)]
        if rehearsal:
            attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, REHEARSAL))
        return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _name_unfit() -> CryptoError:
    return CryptoError(
        "CERTIFICATE_NAME_UNFIT",
        "A name in a certificate has between 1 and 64 characters.",
        "Shorten the name or the organisation.",
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: CertificatePublicKeyTypes,
    not_before: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    if not_before.utcoffset() is None or not_after.utcoffset() is None or not_after <= not_before:
        raise CryptoError(
            "CERTIFICATE_TERM_UNFIT", "The term has no zone, or ends before it begins.", "Give two moments in UTC."
        )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage_for(purpose: Purpose, public_key: CertificatePublicKeyTypes) -> x509.KeyUsage:
    is_rsa = isinstance(public_key, rsa.RSAPublicKey)
    return _usage(
        digital_signature=Purpose.SIGNING in purpose,
        key_agreement=Purpose.SEALING in purpose and not is_rsa,
        key_encipherment=Purpose.SEALING in purpose and is_rsa,
    )


def _usage(
    *,
    digital_signature: bool = False,
    key_agreement: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=key_agreement,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(builder: x509.CertificateBuilder, key: P256Key) -> Certificate:
    certificate = builder.sign(key.raw, hashes.SHA256())
    return Certificate.from_der(certificate.public_bytes(serialization.Encoding.DER))
