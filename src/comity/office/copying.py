"""Copies of the files of a batch for officers: exactly the bytes that the log names, and the log says who has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.batch_events import CopyTaken, Named
from comity.case.batch_state import BatchState
from comity.case.errors import BadInput
from comity.case.holds import require_no_hold
from comity.office.desk import Actor, Office
from comity.office.written import require_new, written_beside
from comity.review.copies import COPIES, in_force
from comity.workspace import require_unchanged


@dataclass(frozen=True)
class File:
    """A file of a batch of which an officer may have a copy.

    `kind` and `says` tell what it is, `rows` and `bytes` its size, `digest` its hex SHA-256. `pruned` says that the
    retention policy let it go.
    """

    kind: str
    says: str
    rows: int
    bytes: int
    digest: str
    pruned: bool


def files(office: Office, actor: Actor, batch_id: str) -> list[File]:
    """The files of a batch of which `actor` may have a copy as the batch stands. Raises BadInput `BATCH_UNKNOWN`."""
    batch = office.batch(batch_id)
    allowed = office.allowed(actor, {copied.act for copied in COPIES.values()}, batch)
    return [_file(office, batch, named) for kind, named in in_force(batch).items() if COPIES[kind].act in allowed]


def take(office: Office, actor: Actor, batch_id: str, kind: str, out: Path) -> Artefact:
    """Write a copy of the file `kind` (of COPIES) of a batch to `out`, after it was recorded who has it.

    Parquet, byte for byte what the log names: its SHA-256 is the digest. Raises BadInput `FILE_UNKNOWN`, `FILE_EXISTS`
    or `OUT_NOT_WRITABLE`, Integrity `ARTEFACT_PRUNED`, `ARTEFACT_MISSING` or `ARTEFACT_CHANGED`, and Refused for a
    missing right or, of what shows records, `HOLD_ACTIVE`.
    """
    batch = office.batch(batch_id)
    named = in_force(batch).get(kind)
    if named is None:
        raise BadInput("FILE_UNKNOWN", "The batch has no such file.", "See `comity files list BATCH`.")
    role = office.require(actor, COPIES[kind].act, batch)
    state = office.state()
    if COPIES[kind].act != "copy_requests":
        require_no_hold(state.holds.values(), batch.submission().agreement)
    require_new(out)
    artefact = office.vault.artefact(batch_id, named)
    with artefact.path.open("rb") as content, written_beside(out, content) as draft:
        require_unchanged(replace(artefact, path=draft))
        office.record(office.act(actor, role, "files take"), [CopyTaken(kind, artefact.digest)], state, batch)
        draft.rename(out)
    return artefact


def _file(office: Office, batch: BatchState, named: Named) -> File:
    place = office.vault.place(batch.batch, named)
    return File(
        named["kind"],
        COPIES[named["kind"]].says,
        named["rows"],
        place.stat().st_size if place.exists() else 0,
        named["digest"],
        named["digest"] in batch.pruned,
    )
