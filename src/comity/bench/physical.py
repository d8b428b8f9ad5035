"""The physical limit of linkage: the bytes of the index's key columns, and how long the disk takes to give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from comity.bench.machine import reading_speed
from comity.bench.measuring import GIGABYTE
from comity.linkage import open_index
from comity.workspace import quoted

_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'registry' AND NOT internal ORDER BY table_name"
# Column data lies in whole blocks; a block that holds a piece of a key column has to be read.
_BLOCKS = """
SELECT DISTINCT unnest(list_prepend(block_id, additional_block_ids)) AS block
FROM pragma_storage_info('registry.{table}') WHERE starts_with(column_name, 'key_') AND block_id >= 0
"""


def limits(index: Path) -> dict[str, Any]:
    """`index_bytes`; `key_bytes`, the blocks of the file that hold key columns; `read_gb_per_second`, the disk's speed
    read in order; and `key_seconds`, what reading the keys once would take at that speed."""
    path = open_index(index).path
    keys, speed = _key_bytes(path), reading_speed(path)
    return {
        "index_bytes": path.stat().st_size,
        "key_bytes": keys,
        "read_gb_per_second": round(speed, 2),
        "key_seconds": round(keys / GIGABYTE / speed, 3),
    }


def _key_bytes(path: Path) -> int:
    with duckdb.connect() as con:
        con.execute(f"ATTACH {quoted(path)} AS registry (READ_ONLY)")
        tables = [name for (name,) in con.execute(_TABLES).fetchall()]
        blocks = {block for table in tables for (block,) in con.execute(_BLOCKS.format(table=table)).fetchall()}
        [(size,)] = con.execute(
            "SELECT block_size FROM pragma_database_size() WHERE database_name = 'registry'"
        ).fetchall()
    return len(blocks) * int(size)
