"""The default engine: the whole plan as SQL in the step's own DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.compare import compare_steps
from comity.linkage.determine import determine_steps
from comity.linkage.narrow import narrow_pairs
from comity.linkage.plan import run

if TYPE_CHECKING:
    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace


class DuckDBEngine:
    """An `Engine` on one machine; columns, not rows."""

    def narrow(self, ws: Workspace) -> None:
        """Key joins, then only the spells that were met."""
        narrow_pairs(ws.con)

    def compare(self, ws: Workspace) -> None:
        """Levels and reasons for every pair."""
        run(ws.con, compare_steps())

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """One determination per request."""
        run(ws.con, determine_steps(terms))
