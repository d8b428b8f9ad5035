"""What can happen to a home as a whole: copies of it, a log that is caught up, and the keys that sign it."""

from __future__ import annotations

from dataclasses import dataclass

from comity.case.envelope import Event


@dataclass(frozen=True)
class LogCaughtUp(Event):
    """The log was of an earlier day, and its leaves from `lacked_from` up to the size `made_to` were made again."""

    lacked_from: int
    made_to: int


@dataclass(frozen=True)
class HomeBackedUp(Event):
    """A copy of the home was begun, of all but its private keys; `size` and `root` (hex) are those of the log before.

    It is told before the copy, which so holds it: told afterwards, it would make every backup older than the log.
    """

    size: int
    root: str


@dataclass(frozen=True)
class HomeResumed(Event):
    """A home that was restored from the backup of that manifest's digest is at work; the one it was made from is not.

    `size` and `root` (hex) are those of the log that was restored.
    """

    manifest: str
    size: int
    root: str


@dataclass(frozen=True)
class LogKeyProposed(Event):
    """A key was made that is to sign the log; `vkey` is its verifier key. It signs nothing yet."""

    vkey: str


@dataclass(frozen=True)
class LogKeyChanged(Event):
    """The proposed key took the place of the one in force, which signed the leaf of this event as its last.

    A key that is `compromised` counts for checkpoints of up to `counts_to` leaves with that `root` (hex) alone;
    otherwise these are 0 and ''.
    """

    vkey: str
    compromised: bool
    counts_to: int
    root: str
