"""The passkey that an officer signs answers with: made on this page, and entered by two other officers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case import passkeys as register
from comity.console.entry import SignedIn
from comity.console.pages import page, show
from comity.crypto import asked_to_make, fresh_challenge, made_passkey
from comity.office import passkeys
from comity.office.desk import crypto_errors
from comity.signin.addresses import own_origin

PAGE = "/account/signing-passkey"
_CHALLENGE, _MADE = "signing_passkey_challenge", "signing_passkey_made"


@page("GET", "POST")
def signing_passkey(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """Make a passkey for signing, and save what the officer vouches for; it signs nothing until it is approved."""
    office, officer = who.console.office, who.officer.officer
    rp_id, origin = _place(request, who)
    if request.method == "POST":
        challenge = request.session.pop(_CHALLENGE, "")
        with crypto_errors():
            made = made_passkey(request.POST.get("credential", ""), challenge, rp_id, origin)
        request.session[_MADE] = passkeys.written(passkeys.unvouched(officer, made))
        return HttpResponseRedirect(PAGE)
    held = register.in_force(office.state().entries, officer)
    made = request.session.get(_MADE, "")
    request.session[_CHALLENGE] = challenge = fresh_challenge()
    return show(
        request,
        who,
        "signing_passkey",
        "The passkey you sign with",
        held=held,
        made="" if held and held.said.credential in made else made,
        options=asked_to_make(challenge, rp_id, f"Comity {office.home.name}", officer),
    )


@page("GET")
def saved(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """The file of the passkey that was just made; it holds no secret."""
    name = f'attachment; filename="{who.officer.officer}.passkey"'
    made = request.session.get(_MADE, "")
    if not made:
        return HttpResponseRedirect(PAGE)
    return HttpResponse(made, content_type="application/octet-stream", headers={"Content-Disposition": name})


def _place(request: HttpRequest, who: SignedIn) -> tuple[str, str]:
    """The name that a passkey is bound to, and the address that it is used at."""
    entrance: Any = who.console.entrance
    return entrance.parameters.host, own_origin(request)
