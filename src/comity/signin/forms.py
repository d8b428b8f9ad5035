"""The forms that take a password, a code or a passkey: a code is taken once, a passkey at this address alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache

from comity.signin.addresses import own_origin


class CodeForm(forms.Form):
    """Whose sign-in is set up, and the one-time code."""

    officer = forms.CharField(max_length=64)
    code = forms.CharField(max_length=64)


def spend(account: Any, code: str) -> bool:  # noqa: ANN401 -- the account of a form of allauth
    """Use up a right code of the account's authenticator; False if it was used before.

    It is remembered for as long as it could be right: the library remembers it for one period, and takes those of the
    period before and after as well (RFC 6238, 5.2, has each taken once).
    """
    lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return bool(cache.add(_spent(account, code), value=True, timeout=lasts))


def _spent(account: Any, code: str) -> str:  # noqa: ANN401
    return f"signin-code-{hashlib.sha256(f'{account.pk} {normalize_user_code(code)}'.encode()).hexdigest()}"


def _once(form: Any, checked: Callable[[], str]) -> str:  # noqa: ANN401 -- any form of allauth that takes a code
    """The code that `checked` finds right, the first time. Raises ValidationError for one that is wrong or was used."""
    account, code = form.user, form.cleaned_data["code"]
    # Asked before as well: a code of before does not clear the count of failures.
    if cache.get(_spent(account, code)) or not spend(account, checked()):
        raise get_adapter().validation_error("incorrect_code")
    return str(code)


class SecondFactorForm(AuthenticateForm):
    """The code of whoever gave the right password."""

    def clean_code(self) -> str:
        """Raises as `_once`."""
        return _once(self, super().clean_code)


class ProvingForm(ReauthenticateForm):
    """The code of whoever is signed in and shows the second factor again."""

    def clean_code(self) -> str:
        """Raises as `_once`."""
        return _once(self, super().clean_code)


def _require_own(origin: str) -> None:
    """Raises ValidationError for an answer that a browser gave to another page.

    The library takes every port of this machine and every name below the console's; browsers let all of these ask.
    """
    if origin != own_origin(context.request):
        raise get_adapter().validation_error("incorrect_code")


def _here(form: Any, checked: Callable[[], Any]) -> Any:  # noqa: ANN401 -- any form of allauth that takes a passkey
    """What `checked` makes of a passkey's answer to a page of this console. Raises ValidationError for any other."""
    answer = auth.parse_authentication_response(form.cleaned_data["credential"])
    _require_own(answer.response.client_data.origin)
    return checked()


class PasskeyForm(LoginWebAuthnForm):
    """Signing in with a passkey alone."""

    def clean_credential(self) -> Any:  # noqa: ANN401 -- allauth's form
        """Raises as `_here`."""
        return _here(self, super().clean_credential)


class SecondPasskeyForm(AuthenticateWebAuthnForm):
    """The passkey of whoever gave the right password."""

    def clean_credential(self) -> Any:  # noqa: ANN401 -- allauth's form
        """Raises as `_here`."""
        return _here(self, super().clean_credential)


class ProvingPasskeyForm(ReauthenticateWebAuthnForm):
    """The passkey of whoever is signed in and shows the second factor again."""

    def clean_credential(self) -> Any:  # noqa: ANN401 -- allauth's form
        """Raises as `_here`."""
        return _here(self, super().clean_credential)


class NewPasskeyForm(SignupWebAuthnForm):
    """A passkey that is added to an account."""

    def clean_credential(self) -> Any:  # noqa: ANN401 -- allauth's form
        """Raises ValidationError for one that was made elsewhere, or is none."""
        made = self.cleaned_data["credential"]
        _require_own(auth.parse_registration_response(made).response.client_data.origin)
        return made


class PasswordForm(ActivateTOTPForm):
    """A password, twice, and the first code of an authenticator: neither is taken without the other."""

    password = forms.CharField(max_length=256, strip=False)
    again = forms.CharField(max_length=256, strip=False)

    def clean_password(self) -> str:
        """Raises ValidationError for a password that is short, common, or like the officer's id."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError if the second is not the first."""
        said = super().clean() or self.cleaned_data
        if said.get("password") != said.get("again"):
            self.add_error("again", "The two are not the same.")
        return said
