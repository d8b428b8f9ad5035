"""Small secrets at rest: what a program must read again, and nobody who finds its database may."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken

from comity.crypto.errors import CryptoError


class Keeper:
    """Keeps texts under a key that is drawn from `secret` for one `purpose`, so that no other use of it reads them."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        key = hmac.digest(secret, f"comity keeps {purpose}".encode(), "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def keep(self, text: str) -> str:
        """`text`, encrypted and authenticated."""
        return self._fernet.encrypt(text.encode()).decode()

    def kept(self, token: str) -> str:
        """The text that `keep` was given. Raises CryptoError `KEPT_UNREADABLE` for anything else."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise CryptoError(
                "KEPT_UNREADABLE", "A kept secret cannot be read with this home's key.", "Restore the home whole."
            ) from None
