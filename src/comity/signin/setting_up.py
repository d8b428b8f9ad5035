"""Setting up sign-in with a one-time code: nothing else opens to such a session, and it ends with its last step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import time
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal import auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from comity.case.errors import Refused
from comity.console.opened import the_console
from comity.office.admitting import set_up_sign_in
from comity.signin.codes import redeem, ways
from comity.signin.entering import provider_name
from comity.signin.forms import CodeForm, NewPasskeyForm, PasswordForm, spend
from comity.signin.models import Account
from comity.signin.noting import FAILED, SET_UP, note

SET_UP_PAGE = "/set-up"
WAYS_PAGE = "/set-up/ways"
_ACCOUNT, _EPOCH, _UNTIL = "setting_up", "setting_up_epoch", "setting_up_until"
_LASTS_SECONDS = 15 * 60
WAYS_SAY = {
    "passkey": "A passkey",
    "password_and_code": "A password, with codes of an authenticator",
    "provider": "The agency's own sign-in",
}


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Take the one-time code; whoever has it sets up the account of the officer it was drawn by.

    A code has 98 bits and lasts a quarter of an hour, so it is not guessed however often it is tried (NIST SP 800-63B,
    5.1.2.2, asks for no limit from 64 bits on). A right one is therefore always taken: a lock would be a stranger's way
    to keep an officer out. Wrong ones are counted by address, so that what is kept of them stays little.
    """
    if request.method == "GET":
        return _show(request, "set_up", "Set up sign-in")
    form = CodeForm(request.POST)
    office = the_console().office
    account = redeem(form.cleaned_data["officer"], form.cleaned_data["code"], office.now()) if form.is_valid() else None
    if account is None:
        if ratelimit.consume(request, action="set_up_failed"):
            note(FAILED, way="code")
        return _show(request, "set_up", "Set up sign-in", said="This code is not good, or not any more.")
    office.admit(account.officer)
    request.session.flush()
    request.session.update({_ACCOUNT: account.pk, _EPOCH: account.epoch, _UNTIL: int(time()) + _LASTS_SECONDS})
    return HttpResponseRedirect(WAYS_PAGE)


def setting_up(request: HttpRequest) -> Account | None:
    """The account that this session may set up; None once its time is over, or another code was used since."""
    if request.session.get(_UNTIL, 0) < time():
        return None
    began = {"pk": request.session.get(_ACCOUNT), "epoch": request.session.get(_EPOCH)}
    return Account.objects.filter(**began, is_active=False).first()


@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The ways to sign in, as many as wanted; the last step makes them good and ends the session."""
    account = setting_up(request)
    if account is None:
        return HttpResponseRedirect(SET_UP_PAGE)
    passkeys = NewPasskeyForm(request.POST, user=account) if "credential" in request.POST else None
    passwords = PasswordForm(request.POST, user=account) if "password" in request.POST else None
    if passkeys is not None and passkeys.is_valid():
        with held(account):
            auth.WebAuthn.add(account, passkeys.cleaned_data["name"], passkeys.cleaned_data["credential"])
        return HttpResponseRedirect(WAYS_PAGE)
    if passwords is not None and passwords.is_valid():
        with held(account):
            _keep_password(request, account, passwords)
        return HttpResponseRedirect(WAYS_PAGE)
    return _ways_page(request, account, passkeys, passwords)


@contextmanager
def held(account: Account) -> Iterator[None]:
    """Keep the account as it is while something is added to it; a new code waits, and then empties it.

    Raises Refused `CODE_REPLACED` where a newer code was used since this one opened the account.
    """
    with transaction.atomic():
        still = Account.objects.filter(pk=account.pk, epoch=account.epoch, is_active=False)
        if not still.update(epoch=account.epoch):
            raise Refused("CODE_REPLACED", "Another code was used since.", "Begin again with the newest code.")
        yield


def _keep_password(request: HttpRequest, account: Account, form: PasswordForm) -> None:
    if "password_and_code" in ways(account):
        raise Refused("DONE_BEFORE", "A password is set up.", "Finish, or draw a new code to begin anew.")
    account.set_password(form.cleaned_data["password"])
    account.save(update_fields=["password"])
    TOTP.activate(account, form.secret)
    # What a password was set up with signs nobody in.
    spend(account, form.cleaned_data["code"])
    clear_totp_secret(request)


@require_http_methods(["POST"])
def finish(request: HttpRequest) -> HttpResponse:
    """Make what was set up good: an event of the office first, then the account opens. Raises `WAY_MISSING`."""
    account = setting_up(request)
    if account is None:
        return HttpResponseRedirect(SET_UP_PAGE)
    office = the_console().office
    with held(account):
        set_up_sign_in(office, office.admit(account.officer), ways(account))
        account.is_active = True
        account.save(update_fields=["is_active"])
    note(SET_UP, account.officer, ways(account)[0])
    request.session.flush()
    return HttpResponseRedirect("/sign-in")


@require_http_methods(["GET"])
def picture(request: HttpRequest) -> HttpResponse:
    """The secret of the codes as a picture that an authenticator reads; the page itself holds it in letters."""
    account = setting_up(request)
    if account is None:
        return HttpResponseRedirect(SET_UP_PAGE)
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(account, get_totp_secret()))
    return HttpResponse(drawn, content_type="image/svg+xml")


def _ways_page(
    request: HttpRequest, account: Account, passkeys: NewPasskeyForm | None, passwords: PasswordForm | None
) -> HttpResponse:
    form = passwords or PasswordForm(user=account)
    return _show(
        request,
        "ways",
        f"Sign-in of {account.officer}",
        account=account,
        there=[WAYS_SAY[way] for way in ways(account)],
        passwords=form if "password_and_code" not in ways(account) else None,
        failed=passkeys is not None,
        options=json.dumps(auth.begin_registration(account, passwordless=True)),
        secret=" ".join(form.secret[at : at + 4] for at in range(0, len(form.secret), 4)),
        provider=provider_name(),
    )


def _show(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:  # noqa: ANN401
    shared = {"title": title, "office_name": the_console().office.home.name, "signs_in": True}
    return render(request, f"{template}.html", shared | context)
