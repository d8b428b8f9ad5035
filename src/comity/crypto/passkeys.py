"""Passkeys that sign: a credential as the registers keep it, and an assertion that is verified from files alone.

W3C Web Authentication, Level 2. What is signed is the challenge: an officer's passkey signs the SHA-256 of a statement.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from fido2 import cbor, cose
from fido2.webauthn import AttestationObject, AuthenticatorData, CollectedClientData

from comity.crypto.errors import CryptoError, refusing
from comity.crypto.keys import public_fingerprint

ALGORITHMS: dict[str, type[cose.CoseKey]] = {"ES256": cose.ES256, "EdDSA": cose.EdDSA}
# The parameters of a COSE key (RFC 9053, 7.1 and 7.2) that each kind has, and no others.
_PARAMETERS = {"ES256": {1, 3, -1, -2, -3}, "EdDSA": {1, 3, -1, -2}}
_FIXED = {"ES256": {1: 2, 3: -7, -1: 1}, "EdDSA": {1: 1, 3: -8, -1: 6}}
_NAMED = {fixed[3]: name for name, fixed in _FIXED.items()}
# Far more than any authenticator and browser make, far less than could trouble anybody.
_LONGEST = 1 << 14
_MADE, _USED = CollectedClientData.TYPE.CREATE, CollectedClientData.TYPE.GET
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Passkey:
    """A credential: its id, the kind of key (`ES256` or `EdDSA`), the COSE key (CBOR), and where it is used.

    Id and key are base64url without padding. `rp_id` is the name that the authenticator binds it to, `origin` the one
    address whose pages may use it.
    """

    credential: str
    algorithm: str
    public_key: str
    rp_id: str
    origin: str

    @property
    def key_fingerprint(self) -> str:
        """The SHA-256 (hex) of the public key's SubjectPublicKeyInfo, as of a certificate's. Raises PASSKEY_UNFIT."""
        with refusing(_unfit, *_UNREADABLE):
            return public_fingerprint(_public(self.algorithm, self._cose()))

    def _cose(self) -> cose.CoseKey:
        encoded = bytes_in(self.public_key)
        read: Any = cbor.decode(encoded)
        known = ALGORITHMS[self.algorithm]
        fixed = _FIXED[self.algorithm]
        if set(read) != _PARAMETERS[self.algorithm] or any(read[name] != fixed[name] for name in fixed):
            raise ValueError("another kind of key than it is said to be")
        if cbor.encode(read) != encoded or not bytes_in(self.credential):
            raise ValueError("not in the one form that a key has")
        return known(read)


def require_fit(passkey: Passkey) -> None:
    """Raise PASSKEY_UNFIT unless the key is of its kind, on its curve, and written in its one form."""
    _ = passkey.key_fingerprint


def challenge_of(content: bytes) -> str:
    """What a passkey is asked to sign for `content`: its SHA-256, base64url without padding."""
    return _text(hashlib.sha256(content).digest())


def made_passkey(answer: str, challenge: str, rp_id: str, used_at: str) -> Passkey:
    """The passkey that a browser's `answer` (JSON) to `challenge` (base64url) says was made for this use.

    Raises PASSKEY_ANSWER_UNREADABLE, PASSKEY_UNFIT, and as `verify_assertion` for what the browser and the
    authenticator say. What made the authenticator is not asked for.
    """
    with refusing(_unreadable, *_UNREADABLE):
        response = _answered(answer)["response"]
        collected = CollectedClientData(bytes_in(response["clientDataJSON"]))
        data = AttestationObject(bytes_in(response["attestationObject"])).auth_data
        if data.credential_data is None:
            raise ValueError("no credential was made")
        key = data.credential_data.public_key
        algorithm = _NAMED[key[3]]
        made = Passkey(
            _text(data.credential_data.credential_id), algorithm, _text(cbor.encode(dict(key))), rp_id, used_at
        )
    _require_asked(collected, _MADE, challenge, made)
    _require_present(data, made)
    require_fit(made)
    return made


def assertion_in(answer: str) -> tuple[str, str]:
    """The credential's id and the assertion in a browser's `answer` (JSON), as a countersignature keeps them.

    An assertion is what the authenticator says, what the browser says, and the signature, each base64url, with a dot
    between. Raises PASSKEY_ANSWER_UNREADABLE.
    """
    with refusing(_unreadable, *_UNREADABLE):
        said = _answered(answer)
        parts = [said["response"][name] for name in ("authenticatorData", "clientDataJSON", "signature")]
        return _text(bytes_in(said["rawId"])), ".".join(_text(bytes_in(part)) for part in parts)


def verify_assertion(passkey: Passkey, assertion: str, content: bytes) -> int:
    """That `passkey` signed `content`, by its person, present and verified; gives the authenticator's counter.

    The counter is what the authenticator says of how often it has signed; many always say 0. Raises
    ASSERTION_MALFORMED, ASSERTION_OF_ANOTHER_KIND, CHALLENGE_DIFFERS, ORIGIN_DIFFERS, RP_ID_DIFFERS,
    PERSON_NOT_VERIFIED, SIGNATURE_INVALID, and PASSKEY_UNFIT for a key that is none.
    """
    require_fit(passkey)
    with refusing(_malformed, *_UNREADABLE):
        data, collected, signature = _parts(assertion)
    _require_asked(collected, _USED, challenge_of(content), passkey)
    _require_present(data, passkey)
    with refusing(_invalid, InvalidSignature, *_UNREADABLE):
        passkey._cose().verify(bytes(data) + collected.hash, signature)  # noqa: SLF001 -- of this module
    return data.counter


def counter_in(assertion: str) -> int:
    """The authenticator's counter in an assertion that was verified. Raises ASSERTION_MALFORMED."""
    with refusing(_malformed, *_UNREADABLE):
        return _parts(assertion)[0].counter


