"""The reviewers' own error: how often each was wrong on cases whose answer the office knew, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.oversight.intervals import share_interval

ALL = "all reviewers"


@dataclass(frozen=True)
class Measured:
    """One reviewer, or all of them: the known `cases` voted on, how many votes were `wrong`, and the exact interval of
    that share (95 %, Clopper and Pearson)."""

    officer: str
    cases: int
    wrong: int
    low: float
    high: float

    def interval(self) -> str:
        """The interval in words."""
        return f"{self.low:.1%} to {self.high:.1%}" if self.cases else "nothing known"


def measured_reviewers(counts: Mapping[str, Mapping[str, int]]) -> list[Measured]:
    """Each reviewer, by name, and all together at the end; [] where nobody has judged a known case.

    `counts` are those of a `ReviewersMeasured`. The interval takes each vote for a trial of its own.
    """
    if not counts:
        return []
    found = [(officer, one["cases"], one["wrong"]) for officer, one in sorted(counts.items())]
    found.append((ALL, sum(cases for _, cases, _ in found), sum(wrong for *_, wrong in found)))
    return [Measured(officer, cases, wrong, *share_interval(wrong, cases)) for officer, cases, wrong in found]
