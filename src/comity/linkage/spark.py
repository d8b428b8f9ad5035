"""The engine for when one machine is outgrown: the same plan, on a cluster of Apache Spark 4."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from comity.linkage.compare import compare_steps
from comity.linkage.determine import determine_steps
from comity.linkage.narrow import narrow_steps
from comity.linkage.plan import COMPARED, DETERMINED, NARROWED
from comity.linkage.spark_registry import attach_registry
from comity.linkage.spark_session import coded, open_session, require_spark
from comity.linkage.spark_tables import SparkTables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyspark.sql import SparkSession

    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace

_LISTS = (
    "std_nicknames",
    "std_variants",
    "std_romanised",
    "std_known_given",
    "std_known_family",
    "std_known_streets",
    "filings",
    "in_stated_years",
)


class SparkEngine:
    """An `Engine` on the Spark cluster `master`, to be used in a `with` block, which ends its session.

    `master` is a Spark master URL, `local[*]` for this machine alone; `config` are further Spark properties (see
    `spark_session.open_session`). The workspace's directory and the registry's have to be on storage that every worker
    sees under the same path. Every act raises Usage `SPARK_NOT_INSTALLED` or `JAVA_NOT_FOUND`, and Integrity
    `SPARK_FAILED` or `REGISTRY_COPY_CHANGED`.
    """

    def __init__(self, master: str = "local[*]", config: Mapping[str, str] | None = None) -> None:
        self._master = master
        self._config = dict(config or {})
        self._session: SparkSession | None = None
        self._tables: SparkTables | None = None
        self._attached: Workspace | None = None

    def __enter__(self) -> Self:
        require_spark()
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            with coded():
                self._leave()
                self._session.stop()
            self._session = self._attached = None

    def narrow(self, ws: Workspace) -> None:
        """Key joins against the registry's buckets, and the names of who was met."""
        with self._tables_of(ws, anew=True) as tables:
            # A batch in parts narrows once for each of them; all of the copy is hashed when it is attached.
            if self._attached is not ws:
                attach_registry(tables.session, ws)
                self._attached = ws
            tables.send(("asked",))
            tables.make(narrow_steps(), NARROWED)
            tables.fetch(NARROWED)

    def compare(self, ws: Workspace) -> None:
        """Levels and reasons for every pair that shares a name."""
        with self._tables_of(ws) as tables:
            tables.send(("asked", *NARROWED, *_LISTS))
            tables.make(compare_steps(), COMPARED)
            tables.fetch(COMPARED)

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """One determination per request."""
        with self._tables_of(ws) as tables:
            tables.send(("asked", "filings", "in_stated_years", *NARROWED, *COMPARED))
            tables.make(determine_steps(terms), DETERMINED)
            tables.fetch(DETERMINED)

    @contextmanager
    def _tables_of(self, ws: Workspace, *, anew: bool = False) -> Iterator[SparkTables]:
        """What Spark knows of `ws`; nothing yet if it worked on another before, or has to begin `anew`."""
        session = self._session = self._session or open_session(self._master, self._config)
        with coded():
            if anew or self._tables is None or self._tables.ws is not ws:
                self._leave()
                self._tables = SparkTables(session, ws)
            yield self._tables

    def _leave(self) -> None:
        if self._tables is not None:
            self._tables.close()
            self._tables = None
