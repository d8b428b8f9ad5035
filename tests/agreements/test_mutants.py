"""The cases prove the rules: spoil a rule or a value by little, and a case of its gate tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import pytest
from duckdb import DuckDBPyConnection

from comity.agreements import REQUEST, SUBMISSION, Agreement, Gate, Terms
from comity.case.errors import Integrity
from comity.gates import Rule, compile_gates, in_force
from comity.gates.derive import _CODED, COUNTED, _standardised_sql
from comity.gates.trial import lay_out_facts, verdict_sql
from tests.agreements.mutating import Mutant, of_gate, of_term
from tests.agreements.shipped import AGREEMENTS, GATES

_YEARS = (
    "LIST_MIN(tax_years) >= $earliest_tax_year AND LIST_MAX(tax_years) <= YEAR(received_on)"
    " AND LENGTH(tax_years) <= $tax_years_limit"
)
_REASON = "NOT ARRAY_CONTAINS($reason_placeholders, reason_words) AND reason_length >= $reason_words_least"
_PATTERN = "/(8USC)?1227A[1-6]({}((I{{1,3}}|IV|VI{{0,3}}|IX|X){}?)?)?/"
# (gate or term, what was done) -> why nothing can tell the mutant from the rule.
EQUIVALENT: Mapping[tuple[str, str], str] = {
    ("G-24 ADDRESS_ZIP_ONLY", "unless: a_class < 'zip_only'"): "no class of address comes after it in the alphabet",
    ("G-25 ADDRESS_FOREIGN", "unless: a_class > 'foreign'"): "no class of address comes before it in the alphabet",
    (
        "G-30 NINETY_DAYS_NOT_RUN",
        "unless: received_on > GREATEST(order_final_on, court_final_on) + INTERVAL '90' DAY",
    ): "DuckDB's greatest passes over what is absent; coalesce says so to the reader",
    **{
        ("G-28 TAXABLE_PERIOD_INVALID", f"unless: {first}{_YEARS}"): "a list with an absent word in it is absent"
        for first in (
            "",
            "LIST_COUNT(tax_years) >= LENGTH(tax_years) AND ",
            "LIST_COUNT(tax_years) <= LENGTH(tax_years) AND ",
        )
    },
    ("G-32 REASON_MISSING", f"unless: {_REASON}"): "an empty reason is absent once standardised",
    ("G-32 REASON_MISSING", f"unless: LENGTH(reason_words) >= 0 AND {_REASON}"): "the same",
    (
        "G-32 REASON_MISSING",
        f"unless: LENGTH(reason_words) > 1 AND {_REASON}",
    ): "nobody means one letter to be a reason",
    ("removal_ground_pattern", _PATTERN.format("[@-H]", "[A-Z]")): "folding leaves no such sign",
    ("removal_ground_pattern", _PATTERN.format("[A-H]", "[@-Z]")): "folding leaves no such sign",
    ("removal_ground_pattern", _PATTERN.format("[A-H]", "[A-[]")): "folding leaves no such sign",
    ("case_statuses", "without CLOSED"): "the rule asks for OPEN; the list says what else is known",
    ("case_statuses", "CLOSED not spelt INACTIVE"): "the rule asks for OPEN; the list says what else is known",
    **{
        ("bars", done): "any word makes the request wait, known or not"
        for done in (
            "without STAY",
            "STAY not spelt STAYOFREMOVAL",
            "without DEFERRED_ACTION",
            "DEFERRED_ACTION not spelt DACA",
            "without ORDER_VACATED",
            "ORDER_VACATED not spelt VACATED",
        )
    },
}


def readers(agreement: Agreement, term: str) -> tuple[Gate, ...]:
    """The gates that read `term`: by its name, or in a column whose words it lists."""
    value = getattr(agreement.terms, term)
    words = set(value) if isinstance(value, Mapping) else {()}
    listed = {column for column, known in agreement.terms.coded().items() if words <= set(known)}
    wanted = re.compile("|".join([f":{term}\\b", *(rf"\b{column}\b" for column in listed)]))
    return tuple(gate for gate in agreement.gates if wanted.search(f"{gate.applies} {gate.unless}"))


READ = [
    pytest.param(a, field.name, id=f"{a.name} {field.name}")
    for a in AGREEMENTS
    for field in fields(Terms)
    if readers(a, field.name)
]


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_every_mutant_of_a_rule_is_killed(
    agreement: Agreement, gate: Gate, laid_out: Mapping[str, DuckDBPyConnection]
) -> None:
    mutants = [m for m in of_gate(gate, agreement.terms) if (gate.name, m.done) not in EQUIVALENT]
    alive = survivors(laid_out[agreement.name], agreement, loading(agreement, mutants))
    assert mutants
    assert [mutant.done for mutant in alive] == []


@pytest.mark.parametrize(("agreement", "term"), READ)
def test_every_mutant_of_a_value_is_killed(
    agreement: Agreement, term: str, laid_out: Mapping[str, DuckDBPyConnection]
) -> None:
    mutants = [(done, spoilt) for done, spoilt in of_term(agreement, term) if (term, done) not in EQUIVALENT]
    assert [done for done, spoilt in mutants if nobody_tells(laid_out[agreement.name], spoilt, term)] == []


def test_no_mutant_is_excused_that_is_not_there() -> None:
    made = {(gate.name, m.done) for a in AGREEMENTS for gate in a.gates for m in of_gate(gate, a.terms)}
    made |= {(field.name, done) for a in AGREEMENTS for field in fields(Terms) for done, _ in of_term(a, field.name)}
    assert set(EQUIVALENT) <= made


def cases_of(agreement: Agreement, gate: Gate) -> Mapping[int, str]:
    """What each case of the entry `gate` says, by the number of the case: those received while the entry binds."""
    entries = [Rule(g, "", "", (), (), ()) for g in agreement.gates if g.name == gate.name]
    return {
        number: case.gives
        for number, case in enumerate(agreement.cases)
        if case.gate == gate.name
        and [rule.gate.starts for rule in in_force(entries, {**agreement.lawful, **case.given}["received_on"])]
        == [gate.starts]
    }


def loading(agreement: Agreement, mutants: Sequence[Mutant]) -> Sequence[tuple[Mutant, Rule]]:
    """Those of `mutants` that load, with their rules: all at once, or by halves where some do not."""
    try:
        rules = compile_gates(replace(agreement, gates=tuple(mutant.gate for mutant in mutants)))
    except Integrity:
        half = len(mutants) // 2
        return [*loading(agreement, mutants[:half]), *loading(agreement, mutants[half:])] if half else []
    return list(zip(mutants, rules, strict=True))


def survivors(con: DuckDBPyConnection, agreement: Agreement, loaded: Sequence[tuple[Mutant, Rule]]) -> Sequence[Mutant]:
    """The mutants under which each case of their gate gives what it says."""
    if not loaded:
        return []
    verdicts = ", ".join(verdict_sql(rule) for _, rule in loaded)
    table = "fact_cases" if loaded[0][1].gate.scope == SUBMISSION else "asked_cases"
    gave = {number: given for number, *given in con.execute(f"SELECT row_number, {verdicts} FROM {table}").fetchall()}
    return [
        mutant
        for place, (mutant, _) in enumerate(loaded)
        if all(gave[number][place] == said for number, said in cases_of(agreement, mutant.gate).items())
    ]


def nobody_tells(con: DuckDBPyConnection, spoilt: Agreement, term: str) -> bool:
    """Whether every gate that reads `term` loads with its spoilt value, and gives of each case what the case says."""
    mutants = [Mutant(gate, term) for gate in readers(spoilt, term)]
    loaded = loading(spoilt, mutants)
    cursor = con.cursor()
    try:
        cursor.begin()
        if isinstance(getattr(spoilt.terms, term), Mapping):
            read_again(cursor, spoilt)
        return (
            len(loaded)
            == len(mutants)
            == sum(
                len(survivors(cursor, spoilt, [each for each in loaded if each[0].gate.scope == scope]))
                for scope in (REQUEST, SUBMISSION)
            )
        )
    finally:
        cursor.rollback()


def read_again(con: DuckDBPyConnection, spoilt: Agreement) -> None:
    """Read the coded words of the cases with the lists of `spoilt`."""
    lay_out_facts(con, spoilt)
    coded = ", ".join(f"again.{column} AS {column}" for column in _CODED)
    con.execute(f"CREATE TABLE again AS {_standardised_sql(spoilt, 'sent_cases', COUNTED)}")
    con.execute(f"""CREATE OR REPLACE TABLE asked_cases AS
        SELECT asked_cases.* REPLACE ({coded}) FROM asked_cases JOIN again USING (row_number)""")
