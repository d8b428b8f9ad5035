"""The cases prove the rules: spoil a rule or a value by little, and a case of its gate tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from duckdb import DuckDBPyConnection

from comity.agreements import REQUEST, SUBMISSION, Agreement, Gate
from comity.agreements.kinds import CLOSED_LIST
from comity.case.errors import Integrity
from comity.gates import Rule, compile_gates, in_force
from comity.gates.derive import COUNTED, KEPT, _standardised_sql
from comity.gates.trial import lay_out_facts, verdict_sql
from tests.agreements.mutating import Mutant, of_gate, of_term, value_of
from tests.agreements.shipped import AGREEMENTS, GATES

_PRONGS = "THEN prong IN ('1', '2', '3', '4') ELSE prong IN ('A', 'B', 'C', 'D') END"
_PATTERN = "/(8USC)?1227A[1-6]({}((I{{1,3}}|IV|VI{{0,3}}|IX|X){}?)?)?/"
# (gate or term, what was done) -> why nothing can tell the mutant from the rule.
EQUIVALENT: Mapping[tuple[str, str], str] = {
    ("G-24 ADDRESS_ZIP_ONLY", "unless: a_class < 'zip_only'"): "no class of address comes after it in the alphabet",
    ("G-25 ADDRESS_FOREIGN", "unless: a_class > 'foreign'"): "no class of address comes before it in the alphabet",
    (
        "G-30 NINETY_DAYS_NOT_RUN",
        "unless: received_on > GREATEST(order_final_on, court_final_on) + INTERVAL '90' DAY",
    ): "DuckDB's greatest passes over what is absent; coalesce says so to the reader",
    (
        "G-30 PRONG_NOT_STATED",
        f"unless: CASE WHEN statute >= '8 USC 1326(b)' {_PRONGS}",
    ): "the rule is about two statutes, and this is the later in the alphabet",
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
            "without CONSENT_TO_REAPPLY",
        )
    },
}


def readers(agreement: Agreement, term: str) -> tuple[Gate, ...]:
    """The gates that read `term`: by its name, or in a column whose words it lists."""
    column = value_of(agreement, term).column
    wanted = re.compile(rf":{term}\b" + (rf"|\b{column}\b" if column else ""))
    return tuple(gate for gate in agreement.gates if wanted.search(f"{gate.applies} {gate.unless}"))


READ = [
    pytest.param(a, value.name, id=f"{a.name} {value.name}")
    for a in AGREEMENTS
    for value in a.values
    if readers(a, value.name)
]


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_every_mutant_of_a_rule_is_killed(
    agreement: Agreement, gate: Gate, laid_out: Mapping[str, DuckDBPyConnection]
) -> None:
    mutants = [m for m in of_gate(gate, agreement) if (gate.name, m.done) not in EQUIVALENT]
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
    made = {(gate.name, m.done) for a in AGREEMENTS for gate in a.gates for m in of_gate(gate, a)}
    made |= {(value.name, done) for a in AGREEMENTS for value in a.values for done, _ in of_term(a, value.name)}
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
        if value_of(spoilt, term).kind == CLOSED_LIST:
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
    coded = ", ".join(f"again.{column} AS {column}" for column in spoilt.coded if column in KEPT)
    con.execute(f"CREATE TABLE again AS {_standardised_sql(spoilt, 'sent_cases', COUNTED)}")
    con.execute(f"""CREATE OR REPLACE TABLE asked_cases AS
        SELECT asked_cases.* REPLACE ({coded}) FROM asked_cases JOIN again USING (row_number)""")
