"""Requests of a batch: from a number to its requests, from an id to its row, and one request with all its rulings."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.console.comparing import sheet_of
from comity.console.entry import SignedIn
from comity.console.pages import as_text, offered, page, page_of, show
from comity.office import browsing
from comity.office.explaining import explain_row
from comity.office.showing import show_request

_WORDS = ("ruling", "code", "determination", "reason", "answer")
# Beside the request's own id these are what an officer looks for first.
_FIRST = ("given_name", "middle_name", "family_name", "name_suffix", "street_line", "unit_line", "city", "state", "zip")


@page("GET")
def listed(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """The requests that a number counts, a page at a time."""
    office = who.console.office
    asked = {word: request.GET[word][:80] for word in _WORDS if request.GET.get(word)}
    found = browsing.list_requests(office, who.actor, batch_id, browsing.Wanted(**asked), page_of(request))
    return show(
        request,
        who,
        "requests",
        "Requests",
        batch_id=batch_id,
        asked=asked,
        query=urlencode(asked),
        found=found,
        records=browsing.may(office, who.actor, "read_records", office.batch(batch_id)),
    )


@page("POST")
def find(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """From the id of a request to its page. The id travels in the form, for the address shows the row."""
    row = browsing.row_of(who.console.office, who.actor, batch_id, request.POST.get("request_id", ""))
    return HttpResponseRedirect(f"/b/{batch_id}/r/{row}/")


@page("GET", "POST")
def one(request: HttpRequest, who: SignedIn, batch_id: str, row: int) -> HttpResponse:
    """One request: every ruling with the law beside it. Posting is a look at the records, and is recorded first."""
    office = who.console.office
    sheet = sheet_of(explain_row(office, who.actor, batch_id, row)) if request.method == "POST" else None
    found = show_request(office, who.actor, batch_id, row)
    batch = office.batch(batch_id)
    cells = {name: value for name, value in found.request.items() if value not in (None, [], "")}
    return show(
        request,
        who,
        "request",
        f"Request {found.line.request_id}",
        batch_id=batch_id,
        batch=batch,
        found=found,
        reason_says=browsing.reason_says(found.line.reason),
        person=[(name, as_text(cells[name])) for name in _FIRST if name in cells],
        matter=[(name, as_text(value)) for name, value in cells.items() if name not in (*_FIRST, "request_id")],
        sheet=sheet,
        offered=offered(who, batch),
        whole=batch.submission().requests["rows"],
    )
