"""Showing the second factor again, before an act that signs; and an officer's own page."""

from __future__ import annotations

import json
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case.envelope import stamp
from comity.console.entry import SignedIn, sign_out
from comity.console.pages import SIGN_IN, page, show
from comity.signin.adapters import SAID
from comity.signin.addresses import inside
from comity.signin.codes import ways
from comity.signin.entering import provider_name
from comity.signin.forms import ProvingForm, ProvingPasskeyForm
from comity.signin.models import Account, Noted
from comity.signin.noting import ENDED, PROVED, SAYS, note
from comity.signin.setting_up import WAYS_SAY

_ROWS = 50


@page("GET", "POST")
def prove(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """Ask for the passkey or a code again, and lead back to the page whose form asked for it."""
    account = _account(who)
    back = inside(request.POST.get("next") or request.GET.get("next", ""))
    form = None
    if request.method == "POST":
        made = ProvingPasskeyForm if "credential" in request.POST else ProvingForm
        form = made(request.POST, user=account)
        if form.is_valid():
            form.save()
            note(PROVED, account.officer)
            return HttpResponseRedirect(back)
    kinds = set(Authenticator.objects.filter(user_id=account.pk).values_list("type", flat=True))
    passkeys = Authenticator.Type.WEBAUTHN in kinds
    said = request.session.pop(SAID, "")
    errors = [text for texts in form.errors.values() for text in texts] if form else []
    return show(
        request,
        who,
        "prove",
        "Is it you?",
        back=back,
        codes=Authenticator.Type.TOTP in kinds,
        options=json.dumps(auth.begin_authentication(account)) if passkeys else "",
        errors=[*errors, said] if said else errors,
        provider=provider_name() if "provider" in ways(account) else "",
    )


@page("GET")
def own(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """How an officer signs in, and what happened to the account of late."""
    found = Noted.objects.filter(officer=who.officer.officer).order_by("-pk")[:_ROWS]
    there = [WAYS_SAY[way] for way in ways(_account(who))]
    return show(request, who, "account", "Your account", there=there, noted=_lines(found))


@page("POST")
def end_all(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """End every session of the officer, wherever it is open, this one too."""
    account = _account(who)
    account.epoch += 1
    account.save(update_fields=["epoch"])
    note(ENDED, account.officer)
    sign_out(request)
    return HttpResponseRedirect(SIGN_IN)


@page("GET")
def every(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """What happened at sign-in, newest first, for whoever oversees it."""
    who.console.office.require(who.actor, "read_sign_ins")
    found = Noted.objects.order_by("-pk")[: 4 * _ROWS]
    return show(request, who, "sign_ins", "Sign-ins", noted=_lines(found))


def _account(who: SignedIn) -> Account:
    return Account.objects.get(officer=who.officer.officer)


def _lines(found: Iterable[Noted]) -> list[tuple[str, str, str, str]]:
    return [(stamp(row.at), SAYS[row.what], row.officer, row.way.replace("_", " ")) for row in found]
