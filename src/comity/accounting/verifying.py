"""What verifies the signature of a log or a witness, by the kind of its key."""

from __future__ import annotations

from comity.accounting.checkpoint import ML_DSA_44, NoteKey, Verifier
from comity.crypto import CryptoError, verify_ed25519, verify_ml_dsa_44


def note_verifier(key: NoteKey) -> Verifier:
    """The key, and what verifies with it: Ed25519 or ML-DSA-44, as its signature type says (tlog-cosignature)."""
    verify = verify_ml_dsa_44 if key.kind == ML_DSA_44 else verify_ed25519

    def verified(content: bytes, signature: bytes) -> bool:
        try:
            verify(key.public_key, signature, content)
        except CryptoError:
            return False
        return True

    return Verifier(key, verified)
