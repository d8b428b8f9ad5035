"""The files of a batch: a list for whoever may have copies, and the bytes, after it was recorded who has them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from comity.console.entry import SignedIn
from comity.console.pages import page, show
from comity.office import copying


@page("GET")
def listed(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """The files of which the officer may have a copy."""
    found = copying.files(who.console.office, who.actor, batch_id)
    return show(request, who, "files", "Files", batch_id=batch_id, files=found)


@page("POST", signs="/b/{batch_id}/files/")
def take(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponseBase:
    """A copy of one of them, streamed: a national batch is larger than a page."""
    office = who.console.office
    with tempfile.TemporaryDirectory(dir=office.home.directory, prefix=".copy-") as place:
        out = Path(place) / "copy"
        taken = copying.take(office, who.actor, batch_id, request.POST.get("file", ""), out)
        content = out.open("rb")
    return FileResponse(content, as_attachment=True, filename=taken.path.name, content_type="application/octet-stream")
