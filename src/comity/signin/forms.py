"""The forms that take a password or a code of an authenticator; each code is taken once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache


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
    return f"signin code {hashlib.sha256(f'{account.pk} {normalize_user_code(code)}'.encode()).hexdigest()}"


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
