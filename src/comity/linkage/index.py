"""The registry index: an immutable file of addresses and spells, built aside, verified, renamed, and pinned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from comity.case.errors import BadInput
from comity.linkage.drafting import MEMORY_LIMIT, Progress, drafted, make_shards, write_draft
from comity.linkage.manifest import KEPT_ROWS, Index, read_manifest
from comity.linkage.sources import has_rows, read_rows, rows_of, shards_for
from comity.workspace import workspace

__all__ = ["Index", "build_index", "open_index"]

FIRST_EDITION = "00000"


def build_index(sources: Sequence[Path], into: Path, progress: Progress | None = None) -> Index:
    """Build the index of the registry `sources` (CSV or Parquet, REGISTRY contract) in the new directory `into`.

    `progress` is called with what is being done. The index, the rows that an update needs, and the manifest are
    written aside, read back and renamed together, so `into` is whole or absent. Memory does not grow with the number
    of rows; meanwhile the directory needs about twice the room of the index. Raises BadInput `REGISTRY_*` (see
    `sources`), `REGISTRY_EMPTY`, or `REGISTRY_EXISTS` when `into` is there already: an index is never changed.
    """
    tell = progress or (lambda _stage: None)
    with drafted(into) as draft:
        tell("reading the sources")
        shards, kept = shards_for(sources), draft / KEPT_ROWS / FIRST_EDITION
        with workspace(draft, reads=[path.absolute() for path in sources], memory_limit=MEMORY_LIMIT) as ws:
            read_rows(ws, sources, kept, shards)
        if not has_rows(kept):
            raise BadInput("REGISTRY_EMPTY", "The registry sources hold no row.", "Name the sources that hold records.")
        counts = make_shards(draft, [rows_of(kept, shard) for shard in range(shards)], tell)
        return write_draft(draft, into, counts, tell)


def open_index(path: Path) -> Index:
    """The index in the directory `path`, as its manifest says.

    The file is held against the digest when a batch is linked. Raises BadInput `REGISTRY_UNKNOWN` when there is none,
    and Integrity `REGISTRY_OTHER_STANDARD` when it was standardised under another version of the rule-set.
    """
    return read_manifest(path)
