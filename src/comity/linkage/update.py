"""An index brought up to date: only the taxpayers that a delta names are resolved anew, the others' spells are copied.

The rows of every edition are kept as they came: edition 0 is what the index was built from, each update adds one. A row
is in force unless a later edition has rows, or a withdrawal, under its key (taxpayer, year, form, role).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from comity.case.errors import Usage
from comity.case.tables import REGISTRY
from comity.linkage.drafting import (
    MADE,
    MADE_ADDRESSES,
    MADE_SPELLS,
    MEMORY_LIMIT,
    Counts,
    Progress,
    drafted,
    made,
    make_shards,
    write_draft,
)
from comity.linkage.keys import LOWER_HALF
from comity.linkage.layout import PERSON
from comity.linkage.manifest import KEPT_ROWS, KEPT_WITHDRAWN, Index, demand_kept_rows, read_manifest
from comity.linkage.seal import demand_unchanged
from comity.linkage.sources import (
    KEY,
    TABLES,
    Source,
    as_files,
    has_rows,
    read_rows,
    rows_of,
    shard_sql,
    shards_for,
    shards_for_rows,
    shards_in,
)
from comity.linkage.spells import NAME_STRUCT
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS
from comity.workspace import Workspace, quoted, workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# In the draft: the rows of the taxpayers that a delta names, and who they are. Neither is kept.
AFFECTED = "affected"
NAMED = "named.parquet"

_KEY_COLUMNS = ", ".join(KEY.names())


def update_index(
    before: Path, delta: Sequence[Source], into: Path, withdrawn: Sequence[Path] = (), progress: Progress | None = None
) -> Index:
    """Make, in the new directory `into`, the index in `before` with the rows of `delta` and without those `withdrawn`.

    The rows of `delta` (REGISTRY contract) take the place of all earlier rows with their `taxpayer_id`, `tax_year`,
    `source_form` and `role`; `withdrawn` are tables of these four columns, whose rows go. The index is, row for row,
    the one that would be built from the sources so merged. `before` is not touched: a batch keeps what it pinned.
    Raises what `build_index` and `open_index` raise, Integrity `REGISTRY_CHANGED` when `before` is not as it was
    built, and Usage `REGISTRY_NO_DELTA` when nothing is named.
    """
    tell = progress or (lambda _stage: None)
    if not delta and not withdrawn:
        raise _nothing_named()
    old = read_manifest(before)
    with drafted(into) as draft:
        tell("verifying the index to be updated")
        demand_unchanged(old.path, old.digest)
        demand_kept_rows(before)
        edition = _keep_editions(before, draft)
        tell("reading the delta")
        _read_delta(draft, edition, delta, withdrawn)
        gone = _gather_affected(draft, old, edition)
        new = make_shards(draft, shards_in(draft / AFFECTED), tell)
        counts = Counts(old.rows - gone.rows + new.rows, old.persons - gone.persons + new.persons)
        for left in (AFFECTED, TABLES):
            shutil.rmtree(draft / left, ignore_errors=True)
        return write_draft(draft, into, counts, tell, lambda ws: _merge(ws, draft, old), [old.path.parent])


def _nothing_named() -> Usage:
    return Usage("REGISTRY_NO_DELTA", "Nothing was named to update the registry with.", "Name files that hold rows.")


def _keep_editions(before: Path, draft: Path) -> int:
    """The kept rows of `before`, in `draft` too without a copy where the disk can; gives the number of the next."""
    for kept in (KEPT_ROWS, KEPT_WITHDRAWN):
        for file in (before / kept).rglob("*.parquet"):
            to = draft / file.relative_to(before)
            to.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(file, to)
    return 1 + max(edition for kept in (KEPT_ROWS, KEPT_WITHDRAWN) for edition, _ in _editions(draft, kept))


def _link_or_copy(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)


def _editions(directory: Path, kept: str) -> Iterator[tuple[int, str]]:
    """The number and the rows of every edition in `directory` that has some."""
    for folder in sorted((directory / kept).glob("*")):
        if has_rows(folder):
            yield int(folder.name), rows_of(folder)


def _read_delta(draft: Path, edition: int, delta: Sequence[Source], withdrawn: Sequence[Path]) -> None:
    files = [source.absolute() for source in (*delta, *withdrawn) if isinstance(source, Path)]
    with workspace(draft, reads=files, memory_limit=MEMORY_LIMIT) as ws:
        read = as_files(ws, delta)
        read_rows(ws, read, draft / KEPT_ROWS / f"{edition:05}", shards_for(read))
        read_rows(ws, withdrawn, draft / KEPT_WITHDRAWN / f"{edition:05}", 1, KEY)


def _gather_affected(draft: Path, old: Index, edition: int) -> Counts:
    """`draft/affected`: all rows in force of the taxpayers that the edition names; gives what they came to before."""
    with workspace(draft, reads=[old.path.parent], memory_limit=MEMORY_LIMIT) as ws:
        for table, sql in _gathering(draft, edition).items():
            ws.con.execute(f"CREATE TEMP TABLE {table} AS {sql}")
        shard = shard_sql(shards_for_rows(int(ws.rows("SELECT count(*) FROM in_force")[0][0])))
        sharded = f"SELECT * EXCLUDE (edition), {shard} AS shard FROM in_force"
        ws.con.execute(f"COPY ({sharded}) TO {quoted(draft / AFFECTED)} (FORMAT parquet, PARTITION_BY (shard))")
        ws.con.execute(f"COPY affected TO {quoted(draft / NAMED)} (FORMAT parquet)")
        ws.con.execute(f"ATTACH {quoted(old.path)} AS before (READ_ONLY)")
        return Counts(*ws.rows(_GONE)[0])


_GONE = """
SELECT (SELECT count(*) FROM in_force_before), count(*)
FROM (SELECT DISTINCT taxpayer_id, part FROM before.spells SEMI JOIN affected USING (taxpayer_id))
"""


def _gathering(draft: Path, edition: int) -> dict[str, str]:
    """The tables, in order, from the kept editions to the rows in force of the taxpayers that the last one names."""
    rows, withdrawn = dict(_editions(draft, KEPT_ROWS)), dict(_editions(draft, KEPT_WITHDRAWN))
    keys = [(number, kept) for kept_of in (rows, withdrawn) for number, kept in kept_of.items() if number]
    later = _together(f"SELECT {number} AS edition, {_KEY_COLUMNS} FROM {kept}" for number, kept in keys)
    if edition not in rows and edition not in withdrawn:
        raise _nothing_named()
    named = _together(f"SELECT taxpayer_id FROM {kept}" for number, kept in keys if number == edition)
    columns = ", ".join(REGISTRY.names())
    every = _together(f"SELECT {number} AS edition, {columns} FROM {kept}" for number, kept in rows.items())
    return {
        "affected": f"SELECT DISTINCT taxpayer_id FROM ({named})",
        "later": f"SELECT DISTINCT * FROM ({later}) SEMI JOIN affected USING (taxpayer_id)",
        "theirs": f"SELECT * FROM ({every}) SEMI JOIN affected USING (taxpayer_id)",
        "in_force": _in_force(edition),
        "in_force_before": _in_force(edition - 1),
    }


def _together(selects: Iterable[str]) -> str:
    return " UNION ALL ".join(selects)


def _in_force(edition: int) -> str:
    """SQL: the rows of `theirs` that were in force when `edition` was the last."""
    same = " AND ".join(f"l.{column} = t.{column}" for column in KEY.names())
    return f"""
