"""The log in a directory: appends durably under a signed checkpoint, and proves what stands under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from shutil import rmtree
from typing import Self

from comity.accounting.checkpoint import (
    Checkpoint,
    Signer,
    Verifier,
    lines_of,
    sign_note,
    signature_line,
    verify_log_note,
)
from comity.accounting.durable import Staging, exclusively, sync
from comity.accounting.errors import LogError
from comity.accounting.growth import Growth, Write
from comity.accounting.proof import TlogProof
from comity.accounting.tiles import Tiles
from comity.accounting.tree import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    range_proof,
    range_root,
)

CHECKPOINT = "checkpoint"
_LOCK = ".lock"


def read_note(directory: Path) -> str:
    """Give the published checkpoint of a log, unverified; LOG_DAMAGED when there is none or it is no text."""
    try:
        return (directory / CHECKPOINT).read_bytes().decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        raise LogError("LOG_DAMAGED", "The log has no readable checkpoint.") from None


class Log:
    """A C2SP tile log below `directory`, as a web server can publish it (`checkpoint` and `tile/`).

    The log is what its checkpoint says: files beyond the checkpoint's size are no part of it and are written over. The
    checkpoint is read, and its signature verified, at every use, so that several processes may hold the same log. Its
    origin is the name of the verifier's key. Without a signer it is read only.
    """

    def __init__(self, directory: Path, verifier: Verifier, signer: Signer | None = None) -> None:
        self.directory = directory
        self.origin = verifier.key.name
        self.verifier = verifier
        self._signer = signer
        self._tiles = Tiles(directory)
        self._edge(self.checkpoint(), _never_written)

    @classmethod
    def create(cls, directory: Path, verifier: Verifier, signer: Signer) -> Self:
        """Make an empty log with a signed checkpoint of size 0; LOG_EXISTS when the directory is not empty."""
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise LogError("LOG_EXISTS", "The directory of a new log must be empty.")
        sync(directory.parent)
        _write_note(directory, sign_note(Checkpoint(verifier.key.name, 0, EMPTY_ROOT).text, [signer]))
        return cls(directory, verifier, signer)

    def note(self) -> str:
        """Give the checkpoint as published: its text and its signatures, unverified."""
        return read_note(self.directory)

    def checkpoint(self) -> Checkpoint:
        """Give the head of the log from its published checkpoint."""
        return self.verified(self.note())

    def verified(self, note: str) -> Checkpoint:
        """Give the checkpoint of a note, once this log's signature under it is verified."""
        head, _ = verify_log_note(note, [self.verifier])
        return head

    def append(self, leaves: Iterable[bytes], *, at: int | None = None) -> tuple[int, int]:
        """Append leaves and return once they are on the disk under a signed checkpoint; give their (start, end).

        All of them become part of the log, or none. `at` is the index that the caller expects for the first: what
        already stands there must be equal, so that the same append can be repeated after a crash. Raises
        LEAF_DIFFERS when it is not, LOG_TOO_SHORT when the log ends before `at`, LOG_UNWRITABLE when the disk refuses.
        """
        if self._signer is None:
            raise LogError("LOG_READ_ONLY", "The log was opened without a key to sign with.")
        try:
            with self._locked():
                head = self.checkpoint()
                start = head.size if at is None else at
                rest = iter(leaves)
                present = self._count_present(rest, start, head.size)
                return start, self._grow(rest, head, self._signer) or start + present
        except OSError as fault:
            raise LogError("LOG_UNWRITABLE", f"The log was not grown: {fault.strerror}.") from fault

    def publish_cosigned(self, note: str) -> None:
        """Add the witnesses' lines in a note of the log's checkpoint to the published one, unless the log outgrew it.

        No line is taken away: the published one may bear that of a key which this process does not know of yet.
        Raises what `verified` raises, and LOG_UNWRITABLE.
        """
        head = self.verified(note)
        try:
            with self._locked():
                if self.checkpoint() == head:
                    _write_note(self.directory, _with_lines_of(note, (self.directory / CHECKPOINT).read_text("utf-8")))
        except OSError as fault:
            raise LogError("LOG_UNWRITABLE", f"The checkpoint was not published: {fault.strerror}.") from fault

    def hand_over(self, successor: Signer) -> None:
        """Have the checkpoint signed by the key that follows as well, and keep that note below `handover/`.

        It is the last that this log's own key signs. Doing it again changes nothing. Raises LOG_UNWRITABLE.
        """
        note = self.note()
        head = self.verified(note)
        if not lines_of(note, [successor.key]):
            note += signature_line(successor.key, successor.sign(head.text.encode()))
        try:
            with self._locked():
                _write_note(self.directory, note, handover_path(head.size))
                _write_note(self.directory, note)
        except OSError as fault:
            raise LogError("LOG_UNWRITABLE", f"The handover was not published: {fault.strerror}.") from fault

    def keep_cosigned_handover(self, note: str) -> None:
        """Add what witnesses wrote under `note` to the kept note of a handover of the same size, if there is one."""
        path = handover_path(self.verified(note).size)
        if (self.directory / path).exists():
            with self._locked():
                kept = (self.directory / path).read_text("utf-8")
                _write_note(self.directory, _with_lines_of(note, kept), path)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Give the leaves [start, end) in order, a bundle in memory at a time."""
        return self._tiles.entries(start, end, self.checkpoint().size)

    def leaf_hash(self, index: int) -> bytes:
        """Give the hash of a leaf, from its bytes; LOG_DAMAGED when the tile holds another."""
        size = self.checkpoint().size
        (entry,) = self._tiles.entries(index, index + 1, size)
        digest = leaf_hash(entry)
        if digest != self._tiles.hashes(size)(0, index):
            raise LogError("LOG_DAMAGED", f"Leaf {index} is not the one that its tile names.")
        return digest

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Give the audit path of leaf `index` in the tree of `size` leaves."""
        return inclusion_proof(self._tiles.hashes(self._holding(size)), index, size)

    def prove(self, index: int, note: str) -> TlogProof:
        """Prove the leaf at `index` under a checkpoint note of this log, as published or with cosignatures added."""
        return TlogProof(index, tuple(self.inclusion(index, self.verified(note).size)), note)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Give the proof that the tree of `new` leaves extends that of `old`."""
        return consistency_proof(self._tiles.hashes(self._holding(new)), old, new)

    def root_at(self, size: int) -> bytes:
        """Give the root over the first `size` leaves; LOG_RANGE when the log has fewer."""
        return range_root(self._tiles.hashes(self._holding(size)), 0, size)

    def range(self, start: int, end: int, size: int) -> tuple[list[bytes], list[bytes]]:
        """Give the hashes left and right of the leaves [start, end) in the tree of `size` leaves."""
        return range_proof(self._tiles.hashes(self._holding(size)), start, end, size)

    def _holding(self, size: int) -> int:
        """Give the published size that proofs about a tree of `size` leaves are read from."""
        published = self.checkpoint().size
        if size > published:
            raise LogError("LOG_RANGE", f"The log holds {published} leaves, not {size}.")
        return published

    def _edge(self, head: Checkpoint, write: Write) -> Growth:
        """Give the right edge of the log, which must hash to the root that the checkpoint signed."""
        growth = Growth(self._tiles, head.size, write)
        if growth.root() != head.root:
            raise LogError("LOG_DAMAGED", "The log's tiles do not hash to its checkpoint.")
        return growth

    def _count_present(self, leaves: Iterator[bytes], start: int, size: int) -> int:
        """Consume the leaves that already stand in the log and count them; each must be equal to what stands there."""
        if not 0 <= start <= size:
            raise LogError("LOG_TOO_SHORT", f"The next leaf is expected at {start}, the log ends at {size}.")
        count = 0
        for held, leaf in zip(self._tiles.entries(start, size, size), leaves, strict=False):
            if held != leaf:
                raise LogError("LEAF_DIFFERS", f"Another leaf stands at {start + count}.")
            count += 1
        return count

    def _grow(self, leaves: Iterator[bytes], head: Checkpoint, signer: Signer) -> int:
        """Write what the leaves add, the checkpoint last; give the new size, or 0 for no leaves."""
        first = next(leaves, None)
        if first is None:
            return 0
        staging = Staging(self.directory)
        growth = self._edge(head, staging.write)
        growth.extend(chain([first], leaves))
        growth.finish()
        note = sign_note(Checkpoint(self.origin, growth.size, growth.root()).text, [signer])
        # A checkpoint that nobody could verify would end the log: a faulty key is noticed before it is published.
        self.verified(note)
        staging.publish()
        _write_note(self.directory, note)
        for folder in growth.outgrown:
            rmtree(self.directory / folder, ignore_errors=True)
        return growth.size

    def _locked(self) -> AbstractContextManager[None]:
        """Hold the log alone; a second appender waits."""
        return exclusively(self.directory / _LOCK)


def handover_path(size: int) -> str:
    """Where, below a log, the note lies that two keys signed when the log had `size` leaves."""
    return f"handover/{size}"


def _with_lines_of(note: str, kept: str) -> str:
    """The note `kept` with the signature lines of `note`, of the same checkpoint, that it lacks."""
    added = [line for line in note[note.rindex("\n\n") + 2 :].splitlines(keepends=True) if line not in kept]
    return kept + "".join(added)


def _write_note(directory: Path, note: str, name: str = CHECKPOINT) -> None:
    staging = Staging(directory)
    staging.write(name, note.encode())
    staging.publish()


def _never_written(path: str, data: bytes) -> None:
    raise LogError("LOG_READ_ONLY", f"Reading the log must not write {path} ({len(data)} bytes).")
