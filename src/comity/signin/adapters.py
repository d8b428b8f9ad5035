"""How django-allauth behaves here: nobody signs up, nothing is mailed, and whoever signs in is one of the office.

The two classes are named in the settings (`ACCOUNT_ADAPTER`, `MFA_ADAPTER`).
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from comity.console import entry
from comity.console.opened import the_console
from comity.crypto import CryptoError
from comity.crypto.keeping import Keeper
from comity.signin.models import Account
from comity.signin.noting import FAILED, LOCKED_OUT, SIGNED_IN, note
from comity.signin.secret import console_secret

SAID = "signin_said"
_WAYS = {"webauthn": "passkey", "totp": "password_and_code", "socialaccount": "provider"}
_LOCKED = {"too_many_login_attempts", "rate_limited"}
NOT_SIGNED_IN = "That did not sign anybody in. Try again."
_WAIT = "Too many attempts failed. Wait a quarter of an hour, or sign in with a passkey."


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, and what follows a sign-in of any kind."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's form
        """Never: accounts come from the register of officers."""
        return False

    def add_message(self, request: HttpRequest, level: int, *_: object, message: str = "", **__: object) -> None:
        """Keep what went wrong for the next page; what went well is plain to see."""
        if level == messages.ERROR and message:
            request.session[SAID] = message

    def send_notification_mail(self, *_: object, **__: object) -> None:
        """Nothing is mailed: what happened to an account is on the officer's own page, and on the auditor's."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 -- allauth's form
        """Refuse to compare a password once too many have failed, and note whose account is locked by it."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            named = Account.objects.filter(officer=credentials.get("username", "")).first()
            note(LOCKED_OUT, named.officer if named else "")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401, ARG002
        """Count a wrong id or password, and keep neither."""
        note(FAILED, way="password")

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """What a form says: which of id and password was wrong is not told."""
        if code in _LOCKED:
            return ValidationError(_WAIT, code=code)
        if code.endswith("_password_mismatch"):
            return ValidationError(NOT_SIGNED_IN, code=code)
        return super().validation_error(code, *args)

    def pre_login(self, request: HttpRequest, account: Account, **said: Any) -> HttpResponse | None:  # noqa: ANN401
        """Ask the office whether this officer may sign in. Raises as `Office.admit`."""
        answered = super().pre_login(request, account, **said)
        if answered is None:
            the_console().office.admit(account.officer)
        return answered

    def post_login(self, request: HttpRequest, account: Account, **said: Any) -> HttpResponse:  # noqa: ANN401
        """Begin the session's term."""
        entry.begin(request, account.officer)
        note(SIGNED_IN, account.officer, _way(request, account))
        return super().post_login(request, account, **said)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: codes and passkeys."""

    def encrypt(self, text: str) -> str:
        """The secret that codes are made of, kept under the home's key and not the database's."""
        return self._keeper().keep(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises ValidationError if it was kept by another home."""
        try:
            return self._keeper().kept(encrypted_text)
        except CryptoError:
            raise ValidationError(NOT_SIGNED_IN) from None

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """Count a wrong code or passkey."""
        if code == "incorrect_code":
            note(FAILED, way="second_factor")
            return ValidationError(NOT_SIGNED_IN, code=code)
        return super().validation_error(code, *args)

    def get_totp_issuer(self) -> str:
        """What an authenticator shows beside the officer's id."""
        return f"Comity {the_console().office.home.name}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The party that a passkey is bound to: this console's own name, whatever a request calls it."""
        entrance: Any = the_console().entrance
        return {"id": entrance.parameters.host, "name": self.get_totp_issuer()}

    def _keeper(self) -> Keeper:
        return Keeper(console_secret(the_console().office.home.directory), "codes")


def _way(request: HttpRequest, account: Account) -> str:
    records = get_authentication_records(request, account)
    last = records[-1] if records else {}
    return _WAYS.get(str(last.get("type") or last.get("method")), "")
