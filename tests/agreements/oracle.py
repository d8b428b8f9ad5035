"""Conditions that a rule may be made of, and what SQL says they are: the words beside a plain evaluator in Python.

Written from the rules of SQL alone (absent is `None`, and a condition over it neither true nor false), so that it
shares no mistake with the compiler that it judges.
"""

from __future__ import annotations

import operator
import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Row = Mapping[str, Any]
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Said:
    """An expression: its words, the columns it speaks of, and what it is for a row."""

    sql: str
    columns: frozenset[str]
    of: Callable[[Row], Any]


def column(name: str) -> Said:
    """What a row holds in a column."""
    return Said(name, frozenset({name}), lambda row: row[name])


def word(value: Any) -> Said:
    """A word of the rule itself: a text, a number, a day, TRUE or FALSE."""
    plain = isinstance(value, (bool, int))
    return Said(str(value).upper() if plain else f"'{value}'", frozenset(), lambda row: value)


def compared(sign: str, left: Said, right: Said) -> Said:
    """Unknown when either side is absent."""
    return _made(f"{left.sql} {sign} {right.sql}", _strict(COMPARISONS[sign]), left, right)


def both(left: Said, right: Said) -> Said:
    """False when one is, whatever the other; else unknown when one is."""
    return _made(f"({left.sql} AND {right.sql})", _and, left, right)


def either(left: Said, right: Said) -> Said:
    """True when one is, whatever the other; else unknown when one is."""
    return _made(f"({left.sql} OR {right.sql})", lambda a, b: _not(_and(_not(a), _not(b))), left, right)


def negated(part: Said) -> Said:
    """Unknown stays unknown."""
    return _made(f"(NOT {part.sql})", _not, part)


def absent(part: Said, *, present: bool = False) -> Said:
    """Never unknown."""
    return _made(f"({part.sql} IS {'NOT ' * present}NULL)", lambda a: (a is None) != present, part)


def first_of(*parts: Said) -> Said:
    """The first that is there."""
    return _made(
        f"coalesce({_listed(parts)})", lambda *values: next((v for v in values if v is not None), None), *parts
    )


def utmost(name: str, *parts: Said) -> Said:
    """`greatest` or `least` of those that are there."""
    pick = {"greatest": max, "least": min}[name]
    return _made(f"{name}({_listed(parts)})", lambda *values: _utmost(pick, values), *parts)


def utmost_of(name: str, items: Said) -> Said:
    """`list_max` or `list_min` of those words of a list that are there."""
    pick = {"list_max": max, "list_min": min}[name]
    return _made(f"{name}({items.sql})", lambda values: None if values is None else _utmost(pick, values), items)


def size(name: str, part: Said) -> Said:
    """`length` or `len` of a text or list; `list_count` of the words of a list that are there."""
    counted = (lambda a: sum(word is not None for word in a)) if name == "list_count" else len
    return _made(f"{name}({part.sql})", _strict(counted), part)


def holds(items: Said, part: Said) -> Said:
    """Whether a list holds a word; an absent word in the list is none."""
    return _made(f"list_contains({items.sql}, {part.sql})", _strict(lambda a, b: b in a), items, part)


def holds_all(items: Said, wanted: Said) -> Said:
    """Whether a list holds each word of another; absent words are passed over."""
    return _made(
        f"list_has_all({items.sql}, {wanted.sql})",
        _strict(lambda a, b: {w for w in b if w is not None} <= set(a)),
        items,
        wanted,
    )


def among(part: Said, words: Sequence[Any]) -> Said:
    """Unknown when it is not among them and one of them is absent."""
    written = ", ".join("NULL" if w is None else word(w).sql for w in words)
    return _made(
        f"({part.sql} IN ({written}))", _strict(lambda a: a in words or (None if None in words else False)), part
    )


def between(part: Said, low: Said, high: Said) -> Said:
    """At or above the one and at or below the other."""
    at_least, at_most = _strict(operator.ge), _strict(operator.le)
    sql = f"({part.sql} BETWEEN {low.sql} AND {high.sql})"
    return _made(sql, lambda a, b, c: _and(at_least(a, b), at_most(a, c)), part, low, high)


def chosen(when: Said, then: Said, otherwise: Said) -> Said:
    """CASE: what is unknown chooses the other."""
    sql = f"(CASE WHEN {when.sql} THEN {then.sql} ELSE {otherwise.sql} END)"
    return _made(sql, lambda a, b, c: b if a else c, when, then, otherwise)


def matches(part: Said, pattern: str) -> Said:
    """Whether the whole text is of a pattern."""
    sql = f"regexp_full_match({part.sql}, '{pattern}')"
    return _made(sql, _strict(lambda a: re.fullmatch(pattern, a) is not None), part)


def year(part: Said) -> Said:
    """The year of a day."""
    return _made(f"year({part.sql})", _strict(lambda a: a.year), part)


def moved(part: Said, sign: str, count: int, unit: str) -> Said:
    """A day so many days, months or years later or earlier; a day that the month lacks is its last."""
    by = count if sign == "+" else -count
    return _made(f"({part.sql} {sign} INTERVAL {count} {unit})", _strict(lambda a: _moved(a, by, unit)), part)


def summed(sign: str, left: Said, right: Said) -> Said:
    """The sum or the difference of two numbers."""
    return _made(f"({left.sql} {sign} {right.sql})", _strict({"+": operator.add, "-": operator.sub}[sign]), left, right)


def _made(sql: str, of: Callable[..., Any], *parts: Said) -> Said:
    columns = frozenset().union(*(part.columns for part in parts))
    return Said(sql, columns, lambda row: of(*(part.of(row) for part in parts)))


def _strict(of: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: None if any(value is None for value in values) else of(*values)


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _not(part: bool | None) -> bool | None:
    return None if part is None else not part


def _listed(parts: Sequence[Said]) -> str:
    return ", ".join(part.sql for part in parts)


def _utmost(pick: Callable[[list[Any]], Any], values: Sequence[Any]) -> Any:
    there = [value for value in values if value is not None]
    return pick(there) if there else None


def _moved(day: date, by: int, unit: str) -> date:
    if unit == "DAY":
        return day + timedelta(days=by)
    months = day.year * 12 + day.month - 1 + by * (12 if unit == "YEAR" else 1)
    year_, month = divmod(months, 12)
    return date(year_, month + 1, min(day.day, monthrange(year_, month + 1)[1]))
