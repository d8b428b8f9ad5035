"""The middleware of the console: what every answer says to the browser, and what stops a page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from comity.case.errors import Refused
from comity.console.stopping import stopped

Respond = Callable[[HttpRequest], HttpResponse]

# Nothing but this console's own style; no script at all, no frame, no other place a form could be sent to.
POLICY = (
    "default-src 'none'; style-src {style}; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The pages on which a passkey is used need the browser's own script for it, which comes from this console alone.
_SCRIPT = "; script-src 'self'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_YEAR = 365 * 24 * 60 * 60
STYLE_DIGEST = "comity_style"
SCRIPTED = "comity_scripted"


def style_source(css: str) -> str:
    """The source of a policy (W3C CSP Level 3, section 2.3.1) for a style that stands in the page itself."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}'"


class Guard:
    """Puts the headers on every answer, and keeps every answer out of every store but the style."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, guarded."""
        response = self._answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        style = getattr(response, STYLE_DIGEST, "'self'")
        scripted = _SCRIPT if getattr(response, SCRIPTED, False) else ""
        response.headers["Content-Security-Policy"] = POLICY.format(style=style) + scripted
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        # A stranger's page may call this machine by a name of its own, and would then be of one origin with it.
        try:
            request.get_host()
        except DisallowedHost:
            refusal = Refused("HOST_UNKNOWN", "The console is not known by this name.", "Open it by its own address.")
            return stopped(request, refusal)
        return self._respond(request)


class Stops:
    """Turns what stops a page into a page of its own, before anybody writes the exception down (P9)."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self._respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """The page that says what stopped it."""
        return stopped(request, error)
