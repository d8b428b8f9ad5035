"""The screen of 26 U.S.C. 6103(i)(6): whom the answers would confirm, and a word about each, on a page or in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case.batch_decisions import demands_screen
from comity.case.errors import BadInput
from comity.console.entry import SignedIn
from comity.console.pages import as_text, offered, page, show
from comity.office import screening, story
from comity.office.showing import term_of

# As many as a screener answers for on one page; a longer list is looked up by machine, and goes as a file.
ON_A_PAGE = 200

_PERSON = ("given_name", "middle_name", "family_name", "name_suffix")
_PLACE = ("street_line", "unit_line", "city", "state", "zip", "country", "address_text")


@dataclass(frozen=True)
class Subject:
    """One whom the answers would confirm, as the request wrote it, with the custodian's number."""

    row: int
    person: str = field(repr=False)
    place: str = field(repr=False)
    born: str = field(repr=False)
    taxpayer: str = field(repr=False)


@page("GET")
def stands(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """Where the screen of a batch stands, and what the officer may do about it. Nobody is shown yet."""
    return _shown(request, who, batch_id)


@page("POST")
def opened(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """The subjects on a page, each with its choice; the look is recorded first."""
    lines = screening.read_subjects(who.console.office, who.actor, batch_id, ON_A_PAGE).splitlines()
    return _shown(request, who, batch_id, subjects=[_subject(json.loads(line)) for line in lines], opened=True)


@page("POST")
def listed(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:  # noqa: ARG001
    """The same list as a file, to look up by machine; the look is recorded first."""
    content = screening.read_subjects(who.console.office, who.actor, batch_id)
    said = {"Content-Disposition": f'attachment; filename="{batch_id}-subjects.ndjson"'}
    return HttpResponse(content, content_type="application/x-ndjson", headers=said)


@page("POST")
def entered(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """The word on each subject, from the form or in a file, goes the one way that the command goes.

    Like a vote it asks for no second factor shown anew: it lets nothing leave, and looking people up takes longer than
    one counts. Approvers sign what comes of it.
    """
    sent = request.FILES.get("list")
    list_ = sent.chunks() if isinstance(sent, UploadedFile) else _chosen(request)
    story.screen(who.console.office, who.actor, batch_id, list_)
    return HttpResponseRedirect(f"/b/{batch_id}/screen/")


@page("POST")
def withheld(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """Which requests are withheld, for screener and approver; the look is recorded first."""
    rows = screening.withheld(who.console.office, who.actor, batch_id)
    return _shown(request, who, batch_id, withheld=rows, read=True)


def _shown(request: HttpRequest, who: SignedIn, batch_id: str, **found: Any) -> HttpResponse:  # noqa: ANN401
    office = who.console.office
    batch = office.batch(batch_id)
    acts = offered(who, batch)
    office.require(who.actor, "screen" if "screen" in acts else "read_withholdings", batch)
    return show(
        request,
        who,
        "screen",
        "Tax-investigation screen",
        batch_id=batch_id,
        batch=batch,
        demanded=demands_screen(batch),
        law=term_of(office, batch, "screen"),
        offered=acts,
        **found,
    )


def _subject(line: dict[str, Any]) -> Subject:
    def joined(names: tuple[str, ...], between: str) -> str:
        return between.join(as_text(line[name]) for name in names if line.get(name))

    born, taxpayer = line.get("date_of_birth") or "", line["taxpayer_id"]
    return Subject(line["row_number"], joined(_PERSON, " "), joined(_PLACE, ", "), born, taxpayer)


def _chosen(request: HttpRequest) -> Iterator[bytes]:
    """The form as the lines of the list. Raises BadInput `SCREEN_FILE_UNREADABLE` for a form that is of no list."""
    rows = request.POST.getlist("row")
    if not rows and "nobody" not in request.POST:
        raise BadInput(
            "SCREEN_FILE_UNREADABLE", "Neither a list nor a word about anybody was sent.", "Show the subjects again."
        )
    for row in rows:
        yield json.dumps({"row_number": row, "screen": request.POST.get(f"word-{row}", "")}).encode() + b"\n"
