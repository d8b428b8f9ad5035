"""Verification of an office from its files alone, `log/` and `batches/`, by somebody who trusts none of it.

In this order, so that each step stands on the one before: (1) the log's files hash to its signed checkpoint; (2) every
leaf is of a known form, and the first says whose log it is; (3) every stage and office leaf opens to its segment of
events; (4) every batch's events fold, and each artefact they name is the one they name; (5) every intent stands after
exactly its entries, and the entries are of the answers; (6) two officers signed those answers; (7) what was sealed was
intended, rebuilds to the replies' digests, and was sealed under no hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from comity.accounting.audit import audit
from comity.accounting.checkpoint import NoteKey, Verifier, parse_vkey
from comity.accounting.errors import LogError
from comity.accounting.leaf import HoldLeaf, Leaf, OfficeSegmentLeaf, OutcomeLeaf, StageLeaf, read_leaf
from comity.accounting.segments import Segment, read_segments
from comity.accounting.tiles import Tiles
from comity.case.batch_state import BatchState, fold_batch
from comity.case.envelope import OFFICE, batch_stream, opened
from comity.case.errors import Integrity
from comity.case.holds import EVERY_AGREEMENT
from comity.case.office_events import OFFICE_EVENTS, OfficeOpened
from comity.crypto import Certificate, CryptoError, verify_ed25519
from comity.oversight.disclosures import Disclosure, verify_intent, verify_sealed

_REQUEST = b'"type":"request/1"'


@dataclass(frozen=True)
class Verification:
    """What was checked and found to hold; `root` is in hex."""

    origin: str
    size: int
    root: str
    batches: int
    requests: int
    intents: int
    sealed: int
    holds: int
    office_events: int

    def facts(self) -> dict[str, object]:
        """The figures, for JSON."""
        return asdict(self) | {"verified": True}

    def sentence(self) -> str:
        """The figures, for people."""
        return (
            f"Verified: {self.origin}, {self.size:,} leaves, root {self.root[:16]}.\n"
            f"{self.batches} batches, {self.intents} intents with {self.requests:,} entries, {self.sealed} sealed, "
            f"{self.holds} leaves about holds, {self.office_events} events of the office opened.\n"
            "Every leaf opens to what lies beside it; nothing was sealed under a hold or without two signatures."
        )


@dataclass(frozen=True)
class Walk:
    """The log as it was read: `leaves` are (index, leaf) of everything but requests, of which there are `requests`."""

    directory: Path
    leaves: Sequence[tuple[int, Leaf]]
    requests: int
    size: int
    genesis: OfficeOpened

    def folder(self, stream: str) -> Path:
        """Where the segments and artefacts of a stream lie."""
        return self.directory / "batches" / stream

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes of the leaves [start, end)."""
        return Tiles(self.directory / "log").entries(start, end, self.size)

    def authority(self) -> Certificate:
        """The office's own authority, as the first leaf names it."""
        return Certificate.from_pem(self.genesis.authority.encode())


def verify_log(directory: Path, key: str = "", progress: Callable[[str], None] = lambda _: None) -> Verification:
    """Verify the log in `directory/log` with the segments and artefacts in `directory/batches`.

    `key` is the log's verifier key as it was handed to the verifier; without one the key in the log's first entry is
    taken, which shows the files to be consistent, not whose they are. Raises Integrity with the code of the first thing
    that does not hold, and its place.
    """
    try:
        progress("hashing every entry of the log again")
        walk, root, origin = _walk(directory, key)
        progress("opening the office's segments and every batch")
        office_events = _verify_office(walk)
        disclosures = [_verify_batch(walk, batch) for batch in _batches(walk)]
    except LogError as error:
        raise Integrity(error.code, error.says, "Do not rely on this log; keep it as evidence.") from None
    accounted = sum(intent.rows for found in disclosures for intent in found)
    if accounted != walk.requests:
        raise _inconsistent("ENTRY_WITHOUT_INTENT", "Entries stand in the log that belong to no intent.")
    outcomes = [leaf for _, leaf in walk.leaves if isinstance(leaf, OutcomeLeaf)]
    return Verification(
        origin,
        walk.size,
        root,
        len(disclosures),
        walk.requests,
        sum(map(len, disclosures)),
        sum(outcome.outcome == "sealed" for outcome in outcomes),
        sum(isinstance(leaf, HoldLeaf) for _, leaf in walk.leaves),
        office_events,
    )


