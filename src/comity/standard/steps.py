"""A rule-set as a visible list: small SQL steps, each with a name and a sentence, that together make one query."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One SELECT over the step before it: `name` (of its result), `says` (what it does, in words) and `sql`."""

    name: str
    says: str
    sql: str


def chain(steps: list[Step]) -> str:
    """The steps as one SQL query: each a common table expression, the last one's rows the result."""
    expressions = ",\n".join(f"{step.name} AS (\n{step.sql.strip()}\n)" for step in steps)
    return f"WITH {expressions}\nSELECT * FROM {steps[-1].name}"
