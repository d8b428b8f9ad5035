"""What a registry directory says about itself: the index it holds, and the digests of the rows kept for updates."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from comity.case.errors import BadInput, Integrity
from comity.standard import VERSION
from comity.workspace import file_digest

INDEX_FILE = "registry.duckdb"
MANIFEST_FILE = "registry.json"
KEPT_ROWS = "rows"
KEPT_WITHDRAWN = "withdrawn"

# Raised with every change of the tables or keys; an index of another layout is not used.
LAYOUT = 5


@dataclass(frozen=True)
class Index:
    """A registry that batches can be linked against.

    `digest` is the hex SHA-256 of the file at `path`. `rows` in force in the sources make `spells` spells of `persons`
    people at `addresses` addresses; `unplaced` of the spells have no address that could be met. `years` and
    `forms` are those that occur. Standardised under the rule-set `standard`, laid out in the version `layout`.
    """

    digest: str
    path: Path = field(compare=False, repr=False)
    rows: int
    spells: int
    persons: int = 0
    addresses: int = 0
    unplaced: int = 0
    years: tuple[int, ...] = ()
    forms: tuple[str, ...] = ()
    standard: str = VERSION
    layout: int = LAYOUT


def write_manifest(directory: Path, index: Index) -> None:
    """Write the manifest of `index` into `directory`, with the digest of every row file that is kept there."""
    facts = {name: value for name, value in asdict(index).items() if name != "path"}
    with (directory / MANIFEST_FILE).open("w", encoding="utf-8") as file:
        json.dump(facts | {"kept": kept_digests(directory)}, file, sort_keys=True, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(directory: Path) -> Index:
    """The index in `directory`. Raises BadInput `REGISTRY_UNKNOWN`, Integrity `REGISTRY_OTHER_STANDARD`."""
    try:
        facts = json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))
        facts.pop("kept")
        facts |= {"years": tuple(facts["years"]), "forms": tuple(facts["forms"]), "layout": facts.get("layout", 1)}
        index = Index(path=directory / INDEX_FILE, **facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            "REGISTRY_UNKNOWN", "There is no registry in that place.", "Run `registry build` first."
        ) from None
    if (index.standard, index.layout) != (VERSION, LAYOUT):
        raise Integrity(
            "REGISTRY_OTHER_STANDARD",
            "The registry was standardised or laid out under another version than the requests would be.",
            "Build the registry again from its sources.",
        )
    return index


def kept_digests(directory: Path) -> dict[str, str]:
    """The hex SHA-256 of every row file kept in `directory`, by its path there."""
    files = sorted(file for kept in (KEPT_ROWS, KEPT_WITHDRAWN) for file in (directory / kept).rglob("*.parquet"))
    return {str(file.relative_to(directory)): file_digest(file) for file in files}


def demand_kept_rows(directory: Path) -> None:
    """Raises Integrity `REGISTRY_CHANGED` unless the rows kept in `directory` are those that its manifest names."""
    facts = json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))
    if kept_digests(directory) != facts["kept"]:
        raise Integrity(
            "REGISTRY_CHANGED",
            "The rows that were kept for updates are not those that the registry was built from.",
            "Restore the registry's folder from the backup, or build it again from its sources.",
        )
