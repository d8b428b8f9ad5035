"""What binds the office: holds, registers and agreements."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity import agreements
from comity.case.errors import BadInput
from comity.case.holds import DIRECTIONS, EVERY_AGREEMENT, Hold
from comity.case.registers import Entry
from comity.console.entry import SignedIn
from comity.console.guarding import STYLE_DIGEST, style_source
from comity.console.pages import number_in, page, show
from comity.office import acts, browsing

_ORDER = ("court", "docket", "ordered_on", "says")
_LIFTING = ("court", "order", "ordered_on")
_ROWS = 100
_NOT_SHOWN = ("subject", "certificate", "recipients", "key", "public_key", "vouched")


@page("GET", "POST")
def holds(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """The holds; posting places one, and it binds from then on."""
    office = who.console.office
    if request.method == "POST":
        order = _typed(request, _ORDER)
        hold, named, direction = _typed(request, ("hold", "agreement", "direction")).values()
        acts.place_hold(office, who.actor, hold, named, direction, order, _paper(request), _persons(request))
        return HttpResponseRedirect("/holds/")
    state = office.state()
    listed = [
        (hold, _offered(who, hold)) for hold in sorted(state.holds.values(), key=lambda hold: bool(hold.lifted_at))
    ]
    choices = [EVERY_AGREEMENT, *sorted({*state.agreements, *agreements.names()})]
    return show(request, who, "holds", "Holds", listed=listed, choices=choices, directions=DIRECTIONS)


@page("POST", signs="/holds/")
def confirm(request: HttpRequest, who: SignedIn, hold: str) -> HttpResponse:  # noqa: ARG001
    """Confirm a hold as its second reader."""
    acts.confirm_hold(who.console.office, who.actor, hold)
    return HttpResponseRedirect("/holds/")


@page("POST", signs="/holds/")
def lift(request: HttpRequest, who: SignedIn, hold: str) -> HttpResponse:
    """Propose that a hold ends by a later order; it binds until an officer of the other role confirms."""
    acts.propose_lift(who.console.office, who.actor, hold, _typed(request, _LIFTING), _paper(request))
    return HttpResponseRedirect("/holds/")


@page("POST", signs="/holds/")
def confirm_lift(request: HttpRequest, who: SignedIn, hold: str) -> HttpResponse:
    """Confirm a lift with the same paper in hand: the hold stops nothing any more."""
    number = number_in(request.POST.get("number", ""), 0)
    acts.confirm_lift(who.console.office, who.actor, hold, number, _paper(request))
    return HttpResponseRedirect("/holds/")


def _typed(request: HttpRequest, names: Sequence[str]) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in names}


def _persons(request: HttpRequest) -> bytes | None:
    """The list of whom the order names; none where no file was chosen, and then the hold is about everybody."""
    chosen = request.FILES.get("persons")
    return bytes(chosen.read()) if isinstance(chosen, UploadedFile) else None


def _paper(request: HttpRequest) -> bytes:
    paper = request.FILES.get("paper")
    if not isinstance(paper, UploadedFile):
        raise BadInput("FILE_MISSING", "The order's paper was not chosen.", "Choose the file of the order.")
    return bytes(paper.read())


def _offered(who: SignedIn, hold: Hold) -> frozenset[str]:
    """Which acts on this hold the officer is offered; each asks again, and for more."""
    if hold.lifted_at:
        return frozenset()
    concerns = {"confirm_lift": hold.lift.proposed_by} if hold.lift else {"propose_lift": ""}
    if not hold.confirmed_by:
        concerns["confirm_hold"] = hold.placed_by
    office = who.console.office
    return frozenset(act for act, whose in concerns.items() if browsing.may(office, who.actor, act, concerns=whose))


@page("GET", "POST", signs="/registers/")
def registers(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """The registers; posting approves a version of an entry that another officer proposed."""
    office = who.console.office
    if request.method == "POST":
        register, subject = request.POST.get("register", ""), request.POST.get("subject", "")
        acts.approve_entry(office, who.actor, register, subject, number_in(request.POST.get("number", ""), 0))
        return HttpResponseRedirect("/registers/")
    state = office.state()
    entries = [
        (register, subject, entry, _shown(entry), _may_approve(who, entry))
        for (register, subject), versions in sorted(state.entries.items())
        for entry in reversed(versions)
    ]
    entries.sort(key=lambda listed: bool(listed[2].approved_by))
    return show(
        request,
        who,
        "registers",
        "Registers",
        officers=state.officers.values(),
        signatories=state.signatories.values(),
        recipients=list(state.recipients.values())[:_ROWS],
        recipients_total=len(state.recipients),
        entries=entries,
        registry=state.registry,
    )


def _shown(entry: Entry) -> dict[str, object]:
    """What an entry says, but for the certificates and lists that nobody reads on a page."""
    return {name: value for name, value in vars(entry.said).items() if name not in _NOT_SHOWN}


def _may_approve(who: SignedIn, entry: Entry) -> bool:
    whose = entry.said.grantee()
    may = browsing.may(who.console.office, who.actor, "approve_entry", concerns=entry.proposed_by, grantee=whose)
    return may and not entry.approved_by


@page("GET")
def agreed(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """The agreements in force."""
    return show(request, who, "agreements", "Agreements", agreements=who.console.office.state().agreements.values())


@page("GET")
def agreement(request: HttpRequest, who: SignedIn, name: str) -> HttpResponse:  # noqa: ARG001
    """One agreement: law, values, rules and cases side by side, from the text that the home keeps."""
    office = who.console.office
    in_force = office.state().agreement(name)
    text = agreements.render_html(agreements.kept(office.home.agreements, in_force.digest))
    response = HttpResponse(text)
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    setattr(response, STYLE_DIGEST, style_source(style))
    return response
