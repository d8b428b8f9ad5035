"""Turns the gates of an agreement into SQL: only admitted expressions, and an absent value never passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import sqlglot
from sqlglot import exp

from comity.agreements import SUBMISSION, Agreement, Faults, Gate, Value, invalid
from comity.agreements.kinds import CLOSED_LIST, DAY, PATTERN, TEXT, WHOLE_NUMBER, WORDS
from comity.case.errors import Integrity
from comity.gates.derive import CODED, FACTS, REQUEST_COLUMNS

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
# A value of each type that no other type reads.
_PROBES = {
    "VARCHAR": "'text'",
    "VARCHAR[]": "['text']",
    "INTEGER": "-1",
    "INTEGER[]": "[-1]",
    "BIGINT": "-1::BIGINT",
    "DATE": "DATE '2020-02-29'",
    "BOOLEAN": "FALSE",
}
_FUNCTIONS = ("list_count", "list_has_all")
# Several times what the longest rule needs; a lawyer reads every rule.
MOST_CHARACTERS = 1_000
MOST_BRACKETS = 40
_UNREADABLE = "an expression is longer or deeper than anybody reads"
_UNITS = ("DAY", "MONTH", "YEAR")


@dataclass(frozen=True)
class Rule:
    """One gate as SQL: `fails` is a boolean, never NULL; `codes` are (condition, code), the first that holds is said.

    `demanded` are the columns whose absence fails it, `decides` those of them on which it depends whether it applies.
    """

    gate: Gate
    applies: str
    fails: str
    codes: tuple[tuple[str, str], ...]
    demanded: tuple[str, ...]
    decides: tuple[str, ...]


def compile_gates(agreement: Agreement) -> tuple[Rule, ...]:
    """The gates of `agreement` as SQL; raises Integrity `AGREEMENT_INVALID` with the first fault of `compile_each`."""
    faults = Faults()
    rules = compile_each(agreement, faults)
    faults.raise_first()
    return rules


def compile_each(agreement: Agreement, faults: Faults) -> tuple[Rule, ...]:
    """Those gates that compile, as SQL over REQUEST_COLUMNS, or FACTS for those of scope submission.

    A fault, which goes to `faults`, is an expression that does not parse, is no boolean, speaks of a column or term
    that is not known, or uses anything beyond the allow-list, and a closed list of a column that is not coded.
    """
    faults.each(agreement.values, _require_coded_column)
    with duckdb.connect(":memory:") as con:
        con.execute("SET enable_external_access = false")
        for table, columns in (("request", REQUEST_COLUMNS), ("submission", FACTS)):
            probes = ", ".join(f"{_PROBES[kind]} AS {name}" for name, kind in columns.items())
            con.execute(f"CREATE TABLE {table} AS SELECT {probes}")
        return faults.each(agreement.gates, lambda gate: _compiled(con, gate, agreement))


def _require_coded_column(value: Value) -> None:
    if value.column and value.column not in CODED:
        raise invalid(
            f"terms.toml, {value.name}",
            "the column it names is none that holds coded words",
            f"Name one of {', '.join(CODED)}.",
        )


def in_force(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """The rules in force on `day`: of the entries of one id and code, the latest that has started."""
    started: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.gate.starts):
        if rule.gate.starts <= day:
            started[rule.gate.name] = rule
    return tuple(started.values())


def _compiled(con: duckdb.DuckDBPyConnection, gate: Gate, agreement: Agreement) -> Rule:
    known = FACTS if gate.scope == SUBMISSION else REQUEST_COLUMNS
    applies, decides = _admitted(gate, gate.applies, known, agreement)
    unless, weighed = _admitted(gate, gate.unless, known, agreement)
    used = tuple(dict.fromkeys((*decides, *weighed)))
    _require_columns(gate, used, weighed)
    demanded = tuple(column for column in used if column not in gate.may_be_absent)
    deciding = tuple(column for column in decides if column not in gate.may_be_absent)
    _require_boolean(con, gate, applies, unless)
    applying = _either(f"coalesce(({applies}), TRUE)", [f"{column} IS NULL" for column in deciding])
    passing = _both(f"coalesce(({unless}), FALSE)", [f"{column} IS NOT NULL" for column in demanded])
    absences = tuple((f"{column} IS NULL", code) for column, code in gate.absent.items())
    return Rule(gate, applying, f"({applying} AND NOT {passing})", (*absences, ("TRUE", gate.code)), demanded, deciding)


def _either(first: str, others: list[str]) -> str:
    return f"({' OR '.join((first, *others))})"


def _both(first: str, others: list[str]) -> str:
    return f"({' AND '.join((first, *others))})"


def _admitted(gate: Gate, text: str, known: Mapping[str, str], agreement: Agreement) -> tuple[str, tuple[str, ...]]:
    """The expression written anew by the parser, and the columns it speaks of."""
    try:
        tree = _parsed(gate, text)
        for node in tree.walk():
            _require_admitted(gate, node, known)
        filled = tree.transform(lambda node: _filled(gate, node, agreement))
        columns = dict.fromkeys(column.name for column in tree.find_all(exp.Column))
        return filled.sql(dialect="duckdb", comments=False), tuple(columns)
    except RecursionError:
        raise _inadmissible(gate, _UNREADABLE) from None


def _parsed(gate: Gate, text: str) -> exp.Expr:
    if len(text) > MOST_CHARACTERS or text.count("(") > MOST_BRACKETS:
        raise _inadmissible(gate, _UNREADABLE)
    if not text.isascii():
        raise _inadmissible(gate, "an expression has letters that look like others")
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        raise _inadmissible(gate, "an expression does not parse") from None
    if len(trees) != 1 or trees[0] is None:
        raise _inadmissible(gate, "a condition is not one expression")
    return trees[0]


def _require_admitted(gate: Gate, node: exp.Expr, known: Mapping[str, str]) -> None:
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in _FUNCTIONS:
            raise _inadmissible(gate, "an expression calls a function that is not allowed")
    elif type(node) not in _NODES:
        raise _inadmissible(gate, "an expression uses more than comparisons and the allowed functions")
    if isinstance(node, exp.Column) and (len(node.parts) != 1 or node.name not in known):
        raise _inadmissible(gate, "an expression speaks of a column that is not known")
    if isinstance(node, exp.Var) and (node.name.upper() not in _UNITS or not isinstance(node.parent, exp.Interval)):
        raise _inadmissible(gate, "an expression uses a word that is not allowed")


def _filled(gate: Gate, node: exp.Expr, agreement: Agreement) -> exp.Expr:
    if not isinstance(node, exp.Placeholder):
        return node
    value = agreement.value(node.name)
    if value is None:
        raise _inadmissible(gate, "an expression speaks of a term that is not known")
    if value.kind in (CLOSED_LIST, WORDS) and isinstance(value.meant, Iterable):
        return exp.Array(expressions=[exp.Literal.string(word) for word in value.meant])
    if value.kind in (TEXT, PATTERN):
        return exp.Literal.string(str(value.meant))
    if value.kind == WHOLE_NUMBER:
        return exp.Literal.number(str(value.meant))
    if value.kind == DAY:
        return exp.cast(exp.Literal.string(str(value.meant)), "DATE")
    raise _inadmissible(gate, "an expression speaks of a term that no rule can compare with")


def _require_columns(gate: Gate, used: tuple[str, ...], weighed: tuple[str, ...]) -> None:
    if not weighed:
        raise _inadmissible(gate, "the rule passes or fails without looking at anything")
    if not set(gate.may_be_absent) <= set(used):
        raise _inadmissible(gate, "a column that may be absent is not spoken of")
    if not set(gate.absent) <= set(used) - set(gate.may_be_absent):
        raise _inadmissible(gate, "the absence of a column has a code and the column is not demanded")


def _require_boolean(con: duckdb.DuckDBPyConnection, gate: Gate, applies: str, unless: str) -> None:
    """Try both conditions on a row of probes: a text compared with a number binds, and fails on the first text."""
    try:
        tried = con.execute(
            f"SELECT typeof({applies}), typeof({unless}), {applies}, {unless} FROM {gate.scope}"
        ).fetchall()
    except duckdb.Error:
        raise _inadmissible(gate, "an expression compares what cannot be compared") from None
    if tried[0][:2] != ("BOOLEAN", "BOOLEAN"):
        raise _inadmissible(gate, "a condition is neither true nor false")


def _inadmissible(gate: Gate, fault: str) -> Integrity:
    return invalid(f"gates.toml, {gate.name}", fault)
