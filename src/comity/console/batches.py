"""Batches: which there are, where one stands in the seven steps, and the steps that an operator sets going."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case.batch_decisions import demands_screen, holds_over
from comity.case.batch_state import STEPS, BatchState
from comity.case.errors import BadInput, ComityError, Waiting
from comity.case.outcomes import ANSWER_SAYS, ANSWERS, DETERMINATIONS
from comity.console.entry import SignedIn
from comity.console.pages import offered, page, show
from comity.console.running import Run
from comity.office import browsing, reading, recalling, reviewing, story
from comity.office.reviewing import needs_answers
from comity.office.ruling import waiting_count
from comity.office.working import Word, word_of
from comity.oversight.measured import Measured
from comity.review import Audit

STEP_SAYS = {
    "intake": "A signed submission is verified and read",
    "gates": "Every rule of law is put to every request; an examiner settles what waits",
    "linkage": "Requests that passed are compared with the records",
    "review": "Reviewers vote on what is unclear; two approvers sign the answers",
    "accounting": "What is about to be disclosed is logged",
    "disclosure": "One sealed reply for each recipient, handed over when asked for",
    "oversight": "The log is verified; nothing more is written",
}


@dataclass(frozen=True)
class StepStands:
    """One of the seven steps on a batch's page: `done`, `next` or `later`."""

    number: int
    name: str
    says: str
    stands: str


@dataclass(frozen=True)
class Count:
    """A number that leads to its requests; `share` of the batch in words, `query` what the list is asked by."""

    name: str
    says: str
    number: int
    share: str
    query: str


