"""Segments: the events between two leaves, written beside the artefacts so that the log can be opened without us.

A stage leaf commits to the events of a batch since the stage before; an office leaf to the events of the office since
the office leaf before. The salt of a stage lies in the event that closes it. A segment is one canonical JSON text
(RFC 8785): an array of envelopes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.accounting.errors import LogError
from comity.accounting.leaf import commit
from comity.case.envelope import Envelope
from comity.crypto import canonical


def segment_body(envelopes: Sequence[Envelope]) -> bytes:
    """The bytes that a stage leaf or an office leaf commits to."""
    return canonical([stored.stored() for stored in envelopes])


def commitment(envelopes: Sequence[Envelope], salt: bytes) -> str:
    """The salted commitment (hex) to a segment."""
    return commit(salt, segment_body(envelopes))


def office_salt(key: bytes, first: int, last: int) -> bytes:
    """The salt of an office segment: keyed, so that the same segment always gets the same."""
    return hmac.new(key, f"office segment {first}-{last}".encode(), hashlib.sha256).digest()


def write_segment(folder: Path, envelopes: Sequence[Envelope], salt: bytes) -> Path:
    """Write a segment, `segment-<first>-<last>-<salt>.json`, whole and synced; writing it again changes nothing."""
    path = folder / f"segment-{envelopes[0].version:012d}-{envelopes[-1].version:012d}-{salt.hex()}.json"
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(segment_body(envelopes))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


@dataclass(frozen=True)
class Segment:
    """A segment as it was found in a folder: its events and its salt."""

    envelopes: tuple[Envelope, ...]
    salt: bytes

    @property
    def first(self) -> int:
        """The version of its first event."""
        return self.envelopes[0].version

    def commits_to(self, commitment_: str) -> bool:
        """Whether a leaf with that commitment (hex) speaks of this segment."""
        return commitment(self.envelopes, self.salt) == commitment_


def read_segments(folder: Path) -> list[Segment]:
    """The segments in `folder`, oldest first. Raises LogError `SEGMENT_UNREADABLE` at a file that is none."""
    return [_read(path) for path in sorted(folder.glob("segment-*.json"))]


def _read(path: Path) -> Segment:
    try:
        salt = bytes.fromhex(path.stem.split("-")[3])
        envelopes = tuple(Envelope(**stored) for stored in json.loads(path.read_bytes()))
        first = envelopes[0].version
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        raise LogError("SEGMENT_UNREADABLE", f"The file {path.name} is no segment.") from None
    if [stored.version for stored in envelopes] != list(range(first, first + len(envelopes))):
        raise LogError("SEGMENT_UNREADABLE", f"The events in {path.name} do not follow one another.")
    return Segment(envelopes, salt)
