"""A certificate is believed when a trusted root issued it, for this purpose, at this moment; otherwise never."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.crypto import (
    Authority,
    Certificate,
    CryptoError,
    Ed25519Key,
    P256Key,
    Purpose,
    issue,
    make_authority,
    verify_chain,
)

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)
BOTH = Purpose.SIGNING | Purpose.SEALING


def code_of(leaf, roots, at=NOW, purpose=BOTH):
    with pytest.raises(CryptoError) as refusal:
        verify_chain(leaf, [root.certificate for root in roots], at, purpose)
    assert "Ada" not in str(refusal.value)
    assert refusal.value.__context__ is None  # the library's message, which prints the name, is gone
    return refusal.value.code


def test_a_persons_certificate_is_believed_for_signing_and_for_sealing(authority, stranger_authority, holder):
    for purpose in (Purpose.SIGNING, Purpose.SEALING, BOTH):
        verify_chain(holder.certificate, [stranger_authority.certificate, authority.certificate], NOW, purpose)


def test_it_is_not_believed_under_another_root_of_the_same_name_or_under_none(stranger_authority, holder):
    assert code_of(holder.certificate, [stranger_authority]) == "CERTIFICATE_UNTRUSTED"
    assert code_of(holder.certificate, []) == "CERTIFICATE_UNTRUSTED"


def test_it_is_believed_from_its_first_to_its_last_second(authority, holder):
    roots = [authority.certificate]
    verify_chain(holder.certificate, roots, BEGIN, BOTH)
    verify_chain(holder.certificate, roots, END, BOTH)
    assert code_of(holder.certificate, [authority], BEGIN - timedelta(seconds=1)) == "CERTIFICATE_NOT_YET_VALID"
    assert code_of(holder.certificate, [authority], END + timedelta(seconds=1)) == "CERTIFICATE_EXPIRED"


def test_a_moment_without_a_zone_is_no_moment(authority, holder):
    assert code_of(holder.certificate, [authority], NOW.replace(tzinfo=None)) == "CLOCK_WITHOUT_ZONE"


def test_a_root_whose_term_has_ended_vouches_for_nobody(authority):
    key = P256Key.generate()
    outlives = issue(authority, "Ada", "Agency", key.public_key, BOTH, BEGIN, END + timedelta(days=365))
    assert code_of(outlives, [authority], END + timedelta(days=1)) == "CERTIFICATE_UNTRUSTED"


@pytest.mark.parametrize(("has", "asked"), [(Purpose.SIGNING, Purpose.SEALING), (Purpose.SEALING, Purpose.SIGNING)])
def test_a_certificate_for_one_use_is_refused_for_the_other(authority, has, asked, certify):
    certificate = certify(authority, "Ada", has).certificate
    assert certificate.purpose == has
    verify_chain(certificate, [authority.certificate], NOW, has)
    assert code_of(certificate, [authority], purpose=asked) == "CERTIFICATE_WRONG_PURPOSE"
    assert code_of(certificate, [authority], purpose=Purpose(0)) == "CERTIFICATE_WRONG_PURPOSE"


def test_a_person_cannot_issue_certificates(authority, holder, certify):
    forged = certify(Authority(holder.certificate, holder.key), "Eve").certificate
    assert code_of(forged, [authority]) == "CERTIFICATE_UNTRUSTED"
    assert code_of(forged, [Authority(holder.certificate, holder.key)]) == "CERTIFICATE_UNTRUSTED"


def signed_by(authority, like, extension):
    """A certificate with one extension more than `issue` writes."""
    key = P256Key.generate()
    builder = x509.CertificateBuilder(
        issuer_name=authority.certificate.parsed.subject,
        subject_name=like.parsed.subject,
        public_key=key.raw.public_key(),
        serial_number=7,
        not_valid_before=BEGIN,
        not_valid_after=END,
    ).add_extension(like.parsed.extensions.get_extension_for_class(x509.KeyUsage).value, critical=True)
    signed = builder.add_extension(extension, critical=True).sign(authority.key.raw, hashes.SHA256())
    return Certificate.from_der(signed.public_bytes(serialization.Encoding.DER))


def test_a_critical_extension_that_nobody_here_understands_is_not_overlooked(authority, holder):
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert code_of(signed_by(authority, holder.certificate, unknown), [authority]) == "CERTIFICATE_UNTRUSTED"


def test_a_country_of_more_than_two_letters_is_no_form_of_a_certificate(authority):
    country, organisation = b"\x06\x03\x55\x04\x06", b"\x06\x03\x55\x04\x0a"
    der = authority.certificate.der
    assert organisation in der
    with pytest.raises(CryptoError) as caught:
        Certificate.from_der(der.replace(organisation, country))
    assert caught.value.code == "CERTIFICATE_UNREADABLE"


def test_an_authoritys_certificate_is_no_persons(authority, holder):
    subordinate = signed_by(authority, holder.certificate, x509.BasicConstraints(ca=True, path_length=None))
    assert code_of(subordinate, [authority]) == "CERTIFICATE_UNTRUSTED"
    assert code_of(authority.certificate, [authority]) == "CERTIFICATE_WRONG_PURPOSE"


def test_an_rsa_certificate_serves_sealing_alone(authority, rsa_key):
    key = rsa_key.public_key
    assert issue(authority, "Ada", "Agency", key, Purpose.SEALING, BEGIN, END).purpose == Purpose.SEALING
    for purpose in (Purpose.SIGNING, BOTH, Purpose(0)):
        with pytest.raises(CryptoError, match="CERTIFICATE_WRONG_PURPOSE"):
            issue(authority, "Ada", "Agency", key, purpose, BEGIN, END)
    with pytest.raises(CryptoError, match="CERTIFICATE_WRONG_PURPOSE"):
        issue(authority, "Ada", "Agency", Ed25519Key.generate().public_key, Purpose.SIGNING, BEGIN, END)


def test_whatever_a_rehearsal_authority_makes_says_so(authority, holder, certify):
    assert authority.certificate.rehearsal
    assert holder.certificate.rehearsal
    assert "REHEARSAL" in holder.certificate.parsed.subject.rfc4514_string()
    real = make_authority("Real", rehearsal=False, not_before=BEGIN, not_after=END)
    assert not real.certificate.rehearsal
    assert not certify(real, "Ada").certificate.rehearsal


def test_a_certificate_survives_its_file_and_shows_no_name(holder, tmp_path):
    holder.certificate.save(tmp_path / "c.pem")
    assert Certificate.load(tmp_path / "c.pem") == holder.certificate
    assert (holder.certificate.name, holder.certificate.organisation) == ("Ada Signatory", "Agency")
    assert "Ada" not in repr(holder.certificate)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_what_is_no_certificate_is_refused(content):
    for read in (Certificate.from_der, Certificate.from_pem):
        with pytest.raises(CryptoError, match="CERTIFICATE_UNREADABLE"):
            read(content)


def test_a_serial_number_that_is_not_positive_is_refused(holder):
    """RFC 5280, 4.1.2.2; the first octet of the serial number follows the version and its tag and length."""
    der = bytearray(holder.certificate.der)
    serial = holder.certificate.parsed.serial_number.to_bytes(20, "big").lstrip(b"\0")
    der[der.index(serial)] |= 0x80
    with pytest.raises(CryptoError, match="CERTIFICATE_UNREADABLE"):
        Certificate.from_der(bytes(der))


def test_a_signature_with_unused_bits_is_refused(authority, certify):
    """X.690, 8.6.2.2: the octet before the signature counts them; a zero last bit would pass for one of them."""
    holders = (certify(authority, "Ada").certificate for _ in range(64))
    certificate = next(one for one in holders if one.der[-1] % 2 == 0)
    der = bytearray(certificate.der)
    der[-len(certificate.parsed.signature) - 1] = 1
    with pytest.raises(CryptoError, match="CERTIFICATE_UNREADABLE"):
        Certificate.from_der(bytes(der))


def test_two_certificates_in_one_file_are_not_one(holder, other_holder):
    with pytest.raises(CryptoError, match="CERTIFICATE_UNREADABLE"):
        Certificate.from_pem(holder.certificate.pem() + other_holder.certificate.pem())


@settings(deadline=None)
@given(st.data())
def test_a_certificate_with_one_byte_changed_is_never_believed(authority, holder, data):
    der = bytearray(holder.certificate.der)
    der[data.draw(st.integers(0, len(der) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CryptoError):
        verify_chain(Certificate.from_der(bytes(der)), [authority.certificate], NOW, BOTH)


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_fits_no_certificate_is_refused(authority, name, certify):
    with pytest.raises(CryptoError, match="CERTIFICATE_NAME_UNFIT"):
        certify(authority, name)


def test_a_term_that_ends_before_it_begins_is_refused(authority, holder):
    with pytest.raises(CryptoError, match="CERTIFICATE_TERM_UNFIT"):
        issue(authority, "Ada", "Agency", holder.key.public_key, BOTH, END, BEGIN)


@pytest.mark.skipif(which("openssl") is None, reason="no openssl binary to compare with")
def test_openssl_believes_the_same_certificate_under_the_same_root_only(
    authority, stranger_authority, holder, tmp_path
):
    holder.certificate.save(tmp_path / "leaf.pem")
    for root, believed in ((authority, True), (stranger_authority, False)):
        root.certificate.save(tmp_path / "root.pem")
        moment = str(int(NOW.timestamp()))
        command = ["openssl", "verify", "-x509_strict", "-attime", moment, "-CAfile", "root.pem", "leaf.pem"]
        assert (subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0) is believed
