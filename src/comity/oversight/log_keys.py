"""The keys of a log as its own events tell them: which signed when, and how each handed over to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from comity.accounting.checkpoint import Verifier, lines_of, parse_checkpoint, parse_vkey, verify_note
from comity.accounting.errors import LogError
from comity.accounting.leaf import OfficeSegmentLeaf
from comity.accounting.log import handover_path
from comity.accounting.policy import parse_policy
from comity.accounting.segments import Segment
from comity.accounting.verifying import note_verifier
from comity.case.envelope import opened
from comity.case.errors import Integrity
from comity.case.keeping_events import LogKeyChanged
from comity.case.log_keys import KeyTerm, followed
from comity.case.office_events import OFFICE_EVENTS

CHANGED = "LOG_KEY_CHANGED"
COMPROMISED = "LOG_KEY_COMPROMISED"
UNSIGNED = "NOTE_UNSIGNED"
NEXT = {
    CHANGED: "Compare the new key with what the office gave out by another way; then verify with --key and that key.",
    UNSIGNED: "Hold the key that you gave, if you gave one, against the one that you were handed. If it is that one, "
    "do not rely on this log, and keep it as evidence.",
    COMPROMISED: "Ask the office for its new key by a way that you trust, and verify with --key and that key.",
}
"""What a verifier does next whose key is not, or not any more, the one that signed."""


def changes_in(segments: Sequence[Segment]) -> Iterator[tuple[int, LogKeyChanged]]:
    """The changes of the log's key in the office's segments, each with the version of its event."""
    for segment in segments:
        for stored in segment.envelopes:
            event = opened(stored, OFFICE_EVENTS) if stored.type == LogKeyChanged.kind() else None
            if isinstance(event, LogKeyChanged):
                yield stored.version, event


def terms_of(
    first: str, changes: Sequence[tuple[int, LogKeyChanged]], leaves: Sequence[tuple[int, OfficeSegmentLeaf]]
) -> tuple[KeyTerm, ...]:
    """The term of each key, from the `first` on: `leaves` are those of the office with their index.

    A change is the last event of its segment: its leaf is the last that the key before signs. Raises Integrity
    `KEY_CHANGE_UNCLOSED` for one that is not.
    """
    terms: tuple[KeyTerm, ...] = (KeyTerm(first),)
    for version, event in changes:
        at = [index for index, leaf in leaves if leaf.last_version == version]
        if not at:
            raise Integrity("KEY_CHANGE_UNCLOSED", "A change of the log's key has no leaf of its own.", _KEEP)
        terms = followed(terms, event, at[0] + 1)
    return terms


def require_handed_over(directory: Path, terms: Sequence[KeyTerm], events: Sequence[LogKeyChanged]) -> Iterator[int]:
    """Verify the note of each handover in `directory/log`: both keys signed it, or the new one alone where the one
    before is compromised. Gives the sizes whose roots are claimed, each after its note; raises as `verify_note`.
    """
    for past, now, event in zip(terms[:-1], terms[1:], events, strict=True):
        note = _handover(directory / "log" / handover_path(now.since))
        signing = [now] if event.compromised else [past, now]
        signed = {one.key.vkey for one in verify_note(note, [verifier_of(term) for term in signing]).signatures}
        if signed != {term.vkey for term in signing} or claimed(note)[0] != now.since:
            raise Integrity("HANDOVER_UNSIGNED", "A key of the log was not handed over by the one before it.", _KEEP)
        yield now.since


def claimed(note: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint note, unverified; CHECKPOINT_MALFORMED."""
    head = parse_checkpoint(note[: note.rfind("\n\n") + 1])
    return head.size, head.root


def verifier_of(term: KeyTerm) -> Verifier:
    """What verifies the signatures of that key."""
    return note_verifier(parse_vkey(term.vkey))


def counting(terms: Sequence[KeyTerm], note: str) -> list[Verifier]:
    """The keys that count for the checkpoint in `note`. Raises Integrity `LOG_KEY_ENDED` where only others of the log's
    keys signed it."""
    size, _ = claimed(note)
    counts = [verifier_of(term) for term in terms if term.counts(size)]
    ended = [parse_vkey(term.vkey) for term in terms if not term.counts(size)]
    if not lines_of(note, [one.key for one in counts]) and lines_of(note, ended):
        raise Integrity(
            "LOG_KEY_ENDED",
            f"A checkpoint of {size} leaves is signed by a key of the log that does not count for that size.",
            _KEEP,
        )
    return counts


def require_key_in_force(terms: Sequence[KeyTerm], key: str, policy: str | None) -> None:
    """Tell a verifier who holds an earlier `key` of the log, or names one in a `policy`, which is in force.

    Never taken for them: who holds the new key is for them to find out. Raises Integrity `LOG_KEY_CHANGED` or
    `LOG_KEY_COMPROMISED`.
    """
    named = {log.vkey for log in parse_policy(policy.encode()).logs} if policy else set()
    held = {key} if key else named
    now = terms[-1].vkey
    for term in terms[:-1]:
        if term.vkey in held and now not in held:
            if term.compromised:
                says = f"The key given is in other hands; what it signed counts up to {term.until} leaves."
                raise Integrity(COMPROMISED, says, NEXT[COMPROMISED])
            says = f"The key given signed this log up to {term.until} leaves, and at last the handover to {now}."
            raise Integrity(CHANGED, says, NEXT[CHANGED])


def _handover(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise LogError("LOG_DAMAGED", f"The log's file handover/{path.name} is missing.") from None


_KEEP = "Do not rely on this log; keep it as evidence."
