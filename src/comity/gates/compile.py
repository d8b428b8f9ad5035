"""Turns the gates of an agreement into SQL: only admitted expressions, and an absent value never passes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from comity.agreements import SUBMISSION, Agreement, Faults, Gate, Value, invalid
from comity.gates.derive import CODED, FACTS, REQUEST_COLUMNS
from comity.gates.expressions import Expression, admit_expression, inadmissible, require_comparable

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


@dataclass(frozen=True)
class Rule:
    """One gate as SQL: `fails` is a boolean, never NULL; `codes` are (condition, code), the first that holds is said.

    `demanded` are the columns whose absence fails it (of a list: or that of a word in it), `decides` those of them on
    which it depends whether it applies.
    """

    gate: Gate
    applies: str
    fails: str
    codes: tuple[tuple[str, str], ...]
    demanded: tuple[str, ...]
    decides: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it speaks of."""
        return (*self.demanded, *self.gate.may_be_absent)


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
    applies, unless = (admit_expression(gate, text, known, agreement) for text in (gate.applies, gate.unless))
    used = tuple(dict.fromkeys((*applies.columns, *unless.columns)))
    _require_columns(gate, used, unless.columns)
    for expression in (applies, unless):
        require_comparable(con, gate, expression)
    demanded = tuple(column for column in used if column not in gate.may_be_absent)
    decides = tuple(column for column in applies.columns if column not in gate.may_be_absent)
    applying = _either(_tried(applies, otherwise=True), [f"NOT {_present(c, known[c])}" for c in decides])
    passing = _both(_tried(unless, otherwise=False), [_present(c, known[c]) for c in demanded])
    absences = tuple((f"{column} IS NULL", code) for column, code in gate.absent.items())
    return Rule(gate, applying, f"({applying} AND NOT {passing})", (*absences, ("TRUE", gate.code)), demanded, decides)


def _tried(expression: Expression, *, otherwise: bool) -> str:
    """The expression, or `otherwise` where it is unknown or cannot be computed (a sum that overflows, say)."""
    return f"coalesce(TRY({expression.sql}), {str(otherwise).upper()})"


def _present(column: str, kind: str) -> str:
    """That the column is there; a list with an absent word in it is not, for functions of lists pass over such."""
    if kind.endswith("[]"):
        return f"coalesce(list_count({column}) = len({column}), FALSE)"
    return f"{column} IS NOT NULL"


def _either(first: str, others: list[str]) -> str:
    return f"({' OR '.join((first, *others))})"


def _both(first: str, others: list[str]) -> str:
    return f"({' AND '.join((first, *others))})"


def _require_columns(gate: Gate, used: tuple[str, ...], weighed: tuple[str, ...]) -> None:
    if not weighed:
        raise inadmissible(gate, "the rule passes or fails without looking at anything")
    if not set(gate.may_be_absent) <= set(used):
        raise inadmissible(gate, "a column that may be absent is not spoken of")
    if not set(gate.absent) <= set(used) - set(gate.may_be_absent):
        raise inadmissible(gate, "the absence of a column has a code and the column is not demanded")
