"""What cases.toml owes every gate: each side of every edge, and every way in which a cell can be wanting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from duckdb import DuckDBPyConnection

from comity.agreements import Agreement, Gate, names
from comity.gates import compile_gates, in_force
from tests.agreements.demanding import missing_edges, readings
from tests.agreements.shipped import AGREEMENTS, GATES

# Every other gate returns the request; that an examiner may let one pass is said here.
WAITS = {
    "ADDRESS_INSTITUTIONAL",
    "ADDRESS_PO_BOX",
    "ADDRESS_GENERAL_DELIVERY",
    "ADDRESS_FOREIGN",
    "ADDRESS_MASS_REUSED",
    "ORDER_NOT_FINAL_OR_STAYED",
    "REASON_BOILERPLATE",
    "LOCATE_ONLY",
    "ENGAGEMENT_IMPLAUSIBLE",
    "SUBMISSION_GROWN",
    "NOT_INDIVIDUALISED",
    "ASKED_BEFORE",
    "PROBING_SUSPECTED",
    "SUBJECT_MINOR",
}


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_every_column_of_a_gate_is_tried_in_every_way_of_its_kind(agreement: Agreement, gate: Gate) -> None:
    wanting = [f"{r.column} ({r.kind}): {demand}" for r in readings(agreement, gate) for demand in r.missing()]
    assert wanting == []


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_every_edge_of_a_gate_has_a_case_on_it_and_on_either_side(
    agreement: Agreement, gate: Gate, laid_out: Mapping[str, DuckDBPyConnection]
) -> None:
    missing = list(missing_edges(laid_out[agreement.name], agreement, gate))
    assert missing == []


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_every_gate_binds_from_its_day_and_not_the_day_before(agreement: Agreement) -> None:
    rules, day = compile_gates(agreement), timedelta(days=1)
    for gate in agreement.gates:
        bound = [gate in [rule.gate for rule in in_force(rules, gate.starts + day * n)] for n in (-1, 0, 1)]
        assert bound == [False, True, True]
        assert gate.starts >= agreement.terms.in_force_from


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=names())
def test_what_fails_a_gate_is_returned_or_waits_as_this_table_says(agreement: Agreement) -> None:
    outcomes = {gate.code: "review" if gate.code in WAITS else "return" for gate in agreement.gates}
    assert {gate.code: gate.outcome for gate in agreement.gates} == outcomes
