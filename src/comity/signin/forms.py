"""The forms of the set-up page: what takes a password, and the code that goes with it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password


class CodeForm(forms.Form):
    """Whose sign-in is set up, and the one-time code."""

    officer = forms.CharField(max_length=64)
    code = forms.CharField(max_length=64)


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
