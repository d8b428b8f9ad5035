"""Counsel accounts to one person: what was asked and answered about that person, each entry with its receipt.

The look-up is itself an event, which says who looked, when, how many entries there were, and commits to whom it was
about. It is written before the person's papers appear.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.case.accounting_decisions import account as decided
from comity.case.artefact import Artefact
from comity.case.batch_events import RepliesSealed
from comity.case.batch_state import BatchState
from comity.case.embargoes import Embargo, embargo_on, in_force
from comity.case.envelope import OFFICE, batch_stream
from comity.case.errors import BadInput
from comity.case.office_events import PersonAccounted
from comity.case.retention import lacks_records
from comity.crypto import canonical
from comity.linkage.about import STANDARD
from comity.office.desk import Actor, Office
from comity.office.locks import alone
from comity.office.outbox import OFFICE_FOLDER
from comity.office.permitting import is_rehearsal
from comity.office.receipting import entry_receipt
from comity.office.subjects import Given, keep_subject
from comity.office.telling import Entry, sheet, told
from comity.oversight.accounts import Found, read_batch, tables_of
from comity.workspace import workspace

_KINDS = ("subject", "accounted")


@dataclass(frozen=True)
class Accounted:
    """An accounting that was made: its number, and how many entries were given and how many kept back."""

    accounting: int
    entries: int
    embargoed: int


def account(office: Office, actor: Actor, given: Given, reference: str, out: Path) -> Accounted:
    """Account to the person in `given` (`subjects.read_given`), at the request `reference` of that person's.

    Writes the new folder `out`: `accounting.txt`, `accounting.json`, and `N.receipt` for each entry. Raises Refused for
    a missing right, BadInput `ID_UNFIT` or `OUT_NOT_WRITABLE`, and Integrity for artefacts that are not those named.
    """
    role = office.require(actor, "account")
    with alone(office.home.directory, "accounting", wait=True), _kept(office) as folder:
        state = office.state()
        act = office.act(actor, role, "account")
        subject = keep_subject(folder, given)
        released = {batch.batch: batch for batch in released_batches(office, act.at)}
        found = [one for batch in released.values() for one in _read(office, batch, subject, act.at[:10])]
        given_out = [one for one in found if not one.embargo]
        event = PersonAccounted(
            state.accountings + 1,
            reference,
            subject.named(),
            _listed(folder, found).named(),
            tuple(sorted(released)),
            STANDARD,
            len(given_out),
            len(found) - len(given_out),
        )
        entries = [told(office, released[one.batch], one.about, number) for number, one in enumerate(given_out, 1)]
        with _drafted(out) as draft:
            _write(office, draft, decided(event), entries, act.at)
            office.record(act, [event], state)
            draft.rename(out)
    return Accounted(event.accounting, event.entries, event.embargoed)


def released_batches(office: Office, until: str) -> Iterator[BatchState]:
    """The batches whose replies had been sealed at the hour `until` (ISO, UTC), oldest first."""
    for batch in office.batches():
        history = office.store.read(batch_stream(batch.batch)) if batch.sealed else []
        if any(stored.type == RepliesSealed.kind() and stored.at <= until for stored in history):
            yield batch


def covered(office: Office, embargoes: Sequence[Embargo], at: str) -> int:
    """How many entries the `embargoes` keep back at the hour `at` (ISO, UTC), each counted once."""
    return sum(
        batch.submission().requests["rows"]
        for batch in released_batches(office, at)
        if embargo_on(embargoes, batch.submission().agreement, batch.batch, at[:10])
    )


def _read(office: Office, batch: BatchState, subject: Artefact, day: str) -> list[Found]:
    artefacts = {
        name: office.vault.artefact(batch.batch, named) for name, named in tables_of(batch, batch.pruned).items()
    }
    embargoes = office.state().embargoes.values()
    return read_batch(batch, office.vault.folder(batch.batch), artefacts, subject, embargoes, day)


def _listed(folder: Path, found: Sequence[Found]) -> Artefact:
    """The artefact `accounted`: which requests were about the person, and which embargo kept one back."""
    with workspace(folder) as ws:
        ws.con.execute("CREATE TEMP TABLE found (batch VARCHAR, row_number INTEGER, embargo INTEGER)")
        for one in found:
            ws.con.execute("INSERT INTO found VALUES (?, ?, ?)", list(one.place))
        return ws.write("accounted", "SELECT * FROM found", "batch, row_number")


def _write(office: Office, draft: Path, event: PersonAccounted, entries: Sequence[Entry], at: str) -> None:
    state = office.state()
    embargoes = in_force(state.embargoes.values(), at[:10])
    facts = {
        "rehearsal": is_rehearsal(state),
        "accounting": event.accounting,
        "reference": event.reference,
        "on": at[:10],
        "entries": [entry.facts() for entry in entries],
        "embargoes_in_force": len(embargoes),
        "entries_embargoed": covered(office, embargoes, at),
        "batches_without_records": sum(lacks_records(office.batch(batch)) for batch in event.looked_at),
    }
    (draft / "accounting.txt").write_text(sheet(entries, facts), encoding="utf-8")
    (draft / "accounting.json").write_bytes(canonical(facts))
    for entry in entries:
        receipt = entry_receipt(office, office.batch(entry.batch), entry.row_number)
        (draft / f"{entry.number}.receipt").write_bytes(receipt)


@contextmanager
def _drafted(out: Path) -> Iterator[Path]:
    """A folder beside `out`, to be renamed to it; gone if it was not. Raises BadInput `OUT_NOT_WRITABLE`."""
    draft = out.with_name(f".{secrets.token_hex(8)}.accounting")
    try:
        if out.exists():
            raise FileExistsError
        draft.mkdir(mode=0o700)
    except OSError:
        raise BadInput(
            "OUT_NOT_WRITABLE", "The accounting cannot be written to that place.", "Name a new folder: --out."
        ) from None
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _kept(office: Office) -> Iterator[Path]:
    """The folder in which the artefacts of accountings lie; what no event names does not stay there."""
    folder = office.vault.folder(OFFICE_FOLDER)
    try:
        yield folder
    finally:
        named = {
            stored.body[kind]["digest"]
            for stored in office.store.read(OFFICE)
            if stored.type == PersonAccounted.kind()
            for kind in _KINDS
        }
        for kind in _KINDS:
            drafts = folder.glob(f".{kind}-*.draft")
            left = (path for path in folder.glob(f"{kind}-*.parquet") if path.stem.partition("-")[2] not in named)
            for path in (*drafts, *left):
                path.unlink()
