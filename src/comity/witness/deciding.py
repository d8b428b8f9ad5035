"""Whether a witness may cosign: the checks of c2sp.org/tlog-witness in its order, each with its HTTP status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.accounting.add_checkpoint import AddCheckpoint
from comity.accounting.checkpoint import Checkpoint, Verifier, parse_checkpoint, verify_log_note
from comity.accounting.errors import LogError
from comity.accounting.tree import EMPTY_ROOT, verify_consistency

STATUS = {
    "ADD_MALFORMED": 400,
    "CHECKPOINT_MALFORMED": 400,
    "NOTE_MALFORMED": 400,
    "LOG_UNKNOWN": 404,
    "NOTE_UNSIGNED": 403,
    "NOTE_SIGNATURE_WRONG": 403,
    "CHECKPOINT_NOT_THE_LOGS": 403,
    "OLD_SIZE_TOO_LARGE": 400,
    "OLD_SIZE_DIFFERS": 409,
    "ROOT_OF_NOTHING_WRONG": 422,
    "HISTORY_DIFFERS": 422,
    "CONSISTENCY_FAILS": 422,
}
"""The HTTP status of each refusal."""

INCONSISTENT = frozenset(code for code, status in STATUS.items() if status == 422)


def origin_of(note: str) -> str:
    """The origin that a note claims, nothing verified; CHECKPOINT_MALFORMED when it is no checkpoint."""
    text, _, _ = note.rpartition("\n\n")
    return parse_checkpoint(f"{text}\n").origin


def signed_head(note: str, logs: Mapping[str, Sequence[Verifier]]) -> Checkpoint:
    """The checkpoint of a note that a trusted key of its origin signed; `logs` are the trusted keys by origin.

    Raises LOG_UNKNOWN for another origin, and what `verify_log_note` raises.
    """
    trusted = logs.get(origin_of(note), ())
    if not trusted:
        raise LogError("LOG_UNKNOWN", "This witness does not watch a log of that origin.")
    head, _ = verify_log_note(note, trusted)
    return head


def require_extends(asked: AddCheckpoint, head: Checkpoint, latest: Checkpoint | None) -> None:
    """Refuse unless `head` extends `latest`, the checkpoint cosigned last, as the request's proof shows.

    Raises OLD_SIZE_TOO_LARGE, OLD_SIZE_DIFFERS, ROOT_OF_NOTHING_WRONG, HISTORY_DIFFERS or CONSISTENCY_FAILS.
    """
    size, root = (latest.size, latest.root) if latest else (0, EMPTY_ROOT)
    if asked.old > head.size:
        raise LogError("OLD_SIZE_TOO_LARGE", "The old size is larger than the checkpoint's.")
    if asked.old != size:
        raise LogError("OLD_SIZE_DIFFERS", f"The checkpoint cosigned last has {size} leaves.")
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise LogError("ROOT_OF_NOTHING_WRONG", "The root of a log without leaves is the hash of nothing.")
    if splits(head, latest):
        raise LogError("HISTORY_DIFFERS", "Another root was cosigned for a log of this size.")
    if not verify_consistency(asked.old, head.size, asked.proof, root, head.root):
        raise LogError("CONSISTENCY_FAILS", "The proof does not lead from the checkpoint cosigned last to this one.")


def splits(head: Checkpoint, latest: Checkpoint | None) -> bool:
    """Whether the two alone prove two histories: both signed, of one size, with different roots."""
    return latest is not None and head.size == latest.size and head.root != latest.root
