"""Embargoes: what a person is not told yet, because a statute allows to wait, on which basis, and until which day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Embargo:
    """What was asked under `agreement`, or in its `batch` alone, is kept out of accountings up to the day `ends_on`.

    `covered` is how many entries stood under it when it was placed.
    """

    embargo: int
    agreement: str
    batch: str
    basis: str
    ends_on: str
    covered: int
    placed_at: str

    def covers(self, agreement: str, batch: str) -> bool:
        """Whether the entries of `batch`, which came under `agreement`, are kept back."""
        return self.agreement == agreement and self.batch in ("", batch)

    @property
    def scope(self) -> str:
        """How much it keeps back, in words that name no batch: they stand in the log in clear."""
        return "one batch" if self.batch else "whole agreement"


def in_force(embargoes: Iterable[Embargo], day: str) -> tuple[Embargo, ...]:
    """The embargoes that bind on `day` (ISO), oldest first; past its last day one has no effect."""
    return tuple(sorted((one for one in embargoes if day <= one.ends_on), key=lambda one: one.embargo))


def days_of(placed_on: str, ends_on: str) -> int:
    """How many days an embargo lasts that is placed on one day and ends on another (both ISO), both of them counted."""
    return (date.fromisoformat(ends_on) - date.fromisoformat(placed_on)).days + 1


def embargo_on(embargoes: Iterable[Embargo], agreement: str, batch: str, day: str) -> int:
    """The number of the first embargo that keeps the entries of `batch` back on `day` (ISO), 0 for none."""
    return next((one.embargo for one in in_force(embargoes, day) if one.covers(agreement, batch)), 0)
