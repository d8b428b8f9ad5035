"""What a log sends a witness to have a checkpoint cosigned: the body of `add-checkpoint` (c2sp.org/tlog-witness)."""

from __future__ import annotations

from dataclasses import dataclass

from comity.accounting.checkpoint import decode64, decode_number, encode64
from comity.accounting.errors import LogError
from comity.accounting.tree import HASH_SIZE

_MALFORMED = "ADD_MALFORMED"
_LONGEST_PROOF = 63


@dataclass(frozen=True)
class AddCheckpoint:
    """The size that the witness is believed to have cosigned last, the proof from there, and the checkpoint note."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def body(self) -> bytes:
        """The request's body."""
        return "\n".join([f"old {self.old}", *map(encode64, self.proof), "", self.note]).encode()


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Read the body of a request; ADD_MALFORMED when it is none. The note in it is not looked at."""
    try:
        head, gap, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise LogError(_MALFORMED, "The request is not UTF-8.") from None
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old ") or len(lines) > _LONGEST_PROOF:
        raise LogError(_MALFORMED, "A request is an old size, at most 63 hashes, an empty line and a checkpoint.")
    proof = tuple(decode64(line, _MALFORMED) for line in lines)
    if any(len(digest) != HASH_SIZE for digest in proof):
        raise LogError(_MALFORMED, "A line of the proof is not a SHA-256 hash.")
    return AddCheckpoint(decode_number(first[4:], _MALFORMED), proof, note)
