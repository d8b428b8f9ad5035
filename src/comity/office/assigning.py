"""Step 4, review: the office gives each case into one reviewer's hands, in the order that it drew; votes come back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from comity import review
from comity.case import batch_decisions as decide
from comity.case.assignment import holds
from comity.case.batch_events import CasesAssigned, RecordsRead
from comity.case.batch_state import BatchState, Vote
from comity.case.envelope import Event, stamp
from comity.case.errors import Refused
from comity.case.outcomes import AUDIT, CLERICAL
from comity.office.acts import ATTEMPTS
from comity.office.desk import Actor, Office
from comity.office.locks import alone
from comity.office.reviewing import docket, open_cases
from comity.store.events import StateMoved

# Policy: how long a case stays in one reviewer's hands.
HELD_FOR = timedelta(minutes=30)
_TICKET = 16


@dataclass(frozen=True)
class InHand:
    """A case in a reviewer's hands. `ticket` names it to that reviewer alone, and tells nothing of it."""

    ticket: str
    case: review.Case


def next_case(office: Office, actor: Actor, batch_id: str) -> InHand | None:
    """The case that the reviewer judges now: the own unfinished one, or the next in the order; None if there is none.

    It is nobody else's for HELD_FOR. The look at the custodian's record is an event.
    """
    rows = _given(office, actor, batch_id, 1, (CLERICAL, AUDIT))
    if not rows:
        return None
    batch = office.batch(batch_id)
    requests = office.vault.artefact(batch_id, batch.submission().requests)
    return InHand(_ticket(batch, actor.officer, rows[0]), review.read_case(docket(office, batch), rows[0], requests))


def take_cases(
    office: Office, actor: Actor, batch_id: str, most: int, kinds: Collection[str] = (CLERICAL, AUDIT)
) -> dict[int, list[tuple[str, str]]]:
    """At most `most` cases at once, of these kinds: for each its row, and whom a `same` may name, (person, taxpayer).

    For the rehearsed reviewers of the demonstration, who read no screen.
    """
    rows = _given(office, actor, batch_id, most, kinds)
    found: dict[int, list[tuple[str, str]]] = {row: [] for row in rows}
    for row, person, taxpayer in review.nameable(docket(office, office.batch(batch_id)), rows):
        found[row].append((person, taxpayer))
    return found


def row_in_hand(office: Office, actor: Actor, batch_id: str, ticket: str) -> int:
    """The row of the case that `ticket` names. Raises Refused `NOT_ASSIGNED` where it is not in the officer's hands."""
    batch = office.batch(batch_id)
    held = (row for row, held in batch.assigned.items() if held.officer == actor.officer)
    row = next((row for row in held if _ticket(batch, actor.officer, row) == ticket), 0)
    decide.require_in_hand(batch, actor.officer, [row])
    return row


def vote(office: Office, actor: Actor, batch_id: str, votes: Sequence[tuple[int, str, str]]) -> None:
    """Cast blind votes on cases in hand, (row number, verdict, person), all of them or none."""
    new = [Vote(row, actor.officer, verdict, person) for row, verdict, person in votes]

    def decided(batch: BatchState) -> list[Event]:
        decide.require_in_hand(batch, actor.officer, [row for row, *_ in votes])
        events: list[Event] = [decide.vote(batch, *cast) for cast in votes]
        review.check_votes(docket(office, batch), new, batch.cast)
        return events

    _record(office, actor, batch_id, "review vote", decided)


def put_back(office: Office, actor: Actor, batch_id: str, row_number: int) -> None:
    """Give the case in hand back without a vote; another reviewer gets it, this one never again."""

    def decided(batch: BatchState) -> list[Event]:
        return [decide.put_back(batch, actor.officer, row_number)]

    _record(office, actor, batch_id, "review put-back", decided)


def _given(office: Office, actor: Actor, batch_id: str, most: int, kinds: Collection[str]) -> tuple[int, ...]:
    """The rows of the cases that are the actor's now; nothing is recorded where there is none."""
    rows: tuple[int, ...] = ()

    def decided(batch: BatchState) -> list[Event]:
        nonlocal rows
        rows = _choice(office, batch, actor.officer, kinds)[:most]
        until = stamp(office.now() + HELD_FOR)
        return [CasesAssigned(rows, until), RecordsRead(rows)] if rows else []

    _record(office, actor, batch_id, "review next", decided)
    return rows


def _choice(office: Office, batch: BatchState, officer: str, kinds: Collection[str]) -> tuple[int, ...]:
    """What the officer may get, what is in hand already first.

    Once the answer is due no clerical case holds it up any more, and the audit still does: its cases come before.
    """
    now, due = stamp(office.now()), office.is_due(batch)
    open_to = [(row, kind) for row, kind in open_cases(office, batch.batch, officer) if kind in kinds]
    free = [
        (row, due and kind != AUDIT)
        for row, kind in open_to
        if not (row in batch.assigned and batch.assigned[row].is_kept_from(officer, now))
    ]
    return tuple(
        row for row, _ in sorted(free, key=lambda case: (not holds(batch.assigned, officer, case[0]), case[1]))
    )


def _record(
    office: Office, actor: Actor, batch_id: str, command: str, decided: Callable[[BatchState], list[Event]]
) -> None:
    """Record what `decided` makes of the batch; decided again when somebody else acted meanwhile.

    Reviewers wait for each other for that moment: many who decide anew whenever another was faster would get nowhere.
    """
    with alone(office.home.directory, f"review-{batch_id}", wait=True):
        for attempt in range(ATTEMPTS):
            batch, state = office.batch(batch_id), office.state()
            role = office.require(actor, "vote", batch)
            try:
                events = decided(batch)
                return office.record(office.act(actor, role, command), events, state, batch) if events else None
            except StateMoved:
                if attempt == ATTEMPTS - 1:
                    raise
    return None


def _ticket(batch: BatchState, officer: str, row_number: int) -> str:
    # The office's signature is in no reviewer's hands, so a ticket cannot be turned into a row.
    if batch.determined is None:
        raise Refused("OUT_OF_ORDER", "The requests have not been compared yet.", "Run `comity work BATCH`.")
    named = f"comity case\n{batch.determined.sampling}\n{officer}\n{row_number}"
    return hashlib.sha256(named.encode()).hexdigest()[:_TICKET]
