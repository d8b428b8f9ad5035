"""The one style of the console, from its own folder."""

from __future__ import annotations

from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def style(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The style sheet."""
    css = (files("comity.console") / "console.css").read_bytes()
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"})