@page("GET")
def every(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """Every batch, newest first, and where it stands."""
    office = who.console.office
    found = [(standing, _place(standing.step), _run(who, standing.batch)) for standing in reading.batches(office)]
    running = any(run and not run.done for _, _, run in found)
    return show(request, who, "batches", "Batches", batches=found[::-1], refresh=3 if running else 0)


@page("GET")
def one(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """One batch: its step, its counts, whom it waits for, and what may be done."""
    office = who.console.office
    batch = office.batch(batch_id)
    run, first = _run(who, batch_id), reading.first_waiting(office, batch)
    return show(
        request,
        who,
        "batch",
        f"Batch {batch_id}",
        batch=batch,
        received=batch.submission(),
        steps=list(stands(batch)),
        groups=list(_counts(who, batch)),
        offered=offered(who, batch),
        demands_screen=demands_screen(batch),
        needs_answers=needs_answers(office, batch),
        awaits_screen=bool(first and first.waits_for == "screener"),
        examiners=waiting_count(batch),
        cases=_cases(who, batch_id),
        waits_for=_waits_for(who, batch, first),
        holds=holds_over(batch, office.state()),
        audit=_audit(who, batch),
        measured=_measured(who, batch),
        recalls=recalling.standings(office, batch_id),
        run=run,
        at_work=bool(run and not run.done),
        waited=isinstance(run.stopped, Waiting) if run else False,
        refresh=2 if run and not run.done else 0,
    )


@page("POST")
def receive(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """Step 1: a package that was sent as a zip becomes a batch."""
    sent = request.FILES.get("package")
    if not isinstance(sent, UploadedFile):
        raise BadInput("FILE_MISSING", "No package was chosen.", "Choose the zip of a signed package.")
    office = who.console.office
    office.require(who.actor, "receive")
    with tempfile.TemporaryDirectory(dir=office.home.directory, prefix=".sent-") as place:
        package = Path(place) / "package.zip"
        with package.open("wb") as file:
            file.writelines(sent.chunks())
        batch = story.receive(office, who.actor, package)
    return HttpResponseRedirect(f"/b/{batch}/")


@page("POST")
def work(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:  # noqa: ARG001
    """Steps 2 to 4, as far as they go without people."""
    return begin(who, batch_id, "link", lambda: story.work(who.console.office, who.actor, batch_id))


@page("POST", signs="/b/{batch_id}/")
def forgo(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """Counsel closes the batch with noes."""
    reviewing.forgo(who.console.office, who.actor, batch_id, request.POST.get("reason", ""))
    return HttpResponseRedirect(f"/b/{batch_id}/")


@page("POST", signs="/b/{batch_id}/")
def recall(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """Counsel calls answers back."""
    rows = recalling.read_rows(request.POST.get("rows", ""))
    recalling.order(who.console.office, who.actor, batch_id, rows, request.POST.get("reason", ""))
    return HttpResponseRedirect(f"/b/{batch_id}/")


def _audit(who: SignedIn, batch: BatchState) -> Audit | None:
    """What the sample shows so far, for whoever may know; never for those who vote."""
    office = who.console.office
    if batch.determined is None or not browsing.may(office, who.actor, "read_audit", batch):
        return None
    return reviewing.audit(office, who.actor, batch.batch)


def _measured(who: SignedIn, batch: BatchState) -> list[Measured]:
    """How often the reviewers were wrong on known cases, for whoever may read the audit."""
    office = who.console.office
    if batch.known is None or not browsing.may(office, who.actor, "read_audit", batch):
        return []
    return reviewing.measured(office, who.actor, batch.batch)


def begin(who: SignedIn, batch_id: str, act: str, step: Callable[[], object]) -> HttpResponse:
    """Set a step going beside the pages, and lead to the page that says how far it has come."""
    office = who.console.office
    office.require(who.actor, act, office.batch(batch_id))
    who.console.running.begin(batch_id, who.officer.officer, step)
    return HttpResponseRedirect(f"/b/{batch_id}/")


def stands(batch: BatchState) -> Iterator[StepStands]:
    """The seven steps, and how each stands for `batch`."""
    place = STEPS.index(batch.step())
    for number, name in enumerate(STEPS):
        stage = "done" if number < place else "next" if number == place else "later"
        yield StepStands(number + 1, name, STEP_SAYS[name], stage)


def _place(step: str) -> int:
    return STEPS.index(step) + 1


def _run(who: SignedIn, batch_id: str) -> Run | Word | None:
    """What goes on with a batch: a step begun on these pages, or what a worker left word of."""
    run = who.console.running.of(batch_id)
    return run if run and not run.done else word_of(who.console.office, batch_id) or run


def _cases(who: SignedIn, batch_id: str) -> int:
    return len(reviewing.open_cases(who.console.office, batch_id, who.officer.officer))


def _waits_for(who: SignedIn, batch: BatchState, first: reading.WaitingItem | None) -> str:
    """Whom or what the batch waits for, in words."""
    if first:
        if whom := {"examiner": "an examiner", "reviewers": "reviewers"}.get(first.waits_for):
            return f"{first.number:,} {'request waits' if first.number == 1 else 'requests wait'} for {whom}"
        return f"{first.because[0].upper()}{first.because[1:]}"
    if batch.intended is None and batch.countersigned[1:]:
        return (
            "Ready for the transmitter" if _due(who, batch) else "Signed; nothing leaves before the hour of the answer"
        )
    return {"gates": "An operator works it", "linkage": "An operator works it", "review": "An operator works it"}.get(
        batch.step(), ""
    )


def _due(who: SignedIn, batch: BatchState) -> bool:
    try:
        return who.console.office.is_due(batch)
    except ComityError:
        return False


def _counts(who: SignedIn, batch: BatchState) -> Iterator[tuple[str, list[Count]]]:
    """The numbers of a batch by what they count; those that follow from records only for whoever may read these."""
    whole = batch.submission().requests["rows"]
    ruled, determined, answers = batch.ruled, batch.determined, batch.answers
    if ruled:
        words = {"pass": ruled.passed, "return": ruled.returned, "waits": ruled.review}
        if batch.settled:
            words = {"pass": batch.settled.passed, "return": batch.settled.returned}
        elif batch.examined:
            words = {}
        says = {"pass": "Passed every rule", "return": "Goes back to the requester", "waits": "Waits for an examiner"}
        yield "Rulings", [_count(word, says[word], number, whole, "ruling") for word, number in words.items()]
    records = browsing.may(who.console.office, who.actor, "read_records", batch)
    if determined and records:
        found = {word: determined.counts[word] for word in DETERMINATIONS if determined.counts.get(word)}
        yield "Determinations", [_count(w, DETERMINATIONS[w], n, whole, "determination") for w, n in found.items()]
    if answers and browsing.may(who.console.office, who.actor, "read_answers", batch):
        counted = {word: answers.counts.get(word, 0) for word in ANSWERS}
        yield "Answers", [_count(word, ANSWER_SAYS[word], number, whole, "answer") for word, number in counted.items()]
    if ruled and ruled.by_code:
        codes = sorted(ruled.by_code.items(), key=lambda item: (-item[1], item[0]))
        yield "Codes", [_count(code, "", number, whole, "code") for code, number in codes]


def _count(name: str, says: str, number: int, whole: int, asked: str) -> Count:
    return Count(name, says, number, _share(number, whole), f"{asked}={name}" if asked else "")


def _share(number: int, whole: int) -> str:
    hundredths = 100 * number / whole if whole else 0
    return "under 1 %" if 0 < hundredths < 1 else f"{hundredths:.0f} %"
