"""Releasing and handing over: what leaves is shown again before it goes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case.batch_decisions import holds_over
from comity.console.batches import begin
from comity.console.entry import SignedIn
from comity.console.pages import offered, page, show
from comity.console.signing import signatures
from comity.office import browsing, handing, story


@page("GET", "POST", signs="/b/{batch_id}/release")
def release(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """Steps 5 and 6: what is about to leave; posting logs it and seals one reply for each recipient."""
    office = who.console.office
    if request.method == "POST":
        return begin(who, batch_id, "release", lambda: story.release(office, who.actor, batch_id))
    batch = office.batch(batch_id)
    office.require(who.actor, "read", batch)
    return show(
        request,
        who,
        "release",
        "Release",
        batch_id=batch_id,
        batch=batch,
        received=batch.submission(),
        leaving=browsing.leaving(office, who.actor, batch_id),
        signatures=signatures(batch),
        due=office.is_due(batch),
        offered=offered(who, batch),
        holds=holds_over(batch, office.state()),
    )


@page("POST", signs="/b/{batch_id}/")
def abandon(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """Give up a disclosure that was logged and not sealed, with a reason."""
    story.abandon(who.console.office, who.actor, batch_id, request.POST.get("reason", "").strip())
    return HttpResponseRedirect(f"/b/{batch_id}/")


@page("GET", "POST", signs="/b/{batch_id}/replies")
def replies(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """The sealed replies; posting hands one over, which is the disclosure that is counted."""
    office = who.console.office
    batch = office.batch(batch_id)
    office.require(who.actor, "read", batch)
    if request.method == "POST":
        return _handed_over(who, batch_id, request.POST.get("recipient", ""))
    listed = [
        (recipient, batch.handed_over.get(recipient), recipient in batch.acknowledged)
        for recipient in handing.recipients(office, batch)
    ]
    return show(
        request,
        who,
        "replies",
        "Replies",
        batch_id=batch_id,
        listed=listed,
        offered=offered(who, batch),
        holds=holds_over(batch, office.state()),
    )


def _handed_over(who: SignedIn, batch_id: str, recipient: str) -> HttpResponse:
    """The sealed bytes, after the handing-over was recorded."""
    office = who.console.office
    with tempfile.TemporaryDirectory(dir=office.home.directory, prefix=".reply-") as place:
        out = Path(place) / "reply"
        story.collect(office, who.actor, batch_id, recipient, out)
        sealed = out.read_bytes()
    name = f"{batch_id}-{recipient}.reply"
    return HttpResponse(
        sealed,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
