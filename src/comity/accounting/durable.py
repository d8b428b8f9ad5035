"""Files that are either wholly on the disk under their name, or not there at all."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree


def write_synced(path: Path, data: bytes) -> None:
    """Write a new file and wait until its bytes are on the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Wait until the names in a directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
        """Put a file aside, to be published as `name` (relative to the root), its bytes on the disk."""
        write_synced(self._aside / str(len(self._names)), data)
        self._names.append(name)

    def publish(self) -> None:
        """Give every file its name, replacing what is there, and wait until the names are on the disk."""
        folders: set[Path] = set()
        for number, name in enumerate(self._names):
            path = self._root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (self._aside / str(number)).replace(path)
            folders.add(path.parent)
        # A new folder's own name lives in its parent, and so on up to the root.
        parents = {parent for folder in folders for parent in folder.parents if parent.is_relative_to(self._root)}
        for folder in folders | parents:
            sync_directory(folder)
        self._names.clear()