def _walk(directory: Path, key: str) -> tuple[Walk, str, str]:
    """Steps (1) and (2)."""
    genesis = _genesis(directory)
    found = audit(directory / "log", [_verifier(parse_vkey(key or genesis.log_key))])
    leaves, requests = [], 0
    for index, data in enumerate(Tiles(directory / "log").entries(0, found.size, found.size)):
        if _REQUEST in data:
            requests += 1
        else:
            leaves.append((index, read_leaf(data)))
    return Walk(directory, leaves, requests, found.size, genesis), found.root.hex(), found.origin


def _genesis(directory: Path) -> OfficeOpened:
    segments = read_segments(directory / "batches" / OFFICE)
    event = opened(segments[0].envelopes[0], OFFICE_EVENTS) if segments else None
    if not isinstance(event, OfficeOpened):
        raise LogError("GENESIS_MISSING", "The office's first segment does not say whose log this is.")
    return event


def _verifier(key: NoteKey) -> Verifier:
    def verified(content: bytes, signature: bytes) -> bool:
        try:
            verify_ed25519(key.public_key, signature, content)
        except CryptoError:
            return False
        return True

    return Verifier(key, verified)


def _verify_office(walk: Walk) -> int:
    """Step (3) for the office: its segments follow one another from the first event and open their leaves."""
    leaves = [(index, leaf) for index, leaf in walk.leaves if isinstance(leaf, OfficeSegmentLeaf)]
    segments = read_segments(walk.folder(OFFICE))
    if not leaves or leaves[0][0] != 0 or len(leaves) != len(segments):
        raise _inconsistent("SEGMENT_MISSING", "The office's leaves and segments are not of one number.")
    expected = 1
    for (index, leaf), segment in zip(leaves, segments, strict=True):
        last = segment.envelopes[-1].version
        if (leaf.first_version, leaf.last_version) != (expected, last) or not segment.commits_to(leaf.events):
            raise _inconsistent("SEGMENT_DIFFERS", f"The leaf {index} does not open to its segment.")
        expected = last + 1
    return expected - 1


def _batches(walk: Walk) -> list[str]:
    return list(dict.fromkeys(leaf.batch for _, leaf in walk.leaves if isinstance(leaf, StageLeaf | OutcomeLeaf)))


def _verify_batch(walk: Walk, batch: str) -> list[Disclosure]:
    """Steps (3) to (7) for one batch; gives its intents."""
    stages = [(i, leaf) for i, leaf in walk.leaves if isinstance(leaf, StageLeaf) and leaf.batch == batch]
    segments = read_segments(walk.folder(batch))
    if len(stages) != len(segments):
        raise _inconsistent("SEGMENT_MISSING", f"Batch {batch} has not one segment for each of its stages.")
    state, intents = BatchState(batch), []
    for (index, leaf), segment in zip(stages, segments, strict=True):
        _require_opens(batch, state, index, leaf, segment)
        state = fold_batch(batch, segment.envelopes, state)
        if leaf.stage == "intended":
            intents.append(verify_intent(walk.folder(batch), state, index, walk.entries, walk.authority()))
    outcomes = [(i, leaf) for i, leaf in walk.leaves if isinstance(leaf, OutcomeLeaf) and leaf.batch == batch]
    for index, outcome in outcomes:
        _require_intended(intents, index, outcome)
        if outcome.outcome == "sealed":
            _require_no_hold(walk, intents[-1].agreement, index)
            verify_sealed(walk.folder(batch), intents[-1])
    return intents


def _require_opens(batch: str, state: BatchState, index: int, leaf: StageLeaf, segment: Segment) -> None:
    in_line = segment.first == state.version + 1
    own = all(stored.stream == batch_stream(batch) for stored in segment.envelopes)
    if not (in_line and own and segment.commits_to(leaf.events)):
        raise _inconsistent("SEGMENT_DIFFERS", f"The leaf {index} does not open to its segment.")


def _require_intended(intents: Sequence[Disclosure], index: int, outcome: OutcomeLeaf) -> None:
    if not any(intent.number == outcome.intent and intent.index < index for intent in intents):
        raise _inconsistent("SEALED_WITHOUT_INTENT", f"The leaf {index} speaks of an intent that is not in the log.")


def _require_no_hold(walk: Walk, agreement: str, index: int) -> None:
    """Holds and sealings stand in clear, so that a court needs nothing of ours to see their order."""
    for placed, leaf in walk.leaves:
        binds = isinstance(leaf, HoldLeaf) and leaf.act == "placed" and leaf.agreement in (agreement, EVERY_AGREEMENT)
        if binds and placed < index:
            raise _inconsistent("SEALED_UNDER_HOLD", f"The leaf {index} seals under the hold of leaf {placed}.")


def _inconsistent(code: str, says: str) -> Integrity:
    return Integrity(code, says, "Do not rely on this log; keep it as evidence.")
