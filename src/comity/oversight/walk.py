"""The log as a verifier reads it: its files hashed to the checkpoint, its leaves sorted by what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comity.accounting.audit import audit
from comity.accounting.checkpoint import Verifier, parse_vkey
from comity.accounting.errors import LogError
from comity.accounting.leaf import EmbargoLeaf, HoldLeaf, OfficeSegmentLeaf, OutcomeLeaf, StageLeaf, read_leaf
from comity.accounting.log import handover_path
from comity.accounting.segments import Segment, read_segments
from comity.accounting.tiles import Tiles
from comity.accounting.tree import range_root
from comity.accounting.verifying import note_verifier
from comity.case.envelope import OFFICE, opened
from comity.case.errors import Integrity
from comity.case.keeping_events import LogKeyChanged
from comity.case.log_keys import KeyTerm
from comity.case.office_events import OFFICE_EVENTS, OfficeOpened
from comity.crypto import Certificate
from comity.oversight.log_keys import changes_in, claimed, require_handed_over, require_key_in_force, terms_of

KEEP = "Do not rely on this log; keep it as evidence."
_REQUEST = b'"type":"request/1"'


def inconsistent(code: str, says: str) -> Integrity:
    """What verification raises: a code, and a sentence without personal data."""
    return Integrity(code, says, KEEP)


@dataclass
class BatchLeaves:
    """The leaves about one batch, each with its index, in their order."""

    stages: list[tuple[int, StageLeaf]] = field(default_factory=list)
    outcomes: list[tuple[int, OutcomeLeaf]] = field(default_factory=list)


@dataclass(frozen=True)
class Walk:
    """The log as it was read: `requests` is the number of request leaves, all others are kept with their index.

    `verifier` is the log's, by the key in force, and `terms` are all its keys, oldest first; `policy` is the witness
    policy that the verifier of all this brought, or None.
    """

    directory: Path
    verifier: Verifier
    terms: Sequence[KeyTerm]
    policy: str | None
    root: str
    size: int
    requests: int
    genesis: OfficeOpened
    office: Sequence[tuple[int, OfficeSegmentLeaf]]
    holds: Sequence[tuple[int, HoldLeaf]]
    embargoes: Sequence[tuple[int, EmbargoLeaf]]
    batches: Mapping[str, BatchLeaves]

    def folder(self, stream: str) -> Path:
        """Where the segments and artefacts of a stream lie."""
        return self.directory / "batches" / stream

    @property
    def origin(self) -> str:
        """The log's origin."""
        return self.verifier.key.name

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` leaves; LOG_RANGE when the log has fewer."""
        if not 0 < size <= self.size:
            raise LogError("LOG_RANGE", f"The log holds {self.size} leaves, not {size}.")
        return range_root(Tiles(self.directory / "log").hashes(self.size), 0, size)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes of the leaves [start, end)."""
        return Tiles(self.directory / "log").entries(start, end, self.size)

    def authority(self) -> Certificate:
        """The office's own authority, as the first leaf names it."""
        return Certificate.from_pem(self.genesis.authority.encode())

    def certificate(self) -> Certificate:
        """The office's own certificate, as the first leaf names it."""
        return Certificate.from_pem(self.genesis.certificate.encode())


def read_walk(directory: Path, key: str, policy: str | None = None) -> Walk:
    """Hash `directory/log` to its checkpoint under `key` (or the key its first entry names), and read its leaves.

    `policy` is carried along. Raises LogError with the code of what does not hold.
    """
    segments = read_segments(directory / "batches" / OFFICE)
    genesis, changes = _genesis(segments), list(changes_in(segments))
    keys = [genesis.log_key, *(changed.vkey for _, changed in changes)]
    # Whoever holds an earlier key of this log is told so, once the log itself is found whole under the one in force.
    verifier = note_verifier(parse_vkey(keys[-1] if key in keys else key or keys[-1]))
    found = audit(directory / "log", [verifier])
    office: list[tuple[int, OfficeSegmentLeaf]] = []
    holds: list[tuple[int, HoldLeaf]] = []
    embargoes: list[tuple[int, EmbargoLeaf]] = []
    batches: dict[str, BatchLeaves] = {}
    requests = 0
    for index, data in enumerate(Tiles(directory / "log").entries(0, found.size, found.size)):
        if _REQUEST in data:
            requests += 1
            continue
        match read_leaf(data):
            case OfficeSegmentLeaf() as leaf:
                office.append((index, leaf))
            case HoldLeaf() as leaf:
                holds.append((index, leaf))
            case EmbargoLeaf() as leaf:
                embargoes.append((index, leaf))
            case StageLeaf() as leaf:
                batches.setdefault(leaf.batch, BatchLeaves()).stages.append((index, leaf))
            case OutcomeLeaf() as leaf:
                batches.setdefault(leaf.batch, BatchLeaves()).outcomes.append((index, leaf))
    terms = terms_of(genesis.log_key, changes, office)
    walk = Walk(
        directory,
        verifier,
        terms,
        policy,
        found.root.hex(),
        found.size,
        requests,
        genesis,
        office,
        holds,
        embargoes,
        batches,
    )
    _require_keys_followed(walk, [changed for _, changed in changes], key)
    return walk


def _require_keys_followed(walk: Walk, changes: Sequence[LogKeyChanged], key: str) -> None:
    """Each key was handed over to the next in this log, the last of them is the one that the reader holds."""
    for size in require_handed_over(walk.directory, walk.terms, changes):
        note = (walk.directory / "log" / handover_path(size)).read_text("utf-8")
        if claimed(note)[1] != walk.root_at(size):
            raise inconsistent("HANDOVER_DIFFERS", f"The handover at {size} leaves is of another log.")
    for changed in changes:
        if changed.compromised and walk.root_at(changed.counts_to).hex() != changed.root:
            raise inconsistent(
                "HANDOVER_DIFFERS", f"The last good checkpoint, of {changed.counts_to}, is of another log."
            )
    require_key_in_force(walk.terms, key, walk.policy)


def _genesis(segments: Sequence[Segment]) -> OfficeOpened:
    event = opened(segments[0].envelopes[0], OFFICE_EVENTS) if segments else None
    if not isinstance(event, OfficeOpened):
        raise LogError("GENESIS_MISSING", "The office's first segment does not say whose log this is.")
    return event
