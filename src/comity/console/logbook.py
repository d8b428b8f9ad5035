"""The log and the events behind it, for whoever oversees the office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from comity.console.entry import SignedIn
from comity.console.pages import page, page_of, show
from comity.office.events import list_events


@page("GET")
def logbook(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """The checkpoint, the quorum of witnesses of each agreement, and every event, newest first, a page at a time."""
    office = who.console.office
    actor = request.GET.get("actor", "")[:80]
    state, today = office.state(), office.now().date().isoformat()
    found = list_events(office, who.actor, page_of(request), actor)
    return show(
        request,
        who,
        "log",
        "Log",
        checkpoint=office.log.checkpoint(),
        note=office.log.note(),
        quorums=[(name, state.quorum_on(name, today)) for name in sorted(state.agreements)],
        key=office.home.note_key().vkey,
        found=found,
        by=actor,
        officers=sorted(state.officers),
    )
