"""How a page ends that does not succeed: a code, a sentence and a next step, never a traceback."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comity.case.errors import BadInput, ComityError, Integrity, Refused, Usage, Waiting
from comity.console.entry import SIGNED_IN
from comity.office.coding import coded

_STATUS: dict[type[ComityError], int] = {Usage: 400, Refused: 403, Waiting: 409, BadInput: 400, Integrity: 500}
_NOT_THERE = frozenset(
    {"BATCH_UNKNOWN", "ROW_UNKNOWN", "ROW_NOT_WAITING", "HOLD_UNKNOWN", "AGREEMENT_UNKNOWN", "PAGE_UNKNOWN"}
)
_HEADINGS = {
    400: "This cannot be taken as it is",
    403: "Refused",
    404: "Nothing is here",
    405: "Nothing is here",
    409: "This waits for somebody or something",
    500: "Nothing runs until this is resolved",
}


def stopped(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The page of an act that did not happen, with the status that belongs to the family of its code."""
    found = coded(error)
    status = 404 if found.code in _NOT_THERE else _STATUS.get(type(found), _family(found))
    who = getattr(request, SIGNED_IN, None)
    context = {"error": found, "status": status, "title": _HEADINGS[status], "here": "stopped"}
    context |= (
        {
            "officer": who.officer.officer,
            "office_name": who.console.office.home.name,
            "signs_in": who.console.entrance is not None,
        }
        if who
        else {}
    )
    return render(request, "stopped.html", context, status=status)


def _family(error: ComityError) -> int:
    return next((status for family, status in _STATUS.items() if isinstance(error, family)), 500)


def no_page(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django names it so
    """The page for an address that leads nowhere."""
    return stopped(request, BadInput("PAGE_UNKNOWN", "The console has no such page.", "Go back to the batches."))


def defect(request: HttpRequest) -> HttpResponse:
    """The page for what no other page foresaw."""
    return stopped(request, RuntimeError())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django names it so
    """The page for a form that was not made by this console, or too long ago."""
    refusal = Refused(
        "FORM_EXPIRED",
        "The form was not made by this console, or the session it belongs to has ended. Nothing was done.",
        "Go back, load the page again, and send the form anew.",
    )
    return stopped(request, refusal)
