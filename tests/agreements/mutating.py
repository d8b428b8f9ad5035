"""Ways to spoil a rule by little: what a slip of the pen, or a hand that means ill, would make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlglot
from sqlglot import exp

from comity.agreements import Agreement, Gate, Value
from comity.agreements.kinds import PATTERN
from comity.agreements.terms import terms_of

COMPARISONS = (exp.LT, exp.LTE, exp.EQ, exp.NEQ, exp.GTE, exp.GT)
# A length is never below nought.
SAME_ABOVE_NOUGHT = ({exp.GT, exp.NEQ}, {exp.EQ, exp.LTE})
FUNCTIONS: tuple[tuple[type[exp.Expr], type[exp.Expr]], ...] = (
    (exp.Greatest, exp.Least),
    (exp.ArrayMax, exp.ArrayMin),
    (exp.And, exp.Or),
)
CONDITIONS = (exp.Predicate, exp.Not, exp.Connector, exp.ArrayContains, exp.RegexpFullMatch, exp.Anonymous)
ANOTHER_WORD = "another word"


@dataclass(frozen=True)
class Mutant:
    """A gate to which something was done, and what."""

    gate: Gate
    done: str


def of_gate(gate: Gate, agreement: Agreement) -> Iterator[Mutant]:
    """Every mutant of the words of `gate`: of when it applies, of what it demands, of what an absence says."""
    for part in ("applies", "unless"):
        text = getattr(gate, part)
        for spoilt in dict.fromkeys(spoil(text, agreement)):
            yield Mutant(replace(gate, **{part: spoilt}), f"{part}: {spoilt}")
    if gate.applies != "TRUE":
        yield Mutant(replace(gate, applies="TRUE"), "it applies always")
    for column in gate.absent:
        kept = {name: code for name, code in gate.absent.items() if name != column}
        yield Mutant(replace(gate, absent=kept), f"the absence of {column} says nothing of its own")
    for column in gate.may_be_absent:
        kept = tuple(name for name in gate.may_be_absent if name != column)
        yield Mutant(replace(gate, may_be_absent=kept), f"{column} is demanded")


def of_term(agreement: Agreement, name: str) -> Iterator[tuple[str, Agreement]]:
    """Every mutant of a value of the terms: (what was done to it, the agreement with it)."""
    for done, meant in _spoilt_value(value_of(agreement, name)):
        values = tuple(replace(v, meant=meant) if v.name == name else v for v in agreement.values)
        yield done, replace(agreement, values=values, terms=terms_of(values))


def value_of(agreement: Agreement, name: str) -> Value:
    """The value of that name."""
    return next(value for value in agreement.values if value.name == name)


def spoil(text: str, agreement: Agreement) -> Iterator[str]:
    """The texts of every mutant of the expression `text`, one change in each."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    places = list(tree.walk())
    for number, place in enumerate(places):
        for change in _changes(place, agreement):
            copy = tree.copy()
            node = list(copy.walk())[number]
            changed = change(node)
            yield (changed if node is copy else _replaced(copy, node, changed)).sql(dialect="duckdb")


def _replaced(tree: exp.Expr, node: exp.Expr, changed: exp.Expr) -> exp.Expr:
    node.replace(changed)
    return tree


Change = Callable[[exp.Expr], exp.Expr]


