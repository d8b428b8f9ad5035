"""The receipt of a batch's accounting: evidence, to be verified by whoever relies on it, that every leaf is logged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import rfc8785

from comity.accounting.checkpoint import Checkpoint, Verifier, decode64, encode64
from comity.accounting.errors import LogError
from comity.accounting.log import Log
from comity.accounting.policy import Policy, verify_checkpoint
from comity.accounting.proof import parse_proof, verify_proof
from comity.accounting.tree import leaf_hash, verify_range

_TYPE = "receipt/1"
_MALFORMED = "RECEIPT_MALFORMED"


@dataclass(frozen=True)
class Receipt:
    """Where the request leaves of one batch and intent stand in the log, and the proof of the `intended` leaf.

    `note` is the checkpoint with its cosignatures; `start` and `end` are the range of the request leaves, `left` and
    `right` the hashes around it; `intended` is a `.tlog-proof`. A receipt carries evidence, not trust: an instance says
    nothing until `verify_receipt` has hashed the leaves again.
    """

    note: str
    start: int
    end: int
    left: tuple[bytes, ...]
    right: tuple[bytes, ...]
    intended: str

    def encode(self) -> bytes:
        """Give the receipt as canonical JSON."""
        return rfc8785.dumps(
            {
                "type": _TYPE,
                "checkpoint": self.note,
                "start": self.start,
                "end": self.end,
                "left": [encode64(digest) for digest in self.left],
                "right": [encode64(digest) for digest in self.right],
                "intended": self.intended,
            }
        )


def make_receipt(log: Log, start: int, end: int, intended_index: int, note: str | None = None) -> Receipt:
    """Make the receipt of the request leaves [start, end) and the `intended` leaf from the log.

    `note` is a checkpoint note of this log that holds them, with cosignatures; without one the log's own is taken.
    RECEIPT_RANGE when the `intended` leaf does not stand after the range.
    """
    note = log.note() if note is None else note
    if not 0 <= start < end <= intended_index:
        raise LogError("RECEIPT_RANGE", "The intended leaf stands after the request leaves.")
    left, right = log.range(start, end, log.verified(note).size)
    return Receipt(note, start, end, tuple(left), tuple(right), log.prove(intended_index, note).text)


def read_receipt(data: bytes) -> Receipt:
    """Read a receipt's JSON; RECEIPT_MALFORMED unless it is exactly what `encode` makes of what it says."""
    try:
        fields = json.loads(data)
        left, right = (_hashes(fields[side]) for side in ("left", "right"))
        receipt = Receipt(fields["checkpoint"], fields["start"], fields["end"], left, right, fields["intended"])
        exact = _is_typed(receipt) and receipt.encode() == data
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        exact = False
    if not exact:
        raise LogError(_MALFORMED, "A receipt is not of its form.")
    return receipt


def verify_receipt(
    receipt: Receipt, leaves: Iterable[bytes], intended_leaf: bytes, verifiers: Sequence[Verifier], policy: Policy
) -> Checkpoint:
    """Hash the leaves again and give the checkpoint under which all of them stand, and the `intended` leaf after them.

    Nothing of the receipt is believed. Raises what `verify_checkpoint` and `verify_proof` raise, and RECEIPT_FAILS when
    the leaves, their number or their place differ.
    """
    receipt = _plain(receipt)
    head = verify_checkpoint(receipt.note, verifiers, policy)
    proof = parse_proof(receipt.intended)
    under = verify_proof(proof, intended_leaf, verifiers, policy)
    if under != head or not 0 <= receipt.start < receipt.end <= proof.index:
        raise LogError("RECEIPT_FAILS", "The intended leaf is not proven to stand after the request leaves.")
    # One more than the range is enough to know that there are too many.
    hashes = map(leaf_hash, islice(leaves, receipt.end - receipt.start + 1))
    end = verify_range(hashes, receipt.start, head.size, receipt.left, receipt.right, head.root)
    if end != receipt.end:
        raise LogError("RECEIPT_FAILS", "The request leaves do not hash to the checkpoint.")
    return head


def _plain(receipt: Receipt) -> Receipt:
    """Give the receipt as its JSON says it, whatever the instance was made by or of."""
    try:
        return read_receipt(Receipt.encode(receipt))
    except (AttributeError, TypeError, ValueError):
        raise LogError(_MALFORMED, "A receipt is not of its form.") from None


def _is_typed(receipt: Receipt) -> bool:
    words, numbers = (receipt.note, receipt.intended), (receipt.start, receipt.end)
    return all(type(word) is str for word in words) and all(type(number) is int for number in numbers)


def _hashes(texts: list[str]) -> tuple[bytes, ...]:
    return tuple(decode64(text, _MALFORMED) for text in texts)
