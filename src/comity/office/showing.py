"""One request for an officer: what was asked, every ruling with the law beside it, and what was decided of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comity import agreements, review
from comity.agreements import Agreement
from comity.agreements.entries import Basis
from comity.case.batch_events import RulingSettled
from comity.case.batch_state import BatchState, Vote
from comity.office.browsing import Line, may, standing_of
from comity.office.desk import Actor, Office
from comity.workspace import workspace


@dataclass(frozen=True)
class Citation:
    """A clause that a ruling rests on, its words, and how sure they are and where they are from."""

    clause: str
    quote: str
    source: str


@dataclass(frozen=True)
class CitedRuling:
    """One ruling: gate, code, `return` or `review`, and every clause that it rests on.

    `says` and `next` are what the requester is told.
    """

    gate: str
    code: str
    outcome: str
    rests_on: tuple[Citation, ...]
    says: str
    next: str


@dataclass(frozen=True)
class Shown:
    """One request: where it stands, its cells (none for whoever may not read requests), its rulings.

    `examined` is what an examiner settled, with the reason; `votes` those that the officer may see (blind until all
    are in).
    """

    line: Line
    request: Mapping[str, Any] = field(repr=False)
    rulings: tuple[CitedRuling, ...]
    examined: RulingSettled | None
    votes: tuple[Vote, ...] = field(repr=False)


def show_request(office: Office, actor: Actor, batch_id: str, row_number: int) -> Shown:
    """The request at `row_number`, as much of it as `actor` may see. Raises BadInput `ROW_UNKNOWN`.

    No record of the custodian's is in it: `explaining.explain_row` and `reviewing.show_case` show those.
    """
    batch = office.batch(batch_id)
    line = standing_of(office, actor, batch_id, row_number)
    reads_requests = may(office, actor, "read_requests", batch)
    votes = [vote for vote in batch.votes if vote.row_number == row_number]
    return Shown(
        line,
        _cells(office, batch, row_number) if reads_requests else {},
        rulings_of(office, batch, row_number),
        batch.examined.get(row_number) if reads_requests else None,
        review.seen_by(actor.officer, votes) if may(office, actor, "read_records", batch) else (),
    )


def _cells(office: Office, batch: BatchState, row_number: int) -> Mapping[str, Any]:
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("requests", office.vault.artefact(batch.batch, batch.submission().requests))
        [cells] = ws.records("SELECT * EXCLUDE (row_number) FROM requests WHERE row_number = ?", [row_number])
    return cells


def rulings_of(office: Office, batch: BatchState, row_number: int) -> tuple[CitedRuling, ...]:
    """Every ruling on the request at `row_number`, with the law beside it; a ruling tells nothing of a record."""
    if batch.ruled is None:
        return ()
    # The text it was ruled under, which another may have followed since.
    agreement = agreements.kept(office.home.agreements, batch.ruled.agreement_digest)
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("rulings", office.vault.artefact(batch.batch, batch.ruled.rulings))
        rows = ws.rows(
            "SELECT gate, code, outcome, clause FROM rulings WHERE row_number = ? ORDER BY gate, code", [row_number]
        )
    return tuple(cited(agreement, *row) for row in rows)


def term_of(office: Office, batch: BatchState, term: str) -> Citation | None:
    """The clause that a term of the agreement rests on, as the batch was ruled under it; None before, or without."""
    if batch.ruled is None:
        return None
    agreement = agreements.kept(office.home.agreements, batch.ruled.agreement_digest)
    value = agreement.value(term)
    return _citation(agreement, value.basis) if value else None


def _citation(agreement: Agreement, basis: Basis) -> Citation:
    passage = agreement.passage(basis.clause)
    return Citation(basis.clause, basis.quote or passage.text, f"{passage.mark}; {passage.source}")


def cited(agreement: Agreement, gate: str, code: str, outcome: str, clause: str) -> CitedRuling:
    """A ruling, as the artefact `rulings` has it, with the words of each clause that it rests on.

    Raises BadInput `CODE_UNKNOWN` or `CLAUSE_UNKNOWN` for a ruling that is none of the agreement's.
    """
    says, following = agreement.sentence(code)
    rests_on = tuple(_citation(agreement, basis) for basis in agreement.cited_gate(gate, code, clause).basis)
    return CitedRuling(gate, code, outcome, rests_on, says, following)