def _changes(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    for rule in (_compare, _exchange, _drop, _negate, _say_another_word, _count_otherwise, _shorten):
        yield from rule(node, agreement)


def _compare(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """Each comparison by each other."""
    if type(node) in COMPARISONS:
        for other in COMPARISONS:
            if other is not type(node) and not (
                {other, type(node)} in SAME_ABOVE_NOUGHT and _is_length_and_nought(node)
            ):
                yield lambda it, other=other: other(this=it.this.copy(), expression=it.expression.copy())


def _is_length_and_nought(node: exp.Expr) -> bool:
    return (
        isinstance(node.this, exp.Length) and isinstance(node.expression, exp.Literal) and node.expression.name == "0"
    )


def _exchange(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """Each function or connective by its opposite."""
    for one, other in (*FUNCTIONS, *((b, a) for a, b in FUNCTIONS)):
        if type(node) is one:
            yield lambda it, other=other: _bracketed(other(**it.copy().args))


def _bracketed(node: exp.Expr) -> exp.Expr:
    return exp.Paren(this=node) if isinstance(node, exp.Connector) else node


def _drop(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """Each conjunct, disjunct and default left out; each branch of a CASE."""
    if isinstance(node, exp.Connector):
        yield lambda it: it.this.copy()
        yield lambda it: it.expression.copy()
    if isinstance(node, exp.Coalesce):
        yield lambda it: it.this.copy()
        yield from (lambda it, n=n: it.expressions[n].copy() for n in range(len(node.expressions)))
    if isinstance(node, exp.Case):
        yield from (lambda it, n=n: it.args["ifs"][n].args["true"].copy() for n in range(len(node.args["ifs"])))
        if node.args.get("default"):
            yield lambda it: it.args["default"].copy()
    if isinstance(node, (exp.Add, exp.Sub)):
        yield lambda it: it.this.copy()


def _negate(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """NOT left out, or put before each condition; each TRUE made FALSE and the reverse."""
    if isinstance(node, exp.Not):
        yield lambda it: it.this.copy()
    elif isinstance(node, exp.Boolean):
        yield lambda it: exp.Boolean(this=not it.this)
    elif isinstance(node, CONDITIONS) or (
        isinstance(node, exp.Column) and isinstance(node.parent, exp.Connector | None)
    ):
        yield lambda it: exp.Not(this=exp.Paren(this=it.copy()))


def _say_another_word(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """Each text by another; a pattern loosened."""
    if isinstance(node, exp.Literal) and node.is_string and not isinstance(node.parent, exp.Interval):
        yield lambda it: exp.Literal.string(ANOTHER_WORD)
        if isinstance(node.parent, exp.RegexpFullMatch):
            yield from (lambda it, loose=loose: exp.Literal.string(loose) for _, loose in loosened(node.name))


def _count_otherwise(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """Each number one less and one more, whether it stands in the rule or in a term."""
    number = _number(node, agreement)
    if number is not None:
        make = exp.Literal.string if isinstance(node.parent, exp.Interval) else exp.Literal.number
        yield from (lambda it, by=by: make(str(number + by)) for by in (-1, 1) if number + by >= 0)


def _number(node: exp.Expr, agreement: Agreement) -> int | None:
    if (
        isinstance(node, exp.Literal)
        and node.name.isdigit()
        and (not node.is_string or isinstance(node.parent, exp.Interval))
    ):
        return int(node.name)
    value = agreement.value(node.name) if isinstance(node, exp.Placeholder) else None
    return value.meant if value is not None and type(value.meant) is int else None


def _shorten(node: exp.Expr, agreement: Agreement) -> Iterator[Change]:
    """Each word of a list left out."""
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for number in range(len(node.expressions)):
            yield lambda it, number=number: _without(it.copy(), number)


def _without(node: exp.Expr, number: int) -> exp.Expr:
    node.set("expressions", [word for n, word in enumerate(node.expressions) if n != number])
    return node


def _spoilt_value(stated: Value) -> Iterator[tuple[str, Any]]:
    value = stated.meant
    if type(value) is int:
        yield from ((f"{value + by}", value + by) for by in (-1, 1))
    elif isinstance(value, tuple):
        yield from ((f"without {word}", tuple(w for w in value if w != word)) for word in value)
    elif isinstance(value, Mapping):
        yield from _spoilt_list(value)
    elif isinstance(value, str) and stated.kind == PATTERN:
        yield from loosened(value)


def _spoilt_list(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for word, spellings in value.items():
        if len(value) > 1:  # an empty list does not load
            yield f"without {word}", {other: said for other, said in value.items() if other != word}
        if isinstance(spellings, tuple):
            for spelling in spellings[1:]:
                kept = tuple(said for said in spellings if said != spelling)
                yield f"{word} not spelt {spelling}", {**value, word: kept}


def loosened(pattern: str) -> Iterator[tuple[str, str]]:
    """The pattern let loose a little: any text before or after, a wider or a narrower class, a part more or less."""
    yield from ((f"/{made}/", made) for made in dict.fromkeys(_loosened(pattern)) if made != pattern and _reads(made))


def _loosened(pattern: str) -> Iterator[str]:
    yield ".*"
    if not pattern.startswith(".*"):
        yield f".*{pattern}"
    if not pattern.endswith(".*"):
        yield f"{pattern}.*"
    for found in re.finditer(r"\[[^]]*\]", pattern):
        low, high = found.group()[1], found.group()[-2]
        for first, last in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            spoilt = f"[{chr(ord(low) + first)}-{chr(ord(high) + last)}]"
            yield pattern[: found.start()] + spoilt + pattern[found.end() :]
        yield pattern[: found.start()] + "." + pattern[found.end() :]
    for found in re.finditer(r"\{(\d+),(\d+)\}", pattern):
        low, high = map(int, found.groups())
        for least, most in ((low - 1, high), (low + 1, high), (low, high - 1), (low, high + 1)):
            yield f"{pattern[: found.start()]}{{{least},{most}}}{pattern[found.end() :]}"
    for found in re.finditer(r"[?*+]", pattern):
        yield from (pattern[: found.start()] + other + pattern[found.end() :] for other in ("", "*"))
    for found in re.finditer(r"\|?\b\w+\b(?=[|)])", pattern):
        yield pattern[: found.start()] + pattern[found.end() :]


def _reads(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
