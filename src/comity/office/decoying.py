"""The tripwire on a batch: decoys made from its confirmed requests are linked apart from it, and only counted."""

from __future__ import annotations

from comity import linkage
from comity.case.errors import Refused
from comity.case.holds import require_no_hold
from comity.office.desk import Actor, Office
from comity.office.determining import terms_on_record
from comity.office.stores import kept_registry
from comity.oversight.decoys import Tripwire, try_decoys


def try_batch_decoys(office: Office, actor: Actor, batch_id: str, seed: int) -> Tripwire:
    """Count what linkage makes of decoys of the batch, with the registry and the terms that the batch was linked with.

    Writes nothing: no event, for nobody sees a record, and no artefact. Raises Refused `OUT_OF_ORDER` before the batch
    is determined, `HOLD_ACTIVE` or a missing right, and BadInput `NOTHING_CONFIRMED`.
    """
    batch = office.batch(batch_id)
    office.require(actor, "read_records", batch)
    require_no_hold(office.state().holds.values(), batch.submission().agreement)
    determined = batch.determined
    if determined is None:
        raise Refused("OUT_OF_ORDER", "The requests have not been compared yet.", "Run `comity work BATCH`.")
    return try_decoys(
        office.home.directory,
        office.vault.artefact(batch_id, batch.submission().requests),
        office.vault.artefact(batch_id, determined.determinations),
        linkage.open_index(kept_registry(office.home, determined.registry)),
        terms_on_record(determined),
        seed,
    )
