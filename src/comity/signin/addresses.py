"""The console's own address, and where its pages may lead on to: to its pages, whatever an address asks for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from comity.console.opened import the_console


def own_origin(request: HttpRequest) -> str:
    """The origin of this console's pages as browsers name it; `request` came to it."""
    entrance: Any = the_console().entrance
    return entrance.parameters.origin or f"http://{request.get_host()}"


def inside(asked: str) -> str:
    """`asked` if it is the path of a page of this console, the first page otherwise."""
    fit = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if fit else "/"
