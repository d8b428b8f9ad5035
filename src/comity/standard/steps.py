"""A rule-set as a visible list: small SQL steps, each with a name and a sentence, that together make one query."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection


class Step(NamedTuple):
    """One SELECT over the step before it: `name` (of its result), `says` (what it does, in words) and `sql`."""

    name: str
    says: str
    sql: str


def chain(steps: Sequence[Step]) -> str:
    """The steps as one SQL query: each a common table expression, the last one's rows the result."""
    expressions = ",\n".join(f"{step.name} AS (\n{step.sql.strip()}\n)" for step in steps)
    return f"WITH {expressions}\nSELECT * FROM {steps[-1].name}"


@contextmanager
def kept(con: DuckDBPyConnection, passes: dict[str, list[Step]]) -> Iterator[None]:
    """Run each pass into a temporary table of its name, for the passes after it; they are dropped at the end."""
    try:
        for table, steps in passes.items():
            con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {chain(steps)}")
        yield
    finally:
        for table in passes:
            con.execute(f"DROP TABLE IF EXISTS temp.{table}")
