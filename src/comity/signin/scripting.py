"""The one script of the console: it hands a passkey's answer to a form, and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from comity.console.guarding import SCRIPTED

Respond = Callable[..., HttpResponseBase]


@require_safe
def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The script, from this package's own folder."""
    text = (files("comity.signin") / "passkey.js").read_bytes()
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "max-age=300"})


def scripted(view: Respond) -> Respond:
    """The view with leave for its pages to run that script, and no other."""

    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        setattr(response, SCRIPTED, True)
        return response

    return answered
