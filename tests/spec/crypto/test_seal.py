"""A seal opens for its recipient and its context, whole, or not at all."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import ECKey

import comity.crypto
from comity.crypto import CryptoError, P256Key, Purpose, issue
from comity.crypto.keys import RsaKey
from comity.crypto.open import open_sealed
from comity.crypto.seal import seal

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)

CONTEXT = {"submission": "ab" * 32}


@pytest.fixture(scope="module")
def rsa_recipient(authority, rsa_key):
    return rsa_key, issue(authority, "Rita", "Agency", rsa_key.public_key, Purpose.SEALING, BEGIN, END)


def refuses(sealed, key, context=CONTEXT):
    with pytest.raises(CryptoError) as refusal:
        open_sealed(sealed, key, context=context)
    assert refusal.value.code == "SEAL_NOT_OPENED"
    assert refusal.value.__context__ is None


def header_of(sealed):
    part = sealed.split(b".")[0]
    return json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))


def with_header(sealed, header):
    part = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    return b".".join([part, *sealed.split(b".")[1:]])


@settings(deadline=None)
@given(content=st.binary(max_size=300), context=st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_the_recipient_opens_what_was_sealed(holder, content, context):
    assert open_sealed(seal(content, holder.certificate, context=context), holder.key, context=context) == content


def test_an_rsa_recipient_opens_it_too_and_an_ec_key_does_not(rsa_recipient, holder):
    key, certificate = rsa_recipient
    sealed = seal(b"reply", certificate, context=CONTEXT)
    assert header_of(sealed)["alg"] == "RSA-OAEP-256"
    assert open_sealed(sealed, key, context=CONTEXT) == b"reply"
    refuses(sealed, RsaKey(rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    refuses(sealed, holder.key)
    refuses(seal(b"reply", holder.certificate, context=CONTEXT), key)


def test_nobody_else_opens_it(holder, other_holder):
    sealed = seal(b"reply", holder.certificate, context=CONTEXT)
    refuses(sealed, other_holder.key)
    refuses(sealed, P256Key.generate())


@pytest.mark.parametrize("context", [{}, {"submission": "cd" * 32}, CONTEXT | {"batch": "1"}, {"batch": "ab" * 32}])
def test_it_does_not_open_for_anything_else_than_it_was_made_for(holder, context):
    refuses(seal(b"reply", holder.certificate, context=CONTEXT), holder.key, context)


def test_the_context_cannot_be_exchanged(holder):
    sealed = seal(b"reply", holder.certificate, context=CONTEXT)
    other = {"submission": "cd" * 32}
    refuses(with_header(sealed, header_of(sealed) | {"context": other}), holder.key, other)


@settings(deadline=None)
@given(st.data())
def test_a_seal_with_one_byte_changed_is_refused(holder, data):
    sealed = bytearray(seal(b"reply", holder.certificate, context=CONTEXT))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    refuses(bytes(sealed), holder.key)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_what_is_no_seal_is_refused(holder, content):
    refuses(content, holder.key)


def test_a_header_nested_without_end_is_refused(holder):
    refuses(base64.urlsafe_b64encode(b"[" * 3000) + b"....", holder.key)


def test_the_header_names_recipient_and_context_and_nothing_of_the_content(holder):
    header = header_of(seal(b"CANARY", holder.certificate, context=CONTEXT))
    assert header.pop("epk").keys() == {"crv", "kty", "x", "y"}
    assert header == {
        "alg": "ECDH-ES+A256KW",
        "enc": "A256GCM",
        "kid": holder.certificate.fingerprint,
        "context": CONTEXT,
    }


def sealed_by_a_stranger(holder, **header):
    """A seal that holds, by somebody who writes other headers than we do."""
    registry = jwe.JWERegistry(
        algorithms=["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "A128GCM", "A256GCM", "DEF"],
        strict_check_header=False,
    )
    ours = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": holder.certificate.fingerprint, "context": CONTEXT}
    key = ECKey.import_key(holder.certificate.public_key)
    return jwe.encrypt_compact(ours | header, b"reply", key, registry=registry).encode()


def test_other_algorithms_compression_and_headers_are_refused(holder):
    assert open_sealed(sealed_by_a_stranger(holder), holder.key, context=CONTEXT) == b"reply"
    for header in (
        {"enc": "A128GCM"},
        {"alg": "ECDH-ES"},
        {"alg": "ECDH-ES+A128KW"},
        {"zip": "DEF"},
        {"typ": "JOSE"},
        {"apu": "AA"},
    ):
        refuses(sealed_by_a_stranger(holder, **header), holder.key)


@pytest.mark.parametrize("epk", [None, [], "x", {}, {"kty": "EC", "crv": "P-256", "x": 1, "y": 2}])
def test_an_ephemeral_key_of_another_shape_is_refused(holder, epk):
    sealed = seal(b"reply", holder.certificate, context=CONTEXT)
    refuses(with_header(sealed, header_of(sealed) | {"epk": epk}), holder.key)


def test_an_ephemeral_key_off_the_curve_or_with_a_private_part_is_refused(holder):
    sealed = seal(b"reply", holder.certificate, context=CONTEXT)
    header = header_of(sealed)
    off_curve = header["epk"] | {"y": header["epk"]["x"]}
    private = ECKey.generate_key("P-256").as_dict(private=True)
    unknown_curve = header["epk"] | {"crv": "L-256"}
    p384 = ECKey.generate_key("P-384").as_dict(private=False)
    for epk in (off_curve, private, p384, unknown_curve):
        refuses(with_header(sealed, header | {"epk": epk}), holder.key)


def test_nothing_is_sealed_to_a_certificate_for_signing_alone(authority, certify):
    signing = certify(authority, "Ada", Purpose.SIGNING)
    with pytest.raises(CryptoError, match="CERTIFICATE_WRONG_PURPOSE"):
        seal(b"reply", signing.certificate, context=CONTEXT)


@pytest.mark.parametrize("context", [{"submission": 1}, {"submission": "x" * 5000}])
def test_a_context_that_is_no_small_set_of_texts_is_refused(holder, context):
    with pytest.raises(CryptoError, match="SEAL_NOT_MADE"):
        seal(b"reply", holder.certificate, context=context)


def test_a_reply_of_megabytes_is_sealed_whole(holder):
    content = bytes(range(256)) * 20_000
    assert open_sealed(seal(content, holder.certificate, context=CONTEXT), holder.key, context=CONTEXT) == content


def test_sealing_and_opening_are_not_for_everybody():
    assert not {"seal", "open_sealed"} & set(comity.crypto.__all__)
