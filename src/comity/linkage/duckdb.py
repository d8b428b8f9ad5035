"""The default engine: the whole plan as SQL in the step's own DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.compare import compare_steps
from comity.linkage.determine import determine_steps
from comity.linkage.narrow import Sought, fetch_steps, narrow_steps
from comity.linkage.plan import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.linkage.terms import LinkageTerms
    from comity.standard import Step
    from comity.workspace import Workspace


# Up to so many, the values are written into the statement: the file's own minima and maxima then tell which of its
# blocks to read. Beyond, reading a column whole and joining is faster.
FEW = 20_000

_ROWID = {"addresses": "address", "spells": "spell"}


def fetch(ws: Workspace) -> None:
    """Make `fetched`, the spells of `pairs`, whole."""
    _run_seeking(ws, fetch_steps())


def _run_seeking(ws: Workspace, steps: Sequence[Step | Sought]) -> None:
    for step in steps:
        if isinstance(step, Sought):
            _seek(ws, step)
        else:
            run(ws.con, [step])


def _seek(ws: Workspace, sought: Sought) -> None:
    own = _ROWID[sought.table]
    column = "rowid" if sought.column == own else sought.column
    wanted = f"SELECT DISTINCT wanted FROM ({sought.wanted}) AS w(wanted) WHERE wanted IS NOT NULL LIMIT {FEW + 1}"
    few = [int(value) for (value,) in ws.rows(wanted)]
    among = "TRUE" if len(few) > FEW else f"{column} IN ({', '.join(map(str, few)) or 'NULL'})"
    ws.con.execute(f"""
CREATE OR REPLACE TEMP VIEW {sought.name} AS
SELECT rowid AS {own}, * FROM registry.{sought.table} WHERE {among}
""")


class DuckDBEngine:
    """An `Engine` on one machine; columns, not rows."""

    def narrow(self, ws: Workspace) -> None:
        """Key joins, then only the spells that were met."""
        _run_seeking(ws, narrow_steps())

    def compare(self, ws: Workspace) -> None:
        """Levels and reasons for every pair."""
        run(ws.con, compare_steps())

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """One determination per request."""
        run(ws.con, determine_steps(terms))
