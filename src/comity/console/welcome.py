"""Signing in and out: the role picker of a rehearsal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comity.console.entry import require_loopback, sign_in, sign_out
from comity.console.opened import the_console
from comity.console.pages import SIGN_IN
from comity.review.rights import ROLES


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The role picker; choosing begins a session."""
    require_loopback(request)
    console = the_console()
    if request.method == "POST":
        sign_in(request, request.POST.get("officer", ""))
        return HttpResponseRedirect("/")
    registered = console.office.state().officers
    people = [
        (id_, [(role, ROLES[role]) for role in ROLES if role in registered[id_].roles]) for id_ in console.officers()
    ]
    context = {"title": "Choose a role", "people": people, "office_name": console.office.home.name}
    return render(request, "sign_in.html", context)


@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the session."""
    sign_out(request)
    return HttpResponseRedirect(SIGN_IN)
