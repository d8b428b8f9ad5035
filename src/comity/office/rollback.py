"""Whether a home is older than what others have seen of its log: a backup of last week is whole, and yet not the story.

Whoever restores an earlier day takes back what was logged since, holds and disclosures among it. The home itself cannot
know; witnesses can, and whoever kept a checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from comity.accounting.checkpoint import Signed, VerifiedNote, Verifier, lines_of, parse_vkey, verify_log_note
from comity.accounting.errors import LogError
from comity.accounting.log import Log
from comity.accounting.policy import Policy, parse_policy, quorum_met
from comity.accounting.verifying import note_verifier
from comity.case.errors import BadInput, Integrity, Usage, Waiting
from comity.case.office_events import QuorumProposed
from comity.case.office_state import OfficeState
from comity.office.asking import AHEAD, DISAGREES, Asked, ask
from comity.office.home import Home


def require_newest(home: Home, state: OfficeState, checkpoints: Sequence[Path], policy: str | None) -> None:
    """See that the log of `home` is not older than any of the `checkpoints` (files) nor than what witnesses cosigned.

    The witnesses are those of `policy` (c2sp.org/tlog-policy) and those that any approved quorum in `state` names; they
    cosign the log as it is. Raises Integrity `BACKUP_OLDER_THAN_SEEN` or `BACKUP_OF_ANOTHER_HISTORY`, and where no
    checkpoint was given Waiting `WITNESSES_SILENT` when too few answer, or Usage `CHECKPOINT_NEEDED` when nobody is
    named who could.
    """
    log = Log(home.log_directory, home.verifier())
    keys = [state.log_key_at(version) for version in (1, *(at for at, _ in state.key_changes))]
    for path in checkpoints:
        _require_reaches(log, _seen(path, [note_verifier(parse_vkey(key)) for key in keys]))
    policies = [known for known in _policies(state, policy) if known.witnesses]
    if not policies and not checkpoints:
        raise Usage(
            "CHECKPOINT_NEEDED",
            "No witness is named, and no checkpoint was given: nobody says whether the log has gone on.",
            "Give the newest checkpoint that anybody keeps, and not the backup's own: --checkpoint FILE.",
        )
    for known in policies:
        _require_not_outgrown(log, known, enough=bool(checkpoints))


def _seen(path: Path, verifiers: Sequence[Verifier]) -> tuple[int, bytes]:
    """Size and root of a kept checkpoint, under whichever key of the log signed it."""
    try:
        head, _ = verify_log_note(path.read_text(encoding="utf-8"), verifiers)
    except (OSError, UnicodeDecodeError, LogError):
        raise BadInput(
            "CHECKPOINT_UNREADABLE", "A file given is no checkpoint of this log.", "Give the signed note: --checkpoint."
        ) from None
    return head.size, head.root


def _require_reaches(log: Log, seen: tuple[int, bytes]) -> None:
    size, root = seen
    held = log.checkpoint().size
    if size > held:
        raise _older(f"it has {held} leaves, and a checkpoint of {size} is out.")
    if size and log.root_at(size) != root:
        raise _another(f"at {size} leaves it has another root.")


def _policies(state: OfficeState, policy: str | None) -> list[Policy]:
    versions = [version for entries in state.entries.values() for version in entries if version.approved_by]
    texts = {version.said.policy for version in versions if isinstance(version.said, QuorumProposed)}
    texts |= {policy} if policy is not None else set()
    return [parse_policy(text.encode()) for text in sorted(texts)]


def _require_not_outgrown(log: Log, policy: Policy, *, enough: bool) -> None:
    """`enough` says that the silence of witnesses is made up for."""
    note = log.note()
    # Without the cosignatures it has: what a witness wrote before the backup says nothing about the time since.
    note = note[: note.rindex("\n\n") + 2] + lines_of(note, [log.verifier.key])
    answers = {name: _asked(log, policy, name, note) for name in policy.witnesses}
    said = {asked.why for asked in answers.values()}
    if AHEAD in said:
        raise _older("a witness has cosigned a longer history of it.")
    if DISAGREES in said:
        raise _another("a witness has cosigned another history of it.")
    cosigned = [Signed(policy.witnesses[name], None) for name, asked in answers.items() if asked.lines]
    # A quorum of none is met by silence, and silence says nothing about the newest checkpoint.
    if not enough and not (cosigned and quorum_met(policy, VerifiedNote(note, tuple(cosigned)))):
        raise Waiting(
            "WITNESSES_SILENT",
            "Too few witnesses say whether the log has gone on since this backup.",
            "Do it again when they answer, or give the newest checkpoint that anybody keeps: --checkpoint FILE.",
        )


def _asked(log: Log, policy: Policy, name: bytes, note: str) -> Asked:
    url = policy.urls.get(name, "")
    return ask(url, [note_verifier(policy.witnesses[name])], log, note) if url else Asked(why="has no address")


def _older(says: str) -> Integrity:
    return Integrity(
        "BACKUP_OLDER_THAN_SEEN",
        f"The log of the backup is not the newest: {says}",
        "Restore a newer backup. This one would take back what was logged since.",
    )


def _another(says: str) -> Integrity:
    return Integrity(
        "BACKUP_OF_ANOTHER_HISTORY",
        f"The log of the backup is not the one that was seen: {says}",
        "Do not restore it; keep both as evidence, and see docs/how-to/witnesses.md.",
    )
