"""Step 2, gates: every request is ruled on, and what waits is settled by an examiner."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from comity import gates
from comity.case import batch_decisions as decide
from comity.case.artefact import Artefact
from comity.case.batch_events import RequestsRuled, RulingSettled, RulingsSettled
from comity.case.batch_state import BatchState
from comity.case.errors import BadInput, Integrity, Waiting
from comity.case.outcomes import PASS, RETURN
from comity.case.standing import registered_on
from comity.office.desk import Actor, Office
from comity.office.locks import alone
from comity.office.receiving import SALT_BYTES, agreement_in_force
from comity.standard import VERSION as STANDARD_VERSION
from comity.workspace import workspace


def rule(office: Office, actor: Actor, batch: BatchState) -> None:
    """Run the gates over the batch; the rulings are an artefact.

    One batch at a time, so that of two that ask about the same person one sees what the other asked.
    """
    role = office.require(actor, "link", batch)
    with alone(office.home.directory, "ruling", wait=True):
        _rule(office, actor, role, batch)


def _rule(office: Office, actor: Actor, role: str, batch: BatchState) -> None:
    state = office.state()
    received = batch.submission()
    agreement = agreement_in_force(office, state, received.agreement)
    before = _earlier(office, batch, agreement.on(date.fromisoformat(received.received_on)).terms.asks_window_days)
    ruled = gates.rule(
        office.vault.folder(batch.batch),
        office.vault.artefact(batch.batch, received.requests),
        office.vault.artefact(batch.batch, received.recipients),
        agreement,
        received.facts,
        register=registered_on(state, received.received_on),
        earlier=gates.Earlier(office.home.ledger_key, tuple(before.values())),
    )
    event = RequestsRuled(
        ruled.rulings.named(),
        ruled.standardised.named(),
        ruled.waiting.named(),
        ruled.asks.named() if ruled.asks else {},
        tuple(before),
        STANDARD_VERSION,
        agreement.digest,
        ruled.passed,
        ruled.returned,
        ruled.review,
        dict(ruled.by_code),
        secrets.token_hex(SALT_BYTES),
    )
    office.record(office.act(actor, role, "work"), [decide.rule(batch, event)], state, batch)


def _earlier(office: Office, batch: BatchState, window_days: int) -> Mapping[str, Artefact]:
    """By batch, the asks of the same agency that were ruled on before, of a day within the window."""
    received = batch.submission()
    since = (date.fromisoformat(received.received_on) - timedelta(days=window_days)).isoformat()
    return {
        other.batch: office.vault.artefact(other.batch, other.ruled.asks)
        for other in office.batches()
        if other.ruled is not None
        and other.submission().agency == received.agency
        and other.submission().received_on >= since
    }


def waiting_count(batch: BatchState) -> int:
    """How many requests wait for an examiner."""
    return batch.ruled.review - len(batch.examined) if batch.ruled and not batch.settled else 0


def waiting_rows(
    office: Office, batch: BatchState, *, among: Collection[int] = (), after: int = 0, first: int | None = None
) -> dict[int, tuple[str, ...]]:
    """The requests that wait for an examiner, in the order of the file: row number and the codes that hold each up.

    Only those of the rows `among`, if any are named, behind the row `after`, and the `first` so many of them.
    """
    if batch.ruled is None or batch.settled is not None:
        return {}
    rulings = office.vault.artefact(batch.batch, batch.ruled.rulings)
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("rulings", rulings)
        rows = ws.rows(_WAITING, [list(among), list(among), after, list(batch.examined), first])
    return {row: tuple(codes) for row, codes in rows}


_WAITING = """
SELECT row_number, list_sort(list(DISTINCT code)) FROM rulings
WHERE (len(?::INTEGER[]) = 0 OR row_number IN (SELECT unnest(?::INTEGER[]))) AND row_number > ?
    AND row_number NOT IN (SELECT unnest(?::INTEGER[]))
GROUP BY row_number HAVING NOT bool_or(outcome = 'return') ORDER BY row_number LIMIT ?
"""


@dataclass(frozen=True)
class Waits:
    """A request that waits for an examiner: its cells, what each code says of it, and what was counted of it."""

    row_number: int
    request: Mapping[str, Any] = field(repr=False)
    said: Sequence[tuple[str, str, str]]
    counted: Mapping[str, int]


def show_waiting(office: Office, actor: Actor, batch_id: str, row_number: int) -> Waits:
    """One waiting request for an examiner: `said` is (code, what it says, what to do next).

    Raises Refused `RIGHT_MISSING` for whoever may not read requests, BadInput `ROW_NOT_WAITING`.
    """
    batch = office.batch(batch_id)
    office.require(actor, "read_requests", batch)
    codes = waiting_rows(office, batch, among=[row_number]).get(row_number)
    if codes is None or batch.ruled is None:
        raise BadInput(
            "ROW_NOT_WAITING", "The request does not wait for an examiner.", "See those that do: `comity review queue`."
        )
    agreement = agreement_in_force(office, office.state(), batch.submission().agreement)
    with workspace(office.vault.folder(batch_id)) as ws:
        ws.view("requests", office.vault.artefact(batch_id, batch.submission().requests))
        ws.view("waiting", office.vault.artefact(batch_id, batch.ruled.waiting))
        [[request], [counted]] = (
            ws.records(f"SELECT * EXCLUDE (row_number) FROM {table} WHERE row_number = ?", [row_number])
            for table in ("requests", "waiting")
        )
    return Waits(row_number, request, [(code, *agreement.sentence(code)) for code in codes], counted)


def settle(office: Office, actor: Actor, batch_id: str, settled: Mapping[int, tuple[str, str]]) -> None:
    """An examiner settles waiting requests: row number to (pass | return, reason), all of them or none."""
    batch = office.batch(batch_id)
    role = office.require(actor, "settle", batch)
    waiting = waiting_rows(office, batch, among=settled)
    state = office.state()
    events = [
        decide.settle_ruling(batch, waiting.keys(), RulingSettled(row, ruling, reason))
        for row, (ruling, reason) in settled.items()
    ]
    office.record(office.act(actor, role, "settle"), events, state, batch)


def settle_all(office: Office, actor: Actor, batch: BatchState) -> None:
    """Close the rulings when none waits, or the hour of the answer has come: what waits then is returned.

    Raises Waiting `RULINGS_OPEN`.
    """
    waiting = waiting_count(batch)
    due = office.is_due(batch)
    if waiting and not due:
        raise Waiting(
            "RULINGS_OPEN",
            f"{waiting} requests wait for an examiner.",
            "See them with `comity review queue`, settle them with `comity review settle`.",
        )
    role = office.require(actor, "link", batch)
    received, ruled = batch.submission(), batch.ruled
    if ruled is None:
        raise Integrity("OUT_OF_ORDER", "Rulings are settled before they were made.", "Report this as a defect.")
    vault = office.vault
    artefact = gates.settle(
        vault.folder(batch.batch),
        vault.artefact(batch.batch, received.requests),
        vault.artefact(batch.batch, ruled.rulings),
        examined_rows(batch),
        due=due,
    )
    passed = ruled.passed + sum(event.ruling == PASS for event in batch.examined.values())
    event = RulingsSettled(artefact.named(), passed, artefact.rows - passed)
    office.record(office.act(actor, role, "work"), [decide.settle(batch, event)], office.state(), batch)


def examined_rows(batch: BatchState) -> Sequence[tuple[int, str]]:
    """What examiners settled, in the order of the file."""
    return [(row, event.ruling) for row, event in sorted(batch.examined.items()) if event.ruling in (PASS, RETURN)]
