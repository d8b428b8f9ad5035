"""The plan as data: an ordered list of named SELECTs that an engine turns into tables, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from comity.standard import Step


def run(con: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> None:
    """Make the temporary table `step.name` from `step.sql` for each of `steps`; a later step reads the earlier ones."""
    for step in steps:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}")
