"""What was removed under the retention policy, verified: named in time, by a policy in force, and nothing else gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comity.accounting.segments import Segment
from comity.case.batch_events import BATCH_EVENTS, ArtefactsPruned
from comity.case.batch_state import BatchState, fold_batch
from comity.case.envelope import Envelope, opened
from comity.case.errors import Refused
from comity.case.retention import CLASSES, RECORDS, prune
from comity.oversight.registers import Registers
from comity.oversight.walk import Walk, inconsistent
from comity.workspace import artefact_name


@dataclass(frozen=True)
class Removal:
    """Files of one class of a batch that went, when (ISO, UTC), and under which version of the policy."""

    batch: str
    at: str
    said: ArtefactsPruned


Removals = Mapping[str, Sequence[Removal]]
"""What every batch of the log says was removed; the events are held against their leaves elsewhere."""


def removals_in(batch: str, segments: Sequence[Segment]) -> Sequence[Removal]:
    """What the events in the segments of a batch say was removed."""
    stored = [stored for segment in segments for stored in segment.envelopes]
    return [Removal(batch, one.at, said) for one in stored if (said := _said(one))]


def _said(stored: Envelope) -> ArtefactsPruned | None:
    event = opened(stored, BATCH_EVENTS) if stored.type == ArtefactsPruned.kind() else None
    return event if isinstance(event, ArtefactsPruned) else None


def digests_gone(removals: Sequence[Removal]) -> frozenset[str]:
    """The digests of all that was removed of a batch."""
    return frozenset(digest for removal in removals for digest in removal.said.digests)


def records_gone(removals: Sequence[Removal], until: str = "~") -> bool:
    """Whether the records of a batch had been removed at the hour `until` (ISO, UTC), or ever."""
    return any(removal.said.subject == RECORDS and removal.at <= until for removal in removals)


def verify_removals(walk: Walk, registers: Registers, batch: str, segments: Sequence[Segment]) -> int:
    """Each removal was due by the policy of its hour, free of holds and contests, and not done by who made the policy.

    As far as the office's events of then are opened. Gives how many files that are said to be gone are there still.
    Raises Integrity PRUNED_UNDULY.
    """
    state, left = BatchState(batch), 0
    for segment in segments:
        for stored in segment.envelopes:
            if said := _said(stored):
                _require_due(registers, state, said, stored.at, stored.actor)
                left += sum(_lies(walk, batch, said, digest) for digest in said.digests)
            state = fold_batch(batch, [stored], state)
    return left


def _require_due(registers: Registers, state: BatchState, said: ArtefactsPruned, at: str, actor: str) -> None:
    office = registers.at(said.office_version, at)
    if office is None:
        _require_own(state, said)
        return
    try:
        again = prune(state, office, said.subject, actor, at[:10], said.salt)
    except (Refused, KeyError):
        again = None
    if again != replace(said, digests=tuple(said.digests)):
        raise _unduly(state)


def _require_own(state: BatchState, said: ArtefactsPruned) -> None:
    """Where the policy is in no opened segment yet: what went is of that class, and the batch was closed."""
    kinds = CLASSES[said.subject].kinds if said.subject in CLASSES else ()
    own = {named["digest"] for named in state.named if named["kind"] in kinds}
    if not state.closed or not own >= set(said.digests):
        raise _unduly(state)


def _unduly(state: BatchState) -> Exception:
    return inconsistent("PRUNED_UNDULY", f"Files of batch {state.batch} were removed that no policy let go then.")


def _lies(walk: Walk, batch: str, said: ArtefactsPruned, digest: str) -> bool:
    kinds = CLASSES[said.subject].kinds
    return any((walk.folder(batch) / artefact_name(kind, digest)).exists() for kind in kinds)
