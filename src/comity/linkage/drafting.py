"""An index in the making: shards of rows to spells, spells to the file, the file read back, and all of it renamed."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from comity.case.errors import BadInput, Integrity
from comity.linkage.layout import write_index
from comity.linkage.manifest import INDEX_FILE, MANIFEST_FILE, Index, write_manifest
from comity.linkage.seal import digest_of
from comity.linkage.spells import BETWEEN, make_spells
from comity.workspace import Workspace, quoted, workspace

MEMORY_LIMIT = "6GB"
MADE = "made"
MADE_ADDRESSES = "made_addresses"
MADE_SPELLS = "made_spells"

# The ids of what a shard made, below this bit, are its own.
_SHARD_BIT = 44

Progress = Callable[[str], None]


class Counts(NamedTuple):
    """Rows read and persons found."""

    rows: int
    persons: int


@contextmanager
def drafted(into: Path) -> Iterator[Path]:
    """A directory beside `into` to write in; it is gone unless it was renamed.

    Raises BadInput `REGISTRY_EXISTS` when `into` is there already.
    """
    if into.exists():
        raise BadInput("REGISTRY_EXISTS", "There is a registry in that place already.", "Build into a new directory.")
    into.parent.mkdir(parents=True, exist_ok=True)
    draft = into.parent / f".{into.name}-{uuid.uuid4().hex}.draft"
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def make_shards(draft: Path, shards: Sequence[str], tell: Progress) -> Counts:
    """Make the spells of every shard, a relation of rows each, as Parquet files in `draft`."""
    (draft / MADE).mkdir()
    found = []
    for number, rows in enumerate(shards):
        tell(f"standardising and resolving part {number + 1} of {len(shards)}")
        with workspace(draft, memory_limit=MEMORY_LIMIT) as ws:
            make_spells(ws.con, rows)
            for table in (MADE_ADDRESSES, MADE_SPELLS):
                to = quoted(draft / MADE / f"{table}-{number:05}.parquet")
                own = f"SELECT * REPLACE (made + {number << _SHARD_BIT} AS made) FROM {table}"
                ws.con.execute(f"COPY ({own}) TO {to} (FORMAT parquet, ROW_GROUP_SIZE 30720)")
            found.append(ws.rows(_COUNTS)[0])
    return Counts(sum(rows for rows, _ in found), sum(persons for _, persons in found))


_COUNTS = """
SELECT (SELECT count(*) FROM source_rows), count(*) FROM (SELECT DISTINCT taxpayer_id, part FROM stays)
"""


def made(draft: Path, table: str) -> str:
    """SQL: what all shards made, `made_addresses` or `made_spells`."""
    return f"read_parquet({quoted(draft / MADE / f'{table}-*.parquet')})"


def write_draft(
    draft: Path,
    into: Path,
    counts: Counts,
    tell: Progress,
    relations: Callable[[Workspace], tuple[str, str]] | None = None,
    reads: Sequence[Path] = (),
) -> Index:
    """Write the index into `draft`, read it back, describe it, and rename `draft` to `into`.

    It is written from what the shards made, or from the two relations, addresses and spells, that `relations` makes
    in the workspace, which may read `reads`. Raises BadInput `REGISTRY_EMPTY` and Integrity `REGISTRY_NOT_WHOLE`.
    """
    with workspace(draft, reads=reads, memory_limit=MEMORY_LIMIT) as ws:
        found = relations(ws) if relations else (made(draft, MADE_ADDRESSES), made(draft, MADE_SPELLS))
        ws.con.execute(f"ATTACH {quoted(draft / INDEX_FILE)} AS registry (STORAGE_VERSION 'latest')")
        write_index(ws.con, *found, lambda done: tell(f"writing the index: {done:,} spells"))
        ws.con.execute("CHECKPOINT registry")
        ws.con.execute("DETACH registry")
    for left in (MADE, ".spill"):
        shutil.rmtree(draft / left, ignore_errors=True)
    tell("verifying the index")
    built = _read_back(draft, into, counts)
    write_manifest(draft, built)
    _sync(draft)
    draft.rename(into)
    return built


_WHOLE = """
SELECT count(*), coalesce(bool_and(s.taxpayer_id IS NOT NULL AND s.role IS NOT NULL
    AND f.filed <> '' AND s.spell = s.rowid AND a.address = a.rowid
    AND s.spell BETWEEN a.first_spell AND a.first_spell + a.spells - 1), FALSE)
FROM registry.spells AS s JOIN registry.addresses AS a USING (address)
JOIN registry.filings AS f ON f.filing = s.filing
"""

_TOLD = """
SELECT count(*), coalesce(sum(spells), 0)::BIGINT,
    coalesce(sum(spells) FILTER (key_place IS NULL AND key_town IS NULL), 0)::BIGINT FROM registry.addresses
"""

_FILED = f"""
SELECT DISTINCT split_part(filing, ' ', 1)::INTEGER, substr(filing, strpos(filing, ' ') + 1)
FROM (SELECT unnest(string_split(filed, '{BETWEEN}')) AS filing FROM registry.filings)
"""


def _read_back(draft: Path, into: Path, counts: Counts) -> Index:
    with workspace(draft, memory_limit=MEMORY_LIMIT) as ws:
        ws.con.execute(f"ATTACH {quoted(draft / INDEX_FILE)} AS registry (READ_ONLY)")
        (spells, whole), (addresses, listed, unplaced) = ws.rows(_WHOLE)[0], ws.rows(_TOLD)[0]
        filed = ws.rows(_FILED)
    shutil.rmtree(draft / ".spill", ignore_errors=True)
    if not listed:
        raise BadInput("REGISTRY_EMPTY", "The registry would hold no row.", "Name the sources that hold records.")
    if not whole or listed != spells:
        raise Integrity("REGISTRY_NOT_WHOLE", "The index that was written is not whole.", "Build it again.")
    return Index(
        digest=digest_of(draft / INDEX_FILE),
        path=into / INDEX_FILE,
        rows=counts.rows,
        spells=spells,
        persons=counts.persons,
        addresses=addresses,
        unplaced=unplaced,
        years=tuple(sorted({year for year, _ in filed})),
        forms=tuple(sorted({form for _, form in filed})),
    )


def _sync(directory: Path) -> None:
    for path in (directory / INDEX_FILE, directory / MANIFEST_FILE, directory):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
