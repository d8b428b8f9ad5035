"""How often reviewers are wrong, by the cases whose answer the office knows; and which of such cases are mixed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.batch_state import Vote
from comity.case.outcomes import VOTED_SQL
from comity.review.votes import Docket, load_votes
from comity.workspace import workspace

# How a wrong vote is told: for a known case the person is part of the answer.
_MEASURED = """
SELECT officer, count(*), count(*) FILTER ((v.verdict, v.person) IS DISTINCT FROM (k.verdict, k.person))
FROM votes AS v JOIN known AS k USING (row_number) GROUP BY officer ORDER BY officer
"""


def known_wanted(directory: Path, determinations: Artefact, per_hundred: int) -> int:
    """How many known cases belong among those that people decide: `per_hundred` for every full hundredth of them."""
    with workspace(directory, reads=[determinations.path]) as ws:
        ws.view("determinations", determinations)
        [(decided,)] = ws.rows(f"SELECT count(*) FROM determinations WHERE determination IN {VOTED_SQL}")
    return int(decided) * per_hundred // 100


def measure_reviewers(docket: Docket, votes: Sequence[Vote]) -> Mapping[str, Mapping[str, int]]:
    """By reviewer, on how many known cases `votes` were cast (`cases`), and how many of these were `wrong`."""
    with docket.opened() as ws:
        load_votes(ws, votes)
        return {officer: {"cases": cases, "wrong": wrong} for officer, cases, wrong in ws.rows(_MEASURED)}
