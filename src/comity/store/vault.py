"""The vault: the folder of each batch, where an artefact exists because an event names it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from comity.case.artefact import Artefact
from comity.case.errors import Integrity

INCOMING = ".incoming-"
_ARTEFACT_FILE = re.compile(r"^(?P<kind>[a-z]+)-(?P<digest>[0-9a-f]{64})\.parquet$")


class Vault:
    """The artefacts of a home, `batches/<id>/<kind>-<digest>.parquet`."""

    def __init__(self, home: Path, removed: Callable[[str, str], str] = lambda *_: "") -> None:
        """`removed` gives the day (ISO) on which the artefact of a batch and of that digest was pruned, or ''."""
        self._batches = home / "batches"
        self._removed = removed

    def folder(self, batch: str) -> Path:
        """The folder of a batch, made if it is new."""
        folder = self._batches / batch
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def adopt(self, batch: str, incoming: Path) -> None:
        """Make the folder `incoming` that of a new batch; what an unfinished intake left there goes."""
        place = self._batches / batch
        if place.exists():
            shutil.rmtree(place)
        incoming.rename(place)
        descriptor = os.open(self._batches, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sweep_incoming(self) -> None:
        """Remove the folders of intakes that did not finish."""
        for left in self._batches.glob(f"{INCOMING}*"):
            shutil.rmtree(left)

    def artefact(self, batch: str, named: Mapping[str, Any]) -> Artefact:
        """The artefact an event names as {kind, digest, rows}; its bytes are compared when it is read.

        Raises Integrity `ARTEFACT_PRUNED` or `ARTEFACT_MISSING`.
        """
        path = self.place(batch, named)
        if pruned_on := "" if path.exists() else self._removed(batch, named["digest"]):
            raise Integrity(
                "ARTEFACT_PRUNED",
                f"The {named['kind']} artefact of a batch was removed under the retention policy on {pruned_on}.",
                "What needs it cannot be done any more; `comity retention show` says by which policy.",
            )
        if not path.exists():
            raise Integrity(
                "ARTEFACT_MISSING",
                f"The {named['kind']} artefact of a batch is gone: {path.name}.",
                "Copy that file from a backup into the batch's folder in batches/; its name is its digest.",
            )
        return Artefact(named["kind"], named["digest"], path, named["rows"])

    def place(self, batch: str, named: Mapping[str, Any]) -> Path:
        """Where the artefact that an event names lies, or lay."""
        return self._batches / batch / f"{named['kind']}-{named['digest']}.parquet"

    def sweep(self, batch: str, named: Iterable[Mapping[str, Any]]) -> int:
        """Remove what no event names: drafts, spills and artefacts of steps that did not finish. Returns how many."""
        kept = {(item["kind"], item["digest"]) for item in named}
        folder = self.folder(batch)
        left = [path for path in folder.iterdir() if path.is_file() and self._unnamed(path, kept)]
        if "replies" not in {kind for kind, _ in kept}:
            # Sealed replies exist through their index alone.
            left += (folder / "replies").glob("*")
        for path in left:
            path.unlink()
        return len(left)

    def _unnamed(self, path: Path, kept: set[tuple[str, str]]) -> bool:
        if path.suffix == ".draft":
            return True
        found = _ARTEFACT_FILE.match(path.name)
        return found is not None and (found["kind"], found["digest"]) not in kept
