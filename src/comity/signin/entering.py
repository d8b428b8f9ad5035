"""The sign-in page: a passkey, or a password and then a code."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from comity.console.opened import the_console
from comity.console.pages import SIGN_IN
from comity.signin.adapters import NOT_SIGNED_IN, SAID


class SignInPage(LoginView):
    """Who are you: a passkey answers it at once, an id with a password is asked for a code next."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 -- Django's form
        """The form, the options of a passkey, and what went wrong before."""
        return super().get_context_data(**kwargs) | {
            "title": "Sign in",
            "office_name": the_console().office.home.name,
            "signs_in": True,
            "options": json.dumps(auth.begin_authentication()),
            "said": self.request.session.pop(SAID, ""),
            "provider": provider_name(),
        }


class SecondPage(AuthenticateView):
    """The second factor of whoever gave the right password."""

    template_name = "mfa/authenticate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 -- Django's form
        """The form of the code."""
        return super().get_context_data(**kwargs) | {
            "title": "Your code",
            "office_name": the_console().office.home.name,
            "signs_in": True,
        }


def provider_name() -> str:
    """What the agency's identity provider is called on the page; '' if there is none."""
    entrance: Any = the_console().entrance
    provider = entrance.parameters.provider
    return provider.name if provider else ""


@require_http_methods(["POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with the passkey that the sign-in page asked for."""
    return LoginWebAuthnView.as_view()(request)


@require_safe
def not_yet(request: HttpRequest) -> HttpResponse:
    """Where allauth leads whoever shows the passkey of an account that is not set up to its end: it opens nothing."""
    request.session[SAID] = NOT_SIGNED_IN
    return HttpResponseRedirect(SIGN_IN)
