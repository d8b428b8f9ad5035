"""Keys, signatures, seals and certificates: the only importer of the cryptography libraries.

`comity.crypto.seal` and `comity.crypto.open` are imported by name, each by the one package that may.
"""

from comity.crypto.authority import Authority, issue, make_authority
from comity.crypto.canonical import canonical, digest
from comity.crypto.certificates import Certificate, Purpose, verify_chain
from comity.crypto.errors import CryptoError
from comity.crypto.keys import Ed25519Key, MlDsa44Key, P256Key
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
    "Purpose",
    "Verified",
    "canonical",
    "digest",
    "issue",
    "make_authority",
    "sign",
    "sign_detached",
    "sign_ed25519",
    "sign_ml_dsa_44",
    "verify",
    "verify_chain",
    "verify_detached",
    "verify_ed25519",
    "verify_ml_dsa_44",
]
