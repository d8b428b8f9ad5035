"""A signature is of these bytes, by a believed certificate, with ES256; everything else is refused."""

from __future__ import annotations

import base64
import hmac
import json
import subprocess
from datetime import UTC, datetime
from shutil import which

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from comity.crypto import (
    CryptoError,
    Ed25519Key,
    P256Key,
    Purpose,
    make_authority,
    sign,
    sign_detached,
    sign_ed25519,
    verify,
    verify_detached,
    verify_ed25519,
)

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)

ANY = jws.JWSRegistry(algorithms=["ES256", "HS256", "RS256", "none"], strict_check_header=False)
ANY.max_header_length = 10_000


def code_of(token, authority, at=NOW):
    with pytest.raises(CryptoError) as refusal:
        verify(token, [authority.certificate], at)
    assert refusal.value.__context__ is None
    return refusal.value.code


def part_of(header):
    return base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def forged(holder, key=None, **header):
    """A token by a signer who writes whatever header he likes."""
    x5c = [base64.b64encode(holder.certificate.der).decode()]
    key = key or ECKey.import_key(holder.key.raw)
    return jws.serialize_compact({"alg": "ES256", "x5c": x5c} | header, b"statement", key, registry=ANY)


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_what_was_signed_is_verified_and_given_back_with_its_signer(authority, holder, content):
    found = verify(sign(content, holder.key, holder.certificate), [authority.certificate], NOW)
    assert (found.payload, found.certificate) == (content, holder.certificate)
    detached = sign_detached(content, holder.key, holder.certificate)
    again = verify_detached(detached, content, [authority.certificate], NOW)
    assert verify(again.token, [authority.certificate], NOW) == again
    assert again.payload == content


def test_what_was_signed_is_not_shown(authority, holder):
    found = verify(sign(b"CANARY", holder.key, holder.certificate), [authority.certificate], NOW)
    assert "CANARY" not in repr(found)


@settings(deadline=None)
@given(st.data())
def test_a_token_with_one_character_changed_is_refused(authority, holder, data):
    token = sign(b"statement", holder.key, holder.certificate)
    place = data.draw(st.integers(0, len(token) - 1))
    changed = token[:place] + data.draw(st.characters().filter(lambda c: c != token[place])) + token[place + 1 :]
    with pytest.raises(CryptoError):
        verify(changed, [authority.certificate], NOW)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("eyJhbGciOiJFUzI1NiJ9.-_="), max_size=60))
def test_what_is_no_token_is_refused(authority, token):
    assert code_of(token, authority) == "SIGNATURE_MALFORMED"


@pytest.mark.parametrize(
    "header", [[], "alg", {"alg": "ES256"}, {"alg": ["ES256"], "x5c": ["AA=="]}, {"alg": "ES256", "x5c": "AA=="}]
)
def test_a_header_of_another_shape_is_refused(authority, header):
    assert code_of(f"{part_of(header)}.AA.AA", authority) == "SIGNATURE_MALFORMED"


def test_a_header_nested_without_end_is_refused(authority):
    part = base64.urlsafe_b64encode(b"[" * 6000).decode()
    assert code_of(f"{part}.AA.AA", authority) == "SIGNATURE_MALFORMED"


def test_the_forger_of_these_tests_can_make_a_token_that_holds(authority, holder):
    assert verify(forged(holder), [authority.certificate], NOW).payload == b"statement"


def test_no_other_algorithm_is_taken(authority, holder):
    header, content, signature = forged(holder).split(".")
    for algorithm in ("HS256", "RS256", "PS256", "ES384", "none", "NONE", "", "es256", None):
        changed = part_of(json.loads(base64.urlsafe_b64decode(header + "==")) | {"alg": algorithm})
        for end in (signature, ""):
            assert code_of(f"{changed}.{content}.{end}", authority) == "SIGNATURE_MALFORMED"


def test_the_public_key_is_no_shared_secret(authority, holder):
    _, content, _ = forged(holder).split(".")
    public_pem = ECKey.import_key(holder.certificate.public_key).as_pem(private=False)
    header = part_of({"alg": "HS256", "x5c": [base64.b64encode(holder.certificate.der).decode()]})
    code = hmac.digest(public_pem, f"{header}.{content}".encode(), "sha256")
    end = base64.urlsafe_b64encode(code).rstrip(b"=").decode()
    assert code_of(f"{header}.{content}.{end}", authority) == "SIGNATURE_MALFORMED"


@pytest.mark.parametrize(
    "extra", [{"kid": "x"}, {"jku": "https://evil.example"}, {"b64": True}, {"crit": []}, {"typ": "JOSE"}, {"other": 1}]
)
def test_a_header_that_we_do_not_write_is_not_taken(authority, holder, extra):
    assert code_of(forged(holder, **extra), authority) == "SIGNATURE_MALFORMED"


