"""The registry index: an immutable file of addresses and spells, built aside, verified, renamed, and pinned."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from comity.case.errors import BadInput
from comity.linkage.drafting import MEMORY_LIMIT, Progress, drafted, make_shards, write_draft
from comity.linkage.manifest import KEPT_ROWS, Index, demand_kept_rows, read_manifest
from comity.linkage.seal import changed, digest_of
from comity.linkage.sources import TABLES, Source, as_files, has_rows, read_rows, shards_for, shards_in
from comity.workspace import workspace

__all__ = ["Index", "build_index", "open_index", "verify_index"]

FIRST_EDITION = "00000"


def build_index(sources: Sequence[Source], into: Path, progress: Progress | None = None) -> Index:
    """Build the index of the registry `sources` (CSV, Parquet or a database table) in the new directory `into`.

    `progress` is called with what is being done. The index, the rows that an update needs, and the manifest are
    written aside, read back and renamed together, so `into` is whole or absent. Memory does not grow with the number
    of rows; meanwhile the directory needs about twice the room of the index. Raises BadInput `REGISTRY_*` (see
    `sources`), `DATABASE_*` (see `database`), `REGISTRY_EMPTY`, or `REGISTRY_EXISTS` when `into` is there already: an
    index is never changed.
    """
    tell = progress or (lambda _stage: None)
    with drafted(into) as draft:
        tell("reading the sources")
        kept = draft / KEPT_ROWS / FIRST_EDITION
        files = [source.absolute() for source in sources if isinstance(source, Path)]
        with workspace(draft, reads=files, memory_limit=MEMORY_LIMIT) as ws:
            read = as_files(ws, sources)
            read_rows(ws, read, kept, shards_for(read))
        shutil.rmtree(draft / TABLES)
        if not has_rows(kept):
            raise BadInput("REGISTRY_EMPTY", "The registry sources hold no row.", "Name the sources that hold records.")
        counts = make_shards(draft, shards_in(kept), tell)
        return write_draft(draft, into, counts, tell)


def open_index(path: Path) -> Index:
    """The index in the directory `path`, as its manifest says.

    The file is held against the digest when a batch is linked. Raises BadInput `REGISTRY_UNKNOWN` when there is none,
    and Integrity `REGISTRY_OTHER_STANDARD` when it was standardised under another version of the rule-set.
    """
    return read_manifest(path)


def verify_index(path: Path) -> Index:
    """The index in the directory `path`, after it and the rows kept beside it were held, in full, against the digests.

    Raises what `open_index` raises, and Integrity `REGISTRY_CHANGED`.
    """
    index = read_manifest(path)
    if not index.path.exists() or digest_of(index.path) != index.digest:
        raise changed()
    demand_kept_rows(path)
    return index
