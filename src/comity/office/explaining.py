"""One request of a batch explained to an officer who may see the custodian's records; the look is an event."""

from __future__ import annotations

from comity import linkage
from comity.case.batch_events import RecordsRead
from comity.case.batch_state import EXPLAIN, BatchState
from comity.case.errors import BadInput, Refused
from comity.case.holds import require_no_hold
from comity.linkage.explain import explain
from comity.office.desk import Actor, Office
from comity.office.determining import terms_on_record
from comity.office.receiving import agreement_in_force
from comity.office.stores import kept_registry
from comity.oversight.explaining import Explained
from comity.workspace import workspace


def explain_row(office: Office, actor: Actor, batch_id: str, row_number: int) -> Explained:
    """How the request at `row_number` of a batch was returned or determined, linked again alone with the same registry.

    Nothing of the batch changes. What is shown of the custodian's records is recorded before it is shown. Raises
    Refused `OUT_OF_ORDER` before the batch is determined, `HOLD_ACTIVE` or a missing right; BadInput `ROW_UNKNOWN`.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "read_records", batch)
    state = office.state()
    require_no_hold(state.holds.values(), batch.submission().agreement)
    if batch.settled is None or batch.determined is None:
        raise Refused("OUT_OF_ORDER", "The requests have not been compared yet.", "Run `comity work BATCH`.")
    request_id, codes, recorded = _ruled(office, batch, row_number)
    if codes:
        agreed = agreement_in_force(office, state, batch.submission().agreement)
        return Explained(request_id, codes, tuple(agreed.sentence(code)[0] for code in codes), None)
    office.record(office.act(actor, role, EXPLAIN), [RecordsRead((row_number,))], state, batch)
    found = explain(
        office.home.directory,
        office.vault.artefact(batch_id, batch.submission().requests),
        row_number,
        linkage.open_index(kept_registry(office.home, batch.determined.registry)),
        terms_on_record(batch.determined),
    )
    return Explained(request_id, (), (), found, recorded)


def _ruled(office: Office, batch: BatchState, row_number: int) -> tuple[str, tuple[str, ...], str]:
    """The id of the request, the codes it was returned with, and the determination on record."""
    settled = office.vault.artefact(batch.batch, batch.settled.settled if batch.settled else {})
    determined = office.vault.artefact(batch.batch, batch.determined.determinations if batch.determined else {})
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("settled", settled)
        ws.view("determinations", determined)
        rows = ws.rows(
            """SELECT s.request_id, s.codes, coalesce(d.determination || ', ' || d.reason, '')
            FROM settled AS s LEFT JOIN determinations AS d USING (row_number) WHERE row_number = ?""",
            [row_number],
        )
    if not rows:
        raise BadInput("ROW_UNKNOWN", "The batch has no request in that row.", "Rows count from 1.")
    [(request_id, codes, recorded)] = rows
    return request_id, tuple(codes), recorded
