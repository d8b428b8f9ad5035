"""What every page shares: an officer who is signed in, what that officer may do, and how it is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comity.case.batch_state import BatchState
from comity.console.entry import SignedIn, signed_in
from comity.review.rights import RIGHTS, ROLES

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, SignedIn, P], HttpResponseBase]

SIGN_IN = "/sign-in"
PROVE = "/prove"
_DIGITS = 9


def number_in(text: str, otherwise: int) -> int:
    """The whole number in `text`; `otherwise` where there is none, or one longer than anything is counted here."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else otherwise


def page_of(request: HttpRequest) -> int:
    """The page of a list that the address asks for; the first one if none."""
    return number_in(request.GET.get("page", ""), 1)


def as_text(value: object) -> str:
    """A cell for people: what a list holds, with commas between."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def page(
    *methods: str, signs: str = ""
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A view for officers who are signed in; anybody else is led to the sign-in. It takes `methods` and no other.

    To post to one that `signs` takes a second factor shown a moment ago, where officers sign in: whoever has shown
    none is led to do so, and from there to `signs`, the page that the form stands on.
    """

    def for_officers(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            who = signed_in(request)
            if who is None:
                return HttpResponseRedirect(SIGN_IN)
            if signs and request.method == "POST" and not _is_fresh(request, who):
                return HttpResponseRedirect(f"{PROVE}?{urlencode({'next': signs.format(**kwargs)})}")
            return view(request, who, *args, **kwargs)

        return require_http_methods(methods)(shown)

    return for_officers


def _is_fresh(request: HttpRequest, who: SignedIn) -> bool:
    return who.console.entrance is None or who.console.entrance.is_fresh(request)


def offered(who: SignedIn, batch: BatchState | None = None) -> frozenset[str]:
    """The acts that `who` may do now, in `batch` or in the office: what a page offers."""
    return who.console.office.allowed(who.actor, RIGHTS, batch, concerns="somebody else")


def _long(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds % 3600 else f"{seconds // 3600} hours"


def show(request: HttpRequest, who: SignedIn, template: str, title: str, **context: Any) -> HttpResponse:  # noqa: ANN401
    """The page `template` for `who`, under `title`."""
    roles = {role: ROLES[role] for role in ROLES if role in who.actor.roles}
    shared: Mapping[str, Any] = {
        "title": title,
        "officer": who.officer.officer,
        "roles": roles,
        "office_name": who.console.office.home.name,
        "signs_in": who.console.entrance is not None,
        "lasts": [_long(seconds) for seconds in who.console.limits],
    }
    if "offered" not in context:
        context["offered"] = offered(who)
    return render(request, f"{template}.html", {**shared, **context})
