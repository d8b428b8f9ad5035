"""Where a page may lead on to: pages of this console, and nothing else that somebody put into an address."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def inside(asked: str) -> str:
    """`asked` if it is the path of a page of this console, the first page otherwise."""
    fit = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if fit else "/"
