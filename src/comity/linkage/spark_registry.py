"""The registry index as Spark reads it: a copy in bucketed Parquet, made once beside the index it was made of."""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from comity.case.errors import Integrity
from comity.linkage.index import open_index
from comity.linkage.spark_dialect import to_spark
from comity.workspace import file_digest, quoted

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from comity.linkage.plan import Sought
    from comity.workspace import Workspace

COPY = "spark"
_MANIFEST = "spark.json"
_ROWS_PER_BUCKET = 1_000_000
_MOST_BUCKETS = 1_024


class _Bucketed(NamedTuple):
    """A table of the index, and the column by which its rows lie together."""

    table: str
    by: str


# A spell lies with the spells of its address, an address with those of its ZIP and number: the joins of `narrow` on
# these move the requests to the registry, never the registry.
_TABLES = (
    _Bucketed("addresses", "key_place"),
    _Bucketed("spells", "address"),
    _Bucketed("known", "address"),
)


def attach_registry(session: SparkSession, ws: Workspace) -> None:
    """Show Spark the registry attached to `ws`: `registry_addresses`, `registry_spells` and `registry_known`.

    The copy lies in the folder `spark` of the index, on storage that every worker sees; it is made the first time that
    an index is used, aside, and renamed when whole. Raises Integrity `REGISTRY_COPY_CHANGED` when it is not as it was
    made, or was made of another index.
    """
    place = Path(ws.rows("SELECT path FROM duckdb_databases() WHERE database_name = 'registry'")[0][0]).parent
    copy = place / COPY
    if not copy.exists():
        _make_copy(session, ws, copy)
    buckets = _verified(copy, open_index(place).digest)
    for bucketed in _TABLES:
        _register(session, bucketed, copy / bucketed.table, buckets)


def seeking(sought: Sought) -> str:
    """The Spark query for the rows of the index that are sought.

    Where the rows lie together by the column that is sought, that is the whole table: the join that follows moves only
    the requests. By another column the few values wanted are sent to every worker, for the registry must not move.
    """
    table = f"registry_{sought.table}"
    if (sought.table, sought.column) in {(bucketed.table, bucketed.by) for bucketed in _TABLES}:
        return f"SELECT * FROM {table}"
    wanted = to_spark(f"SELECT DISTINCT wanted FROM ({sought.wanted}) AS w(wanted)")
    return f"""
SELECT /*+ BROADCAST(few) */ r.* FROM {table} AS r LEFT SEMI JOIN ({wanted}) AS few ON r.{sought.column} = few.wanted
"""


def spark_path(path: Path) -> str:
    """`path` for Spark: a file, whatever file system the cluster prefers."""
    return f"file://{path.absolute()}"


def _make_copy(session: SparkSession, ws: Workspace, copy: Path) -> None:
    draft = copy.parent / f".{COPY}-{uuid.uuid4().hex}.draft"
    draft.mkdir()
    try:
        buckets = _bucket_count(ws)
        for bucketed in _TABLES:
            _write(session, ws, bucketed, draft, buckets)
        facts = {"registry": open_index(copy.parent).digest, "buckets": buckets, "files": _digests(draft)}
        (draft / _MANIFEST).write_text(json.dumps(facts, sort_keys=True, indent=2) + "\n", encoding="utf-8")
        draft.rename(copy)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _bucket_count(ws: Workspace) -> int:
    spells = int(ws.rows("SELECT count(*) FROM registry.spells")[0][0])
    return min(max(spells // _ROWS_PER_BUCKET, 2), _MOST_BUCKETS)


def _write(session: SparkSession, ws: Workspace, bucketed: _Bucketed, draft: Path, buckets: int) -> None:
    plain = draft / f"{bucketed.table}.parquet"
    ws.con.execute(f"COPY registry.{bucketed.table} TO {quoted(plain)} (FORMAT parquet)")
    name = f"draft_{bucketed.table}"
    session.sql(f"DROP TABLE IF EXISTS {name}")
    rows = session.read.parquet(spark_path(plain)).repartition(buckets, bucketed.by)
    writer = rows.write.bucketBy(buckets, bucketed.by).sortBy(bucketed.by).format("parquet")
    writer.option("path", spark_path(draft / bucketed.table)).saveAsTable(name)
    # The rows stay: Spark keeps what lies at a path that it was given.
    session.sql(f"DROP TABLE {name}")
    plain.unlink()


def _digests(copy: Path) -> dict[str, str]:
    parts = sorted(path for path in copy.rglob("*.parquet") if path.is_file())
    return {path.relative_to(copy).as_posix(): file_digest(path) for path in parts}


def _verified(copy: Path, registry: str) -> int:
    """The number of buckets of a copy that is as it was made, of this registry."""
    facts = _facts(copy)
    if facts.get("registry") != registry or facts.get("files") != _digests(copy):
        raise Integrity(
            "REGISTRY_COPY_CHANGED",
            "The registry's copy for Spark is not as it was made, or was made of another registry.",
            f"Remove the folder `{COPY}` of the registry; the next batch makes it anew.",
        )
    return int(facts["buckets"])


def _facts(copy: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((copy / _MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _register(session: SparkSession, bucketed: _Bucketed, rows: Path, buckets: int) -> None:
    name = f"registry_{bucketed.table}"
    fields = session.read.parquet(spark_path(rows)).schema.fields
    columns = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in fields)
    session.sql(f"DROP TABLE IF EXISTS {name}")
    session.sql(
        f"CREATE TABLE {name} ({columns}) USING parquet CLUSTERED BY ({bucketed.by}) SORTED BY ({bucketed.by}) "
        f"INTO {buckets} BUCKETS LOCATION {quoted(Path(spark_path(rows)))}"
    )
