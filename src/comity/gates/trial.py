"""Tries the gates of an agreement on its own cases, and sees each refuse when what it demands is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import duckdb

from comity.agreements import PASSES, REQUEST, SUBMISSION, Agreement, Case, Faults, invalid
from comity.gates.compile import Rule, compile_each, compile_gates, in_force
from comity.gates.derive import (
    ASKED,
    COUNTED,
    FACTS,
    REQUEST_COLUMNS,
    STANDARDISED,
    fact_row,
    fits,
    standardise_requests,
)
from comity.workspace import quoted

_GIVEN: Mapping[str, str] = {**ASKED, **COUNTED}


Trials = dict[tuple[str, int, str], tuple[bool, str]]
"""By rule, case number and absent column: whether the rule applies, and what it gives."""


@dataclass(frozen=True)
class Tried:
    """A case and the code its gate gave: `pass`, or the code said."""

    case: Case
    gave: str


@dataclass(frozen=True)
class Examined:
    """What was tried of one gate: how many cases, and how often a column that it demands was taken out of one."""

    gate: str
    cases: int
    absences: int


@lru_cache(maxsize=8)
def admit(agreement: Agreement) -> tuple[Rule, ...]:
    """The gates of `agreement` as SQL, proven to fail closed; nothing rules before this has been done, once.

    Every case that its gate passes is tried again with each demanded column absent in turn: the gate must refuse. Of a
    gate that does not apply to the case only the columns on which that depends are taken away.

    Raises Integrity `AGREEMENT_INVALID` when an expression is not admitted, when a gate passes without what it demands,
    or when none of its cases passes.
    """
    rules = compile_gates(agreement)
    trials = _trials(agreement, rules)
    for rule in rules:
        _require_refusals(agreement, rule, trials)
    return rules


def examine(agreement: Agreement, faults: Faults) -> tuple[Examined, ...]:
    """Try all that can be tried of `agreement`, gate by gate; gives the gates in which nothing is wrong.

    A fault, which goes to `faults`, is one of `compile_gates` and `admit`, a case that cannot be tried, and a case that
    gives something else than it says. The cases wait until every rule compiles and every case can be tried. A case is
    judged by the values of its own day; absences have to be refused under every reading of the values.
    """
    examined: tuple[Examined, ...] = ()
    for reading in agreement.readings():
        examined = _examine_reading(agreement, reading, faults)
        if faults.found:
            break
    return examined


def _examine_reading(agreement: Agreement, reading: Agreement, faults: Faults) -> tuple[Examined, ...]:
    rules = compile_each(reading, faults)
    faults.each(reading.cases, lambda case: _row(reading, case))
    if faults.found:
        return ()
    faults.each(reading.cases, lambda case: _rule_of(reading, rules, case))
    if faults.found:
        return ()
    trials = _trials(reading, rules)
    faults.each(
        _cases_under(agreement, reading),
        lambda at: _require_given(at[1], trials[_rule_of(reading, rules, at[1]).gate.key, at[0], ""]),
    )
    return faults.each(rules, lambda rule: _require_refusals(reading, rule, trials))


def _cases_under(agreement: Agreement, reading: Agreement) -> list[tuple[int, Case]]:
    """The cases, with their numbers, on whose day `agreement` reads so."""
    return [
        (number, case)
        for number, case in enumerate(agreement.cases)
        if agreement.on(_day_of(agreement, case)) is reading
    ]


def try_cases(agreement: Agreement) -> tuple[Tried, ...]:
    """What each case of `agreement` gives by the values of its day; raises as `compile_gates`."""
    tried: dict[int, Tried] = {}
    for reading in agreement.readings():
        rules = compile_gates(reading)
        trials = _trials(reading, rules)
        for number, case in _cases_under(agreement, reading):
            tried[number] = Tried(case, trials[_rule_of(reading, rules, case).gate.key, number, ""][1])
    return tuple(tried[number] for number in sorted(tried))


def verdict_sql(rule: Rule) -> str:
    """SQL: what `rule` gives of a row, `pass` or the code said; as in ruling, only what fails is said."""
    said = " ".join(f"WHEN {condition} THEN {quoted(code)}" for condition, code in rule.codes)
    return f"CASE WHEN {rule.fails} THEN CASE {said} END ELSE {quoted(PASSES)} END"


def lay_out_cases(agreement: Agreement) -> duckdb.DuckDBPyConnection:
    """A database with the cases of `agreement` as rows, numbered as in the agreement, each as its gate would see it.

    The tables are `asked_cases` (row_number, REQUEST_COLUMNS), made of `sent_cases`, and `fact_cases` (row_number,
    FACTS). Raises Integrity `AGREEMENT_INVALID` when a case gives a column that is not known, or a value that the
    column cannot hold.
    """
    con = duckdb.connect(":memory:")
    con.execute("SET enable_external_access = false")
    rows = [dict(_row(agreement, case)) for case in agreement.cases]
    _fill(con, "sent_cases", _GIVEN, [[row.get(name) for name in _GIVEN] for row in rows])
    lay_out_facts(con, agreement)
    standardise_requests(con, agreement, "sent_cases", "asked_cases", COUNTED)
    for column in STANDARDISED:
        lacking = [number for number, case in enumerate(agreement.cases) if column in case.absent]
        con.execute(
            f"UPDATE asked_cases SET {column} = NULL WHERE row_number IN (SELECT unnest(?::INTEGER[]))", [lacking]
        )
    return con


def lay_out_facts(con: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Create the table `fact_cases`, or create it anew as the terms of `agreement` read the facts of its cases."""
    rows = [dict(_row(agreement, case)) for case in agreement.cases]
    facts = [fact_row(agreement, {name: row[name] for name in FACTS if name in row}) for row in rows]
    _fill(con, "fact_cases", FACTS, facts)


