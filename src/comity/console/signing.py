"""Countersigning: what is signed and what leaves by it is shown in full, and exactly that is signed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from comity.case import passkeys
from comity.case.batch_decisions import holds_over
from comity.case.batch_state import BatchState
from comity.case.envelope import stamp
from comity.case.errors import BadInput
from comity.console.entry import SignedIn
from comity.console.guarding import SCRIPTED
from comity.console.pages import offered, page, page_of, show
from comity.crypto import asked_to_sign, assertion_in, counter_in, digest
from comity.office import browsing, reviewing
from comity.office.desk import crypto_errors
from comity.review import BY_PASSKEY, Statement, passkey_of


@dataclass(frozen=True)
class Signature:
    """A signature that is there: whose, when (ISO, UTC), and whether by passkey, with what its authenticator counts."""

    officer: str
    at: str
    by_passkey: bool
    counter: int


def signatures(batch: BatchState) -> list[Signature]:
    """The signatures on the answers in force, as a page tells of them."""
    return [
        Signature(
            signed.officer,
            signed.statement["at"],
            signed.alg in BY_PASSKEY,
            counter_in(signed.signature) if signed.alg in BY_PASSKEY else 0,
        )
        for signed in batch.countersigned
    ]


# What a passkey signs is itself a second factor, shown for this statement alone: no other is asked for before.
@page("GET", "POST")
def sign(request: HttpRequest, who: SignedIn, batch_id: str) -> HttpResponse:
    """What is signed, what it covers and what will leave; posting signs exactly the answers that were shown."""
    office = who.console.office
    batch = office.batch(batch_id)
    office.require(who.actor, "read_answers", batch)
    statement = reviewing.statement_for(
        batch, who.officer.officer, "approver", office.state().version, stamp(office.now())
    )
    if request.method == "POST":
        reviewing.require_shown(statement, request.POST.get("digest", ""))
        _require_meant(request, who)
        _signed(request, who, batch_id)
        # Nobody looks at records between the second signature and the sealing, not even whoever signed.
        return HttpResponseRedirect(f"/b/{batch_id}/")
    return _page(request, who, batch, statement)


def _page(request: HttpRequest, who: SignedIn, batch: BatchState, statement: Statement) -> HttpResponse:
    office = who.console.office
    asked = {"answer": request.GET["answer"][:20]} if request.GET.get("answer") else {}
    held = passkeys.in_force(office.state().entries, who.officer.officer) if who.console.entrance else None
    response = show(
        request,
        who,
        "sign",
        "Countersign the answers",
        batch_id=batch.batch,
        batch=batch,
        statement=statement,
        signatures=signatures(batch),
        form=json.dumps(statement.form(), indent=2, sort_keys=True),
        signed=statement.canonical().decode(),
        challenge=digest(statement.canonical()),
        passkey=held.said if held else None,
        options=asked_to_sign(passkey_of(held.said), statement.canonical()) if held else "",
        found=browsing.list_requests(office, who.actor, batch.batch, browsing.Wanted(**asked), page_of(request)),
        answer=asked.get("answer", ""),
        leaving=browsing.leaving(office, who.actor, batch.batch),
        voted=len({vote.row_number for vote in batch.votes}),
        offered=offered(who, batch),
        holds=holds_over(batch, office.state()),
    )
    setattr(response, SCRIPTED, bool(held))
    return response


def _require_meant(request: HttpRequest, who: SignedIn) -> None:
    """Signing asks again who signs."""
    if request.POST.get("officer", "").strip() != who.officer.officer or not request.POST.get("read"):
        raise BadInput(
            "SIGNING_NOT_MEANT",
            "Signing asks for your own id again, and that you have read what leaves.",
            "Go back, write your id and mark the box.",
        )


def _signed(request: HttpRequest, who: SignedIn, batch_id: str) -> None:
    """Sign, with the passkey that the browser asked for, or in a rehearsal with a made-up officer's key."""
    office = who.console.office
    if who.console.entrance is None:
        reviewing.sign(office, who.actor, batch_id, who.console.key_of(who.officer.officer))
        return
    answer = request.POST.get("credential", "")
    if not answer:
        raise BadInput(
            "PASSKEY_NEEDED",
            "This console holds nobody's key: signing here takes your passkey, which a script of this page asks for.",
            "Let the page's script run, or sign with your own key: `comity review sign`.",
        )
    with crypto_errors():
        credential, assertion = assertion_in(answer)
    statement = Statement.read(_form(request.POST.get("statement", "")))
    reviewing.sign_by_passkey(office, who.actor, batch_id, statement, credential, assertion)


def _form(text: str) -> dict[str, object]:
    """The statement as the page sent it back; an empty one, which is none, where it cannot be read."""
    try:
        form = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return form if isinstance(form, dict) else {}
