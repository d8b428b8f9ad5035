"""What a browser is asked of a passkey: to make one that signs, or to sign one statement (W3C Web Authentication)."""

from __future__ import annotations

import json
import secrets

from fido2.webauthn import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    CredentialCreationOptions,
    CredentialRequestOptions,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRequestOptions,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from comity.crypto.passkeys import ALGORITHMS, Passkey, bytes_in, challenge_of

_KIND = PublicKeyCredentialType.PUBLIC_KEY
_VERIFIED = UserVerificationRequirement.REQUIRED
# Milliseconds that a person has to find the authenticator.
_WAITS = 5 * 60 * 1000


def asked_to_make(challenge: str, rp_id: str, office: str, officer: str) -> str:
    """The options (JSON) for making a passkey that signs for `officer`, bound to `rp_id`.

    `challenge` is base64url.
    """
    return _json(
        CredentialCreationOptions(
            public_key=PublicKeyCredentialCreationOptions(
                rp=PublicKeyCredentialRpEntity(name=office, id=rp_id),
                # Drawn anew: one that the passkey for signing in has as well could be put in that one's place.
                user=PublicKeyCredentialUserEntity(name=officer, id=secrets.token_bytes(32), display_name=officer),
                challenge=bytes_in(challenge),
                pub_key_cred_params=[
                    PublicKeyCredentialParameters(type=_KIND, alg=kind.ALGORITHM) for kind in ALGORITHMS.values()
                ],
                timeout=_WAITS,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    # The sign-in page is not to offer it: what signs is asked for by name, and shown what it signs.
                    resident_key=ResidentKeyRequirement.DISCOURAGED,
                    user_verification=_VERIFIED,
                ),
                attestation=AttestationConveyancePreference.NONE,
            )
        )
    )


def asked_to_sign(passkey: Passkey, content: bytes) -> str:
    """The options (JSON) for signing the SHA-256 of `content` with `passkey`, and with no other."""
    return _json(
        CredentialRequestOptions(
            public_key=PublicKeyCredentialRequestOptions(
                challenge=bytes_in(challenge_of(content)),
                timeout=_WAITS,
                rp_id=passkey.rp_id,
                allow_credentials=[PublicKeyCredentialDescriptor(type=_KIND, id=bytes_in(passkey.credential))],
                user_verification=_VERIFIED,
            )
        )
    )


def _json(options: CredentialCreationOptions | CredentialRequestOptions) -> str:
    return json.dumps(dict(options))
