"""People who judge: examiners settle rulings that wait, reviewers vote blind on what rules leave open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case.errors import BadInput
from comity.case.outcomes import NOT_SAME, SAME
from comity.console.comparing import sheet_of_case
from comity.console.entry import SignedIn
from comity.console.pages import as_text, offered, page, show
from comity.office import assigning, reviewing, ruling
from comity.office.showing import rulings_of

_SHOWN = 100
# The keys that choose a candidate: what follows the ninth is chosen with the mouse or the tabulator.
_KEYS = "123456789"


@page("GET")
def examine(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """The requests that wait for an examiner, and why; the first hundred of them."""
    office = who.console.office
    batch = office.batch(batch_id)
    office.require(who.actor, "read_requests", batch)
    waiting = ruling.waiting_rows(office, batch, first=_SHOWN)
    return show(
        request,
        who,
        "examine",
        "Rulings that wait",
        batch_id=batch_id,
        waiting=list(waiting.items()),
        total=ruling.waiting_count(batch),
        offered=offered(who, batch),
    )


@page("GET", "POST")
def examine_one(request: HttpRequest, who: SignedIn, batch_id: str, row: int) -> HttpResponse:
    """One waiting request; posting settles it and leads to the next."""
    office = who.console.office
    if request.method == "POST":
        word, reason = request.POST.get("ruling", ""), request.POST.get("reason", "").strip()
        ruling.settle(office, who.actor, batch_id, {row: (word, reason)})
        following = _next_waiting(who, batch_id, row)
        return HttpResponseRedirect(f"/b/{batch_id}/examine/{following}/" if following else f"/b/{batch_id}/")
    waits = ruling.show_waiting(office, who.actor, batch_id, row)
    batch = office.batch(batch_id)
    cells = {name: as_text(value) for name, value in waits.request.items() if value not in (None, [], "")}
    return show(
        request,
        who,
        "examine_one",
        "Ruling that waits",
        batch_id=batch_id,
        row=row,
        request_id=waits.request["request_id"],
        cells=cells,
        counted=waits.counted,
        rulings=rulings_of(office, batch, row),
        left=ruling.waiting_count(batch),
        following=_next_waiting(who, batch_id, row),
        offered=offered(who, batch),
    )


def _next_waiting(who: SignedIn, batch_id: str, row: int) -> int:
    """The next request that waits for an examiner after `row`, from the beginning again at the end; 0 if no other."""
    office = who.console.office
    batch = office.batch(batch_id)
    later = ruling.waiting_rows(office, batch, after=row, first=1) or ruling.waiting_rows(office, batch, first=1)
    return next((number for number in later if number != row), 0)


@page("GET")
def queue(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """How many cases still need this reviewer; how many votes each has stays unsaid, for votes are blind."""
    office = who.console.office
    batch = office.batch(batch_id)
    office.require(who.actor, "vote", batch)
    voted = sum(vote.officer == who.officer.officer for vote in batch.cast)
    return show(request, who, "queue", "Cases to review", batch_id=batch_id, left=_left(who, batch_id), voted=voted)


@page("POST")
def case(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """One case a screen, which the office chose. Opening it is a look at the records, so it is posted; a vote, or
    giving the case back, opens the next at once. The form names its case, so that a vote sent twice is no vote on the
    next."""
    office = who.console.office
    ticket, said = request.POST.get("case", ""), request.POST.get("vote", "")
    if ticket:
        row = assigning.row_in_hand(office, who.actor, batch_id, ticket)
        if said:
            assigning.vote(office, who.actor, batch_id, [(row, *_verdict(said))])
        elif "put_back" in request.POST:
            assigning.put_back(office, who.actor, batch_id, row)
    found = assigning.next_case(office, who.actor, batch_id)
    if found is None:
        return HttpResponseRedirect(f"/b/{batch_id}/review/")
    persons = dict.fromkeys(candidate["person"] for candidate in found.case.candidates)
    choices = [(n, person, _KEYS[n - 1 : n], person in found.case.nameable) for n, person in enumerate(persons, 1)]
    return show(
        request,
        who,
        "case",
        "Is it the same person?",
        batch_id=batch_id,
        ticket=found.ticket,
        sheet=sheet_of_case(found.case),
        choices=choices,
        left=_left(who, batch_id),
        voted=bool(said),
    )


def _left(who: SignedIn, batch_id: str) -> int:
    """How many cases this reviewer has not voted on yet."""
    return len(reviewing.open_cases(who.console.office, batch_id, who.officer.officer))


def _verdict(said: str) -> tuple[str, str]:
    """What a button says: `not_same`, or `same` and the person it names."""
    word, _, person = said.partition(":")
    if word not in (SAME, NOT_SAME):
        raise BadInput("VERDICT_UNKNOWN", "A vote is `same` with a person or `not_same` without.", "Vote again.")
    return word, person
