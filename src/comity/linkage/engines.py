"""The engines by name, as a command or an office chooses one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.case.errors import Usage
from comity.linkage.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.linkage.engine import Engine

ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class EngineChoice:
    """Which engine links, and for spark on which cluster: `master` is a Spark master URL.

    Raises Usage `ENGINE_UNKNOWN`.
    """

    name: str = "duckdb"
    master: str = "local[*]"

    def __post_init__(self) -> None:
        if self.name not in ENGINES:
            raise Usage("ENGINE_UNKNOWN", "There is no engine of that name.", f"Take one of: {', '.join(ENGINES)}.")

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        """The engine, for as long as the block lasts. Raises Usage `SPARK_NOT_INSTALLED` or `JAVA_NOT_FOUND`."""
        if self.name == "duckdb":
            yield DuckDBEngine()
            return
        # Who links on one machine should not pay for Spark.
        from comity.linkage.spark import SparkEngine

        with SparkEngine(self.master) as engine:
            yield engine
