"""Locks of a home: who works on a batch, takes a submission in, or feeds the log, does so alone on this machine."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.case.errors import Waiting

FOLDER = ".locks"


# Whoever appends events holds it beside others, whoever copies the home holds it alone.
EVENTS = "events"
FEED = "feed"


@contextmanager
def beside(home: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` of the home beside others who hold it so; waits while somebody holds it alone."""
    with _held(home, name, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(home: Path, name: str, *, wait: bool) -> Iterator[None]:
    """Hold the lock `name` of the home; the system lets go of it when the process ends, however it ends.

    With `wait`, until whoever holds it is done; without, raises Waiting `BUSY`.
    """
    with _held(home, name, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _held(home: Path, name: str, how: int) -> Iterator[None]:
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def is_held(home: Path, name: str) -> bool:
    """Whether some process holds the lock `name` of the home at this moment."""
    try:
        with alone(home, name, wait=False):
            return False
    except Waiting:
        return True


def _take(descriptor: int, how: int) -> None:
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        raise Waiting("BUSY", "Another process is at work on this.", "Run the command again when it is done.") from None
