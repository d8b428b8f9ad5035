"""Files that are either wholly on the disk under their name, or not there at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

_AT_ONCE = 8


def sync(path: Path) -> None:
    """Wait until the bytes of a file, or the names in a directory, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Hold the lock file at `path` alone; a second holder waits, be it another thread or another process."""
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Staging:
    """Collects files aside, in `.staging` below `root`, and then gives each its name.

    A crash before `publish` leaves nothing under any name; one during it leaves whole files only. What an earlier
    crash left aside is swept when a new staging begins. One staging at a time: the caller holds the lock.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._aside = root / ".staging"
        self._names: list[str] = []
        rmtree(self._aside, ignore_errors=True)
        self._aside.mkdir()

    def write(self, name: str, data: bytes) -> None:
        """Put a file aside, to be published as `name` (relative to the root)."""
        (self._aside / str(len(self._names))).write_bytes(data)
        self._names.append(name)

    def publish(self) -> None:
        """Wait until every file is on the disk, give each its name, replacing what is there, and wait for the names."""
        _sync_all(self._aside / str(number) for number in range(len(self._names)))
        folders: set[Path] = set()
        for number, name in enumerate(self._names):
            path = self._root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (self._aside / str(number)).replace(path)
            folders.add(path.parent)
        # A new folder's own name lives in its parent, and so on up to the root.
        parents = {parent for folder in folders for parent in folder.parents if parent.is_relative_to(self._root)}
        _sync_all(folders | parents)
        self._names.clear()


def _sync_all(paths: Iterable[Path]) -> None:
    """Several at a time: the disk then writes for all of them what it would write for each."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(sync, paths))
