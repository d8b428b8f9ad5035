"""The registry indexes of an office, as plain values: what each holds, which is in force, whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.case.errors import BadInput
from comity.linkage import Index, open_index, verify_index
from comity.linkage.manifest import MANIFEST_FILE
from comity.office.desk import Office


@dataclass(frozen=True)
class Shelved:
    """An index on the office's shelf: `bytes` is the size of its folder, with the rows kept for updates."""

    index: Index
    bytes: int
    in_force: bool


def shelved(office: Office) -> list[Shelved]:
    """Every index of the office, the one in force first, then by digest. Raises what `open_index` raises."""
    folders = sorted(path.parent for path in (office.home.directory / "registry").glob(f"[!.]*/{MANIFEST_FILE}"))
    return sorted((_shelved(office, folder) for folder in folders), key=lambda found: not found.in_force)


def shelved_as(office: Office, digest: str) -> Shelved:
    """The one index whose digest begins with `digest`; without one, the index in force. Raises `REGISTRY_UNKNOWN`."""
    found = [one for one in shelved(office) if (one.index.digest.startswith(digest) if digest else one.in_force)]
    if len(found) != 1:
        raise BadInput(
            "REGISTRY_UNKNOWN",
            "There is no one registry of that digest.",
            "See which there are: `comity registry list`.",
        )
    return found[0]


def verify_registry(office: Office, digest: str) -> Shelved:
    """The same, after every byte was held against the digests. Raises Integrity `REGISTRY_CHANGED`."""
    found = shelved_as(office, digest)
    verify_index(found.index.path.parent)
    return found


def _shelved(office: Office, folder: Path) -> Shelved:
    index, in_force = open_index(folder), office.state().registry
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Shelved(index, size, in_force is not None and in_force.digest == index.digest)
