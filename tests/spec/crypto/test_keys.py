"""Keys are written once, for their owner alone, and never shown."""

from __future__ import annotations

import pickle

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from comity.crypto import CryptoError, Ed25519Key, P256Key
from comity.crypto.keys import RsaKey


@pytest.fixture(params=[P256Key, Ed25519Key, RsaKey])
def key(request, rsa_key):
    return rsa_key if request.param is RsaKey else request.param.generate()


def test_a_saved_key_is_its_owners_alone_and_loads_as_itself(key, tmp_path):
    key.save(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    assert type(key).load(tmp_path / "key.pem").public_fingerprint == key.public_fingerprint


def test_a_key_is_never_written_over(tmp_path):
    first = P256Key.generate()
    first.save(tmp_path / "key.pem")
    with pytest.raises(CryptoError, match="KEY_EXISTS"):
        P256Key.generate().save(tmp_path / "key.pem")
    assert P256Key.load(tmp_path / "key.pem").public_fingerprint == first.public_fingerprint


def test_a_key_of_another_kind_is_refused(tmp_path):
    Ed25519Key.generate().save(tmp_path / "key.pem")
    with pytest.raises(CryptoError, match="KEY_WRONG_KIND"):
        P256Key.load(tmp_path / "key.pem")
    with pytest.raises(CryptoError, match="KEY_WRONG_KIND"):
        P256Key(ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(CryptoError, match="KEY_TOO_SHORT"):
        RsaKey(rsa.generate_private_key(public_exponent=65537, key_size=1024))


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_without_a_key_is_refused(content, tmp_path):
    (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(CryptoError, match="KEY_UNREADABLE"):
        P256Key.load(tmp_path / "key.pem")


def test_a_key_shows_its_public_fingerprint_and_nothing_else(key):
    assert repr(key) == f"<{type(key).__name__} {key.public_fingerprint[:16]}>"
    assert str(key) == repr(key)
    pem = key.raw.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert pem.decode() not in repr(vars(key))


def test_a_key_is_not_pickled():
    with pytest.raises(TypeError):
        pickle.dumps(P256Key.generate())