def test_there_is_one_certificate_and_no_chain(authority, holder):
    der = base64.b64encode(holder.certificate.der).decode()
    for chain in ([], [der, der], ["AAAA"], [der[:-4]]):
        with pytest.raises(CryptoError):
            verify(forged(holder, x5c=chain), [authority.certificate], NOW)


def test_a_signature_under_somebody_elses_certificate_is_refused(authority, holder, other_holder):
    assert code_of(forged(holder, ECKey.import_key(other_holder.key.raw)), authority) == "SIGNATURE_INVALID"
    with pytest.raises(CryptoError, match="KEY_NOT_OF_CERTIFICATE"):
        sign(b"statement", other_holder.key, holder.certificate)


def test_the_certificate_inside_must_be_believed(authority, stranger_authority, holder):
    token = sign(b"statement", holder.key, holder.certificate)
    assert code_of(token, stranger_authority) == "CERTIFICATE_UNTRUSTED"
    assert code_of(token, authority, END.replace(year=2027)) == "CERTIFICATE_EXPIRED"
    assert code_of(token, authority, BEGIN.replace(year=2024)) == "CERTIFICATE_NOT_YET_VALID"


def test_a_certificate_for_sealing_alone_signs_nothing(authority, certify):
    sealing = certify(authority, "Ada", Purpose.SEALING)
    assert code_of(forged(sealing), authority) == "CERTIFICATE_WRONG_PURPOSE"
    with pytest.raises(CryptoError, match="CERTIFICATE_WRONG_PURPOSE"):
        sign(b"statement", sealing.key, sealing.certificate)


def test_a_detached_signature_is_of_the_bytes_that_are_handed_in(authority, holder):
    token = sign_detached(b"statement", holder.key, holder.certificate)
    assert ".." in token
    with pytest.raises(CryptoError, match="SIGNATURE_INVALID"):
        verify_detached(token, b"another statement", [authority.certificate], NOW)


def test_a_token_with_content_of_its_own_is_not_detached(authority, holder):
    token = sign(b"statement", holder.key, holder.certificate)
    with pytest.raises(CryptoError, match="SIGNATURE_MALFORMED"):
        verify_detached(token, b"statement", [authority.certificate], NOW)


def test_only_small_things_are_signed_and_verified(authority, holder):
    half = b"x" * 500_000
    assert verify(sign(half, holder.key, holder.certificate), [authority.certificate], NOW).payload == half
    with pytest.raises(CryptoError, match="SIGNED_TOO_LARGE"):
        sign(b"x" * 800_000, holder.key, holder.certificate)
    header, content, signature = sign(b"x", holder.key, holder.certificate).split(".")
    for parts in (
        (header * 10, content, signature),
        (header, "A" * 1_100_000, signature),
        (header, content, "A" * 200),
    ):
        assert code_of(".".join(parts), authority) == "SIGNED_TOO_LARGE"


def test_one_authority_does_not_stand_in_for_another_agency(holder):
    other = make_authority("Other Agency", rehearsal=True, not_before=BEGIN, not_after=END)
    assert code_of(sign(b"statement", holder.key, holder.certificate), other) == "CERTIFICATE_UNTRUSTED"


@settings(deadline=None)
@given(content=st.binary(max_size=100), change=st.integers(1, 255), place=st.integers(0, 63))
def test_an_ed25519_signature_is_always_the_same_and_breaks_with_any_byte(content, change, place):
    key = Ed25519Key.generate()
    signature = sign_ed25519(key, content)
    assert signature == sign_ed25519(key, content)
    verify_ed25519(key.public_bytes, signature, content)
    changed = bytearray(signature)
    changed[place] ^= change
    for wrong in (
        (key.public_bytes, bytes(changed), content),
        (key.public_bytes, signature, content + b"x"),
        (b"", signature, content),
    ):
        with pytest.raises(CryptoError, match="SIGNATURE_INVALID"):
            verify_ed25519(*wrong)


@pytest.mark.skipif(which("openssl") is None, reason="no openssl binary to compare with")
def test_openssl_verifies_the_same_signature(holder, tmp_path):
    token = sign(b"statement", holder.key, holder.certificate)
    signed, _, encoded = token.rpartition(".")
    raw = base64.urlsafe_b64decode(encoded + "==")
    (tmp_path / "signature").write_bytes(
        encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    )
    holder.certificate.save(tmp_path / "leaf.pem")
    public = subprocess.run(
        ["openssl", "x509", "-pubkey", "-noout", "-in", "leaf.pem"], cwd=tmp_path, capture_output=True
    )
    (tmp_path / "public.pem").write_bytes(public.stdout)
    for content, holds in ((signed, True), (signed + "x", False)):
        (tmp_path / "content").write_text(content)
        command = ["openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "content"]
        assert (subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0) is holds


def test_a_key_of_another_certificate_with_the_same_name_signs_nothing(holder):
    with pytest.raises(CryptoError, match="KEY_NOT_OF_CERTIFICATE"):
        sign(b"statement", P256Key.generate(), holder.certificate)