def bytes_in(text: str) -> bytes:
    """The bytes of base64url without padding. Raises ValueError for any but the one form that they have."""
    read = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _text(read) != text:
        raise ValueError("not in the one form that base64url without padding has")
    return read


def _parts(assertion: str) -> tuple[AuthenticatorData, CollectedClientData, bytes]:
    if len(assertion) > _LONGEST:
        raise ValueError("longer than any")
    data, collected, signature = (bytes_in(part) for part in assertion.split("."))
    return AuthenticatorData(data), CollectedClientData(collected), signature


def _require_asked(collected: CollectedClientData, kind: str, challenge: str, passkey: Passkey) -> None:
    if collected.type != kind:
        raise _refused("ASSERTION_OF_ANOTHER_KIND", "The passkey answered another question than to sign.")
    if _text(collected.challenge) != challenge:
        raise _refused("CHALLENGE_DIFFERS", "The passkey signed something else than this statement.")
    if collected.origin != passkey.origin or collected.cross_origin is not False:
        raise _refused("ORIGIN_DIFFERS", "The passkey was used on the page of another address than it is entered for.")


def _require_present(data: AuthenticatorData, passkey: Passkey) -> None:
    if data.rp_id_hash != hashlib.sha256(passkey.rp_id.encode()).digest():
        raise _refused("RP_ID_DIFFERS", "The passkey is bound to another name than it is entered for.")
    if not (data.is_user_present() and data.is_user_verified()):
        raise _refused(
            "PERSON_NOT_VERIFIED", "The authenticator did not see the person there and ask for finger, face or PIN."
        )


def _public(algorithm: str, key: cose.CoseKey) -> ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey:
    if algorithm == "EdDSA":
        return ed25519.Ed25519PublicKey.from_public_bytes(key[-2])
    if len(key[-2]) != 32 or len(key[-3]) != 32:
        raise ValueError("a coordinate on P-256 has 32 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + key[-2] + key[-3])


def fresh_challenge() -> str:
    """A challenge that nobody was asked before (base64url)."""
    return _text(secrets.token_bytes(32))


def _answered(answer: str) -> dict[str, Any]:
    if len(answer) > _LONGEST:
        raise ValueError("longer than any")
    read: dict[str, Any] = json.loads(answer)
    if read["type"] != "public-key":
        raise ValueError("no passkey's answer")
    return read


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _unfit() -> CryptoError:
    return CryptoError(
        "PASSKEY_UNFIT",
        "This is no public key that a passkey signs with here: ES256 on P-256 or EdDSA on Ed25519.",
        "Make the passkey anew, with another authenticator if need be.",
    )


def _unreadable() -> CryptoError:
    return CryptoError("PASSKEY_ANSWER_UNREADABLE", "The browser's answer cannot be read.", "Use the passkey again.")


def _malformed() -> CryptoError:
    return _refused("ASSERTION_MALFORMED", "This is no answer of a passkey.")


def _invalid() -> CryptoError:
    return _refused("SIGNATURE_INVALID", "The signature is not of these bytes by this passkey.")


def _refused(code: str, says: str) -> CryptoError:
    return CryptoError(code, says, "Sign again, on the page that shows what is signed.")
