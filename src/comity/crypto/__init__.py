"""Keys, signatures, seals and certificates: the only importer of the cryptography libraries.

`comity.crypto.seal` and `comity.crypto.open` are imported by name, each by the one package that may.
"""

from comity.crypto.asking import asked_to_make, asked_to_sign
from comity.crypto.authority import Authority, issue, make_authority
from comity.crypto.canonical import canonical, digest
from comity.crypto.certificates import Certificate, Purpose, verify_chain
from comity.crypto.errors import CryptoError
from comity.crypto.keys import Ed25519Key, MlDsa44Key, P256Key
from comity.crypto.passkeys import (
    Passkey,
    assertion_in,
    challenge_of,
    counter_in,
    fresh_challenge,
    made_passkey,
    verify_assertion,
)
from comity.crypto.sign import (
    Verified,
    sign,
    sign_detached,
    sign_ed25519,
    sign_ml_dsa_44,
    verify,
    verify_detached,
    verify_ed25519,
    verify_ml_dsa_44,
)

__all__ = [
    "Authority",
    "Certificate",
    "CryptoError",
    "Ed25519Key",
    "MlDsa44Key",
    "P256Key",
    "Passkey",
    "Purpose",
    "Verified",
    "asked_to_make",
    "asked_to_sign",
    "assertion_in",
    "canonical",
    "challenge_of",
    "counter_in",
    "digest",
    "fresh_challenge",
    "issue",
    "made_passkey",
    "make_authority",
    "sign",
    "sign_detached",
    "sign_ed25519",
    "sign_ml_dsa_44",
    "verify",
    "verify_assertion",
    "verify_chain",
    "verify_detached",
    "verify_ed25519",
    "verify_ml_dsa_44",
]
