"""Keys and an empty log for the accounting paragraphs; a key is made from its name, so that bytes are repeatable."""

from __future__ import annotations

from hashlib import sha256

import duckdb
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from comity.accounting.checkpoint import (
    COSIGNATURE_V1,
    ED25519,
    NoteKey,
    Signer,
    Verifier,
    cosigned_message,
    signature_line,
)
from comity.accounting.log import Log

ORIGIN = "log.agency.example/accounting"


class Keys:
    """Makes Ed25519 keys, signers, verifiers and cosignatures by name."""

    def private(self, name: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())

    def key(self, name: str, kind: int = ED25519) -> NoteKey:
        return NoteKey(name, kind, self.private(name).public_key().public_bytes_raw())

    def signer(self, name: str) -> Signer:
        return Signer(self.key(name), self.private(name).sign)

    def verify_with(self, key: NoteKey):
        public = Ed25519PublicKey.from_public_bytes(key.public_key)

        def verify(message: bytes, signature: bytes) -> bool:
            try:
                public.verify(signature, message)
            except InvalidSignature:
                return False
            return True

        return verify

    def verifier(self, name: str, kind: int = ED25519) -> Verifier:
        key = self.key(name, kind)
        return Verifier(key, self.verify_with(key))

    def cosign(self, note: str, witness: str, at: int = 1_700_000_000) -> str:
        text = note[: note.rindex("\n\n") + 1]
        key = self.key(witness, COSIGNATURE_V1)
        signature = self.private(witness).sign(cosigned_message(key, at, text))
        return note + signature_line(key, at.to_bytes(8, "big") + signature)


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def log(tmp_path, keys) -> Log:
    return Log.create(tmp_path / "log", keys.verifier(ORIGIN), keys.signer(ORIGIN))


@pytest.fixture(scope="module")
def duck():
    """A bare DuckDB, for the SQL that the columns of entries are made with."""
    with duckdb.connect(":memory:") as connection:
        yield connection
