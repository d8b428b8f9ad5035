"""The default engine: the whole plan as SQL in the step's own DuckDB."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from comity.linkage.compare import compare_steps
from comity.linkage.determine import determine_steps
from comity.linkage.narrow import narrow_steps
from comity.linkage.plan import COMPARED, DETERMINED, NARROWED, Sought
from comity.standard import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace


# Up to so many, the values are written into the statement: the file's own minima and maxima then tell which of its
# blocks to read. Beyond, reading a column whole and joining is faster.
FEW = 4_000


def work_out(ws: Workspace, steps: Sequence[Step | Sought], kept: Sequence[str]) -> None:
    """Make the tables of `steps` in order; what is sought is a view, what one table alone needs is made along with it.

    The tables that are `kept` hold whatever is done after; of the others nothing is to be read any more.
    """
    reads = {
        step.name: Counter(re.findall(r"\w+", step.wanted if isinstance(step, Sought) else step.sql)) for step in steps
    }
    homes = _homes(steps, reads, kept)
    for step in steps:
        if isinstance(step, Sought):
            seek(ws, step)
        elif homes[step.name] == step.name:
            parts = [part for part in steps if isinstance(part, Step) and homes[part.name] == step.name]
            ws.con.execute(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {_statement(parts, reads)}")


def _homes(steps: Sequence[Step | Sought], reads: Mapping[str, Counter[str]], kept: Sequence[str]) -> dict[str, str]:
    """The table in whose statement each step is worked out: its own if it is kept, sought by, or needed by several."""
    homes: dict[str, str] = {}
    for step in reversed(steps):
        needed = {home for reader, home in homes.items() if step.name in reads[reader]}
        alone = isinstance(step, Sought) or step.name in kept or len(needed) != 1
        homes[step.name] = step.name if alone else needed.pop()
    return homes


def _statement(parts: Sequence[Step], reads: Mapping[str, Counter[str]]) -> str:
    """The last of `parts` as one query. What is read twice is kept meanwhile, which is cheaper than a table."""
    readers = sum((reads[part.name] for part in parts), Counter[str]())
    tables = (
        f"{part.name} AS {'MATERIALIZED' if readers[part.name] > 1 else 'NOT MATERIALIZED'} ({part.sql})"
        for part in parts
    )
    return f"WITH {', '.join(tables)} SELECT * FROM {parts[-1].name}"


def seek(ws: Workspace, sought: Sought) -> None:
    """Make what is sought a view: of the index table as a whole, or of the rows wanted where they are few."""
    # Enough to tell whether they are few: many are the same.
    first = [value for (value,) in ws.rows(f"{sought.wanted} LIMIT {4 * FEW + 1}")]
    wanted = {int(value) for value in first if value is not None}
    many = len(first) > 4 * FEW or len(wanted) > FEW
    among = "TRUE" if many else f"{sought.column} IN ({', '.join(map(str, sorted(wanted))) or 'NULL'})"
    ws.con.execute(f"""
CREATE OR REPLACE TEMP VIEW {sought.name} AS
SELECT * FROM registry.{sought.table} WHERE {among}
""")


class DuckDBEngine:
    """An `Engine` on one machine; columns, not rows."""

    def narrow(self, ws: Workspace) -> None:
        """Key joins, and the names of who was met."""
        work_out(ws, narrow_steps(), NARROWED)

    def compare(self, ws: Workspace) -> None:
        """Levels and reasons for every pair that shares a name."""
        work_out(ws, compare_steps(), COMPARED)

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """One determination per request."""
        work_out(ws, determine_steps(terms), DETERMINED)
