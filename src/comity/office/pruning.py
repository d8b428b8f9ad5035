"""Step 7, retention: what a policy lets go is named in an event, the log closes over it, and only then the files go."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comity.accounting.durable import sync
from comity.case import retention
from comity.case.errors import Refused
from comity.case.retention import CLASSES, Due
from comity.office.desk import Actor, Office
from comity.office.locks import EVENTS, alone
from comity.office.receiving import SALT_BYTES


@dataclass(frozen=True)
class Stays:
    """Why files that a policy lets go stay for now: the code of what needs them, and its sentence."""

    batch: str
    subject: str
    code: str
    says: str


@dataclass
class Pruned:
    """What a run removed: `files` of so many `bytes`, of the (batch, class) in `removed`; and what `stays`."""

    files: int = 0
    bytes: int = 0
    removed: list[tuple[str, str]] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)


def prunable(office: Office) -> Iterator[Due]:
    """What the policies of today let go, oldest batch first; whether anything needs it still is asked when it goes."""
    state, day = office.state(), _today(office)
    for batch in office.batches():
        found = (retention.due(batch, state, subject, day) for subject in CLASSES)
        yield from (due for due in found if due)


def prune(office: Office, actor: Actor) -> Pruned:
    """Remove what the policies of today let go, and what an earlier run named and did not come to.

    The event that names the files is in the log, under a signed checkpoint, before the first of them goes: a process
    that ends in between leaves files to the next run, and none is gone that nobody told of. What is needed is asked
    again while nobody can append. Raises Refused for a missing right, or `SOD_VIOLATION` to who made the policy.
    """
    office.require(actor, "prune")
    made = Pruned()
    for due in list(prunable(office)):
        office.progress(f"{due.batch}: {due.subject}")
        try:
            _name(office, actor, due)
        except Refused as refused:
            if refused.code == "SOD_VIOLATION":
                raise
            made.stays.append(Stays(due.batch, due.subject, refused.code, refused.says))
    for batch in list(office.batches()):
        _remove(office, batch.batch, made)
    return made


def _name(office: Office, actor: Actor, due: Due) -> None:
    batch, state = office.batch(due.batch), office.state()
    role = office.require(actor, "prune", batch)
    salt = secrets.token_hex(SALT_BYTES)
    event = retention.prune(batch, state, due.subject, actor.officer, _today(office), salt)
    office.record(office.act(actor, role, "home prune"), [event], state, batch)


def _remove(office: Office, batch_id: str, made: Pruned) -> None:
    """Remove the files that the batch's events say are pruned; with nobody appending, so that no hold slips in."""
    with alone(office.home.directory, EVENTS, wait=True):
        batch = office.batch(batch_id)
        left = [
            (batch.pruned[named["digest"]].subject, path)
            for named in batch.named
            if named["digest"] in batch.pruned and (path := office.vault.place(batch_id, named)).exists()
        ]
        if not left:
            return
        try:
            retention.require_free(batch, office.state(), _today(office))
        except Refused as refused:
            made.stays += [Stays(batch_id, subject, refused.code, refused.says) for subject in _each(left)]
            return
        for _, path in left:
            made.files, made.bytes = made.files + 1, made.bytes + path.stat().st_size
            path.unlink()
        made.removed += [(batch_id, subject) for subject in _each(left)]
        sync(office.vault.folder(batch_id))


def _each(left: Sequence[tuple[str, Path]]) -> list[str]:
    return sorted({subject for subject, _ in left})


def _today(office: Office) -> str:
    return office.now().date().isoformat()
