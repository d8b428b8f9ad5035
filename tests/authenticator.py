"""An authenticator in software, with the browser around it: makes passkeys and signs challenges, rightly or wrongly."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from fido2 import cbor, cose

from comity.crypto import Passkey

RP_ID = "console.office.example"
ORIGIN = f"https://{RP_ID}"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(content: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey: `algorithm` is ES256 or EdDSA; `counter` counts up with each signature."""

    algorithm: str = "ES256"
    rp_id: str = RP_ID
    origin: str = ORIGIN
    counter: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        if self.algorithm == "ES256":
            self.key = ec.generate_private_key(ec.SECP256R1())
            self.cose = cose.ES256.from_cryptography_key(self.key.public_key())
        else:
            self.key = ed25519.Ed25519PrivateKey.generate()
            self.cose = cose.EdDSA.from_cryptography_key(self.key.public_key())

    @property
    def passkey(self) -> Passkey:
        """What the register keeps of it."""
        public = b64(cbor.encode(dict(self.cose)))
        return Passkey(b64(self.credential), self.algorithm, public, self.rp_id, self.origin)

    def made(self, asked: str, **said) -> str:
        """The browser's answer (JSON) when the passkey is made."""
        data = self._data(said.pop("flags", PRESENT | VERIFIED | ATTESTED), said.pop("rp_id", self.rp_id))
        data += bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor.encode(dict(self.cose))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        collected = self._collected("webauthn.create", asked, said)
        return self._answer({"attestationObject": b64(attestation), "clientDataJSON": b64(collected)})

    def used(self, asked: str, **said) -> str:
        """The browser's answer (JSON) when the passkey signs `asked`; `said` is what it says instead."""
        self.counter += 1
        data = self._data(said.pop("flags", PRESENT | VERIFIED), said.pop("rp_id", self.rp_id))
        collected = self._collected(said.pop("type", "webauthn.get"), asked, said)
        message = data + hashlib.sha256(collected).digest()
        elliptic = isinstance(self.key, ec.EllipticCurvePrivateKey)
        signature = self.key.sign(message, ec.ECDSA(hashes.SHA256())) if elliptic else self.key.sign(message)
        parts = {"authenticatorData": data, "clientDataJSON": collected, "signature": signature}
        return self._answer({name: b64(part) for name, part in parts.items()})

    def signs(self, content: bytes, **said) -> str:
        """The assertion over `content` as a countersignature keeps it."""
        response = json.loads(self.used(b64(hashlib.sha256(content).digest()), **said))["response"]
        return ".".join(response[name] for name in ("authenticatorData", "clientDataJSON", "signature"))

    def _data(self, flags: int, rp_id: str) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _collected(self, kind: str, challenge: str, said: dict[str, object]) -> bytes:
        plain = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(plain | said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        named = b64(self.credential)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
