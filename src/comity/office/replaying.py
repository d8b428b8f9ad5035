"""Replay and look-back of batches by whoever oversees the office: nothing is changed, and no record is shown.

The registers of an hour are those of the office's version at which the event of that hour was appended: an append names
the version it was decided on, and the store refuses it at any other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from comity import agreements, linkage
from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.case.batch_decisions import withholdings_of
from comity.case.batch_state import BatchState, fold_batch
from comity.case.envelope import OFFICE, Envelope, batch_stream
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.holds import persons_of
from comity.case.office_state import OfficeState
from comity.case.standing import facts_on, registered_on
from comity.gates import Earlier, admit
from comity.office.desk import Actor, Office
from comity.office.determining import terms_on_record, terms_under, worked_out_by
from comity.office.ruling import examined_rows
from comity.office.stores import kept_registry
from comity.oversight.checking import check_folder
from comity.oversight.lookback import LookedBack, look_back
from comity.oversight.replay import Basis, Replayed, replay
from comity.review import draw_on_record
from comity.standard import VERSION as STANDARD_VERSION
from comity.workspace import workspace

Tables = dict[str, Artefact]


@dataclass(frozen=True)
class Reading:
    """Another reading to look back with: the text of an agreement in the place of the recorded one, another day."""

    rules: Agreement | None = None
    as_of: date | None = None


def read_rules(named: str) -> Agreement:
    """The agreement of that name, or in that folder, to look back with; it need not be approved.

    Its text counts as it stands, without what counsel set. Raises Integrity `AGREEMENT_INVALID`.
    """
    folder = agreements.folder_of(named)
    for fault in check_folder(folder).faults if named not in agreements.names() else ():
        raise fault
    rules = agreements.load_folder(folder)
    admit(rules)
    return rules


def replay_batch(office: Office, actor: Actor, batch_id: str) -> Replayed:
    """Make rulings, candidates, determinations and answers of a batch again and hold them against those on record.

    Raises Integrity `REPLAY_DIFFERS` or `REPLAY_PINS_DIFFER`, what else of the home is not as it was recorded, Refused
    `OUT_OF_ORDER` before there is a ruling, or a missing right.
    """
    batch = _known(office, actor, batch_id)
    basis = _basis(office, batch)
    with _scratch() as place:
        rows = replay(place, batch_id, basis, _tables(office, batch), _note(batch))
    return Replayed(batch_id, _versions(batch), rows)


def look_back_at(office: Office, actor: Actor, batch_ids: Iterable[str], reading: Reading) -> list[LookedBack]:
    """What of the answers to those batches `reading` would have refused; those without answers are left out.

    Raises BadInput `RULES_OF_ANOTHER` for a batch under an agreement of another name than the rules', and as replay.
    """
    found = []
    for batch_id in batch_ids:
        batch = _known(office, actor, batch_id)
        if batch.answers is None:
            continue
        if reading.rules and reading.rules.name != batch.submission().agreement:
            raise BadInput(
                "RULES_OF_ANOTHER", "The batch was made under an agreement of another name.", "Name its own."
            )
        office.progress(f"looking back at {batch_id}")
        with _scratch() as place:
            own = _basis(office, batch)
            basis = _read_otherwise(office, place, batch, own, reading)
            left = office.batch(batch_id).handed_over
            found.append(look_back(place, batch_id, basis, own.agreement, _tables(office, batch), left))
    return found


def answered_batches(office: Office, agreement: str = "") -> list[str]:
    """The batches that have answers, oldest first; of one `agreement`, if it is named."""
    return [
        batch.batch
        for batch in office.batches()
        if batch.answers is not None and agreement in ("", batch.submission().agreement)
    ]


def ruled_batches(office: Office) -> list[str]:
    """The batches on which the gates have ruled, oldest first."""
    return [batch.batch for batch in office.batches() if batch.ruled is not None]


def _known(office: Office, actor: Actor, batch_id: str) -> BatchState:
    """The batch as it stood when its last answers were made, if they were; votes after an abandoned intent are none."""
    now = office.batch(batch_id)
    office.require(actor, "replay", now)
    if now.ruled is None:
        raise Refused("OUT_OF_ORDER", "The gates have not ruled on this batch yet.", "Run `comity work BATCH`.")
    history = office.store.read(batch_stream(batch_id))
    made = [place for place, stored in enumerate(history, 1) if stored.type == "answers_made"]
    return fold_batch(batch_id, history[: made[-1]]) if made else now


def _basis(office: Office, batch: BatchState) -> Basis:
    """What the batch was decided on, by the registers of the hour of each step."""
    received, ruled, determined = batch.submission(), batch.ruled, batch.determined
    if ruled is None:
        raise Refused("OUT_OF_ORDER", "The gates have not ruled on this batch yet.", "Run `comity work BATCH`.")
    history = office.store.read(batch_stream(batch.batch))
    registers = _registers_at(office, history, "requests_ruled")
    _require_pinned(ruled.agreement_digest == registers.agreement(received.agreement).digest)
    asks = (office.vault.artefact(other, _asks(office, other)) for other in ruled.earlier)
    basis = Basis(
        office.vault.artefact(batch.batch, received.requests),
        office.vault.artefact(batch.batch, received.recipients),
        agreements.kept(office.home.agreements, ruled.agreement_digest),
        received.facts,
        registered_on(registers, received.received_on),
        Earlier(office.home.ledger_key, tuple(asks)),
        examined_rows(batch) if batch.settled else None,
    )
    if determined is None:
        return basis
    registers = _registers_at(office, history, "requests_determined")
    agreed = agreements.kept(office.home.agreements, registers.agreement(received.agreement).digest)
    terms = terms_under(agreed.on(date.fromisoformat(received.received_on)))
    built = registers.registry
    _require_pinned(agreed.digest == batch.ruled.agreement_digest if batch.ruled else False)
    _require_pinned(built is not None and built.digest == determined.registry and terms == terms_on_record(determined))
    index = linkage.verify_index(kept_registry(office.home, determined.registry))
    _require_pinned(index.digest == determined.registry)
    state, screened = office.state(), withholdings_of(batch)
    votes, draw = batch.votes if batch.answers else None, draw_on_record(determined)
    return replace(
        basis,
        index=index,
        terms=terms,
        draw=draw,
        forgone=batch.forgone,
        votes=votes,
        withholdings=office.vault.artefact(batch.batch, screened) if screened else None,
        persons=persons_of(state.holds[hold] for hold in (batch.answers.holds if batch.answers else ())),
    )


def _registers_at(office: Office, history: Sequence[Envelope], type_: str) -> OfficeState:
    """The registers on which the event of that type in `history` was decided."""
    [decided] = [stored for stored in history if stored.type == type_]
    version = office.store.version_before(OFFICE, office.store.position_of(decided))
    return office.state_at(version, decided.at)


def _asks(office: Office, batch_id: str) -> dict[str, object]:
    ruled = office.batch(batch_id).ruled
    return dict(ruled.asks) if ruled else {}


def _require_pinned(pinned: bool) -> None:  # noqa: FBT001 -- what was found, said by its caller
    if not pinned:
        raise Integrity(
            "REPLAY_PINS_DIFFER",
            "The agreement, terms or registry that a step names are not those in force when it was done.",
            "Keep the home as it is: a step was done by other rules than the office's own.",
        )


def _read_otherwise(office: Office, place: Path, batch: BatchState, basis: Basis, reading: Reading) -> Basis:
    """`basis` with the rules and the day of `reading` in the place of its own."""
    if reading.rules is not None:
        basis = replace(basis, agreement=reading.rules)
    read_on = reading.as_of or date.fromisoformat(batch.submission().received_on)
    basis = replace(basis, terms=terms_under(basis.agreement.on(read_on)))
    if reading.as_of is None:
        return basis
    state, day = office.state(), read_on.isoformat()
    return replace(
        basis,
        requests=_received_on(place, basis.requests, day),
        facts=facts_on(state, batch.submission(), day),
        register=registered_on(state, day),
    )


def _received_on(place: Path, requests: Artefact, day: str) -> Artefact:
    with workspace(place, reads=[requests.path]) as ws:
        ws.view("requests", requests)
        return ws.write_numbered("requests", f"SELECT * REPLACE (DATE '{day}' AS received_on) FROM requests")


def _tables(office: Office, batch: BatchState) -> Tables:
    """The tables that the batch has come to, by kind; of a kind made twice, the last."""
    return {named["kind"]: office.vault.artefact(batch.batch, named) for named in batch.named}


def _versions(batch: BatchState) -> dict[str, str]:
    ruled, determined = batch.ruled, batch.determined
    said = {"agreement": ruled.agreement_digest, "standard": ruled.standard} if ruled else {}
    return said | ({"registry": determined.registry, "engine": determined.engine} if determined else {})


def _note(batch: BatchState) -> str:
    """Where another version of the code is asked: what it standardises and determines by, which may be why."""
    if batch.ruled and batch.ruled.standard != STANDARD_VERSION:
        return f" It was standardised under {batch.ruled.standard}, this version has {STANDARD_VERSION}."
    said = batch.determined.engine if batch.determined else worked_out_by("")
    here = worked_out_by(said.partition(",")[0])
    return "" if said == here else f" It was determined by {said}; this version has {here}."


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)
