"""A `.tlog-proof`: one leaf's inclusion under a checkpoint, verified without the log (c2sp.org/tlog-proof)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.accounting.checkpoint import Checkpoint, Verifier, decode64, decode_number, encode64
from comity.accounting.errors import LogError
from comity.accounting.policy import Policy, verify_checkpoint
from comity.accounting.tree import HASH_SIZE, leaf_hash, verify_inclusion

_HEADER = "c2sp.org/tlog-proof@v1"
_MALFORMED = "PROOF_MALFORMED"
_LONGEST_PATH = 63


@dataclass(frozen=True)
class TlogProof:
    """The index of a leaf, its audit path, and the checkpoint note it leads to; `extra` is not authenticated."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """The proof as the content of a `.tlog-proof` file."""
        extra = [] if self.extra is None else [f"extra {encode64(self.extra)}"]
        lines = [_HEADER, *extra, f"index {self.index}", *map(encode64, self.path), "", self.note]
        return "\n".join(lines)


def parse_proof(text: str) -> TlogProof:
    """Read a `.tlog-proof`; PROOF_MALFORMED when it is none."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != _HEADER:
        raise LogError(_MALFORMED, "A proof begins with its header line and ends with a checkpoint.")
    extra = decode64(lines.pop(0)[6:], _MALFORMED) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise LogError(_MALFORMED, "A proof names the index of its leaf.")
    index = decode_number(lines.pop(0)[6:], _MALFORMED)
    path = tuple(decode64(line, _MALFORMED) for line in lines)
    if len(path) > _LONGEST_PATH or any(len(digest) != HASH_SIZE for digest in path):
        raise LogError(_MALFORMED, "A proof's path is at most 63 SHA-256 hashes.")
    return TlogProof(index, path, note, extra)


def verify_proof(proof: TlogProof, leaf: bytes, verifiers: Iterable[Verifier], policy: Policy) -> Checkpoint:
    """Give the checkpoint under which the leaf's bytes stand at the proof's index.

    Raises what `verify_checkpoint` raises about the note, and PROOF_FAILS when the path leads elsewhere.
    """
    head = verify_checkpoint(proof.note, verifiers, policy)
    if not verify_inclusion(leaf_hash(leaf), proof.index, head.size, proof.path, head.root):
        raise LogError("PROOF_FAILS", f"The leaf does not stand at {proof.index} under the checkpoint.")
    return head
