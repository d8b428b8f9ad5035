"""Contests: somebody says that an answer was not about them; it stays open until a recall or a finding ends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Contest:
    """What is contested, by which letter, until when it is to be closed (ISO date), and how it ended, if it did."""

    contest: int
    batch: str
    row_number: int
    reference: str
    answer_by: str
    received_at: str
    looked_up: bool = False
    closed_at: str = ""
    recall: int = 0
    finding: str = ""

    def overdue(self, today: str) -> bool:
        """Whether it is open on `today` (ISO), after its last day."""
        return not self.closed_at and today > self.answer_by

    def stands(self) -> str:
        """How it stands, in words."""
        if self.closed_at:
            return f"closed by recall {self.recall}" if self.recall else "closed by a finding"
        return "waits for its end" if self.looked_up else "waits for a look-up"


def open_contests(contests: Iterable[Contest]) -> tuple[Contest, ...]:
    """Those that nothing has ended, oldest first."""
    return tuple(sorted((one for one in contests if not one.closed_at), key=lambda one: one.contest))
