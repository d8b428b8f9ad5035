"""Recall and false confirmations by a group that the truth carries, and whether groups differ by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from comity.oversight.intervals import fisher, share_interval

SMALLEST = 30
LIMIT = 0.05
NOT_STATED = "(not stated)"


@dataclass(frozen=True)
class Rate:
    """`count` of `of`, as `share` with the bounds of its exact 95 % interval; None where `of` is too small to say."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Group:
    """One group: how many `requests`, `recall` over its confirmable ones, `false_confirmations` over all of them.

    A false confirmation is a wrong person or a wrong address.
    """

    group: str
    requests: int
    recall: Rate
    false_confirmations: Rate


@dataclass(frozen=True)
class Gap:
    """The largest recall of a group minus the smallest, as a share; `p` as `says` explains."""

    gap: float
    largest: str
    smallest: str
    p: float
    within_chance: bool
    says: str


@dataclass(frozen=True)
class Grouping:
    """The groups of one column of the truth, and the gap in recall between them where two are large enough to say."""

    column: str
    groups: tuple[Group, ...]
    gap: Gap | None


def grouping(column: str, rows: Sequence[tuple[str, int, int, int, int]]) -> Grouping:
    """The figures of `column`; `rows` are (group, requests, confirmable, right, false confirmations)."""
    groups = tuple(
        Group(group, requests, rate(right, confirmable), rate(wrong, requests))
        for group, requests, confirmable, right, wrong in rows
    )
    return Grouping(column, groups, _gap(groups))


def rate(count: int, of: int) -> Rate:
    """`count` of `of` with its interval (Clopper and Pearson), or without where fewer than SMALLEST were tried."""
    if of < SMALLEST:
        return Rate(count, of, None, None, None)
    return Rate(count, of, count / of, *share_interval(count, of))


def _gap(groups: Sequence[Group]) -> Gap | None:
    said = sorted((group for group in groups if group.recall.share is not None), key=_recall)
    if len(said) < 2:
        return None
    smallest, largest = said[0], said[-1]
    # The pair was chosen for its distance, so its p is multiplied by the pairs it was chosen from (Bonferroni).
    pairs = len(list(combinations(said, 2)))
    p = min(1.0, pairs * fisher(largest.recall.count, largest.recall.of, smallest.recall.count, smallest.recall.of))
    gap = _recall(largest) - _recall(smallest)
    return Gap(gap, largest.group, smallest.group, p, p >= LIMIT, _sentence(gap, largest, smallest, p, pairs))


def _recall(group: Group) -> float:
    return group.recall.share or 0.0


def _sentence(gap: float, largest: Group, smallest: Group, p: float, pairs: int) -> str:
    chance = "lies within chance" if p >= LIMIT else "is more than chance explains"
    counted = f", times {pairs} for the pairs it was chosen from" if pairs > 1 else ""
    return (
        f"Recall differs by {100 * gap:.1f} points, {largest.group} over {smallest.group}; this {chance} "
        f"(Fisher's exact test, two-sided{counted}: p = {p:.2g}, limit {LIMIT})."
    )
