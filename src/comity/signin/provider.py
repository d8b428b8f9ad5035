"""Signing in at the agency's own identity provider (OpenID Connect Core 1.0), bound to an officer by that officer.

An officer binds issuer and subject while setting up, with a one-time code; an address or a name binds nobody. A token
is taken only if it was asked for here, and says that a second factor was seen.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from time import time
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from comity.case.errors import BadInput, Waiting
from comity.console.entry import signed_in
from comity.console.opened import the_console
from comity.console.pages import PROVE, SIGN_IN
from comity.signin.adapters import SAID
from comity.signin.addresses import inside
from comity.signin.models import Account, Binding
from comity.signin.noting import FAILED, PROVED, note
from comity.signin.parameters import Provider
from comity.signin.setting_up import WAYS_PAGE, held, setting_up

ID = "agency"
_MARK, _ASKED_AT, _PROVES, _ANEW = "nonce", "asked_at", "proves", "anew"
# Clocks of two machines differ by a little.
_LEEWAY_SECONDS = 30
_NOT_TAKEN = "The other place did not say enough, or not in time, to sign anybody in. Try again."


def settings_of(provider: Provider) -> dict[str, Any]:
    """What django-allauth is told of the provider."""
    application = {
        "provider_id": ID,
        "name": provider.name,
        "client_id": provider.application,
        "secret": provider.secret,
        "settings": {
            "server_url": provider.issuer.rstrip("/"),
            "fetch_userinfo": False,
            "oauth_pkce_enabled": True,
            "scope": ["openid"],
        },
    }
    return {"openid_connect": {"APPS": [application]}}


@require_safe
def depart(request: HttpRequest) -> HttpResponse:
    """Go to the provider: to sign in, to bind an account that is set up, or to show the second factor again."""
    binds = setting_up(request) is not None
    proves = not binds and signed_in(request) is not None
    # A session there may be that of a colleague who sat here before: binding and signing take a new sign-in.
    anew = binds or proves
    data = {_MARK: secrets.token_urlsafe(24), _ASKED_AT: int(time()), _PROVES: proves, _ANEW: anew}
    asked = {"nonce": data[_MARK]} | ({"prompt": "login", "max_age": "0"} if anew else {})
    back = inside(request.GET.get("next", ""))
    provider = get_adapter().get_provider(request, ID)
    try:
        return provider.redirect(request, process="login", next_url=back, data=data, auth_params=asked)
    except OSError:
        raise Waiting(
            "PROVIDER_SILENT", "The other place does not answer.", "Try again, or sign in another way."
        ) from None


class ProviderAdapter(DefaultSocialAccountAdapter):
    """What is made of a token that the provider gave to this console."""

    def get_requests_session(self) -> Any:  # noqa: ANN401 -- allauth's form
        """A connection to the provider: over TLS, wherever its own pages lead, unless it is on this machine."""
        session = super().get_requests_session()
        entrance: Any = the_console().entrance
        if entrance.parameters.provider.issuer.startswith("https://"):
            del session.adapters["http://"]
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002 -- allauth's form
        """Never: accounts come from the register of officers."""
        return False

    def on_authentication_error(self, request: HttpRequest, *_: object, **__: object) -> None:
        """Lead back to the sign-in page. Raises ImmediateHttpResponse, which is how allauth is told."""
        raise ImmediateHttpResponse(_not_taken(request))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ANN401 -- allauth's form
        """Bind, prove or sign in. Raises ImmediateHttpResponse always: nothing of the provider's is kept but a name."""
        token = sociallogin.account.extra_data.get("id_token") or {}
        state = sociallogin.state
        raise ImmediateHttpResponse(_arrived(request, token, state.get("data") or {}, state.get("next") or "/"))


def _arrived(request: HttpRequest, token: Mapping[str, Any], asked: Mapping[str, Any], back: str) -> HttpResponse:
    entrance: Any = the_console().entrance
    if not _believed(token, asked, entrance.parameters.provider):
        return _not_taken(request, PROVE if asked.get(_PROVES) else SIGN_IN)
    issuer, subject = str(token["iss"]), str(token["sub"])
    account = setting_up(request)
    if account is not None:
        return _bind(account, issuer, subject) if asked.get(_ANEW) else _not_taken(request)
    bound = Binding.objects.filter(issuer=issuer, subject=subject).first()
    account = Account.objects.filter(officer=bound.officer, is_active=True).first() if bound else None
    if account is None:
        return _not_taken(request)
    if asked.get(_PROVES):
        return _prove(request, account, back)
    record_authentication(request, account, "socialaccount", provider=ID)
    return perform_login(request, Login(user=account))


def _believed(token: Mapping[str, Any], asked: Mapping[str, Any], provider: Provider | None) -> bool:
    """Whether the token answers what was asked, and says that a second factor was seen; of late, if that was asked."""
    if provider is None or not token.get("sub") or not asked.get(_MARK) or token.get("nonce") != asked[_MARK]:
        return False
    if token.get("iss") != provider.issuer:
        return False
    ways = token.get("amr")
    if not {token.get("acr"), *(ways if isinstance(ways, list) else ())} & set(provider.assurance):
        return False
    at = token.get("auth_time")
    return not asked.get(_ANEW) or (type(at) is int and at >= asked[_ASKED_AT] - _LEEWAY_SECONDS)


def _bind(account: Account, issuer: str, subject: str) -> HttpResponse:
    """Raises BadInput `SUBJECT_TAKEN`, and as `held`."""
    try:
        with held(account):
            Binding.objects.update_or_create(officer=account.officer, defaults={"issuer": issuer, "subject": subject})
    except IntegrityError:
        raise BadInput(
            "SUBJECT_TAKEN",
            "That account at the other place is another officer's: nobody shares one.",
            "Sign in there as yourself.",
        ) from None
    return HttpResponseRedirect(WAYS_PAGE)


def _prove(request: HttpRequest, account: Account, back: str) -> HttpResponse:
    who = signed_in(request)
    if who is None or who.officer.officer != account.officer:
        return _not_taken(request, PROVE)
    record_authentication(request, account, "socialaccount", provider=ID, reauthenticated=True)
    note(PROVED, account.officer, "provider")
    return HttpResponseRedirect(inside(back))


def _not_taken(request: HttpRequest, where: str = SIGN_IN) -> HttpResponse:
    note(FAILED, way="provider")
    request.session[SAID] = _NOT_TAKEN
    return HttpResponseRedirect(where)
