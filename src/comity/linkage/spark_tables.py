"""The tables of one step between its DuckDB and Spark: over as Parquet, worked out there, and back."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from typing import TYPE_CHECKING

from comity.linkage.plan import Sought
from comity.linkage.spark_dialect import tables_read, to_spark
from comity.linkage.spark_registry import seeking, spark_path
from comity.workspace import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyspark.sql import SparkSession

    from comity.standard import Step
    from comity.workspace import Workspace


class SparkTables:
    """What Spark knows of one workspace: tables sent over, and tables made of them.

    They lie as Parquet in a directory of their own in the workspace's, which every worker has to see, until `close`.
    """

    def __init__(self, session: SparkSession, ws: Workspace) -> None:
        self.session = session
        self.ws = ws
        self.directory = ws.directory / f".spark-{uuid.uuid4().hex}.draft"
        self.directory.mkdir()
        self._lie: dict[str, Path] = {}
        self._shown: set[str] = set()

    def send(self, names: Iterable[str]) -> None:
        """Show Spark the workspace's tables `names`, those that it does not know already."""
        for name in names:
            if name not in self._lie:
                path = self._place(name)
                path.mkdir()
                self.ws.con.execute(f"COPY (SELECT * FROM {name}) TO {quoted(path / 'part.parquet')} (FORMAT parquet)")
                self._show(name)

    def make(self, steps: Sequence[Step | Sought], kept: Sequence[str]) -> None:
        """The tables of `steps` in order. What is `kept`, or several others read, is worked out and written."""
        queries = {step.name: seeking(step) if isinstance(step, Sought) else to_spark(step.sql) for step in steps}
        readers = Counter(name for query in queries.values() for name in tables_read(query))
        for name, query in queries.items():
            self._forget(name)
            made = self.session.sql(query)
            # Spark puts the query of a table in the place of its name: chains of many readers would grow without end.
            if readers[name] <= 1 and name not in kept:
                made.createOrReplaceTempView(name)
                self._shown.add(name)
            else:
                made.write.parquet(spark_path(self._place(name)))
                self._show(name)

    def fetch(self, names: Iterable[str]) -> None:
        """Bring the tables `names`, which Spark has written, into the workspace."""
        for name in names:
            parts = quoted(self._lie[name] / "*.parquet")
            self.ws.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_parquet({parts})")

    def close(self) -> None:
        """Let everything go, in Spark and on disk."""
        for name in list(self._shown):
            self._forget(name)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _place(self, name: str) -> Path:
        self._lie[name] = self.directory / f"{name}-{uuid.uuid4().hex}"
        return self._lie[name]

    def _show(self, name: str) -> None:
        self.session.read.parquet(spark_path(self._lie[name])).createOrReplaceTempView(name)
        self._shown.add(name)

    def _forget(self, name: str) -> None:
        if name in self._shown:
            self.session.catalog.dropTempView(name)
            self._shown.discard(name)
        if name in self._lie:
            shutil.rmtree(self._lie.pop(name), ignore_errors=True)
