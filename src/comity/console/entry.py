"""Who is signed in: a session that names an officer, ends by itself, and proves the officer anew on every page."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from time import time

from django.http import HttpRequest

from comity.case.errors import Refused
from comity.case.office_state import Officer
from comity.console.opened import Console, the_console
from comity.office.desk import Actor

# A page that loads itself again while a step runs says so in its address: nobody need be sitting there.
AGAIN = "again"

# Where a request keeps who is signed in, for the page that says what stopped it.
SIGNED_IN = "comity_signed_in"
_OFFICER, _SINCE, _SEEN = "officer", "since", "seen"
# What a server writes on a request that it hands on (RFC 7239, RFC 9110 section 7.6.3, and what came before them).
_HANDED_ON = frozenset({"HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP"})
_FORWARDED = "HTTP_X_FORWARDED"


@dataclass(frozen=True)
class SignedIn:
    """The officer at the keyboard: the console, the entry of the register, and the actor who was proved to it."""

    console: Console
    officer: Officer
    actor: Actor


def sign_in(request: HttpRequest, officer: str) -> None:
    """Begin a session as a made-up officer of a rehearsal. Raises as `Console.act_as`, and as `require_loopback`."""
    require_loopback(request)
    the_console().act_as(officer)
    request.session.flush()
    begin(request, officer)


def begin(request: HttpRequest, officer: str) -> None:
    """Begin the term of a session of `officer`, who has just been proved."""
    now = int(time())
    request.session.update({_OFFICER: officer, _SINCE: now, _SEEN: now})


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    request.session.flush()


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Who is signed in; None when nobody is, or the session has lasted its time.

    Raises as `Console.act_as`, and as `require_loopback` where roles are chosen.
    """
    officer = request.session.get(_OFFICER)
    if not officer:
        return None
    console = the_console()
    if not _lasts(request, console.limits) or (console.entrance and not console.entrance.vouches(request, officer)):
        sign_out(request)
        return None
    if console.entrance is None:
        require_loopback(request)
    if AGAIN not in request.GET:
        request.session[_SEEN] = int(time())
    try:
        actor = console.act_as(officer)
    except Refused:
        # A bar that is lifted, or a role that is given back, revives no session of before.
        sign_out(request)
        raise
    who = SignedIn(console, console.office.state().officer(officer), actor)
    setattr(request, SIGNED_IN, who)
    return who


def _lasts(request: HttpRequest, limits: tuple[int, int]) -> bool:
    idle, longest = limits
    now = int(time())
    return now - int(request.session[_SEEN]) <= idle and now - int(request.session[_SINCE]) <= longest


def require_loopback(request: HttpRequest) -> None:
    """Choosing a role is no sign-in: only whoever sits at this machine may. Raises Refused `PICKER_NOT_LOCAL`.

    What a server on this machine hands on comes from elsewhere, whatever address it is handed on from.
    """
    address = request.META.get("REMOTE_ADDR", "")
    handed_on = any(name in _HANDED_ON or name.startswith(_FORWARDED) for name in request.META)
    if handed_on or not address or not ip_address(address).is_loopback:
        raise Refused(
            "PICKER_NOT_LOCAL",
            "A rehearsal lets whoever sits at its machine choose a role, and nobody else.",
            "Open the console on the machine it runs on.",
        )