SELECT * FROM theirs AS t WHERE t.edition <= {edition} AND NOT EXISTS (
    FROM later AS l WHERE {same} AND l.edition > t.edition AND l.edition <= {edition})
"""


def _merge(ws: Workspace, draft: Path, old: Index) -> tuple[str, str]:
    """What was made anew, with all of the old index that belongs to nobody who was affected: addresses and spells."""
    ws.con.execute(f"ATTACH {quoted(old.path)} AS before (READ_ONLY)")
    ws.con.execute(f"CREATE TEMP TABLE affected AS FROM read_parquet({quoted(draft / NAMED)})")
    (draft / NAMED).unlink()
    ws.con.execute(_STAYING)
    for made_table in (MADE_ADDRESSES, MADE_SPELLS):
        new = f" UNION ALL BY NAME SELECT * FROM {made(draft, made_table)}" if has_rows(draft / MADE) else ""
        ws.con.execute(f"CREATE TEMP VIEW all_{made_table} AS SELECT * FROM staying_{made_table}{new}")
    return f"all_{MADE_ADDRESSES}", f"all_{MADE_SPELLS}"


# Of whoever is known by several names, no single one is asked for any more.
_THEIR_NAMES = f"""
SELECT spell, any_value(key_name) & {LOWER_HALF} AS name_hash,
    {", ".join(f"any_value({column}) AS {column}" for column in NAME_COLUMNS)},
    CASE WHEN count(*) > 1 THEN list(struct_pack({NAME_STRUCT.format(alias="n")})) END AS names
FROM before.known AS n GROUP BY spell
"""

# The ids of what stays are below zero, those of what was made are not.
_STAYING = f"""
CREATE TEMP VIEW staying AS SELECT * FROM before.spells ANTI JOIN affected USING (taxpayer_id);
CREATE TEMP VIEW staying_{MADE_ADDRESSES} AS
SELECT -1 - a.address AS made, a.key_place, {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}
FROM before.addresses AS a SEMI JOIN staying USING (address);
CREATE TEMP VIEW staying_{MADE_SPELLS} AS
SELECT a.key_place, -1 - s.address AS made, k.name_hash, f.filed, {", ".join(f"s.{column}" for column in PERSON)},
    {", ".join(f"k.{column}" for column in NAME_COLUMNS)}, k.names
FROM staying AS s JOIN before.addresses AS a USING (address) JOIN before.filings AS f USING (filing)
JOIN ({_THEIR_NAMES}) AS k ON k.spell = s.spell
"""
