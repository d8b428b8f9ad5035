"""The tables of one step between its DuckDB and Spark: over as Parquet, worked out there, and back."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from typing import TYPE_CHECKING

from comity.linkage.narrow import Sought
from comity.linkage.spark_dialect import tables_read, to_spark
from comity.linkage.spark_registry import seeking, spark_path
from comity.workspace import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from comity.standard import Step
    from comity.workspace import Workspace


class SparkTables:
    """What Spark knows of one workspace: tables sent over, and tables made of them.

    They lie in a directory of their own in the workspace's, which every worker has to see, until `close`.
    """

    def __init__(self, session: SparkSession, ws: Workspace) -> None:
        self.session = session
        self.ws = ws
        self.directory = ws.directory / f".spark-{uuid.uuid4().hex}.draft"
        self.directory.mkdir()
        self._known: set[str] = set()
        self._made: dict[str, DataFrame] = {}

    def send(self, names: Iterable[str]) -> None:
        """Show Spark the workspace's tables `names`, those that it does not know already."""
        for name in names:
            if name not in self._known:
                path = self.directory / f"{name}.parquet"
                self.ws.con.execute(f"COPY (SELECT * FROM {name}) TO {quoted(path)} (FORMAT parquet)")
                self._show(name, path)

    def make(self, steps: Sequence[Step | Sought]) -> None:
        """The tables of `steps` in order; what several others read is worked out once and kept in Spark meanwhile.

        What is kept lies in the workers' memory, or in their spill, which is encrypted.
        """
        queries = {step.name: seeking(step) if isinstance(step, Sought) else to_spark(step.sql) for step in steps}
        readers = Counter(name for query in queries.values() for name in tables_read(query))
        for name, query in queries.items():
            self._forget(name)
            frame = self.session.sql(query)
            self._made[name] = frame.persist() if readers[name] > 1 else frame
            frame.createOrReplaceTempView(name)

    def fetch(self, name: str) -> None:
        """Bring the table `name` that Spark made back into the workspace."""
        path = self.directory / f"{name}-{uuid.uuid4().hex}"
        self._made[name].write.parquet(spark_path(path))
        self.ws.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_parquet({quoted(path / '*.parquet')})"
        )
        self._forget(name)
        self._show(name, path)

    def close(self) -> None:
        """Let everything go, in Spark and on disk."""
        for name in [*self._made, *self._known]:
            self._forget(name)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _show(self, name: str, path: Path) -> None:
        self.session.read.parquet(spark_path(path)).createOrReplaceTempView(name)
        self._known.add(name)

    def _forget(self, name: str) -> None:
        if name in self._made:
            self._made.pop(name).unpersist()
        self._known.discard(name)
        self.session.catalog.dropTempView(name)