def _require_given(case: Case, tried: tuple[bool, str]) -> None:
    if tried[1] != case.gives:
        raise invalid(
            f"cases.toml, {case.gate}",
            f"the case “{case.what}” gives {tried[1]}, not {case.gives}",
            "One of the two is wrong: mend the rule, or what the case expects.",
        )


def _require_refusals(agreement: Agreement, rule: Rule, trials: Trials) -> Examined:
    """Take away, from each case that passes, what the rule demands; the case then has to fail."""
    numbers = [number for number, case in enumerate(agreement.cases) if case.gate == rule.gate.name]
    whole = {number: trials[rule.gate.key, number, ""] for number in numbers}
    passing = [number for number, (_, gave) in whole.items() if gave == PASSES]
    if not passing:
        raise invalid(f"cases.toml, {rule.gate.name}", "no case passes the gate")
    absences = [(number, column) for number in passing for column in _taken(rule, applies=whole[number][0])]
    for number, column in absences:
        if trials[rule.gate.key, number, column][1] == PASSES:
            raise invalid(f"gates.toml, {rule.gate.name}", f"the rule passes although {column} is absent")
    return Examined(rule.gate.name, len(numbers), len(absences))


def _taken(rule: Rule, *, applies: bool) -> tuple[str, ...]:
    return rule.demanded if applies else rule.decides


def _trials(agreement: Agreement, rules: Sequence[Rule]) -> Trials:
    """Every rule on every case, whole (the absent column is '') and with each column that any rule demands absent."""
    with lay_out_cases(agreement) as con:
        return {
            (rule.gate.key, number, absent): (verdicts[2 * place], verdicts[2 * place + 1])
            for scope, table, columns in ((REQUEST, "asked_cases", REQUEST_COLUMNS), (SUBMISSION, "fact_cases", FACTS))
            if (scoped := [rule for rule in rules if rule.gate.scope == scope])
            for places in (_places(scoped),)
            for number, absent, *verdicts in con.execute(_trial_sql(scoped, table, columns)).fetchall()
            for place, rule in places.get(agreement.cases[number].gate, ())
        }


def _places(rules: Sequence[Rule]) -> Mapping[str, Sequence[tuple[int, Rule]]]:
    """The rules by the name of their gate, each with its place: a case is tried on its own gate alone."""
    places: dict[str, list[tuple[int, Rule]]] = {}
    for place, rule in enumerate(rules):
        places.setdefault(rule.gate.name, []).append((place, rule))
    return places


def _trial_sql(rules: Sequence[Rule], table: str, columns: Mapping[str, str]) -> str:
    demanded = sorted({column for rule in rules for column in rule.demanded})
    kept = ", ".join(
        f"CASE WHEN absent <> '{name}' THEN {name} END AS {name}" if name in demanded else name for name in columns
    )
    lacking = ", ".join(f"('{column}')" for column in ("", *demanded))
    verdicts = ", ".join(f"{rule.applies}, {verdict_sql(rule)}" for rule in rules)
    return f"""
        SELECT row_number, absent, {verdicts}
        FROM (SELECT row_number, absent, {kept} FROM {table}, (VALUES {lacking}) lacking(absent))"""


def _day_of(agreement: Agreement, case: Case) -> date:
    day = {**agreement.lawful, **case.given}.get("received_on")
    if type(day) is not date:
        raise invalid(f"cases.toml, {case.gate}", "a case has no day of receipt")
    return day


def _rule_of(agreement: Agreement, rules: Sequence[Rule], case: Case) -> Rule:
    for rule in in_force(rules, _day_of(agreement, case)):
        if rule.gate.name == case.gate:
            return rule
    raise invalid(f"cases.toml, {case.gate}", "a case is received before the gate is in force")


def _row(agreement: Agreement, case: Case) -> Iterator[tuple[str, Any]]:
    row = {**agreement.lawful, **case.given}
    known = {*_GIVEN, *FACTS}
    if not set(row) <= known or not set(case.absent) <= known | set(STANDARDISED):
        raise invalid(f"cases.toml, {case.gate}", "a case gives a column that is not known")
    # A fact of another type is taken for absent, which a case may show.
    foreign = [name for name, value in row.items() if name in _GIVEN and not fits(value, _GIVEN[name])]
    if foreign:
        raise invalid(f"cases.toml, {case.gate}", f"a case gives {foreign[0]} a value of another type")
    return ((name, value) for name, value in row.items() if name not in case.absent)


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]
) -> None:
    described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    con.execute(f"CREATE OR REPLACE TABLE {table} (row_number INTEGER, {described})")
    cells = ", ".join(f"unnest(?::{kind}[])" for kind in ("INTEGER", *columns.values()))
    numbered = [[number, *row] for number, row in enumerate(rows)]
    try:
        con.execute(f"INSERT INTO {table} SELECT {cells}", [list(cell) for cell in zip(*numbered, strict=True)])
    except duckdb.Error:
        raise invalid("cases.toml", "a case gives a value that its column cannot hold") from None
