"""The plan as data: an ordered list of named SELECTs, and of what they seek in the index, for an engine to work out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from comity.standard import Step


class Sought(NamedTuple):
    """The rows of an index table whose `column` is among `wanted` (a SELECT of one whole number), as the table `name`.

    `table` is `addresses`, `spells` or `known`. An engine may leave more rows in it, up to the whole table: the steps
    that read it join on the same column again.
    """

    name: str
    table: str
    column: str
    wanted: str


def run(con: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> None:
    """Make the temporary table `step.name` from `step.sql` for each of `steps`; a later step reads the earlier ones."""
    for step in steps:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}")


# What each act of an engine leaves behind for the acts after it.
NARROWED = ("listed",)
COMPARED = ("fetched", "sites", "compared")
DETERMINED = ("determined",)
