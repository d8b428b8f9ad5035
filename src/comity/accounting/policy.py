"""Which logs are known, which witnesses, and how many of them are enough: the policy file of c2sp.org/tlog-policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from comity.accounting.checkpoint import (
    LOG_KINDS,
    WITNESS_KINDS,
    Checkpoint,
    NoteKey,
    VerifiedNote,
    Verifier,
    Verify,
    parse_vkey,
    verify_log_note,
)
from comity.accounting.errors import LogError

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT = re.compile(rb"[1-9][0-9]{0,5}")
_NONE = b"none"


@dataclass(frozen=True)
class Group:
    """At least `threshold` of the named members, witnesses or groups, must have witnessed."""

    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True)
class Policy:
    """The known logs and witnesses, and the quorum: a witness, a group, or None for `quorum none`.

    Names are octet strings, as the specification has them. An empty `logs` leaves the choice of log to the verifiers.
    `urls` are the submission prefixes (tlog-witness) of the witnesses whose lines give one.
    """

    logs: tuple[NoteKey, ...]
    witnesses: dict[bytes, NoteKey]
    groups: dict[bytes, Group]
    quorum: bytes | None
    urls: dict[bytes, str] = field(default_factory=dict)

    def verifiers(self, verify_with: Callable[[NoteKey], Verify]) -> list[Verifier]:
        """Give a verifier for every log and witness; `verify_with(key)` makes the callable for one key."""
        return [Verifier(key, verify_with(key)) for key in (*self.logs, *self.witnesses.values())]


def parse_policy(data: bytes) -> Policy:
    """Read a policy file; POLICY_MALFORMED with the number of the line that does not fit."""
    if _FORBIDDEN.search(data):
        raise LogError("POLICY_MALFORMED", "A policy file has no control characters but tab and newline.")
    reading = _Reading()
    for number, line in enumerate(data.split(b"\n"), start=1):
        words = re.split(rb"[ \t]+", line.strip(b" \t"))
        if words[0] and not words[0].startswith(b"#"):
            reading.take(number, words)
    return reading.policy()


@dataclass
class _Reading:
    """What has been read of a policy file so far: a line may only name what an earlier one defined."""

    logs: list[NoteKey] = field(default_factory=list)
    witnesses: dict[bytes, NoteKey] = field(default_factory=dict)
    groups: dict[bytes, Group] = field(default_factory=dict)
    urls: dict[bytes, str] = field(default_factory=dict)
    used: set[bytes] = field(default_factory=set)
    quorum: bytes | None = None

    def take(self, number: int, words: list[bytes]) -> None:
        match words:
            case [b"log", vkey] | [b"log", vkey, _]:
                self.logs.append(_key(number, vkey, LOG_KINDS, self.logs))
            case [b"witness", name, vkey, *url] if len(url) < 2:
                self._require_new(number, name)
                self.witnesses[name] = _key(number, vkey, WITNESS_KINDS, self.witnesses.values())
                # A URL is octets as well; what is no UTF-8 in it asks nobody.
                self.urls.update((name, prefix.decode("utf-8", "replace")) for prefix in url)
            case [b"group", name, threshold, *members] if members:
                self._require_new(number, name)
                self.groups[name] = self._group(number, threshold, members)
            case [b"quorum", name] if self.quorum is None and (name == _NONE or self._defined(name)):
                self.quorum = name
            case _:
                raise _malformed(number)

    def policy(self) -> Policy:
        if self.quorum is None:
            raise LogError("POLICY_MALFORMED", "A policy file has exactly one quorum line.")
        quorum = None if self.quorum == _NONE else self.quorum
        return Policy(tuple(self.logs), self.witnesses, self.groups, quorum, self.urls)

    def _defined(self, name: bytes) -> bool:
        return name in self.witnesses or name in self.groups

    def _require_new(self, number: int, name: bytes) -> None:
        if name == _NONE or self._defined(name):
            raise _malformed(number)

    def _group(self, number: int, threshold: bytes, members: list[bytes]) -> Group:
        for member in members:
            # A member of two groups could count twice towards one quorum.
            if not self._defined(member) or member in self.used:
                raise _malformed(number)
            self.used.add(member)
        if threshold in {b"all", b"any"}:
            return Group(len(members) if threshold == b"all" else 1, tuple(members))
        if not _COUNT.fullmatch(threshold) or int(threshold) > len(members):
            raise _malformed(number)
        return Group(int(threshold), tuple(members))


def quorum_met(policy: Policy, note: VerifiedNote) -> bool:
    """Say whether the witnesses that cosigned the note are enough; `quorum none` needs none."""
    signed = {one.key for one in note.signatures}
    return policy.quorum is None or _witnessed(policy, policy.quorum, signed)


def verify_checkpoint(note: str, verifiers: Iterable[Verifier], policy: Policy) -> Checkpoint:
    """Give the checkpoint of a note that a log of the policy signed and a quorum of its witnesses cosigned.

    Raises what `verify_log_note` raises, CHECKPOINT_NOT_THE_LOGS for a log that the policy does not name, and
    QUORUM_NOT_MET.
    """
    head, verified = verify_log_note(note, verifiers)
    signed = {one.key for one in verified.signatures if one.key.name == head.origin}
    if policy.logs and signed.isdisjoint(policy.logs):
        raise LogError("CHECKPOINT_NOT_THE_LOGS", "No log that the policy names signed the checkpoint.")
    if not quorum_met(policy, verified):
        raise LogError("QUORUM_NOT_MET", "Too few of the policy's witnesses cosigned the checkpoint.")
    return head


def _witnessed(policy: Policy, name: bytes, signed: set[NoteKey]) -> bool:
    if name in policy.witnesses:
        return policy.witnesses[name] in signed
    group = policy.groups[name]
    return sum(_witnessed(policy, member, signed) for member in group.members) >= group.threshold


def _key(number: int, vkey: bytes, kinds: frozenset[int], others: Iterable[NoteKey]) -> NoteKey:
    try:
        key = parse_vkey(vkey.decode("utf-8"))
    except (LogError, UnicodeDecodeError):
        raise _malformed(number) from None
    if key.kind not in kinds or any(key.public_key == other.public_key for other in others):
        raise _malformed(number)
    return key


def _malformed(number: int) -> LogError:
    return LogError("POLICY_MALFORMED", f"Line {number} of the policy does not follow tlog-policy.")
