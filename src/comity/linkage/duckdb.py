"""The default engine: the whole plan as SQL in the step's own DuckDB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.linkage.compare import compare_steps
from comity.linkage.determine import determine_steps
from comity.linkage.narrow import narrow_steps
from comity.linkage.plan import COMPARED, DETERMINED, NARROWED, Sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.linkage.terms import LinkageTerms
    from comity.standard import Step
    from comity.workspace import Workspace


# Up to so many, the values are written into the statement: the file's own minima and maxima then tell which of its
# blocks to read. Beyond, reading a column whole and joining is faster.
FEW = 4_000

_ROWID = {"addresses": "address", "spells": "spell"}


def work_out(ws: Workspace, steps: Sequence[Step | Sought], kept: Sequence[str]) -> None:
    """Make the tables of `steps` in order; what is sought, and what one other step reads, is a view.

    The tables that are `kept` hold whatever is done after; of the others nothing is to be read any more.
    """
    texts = [step.wanted if isinstance(step, Sought) else step.sql for step in steps]
    for place, step in enumerate(steps):
        if isinstance(step, Sought):
            _seek(ws, step)
            continue
        readers = sum(len(re.findall(rf"\b{step.name}\b", text)) for text in texts[place + 1 :])
        kind = "VIEW" if readers == 1 and step.name not in kept else "TABLE"
        ws.con.execute(f"CREATE OR REPLACE TEMP {kind} {step.name} AS {step.sql}")


def _seek(ws: Workspace, sought: Sought) -> None:
    own = _ROWID[sought.table]
    column = "rowid" if sought.column == own else sought.column
    # Enough to tell whether they are few: many are the same.
    first = [value for (value,) in ws.rows(f"{sought.wanted} LIMIT {4 * FEW + 1}")]
    wanted = {int(value) for value in first if value is not None}
    many = len(first) > 4 * FEW or len(wanted) > FEW
    among = "TRUE" if many else f"{column} IN ({', '.join(map(str, sorted(wanted))) or 'NULL'})"
    ws.con.execute(f"""
CREATE OR REPLACE TEMP VIEW {sought.name} AS
SELECT rowid AS {own}, * FROM registry.{sought.table} WHERE {among}
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
