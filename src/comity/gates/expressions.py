"""Which expressions a rule may be made of: comparisons over known columns and terms, and nothing that acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import sqlglot
from sqlglot import exp

from comity.agreements import Agreement, Gate, invalid
from comity.agreements.kinds import CLOSED_LIST, DAY, PATTERN, SWITCH, TEXT, WHOLE_NUMBER, WORDS
from comity.case.errors import Integrity

# What an expression may be made of. No query, cast, table function, window, lambda or pragma is among it, so that a
# rule can compare what it is given and do nothing else.
_NODES: tuple[type[exp.Expr], ...] = (
    exp.Add,
    exp.And,
    exp.ArrayContains,
    exp.ArrayMax,
    exp.ArrayMin,
    exp.Between,
    exp.Boolean,
    exp.Case,
    exp.Coalesce,
    exp.Column,
    exp.EQ,
    exp.GT,
    exp.GTE,
    exp.Greatest,
    exp.Identifier,
    exp.If,
    exp.In,
    exp.Interval,
    exp.Is,
    exp.LT,
    exp.LTE,
    exp.Least,
    exp.Length,
    exp.Literal,
    exp.NEQ,
    exp.Not,
    exp.Null,
    exp.Or,
    exp.Paren,
    exp.Placeholder,
    exp.RegexpFullMatch,
    exp.Sub,
    exp.Var,
    exp.Year,
)
_FUNCTIONS = ("list_count", "list_has_all")
# Several times what the longest rule needs; a lawyer reads every rule.
MOST_CHARACTERS = 1_000
MOST_BRACKETS = 40
_UNREADABLE = "an expression is longer or deeper than anybody reads"
_UNITS = ("DAY", "MONTH", "YEAR")
# So many years from any day of the calendar are still a day.
_MOST_DIGITS = 5
# Parts of an expression that are no expression themselves.
_WORDS = (exp.DataType, exp.Identifier, exp.If, exp.Var)


@dataclass(frozen=True)
class Expression:
    """A condition of a rule, admitted.

    `sql` has the terms filled in; `columns` are those it speaks of; `parts` are the pieces it is made of, each with the
    type that the words around it demand, or none.
    """

    sql: str
    columns: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]


def admit_expression(gate: Gate, text: str, known: Mapping[str, str], agreement: Agreement) -> Expression:
    """The condition `text` of `gate` over the columns `known`, written anew by the parser, terms filled in.

    Raises Integrity `AGREEMENT_INVALID` when it does not parse, speaks of a column or term that is not known, uses
    anything beyond the allow-list, or would read otherwise once written anew.
    """
    try:
        tree = _parsed(gate, text)
        for node in tree.walk():
            _require_admitted(gate, node, known)
        filled = tree.transform(lambda node: _filled(gate, node, agreement))
        sql = _written(filled)
        if _parsed_again(sql) != filled:
            raise inadmissible(gate, "an expression reads otherwise once it is written out")
        columns = dict.fromkeys(column.name for column in tree.find_all(exp.Column))
        return Expression(sql, tuple(columns), tuple(_parts(filled)))
    except RecursionError:
        raise inadmissible(gate, _UNREADABLE) from None


def require_comparable(con: duckdb.DuckDBPyConnection, gate: Gate, expression: Expression) -> None:
    """Try `expression`, and every part of it alone, on the probes in the table named as the scope of `gate`.

    A text compared with a number binds, and fails on the first text; alone, no branch hides it from the probe.
    Raises Integrity `AGREEMENT_INVALID` when a part fails, or is no truth where one is wanted.
    """
    tried = ", ".join(f"typeof({part}), ({part})" for part, _ in expression.parts)
    try:
        [found] = con.execute(f"SELECT {tried} FROM {gate.scope}").fetchall()
    except duckdb.Error:
        raise inadmissible(gate, "an expression compares what cannot be compared") from None
    for kind, (_, wanted) in zip(found[::2], expression.parts, strict=True):
        if wanted and kind != wanted:
            raise inadmissible(gate, "a condition is neither true nor false")


def inadmissible(gate: Gate, fault: str) -> Integrity:
    """What is raised for a rule of `gate` with such a fault."""
    return invalid(f"gates.toml, {gate.name}", fault)


def _parsed(gate: Gate, text: str) -> exp.Expr:
    if len(text) > MOST_CHARACTERS or text.count("(") > MOST_BRACKETS:
        raise inadmissible(gate, _UNREADABLE)
    if not text.isascii():
        raise inadmissible(gate, "an expression has letters that look like others")
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        raise inadmissible(gate, "an expression does not parse") from None
    if len(trees) != 1 or trees[0] is None:
        raise inadmissible(gate, "a condition is not one expression")
    return trees[0]


def _parsed_again(sql: str) -> exp.Expr | None:
    try:
        return sqlglot.parse_one(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        return None


def _require_admitted(gate: Gate, node: exp.Expr, known: Mapping[str, str]) -> None:
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in _FUNCTIONS:
            raise inadmissible(gate, "an expression calls a function that is not allowed")
    elif type(node) not in _NODES:
        raise inadmissible(gate, "an expression uses more than comparisons and the allowed functions")
    if node.comments:
        raise inadmissible(gate, "an expression holds a remark, which a reader could take for the rule")
    if isinstance(node, exp.Column) and (len(node.parts) != 1 or node.name not in known):
        raise inadmissible(gate, "an expression speaks of a column that is not known")
    if isinstance(node, exp.Var) and (node.name.upper() not in _UNITS or not isinstance(node.parent, exp.Interval)):
        raise inadmissible(gate, "an expression uses a word that is not allowed")
    if isinstance(node, exp.Interval) and not (node.args.get("unit") and _stated(node.this, most=_MOST_DIGITS)):
        raise inadmissible(gate, "an interval is not a number of days, months or years that the rule states")
    if isinstance(node, exp.RegexpFullMatch) and not (
        set(_given(node)) == {"this", "expression"} and _stated(node.expression)
    ):
        raise inadmissible(gate, "a pattern is not one that the rule or a term states")


def _stated(node: object, most: int | None = None) -> bool:
    """Whether `node` is a word of the rule itself, not of a request; with `most`, a number of so many digits."""
    if isinstance(node, exp.Placeholder):
        return True
    return isinstance(node, exp.Literal) and (most is None or (node.name.isdigit() and len(node.name) <= most))


def _given(node: exp.Expr) -> Iterator[str]:
    return (name for name, value in node.args.items() if value)


def _filled(gate: Gate, node: exp.Expr, agreement: Agreement) -> exp.Expr:
    if not isinstance(node, exp.Placeholder):
        return node
    value = agreement.value(node.name)
    if value is None:
        raise inadmissible(gate, "an expression speaks of a term that is not known")
    if value.kind in (CLOSED_LIST, WORDS) and isinstance(value.meant, Iterable):
        return exp.Array(expressions=[exp.Literal.string(word) for word in value.meant])
    if value.kind in (TEXT, PATTERN):
        return exp.Literal.string(str(value.meant))
    if value.kind == WHOLE_NUMBER:
        # The parser reads the number of an interval as text.
        within = isinstance(node.parent, exp.Interval)
        return exp.Literal.string(str(value.meant)) if within else exp.Literal.number(str(value.meant))
    if value.kind == SWITCH:
        return exp.Boolean(this=value.meant)
    if value.kind == DAY:
        return exp.cast(exp.Literal.string(str(value.meant)), "DATE")
    raise inadmissible(gate, "an expression speaks of a term that no rule can compare with")


def _parts(tree: exp.Expr) -> Iterator[tuple[str, str]]:
    for node in tree.walk():
        if not isinstance(node, _WORDS):
            yield _written(node), "BOOLEAN" if _is_condition(node) else ""


def _is_condition(node: exp.Expr) -> bool:
    """Whether the words around `node` take it for true or false; DuckDB would take any number for one."""
    around = node.parent
    if isinstance(around, exp.If):
        return node.arg_key == "this" and not (around.parent and around.parent.this)
    return around is None or isinstance(around, (exp.And, exp.Or, exp.Not))


def _written(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb", comments=False)
