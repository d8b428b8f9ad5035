"""Receipts on demand: what an outsider needs to see one request, batch or hold in the log, and nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from comity.accounting.leaf import RequestLeaf, commit
from comity.accounting.segments import segment_body
from comity.case.batch_events import DisclosureIntended
from comity.case.batch_state import BatchState
from comity.case.envelope import OFFICE, Envelope, batch_stream
from comity.case.errors import BadInput, Integrity
from comity.office.desk import Actor, Office, log_errors
from comity.office.handing import intent_leaves
from comity.office.intending import outer_facts
from comity.office.outbox import OUTCOMES, since_last_stage
from comity.oversight.receipt import BATCH, HOLD, REQUEST, LoggedLeaf, write_receipt
from comity.workspace import workspace


def request_receipt(office: Office, actor: Actor, batch_id: str, row_number: int) -> bytes:
    """The receipt of the request at `row_number` under the intent in force: its outer body, and that it is logged.

    Raises Refused `OUT_OF_ORDER` before an intent, or for a missing right, BadInput `ROW_UNKNOWN`, and Integrity for
    entries that are not what is logged.
    """
    batch = office.batch(batch_id)
    office.require(actor, "read_requests", batch)
    intended = batch.intent()
    with log_errors():
        _, start, _ = intent_leaves(office, batch)
    body, salt, inner = _entry(office, batch, intended, row_number)
    leaf = RequestLeaf(commit(salt, body.encode()), commit(*inner)).encode().decode()
    opened = {"body": body, "salt": salt.hex(), "facts": _facts(office, batch, intended, body)}
    return _written(office, REQUEST, [(start + row_number - 1, opened)], [leaf])


def batch_receipt(office: Office, actor: Actor, batch_id: str) -> bytes:
    """The receipt of a batch: its intent in force, opened, and what became of it. Raises as `request_receipt`."""
    batch = office.batch(batch_id)
    office.require(actor, "read", batch)
    intended = batch.intent()
    history = office.store.read(batch_stream(batch_id))
    place = max(at for at, stored in enumerate(history, 1) if stored.type == DisclosureIntended.kind())
    segment = segment_body(since_last_stage(history[:place])).decode()
    told = [(_last_leaf(office, history[place - 1]), {"segment": segment, "salt": intended.salt})]
    told += [(_last_leaf(office, stored), {}) for stored in history[place:] if stored.type in OUTCOMES]
    return _written(office, BATCH, told)


def hold_receipt(office: Office, actor: Actor, hold: str) -> bytes:
    """The receipt of a hold: its leaves, which stand in clear. Raises BadInput `HOLD_UNKNOWN`."""
    office.require(actor, "read")
    about = [
        stored
        for stored in office.store.read(OFFICE)
        if stored.type.startswith("hold_") and stored.body["hold"] == hold
    ]
    if not about:
        raise BadInput("HOLD_UNKNOWN", "No hold has this id.", "See `comity hold list`.")
    return _written(office, HOLD, [(_last_leaf(office, stored), {}) for stored in about])


def _written(
    office: Office, about: str, leaves: Sequence[tuple[int, dict[str, str]]], expected: Sequence[str] = ()
) -> bytes:
    with log_errors():
        note = office.log.note()
        found = [
            LoggedLeaf(
                next(iter(office.log.entries(index, index + 1))).decode(), office.log.prove(index, note).text, opened
            )
            for index, opened in leaves
        ]
    if expected and [one.leaf for one in found] != list(expected):
        raise _differs()
    return write_receipt(about, office.home.note_key().vkey, found)


def _entry(
    office: Office, batch: BatchState, intended: DisclosureIntended, row_number: int
) -> tuple[str, bytes, tuple[bytes, bytes]]:
    """The outer body and its salt, and salt and body of the inner one, which only its commitment leaves here."""
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("accounting", office.vault.artefact(batch.batch, intended.accounting))
        columns = "outer_body, outer_salt, inner_salt, encode(inner_body)"
        rows = ws.rows(f"SELECT {columns} FROM accounting WHERE row_number = ?", [row_number])
    if not rows:
        raise BadInput("ROW_UNKNOWN", "The batch has no request in that row.", "Rows count from 1.")
    [(body, salt, *inner)] = rows
    return body, salt, (inner[0], inner[1])


def _facts(office: Office, batch: BatchState, intended: DisclosureIntended, body: str) -> str:
    """The document of facts that the body names by its digest, made again from the registers of the intent."""
    registers = office.state_at(intended.office_version)
    rules = registers.agreement(batch.submission().agreement).digest
    facts = outer_facts(replace(batch, intents=intended.intent - 1), registers, rules)
    if json.loads(body)["facts"] != facts.digest:
        raise _differs()
    return facts.encode().decode()


def _last_leaf(office: Office, stored: Envelope) -> int:
    leaves = office.store.leaves_of(office.store.position_of(stored))
    if leaves is None:
        raise _differs()
    return leaves[1] - 1


def _differs() -> Integrity:
    return Integrity(
        "LOG_OF_ANOTHER_HISTORY",
        "What the log holds is not what the office has to show for it.",
        "Verify the home: `comity log verify`; docs/how-to/9-keep-a-home.md says how to go on.",
    )
