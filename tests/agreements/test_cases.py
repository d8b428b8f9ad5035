"""The cases of every agreement: each gate answers what the law beside it says, at every edge."""

from __future__ import annotations

from collections import defaultdict

import pytest

from comity import gates
from comity.agreements import PASSES, REQUEST, Agreement, names
from tests.agreements.shipped import AGREEMENTS

GATES = [pytest.param(a, gate.name, id=f"{a.name} {gate.name}") for a in AGREEMENTS for gate in a.gates]


@pytest.fixture(scope="module")
def tried() -> dict[tuple[str, str], list[gates.Tried]]:
    """Every case of every agreement, tried, by agreement and gate."""
    found = defaultdict(list)
    for agreement in AGREEMENTS:
        for trial in gates.try_cases(agreement):
            found[agreement.name, trial.case.gate].append(trial)
    return found


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_each_case_gives_what_it_says(
    agreement: Agreement, gate: str, tried: dict[tuple[str, str], list[gates.Tried]]
) -> None:
    wrong = [
        f"{t.case.what}: {t.gave}, not {t.case.gives}" for t in tried[agreement.name, gate] if t.gave != t.case.gives
    ]
    assert wrong == []


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_each_gate_has_a_case_that_passes_and_one_that_fails(agreement: Agreement, gate: str) -> None:
    gives = {case.gives == PASSES for case in agreement.cases if case.gate == gate}
    assert gives == {True, False}


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_no_two_cases_of_a_gate_are_told_by_the_same_words(agreement: Agreement) -> None:
    told = [(case.gate, case.what) for case in agreement.cases]
    assert sorted(set(told)) == sorted(told)


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_every_code_that_a_gate_can_say_is_expected_by_a_case(agreement: Agreement) -> None:
    expected = {case.gives for case in agreement.cases}
    assert {gate.code for gate in agreement.gates} <= expected


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_absence_refuses_at_every_gate(agreement: Agreement) -> None:
    rules = gates.admit(agreement)
    assert [rule.gate.name for rule in rules] == [gate.name for gate in agreement.gates]
    unguarded = {rule.gate.name for rule in rules if not rule.demanded}
    assert unguarded == {"G-36 ORDER_NOT_FINAL_OR_STAYED", "G-39 SUBJECT_MINOR"}, (
        "a gate that demands no column says so here"
    )


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_a_case_changes_only_what_a_request_can_say(agreement: Agreement) -> None:
    request_gates = {gate.name for gate in agreement.gates if gate.scope == REQUEST}
    facts = set(gates.FACTS)
    mixed = [c.what for c in agreement.cases if c.gate in request_gates and facts & {*c.given, *c.absent}]
    assert mixed == []
