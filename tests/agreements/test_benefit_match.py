"""The format is general: a second agreement, of another kind and another statute, is one folder and nothing else."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comity import gates
from comity.agreements import PASSES, Agreement, Case, find, load
from comity.agreements.law import POLICY, VERBATIM
from comity.case.artefact import Artefact
from comity.workspace import workspace
from docs.source import ROOT

FOLDER = ROOT / "examples" / "benefit_match"
ELEMENTS = [f"5 USC 552a(o)(1)({letter})" for letter in "ABCDEFGHIJK"]
ROWS = 60
# Only the whole submission shows these; the cases give them, a batch has to be counted.
COUNTED = {"PROBING_SUSPECTED", "RECIPIENT_NOT_REGISTERED", "RECIPIENT_OUTSIDE_AGENCY"}


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return find(str(FOLDER))


def test_every_case_gives_what_it_says_and_every_gate_refuses_an_absence(agreement: Agreement) -> None:
    wrong = [(t.case.gate, t.case.what, t.gave) for t in gates.try_cases(agreement) if t.gave != t.case.gives]
    assert wrong == []
    assert all(rule.demanded for rule in gates.admit(agreement))


def test_each_of_the_eleven_elements_has_a_gate_a_value_or_a_duty(agreement: Agreement) -> None:
    borne = {basis.clause for gate in agreement.gates for basis in gate.basis}
    borne |= {value.basis.clause for value in agreement.values}
    for element in ELEMENTS:
        passage = agreement.passage(element)
        assert passage.mark == VERBATIM
        assert element in borne or passage.duty


def test_what_is_invented_says_so(agreement: Agreement) -> None:
    invented = [passage for passage in agreement.law if passage.clause not in ("5 USC 552a(o)(1)", *ELEMENTS)]
    assert {(passage.mark, passage.source) for passage in invented} == {(POLICY, "invented for this example")}


def test_it_has_values_and_lists_of_its_own_and_none_of_the_other_agreement(agreement: Agreement) -> None:
    own = {value.name for value in agreement.values} - {value.name for value in load("irs_ice_2025").values}
    assert own >= {"programme_ends", "notices_given_from", "beneficiary_pattern", "authorities"}
    assert set(agreement.coded) == {"statute", "purpose", "elements", "signatory_office", "invokes"}


def drawn(agreement: Agreement) -> list[Case]:
    """Cases that a request alone can make, drawn anew for each row of a batch."""
    asked = [
        case
        for case in agreement.cases
        if {*case.given, *case.absent} <= set(gates.ASKED) - {"received_on"} and case.gives not in COUNTED
    ]
    return random.Random(7).choices(asked, k=ROWS)


def test_a_drawn_batch_is_ruled_on_end_to_end(agreement: Agreement, tmp_path: Path) -> None:
    cases = drawn(agreement)
    recipients = _written(
        tmp_path, "recipients", [{"recipient": "R-1", "agency": "HAA", "role": "", "certificate": "1"}]
    )
    facts = {name: agreement.lawful[name] for name in gates.FACTS if name in agreement.lawful}
    register = (("R-1", "HAA", "1", "Clerk", True),)
    ruled = gates.rule(tmp_path, _batch(tmp_path, agreement, cases), recipients, agreement, facts, register)
    with workspace(tmp_path) as ws:
        ws.view("rulings", ruled.rulings)
        said = dict(ws.rows("SELECT row_number, list(code ORDER BY code) FROM rulings GROUP BY row_number"))
    expected = {row: [case.gives] for row, case in enumerate(cases, 1) if case.gives != PASSES}
    assert said == expected
    assert (ruled.passed, ruled.returned) == (ROWS - len(expected), len(expected))
    assert len(ruled.by_code) >= 6


def _batch(directory: Path, agreement: Agreement, cases: list[Case]) -> Artefact:
    """A request per case, each about somebody of their own."""
    rows = []
    for number, case in enumerate(cases, 1):
        person = {"request_id": f"A-{number}", "family_name": f"Del{chr(64 + number % 26)}{chr(65 + number // 26)}"}
        row = {**agreement.lawful, **person, **case.given}
        rows.append({name: row.get(name) if name not in case.absent else None for name in gates.ASKED})
    return _written(directory, "requests", rows)


def _written(directory: Path, name: str, rows: list[dict[str, Any]]) -> Artefact:
    kinds = gates.ASKED if name == "requests" else dict.fromkeys(rows[0], "VARCHAR")
    with workspace(directory) as ws:
        ws.con.execute(f"CREATE TABLE made ({', '.join(f'{column} {kind}' for column, kind in kinds.items())})")
        marks = ", ".join("?" * len(kinds))
        ws.con.executemany(f"INSERT INTO made VALUES ({marks})", [[row[column] for column in kinds] for row in rows])
        numbered = "row_number() OVER (ORDER BY length(request_id), request_id)::INTEGER AS row_number, "
        select = f"SELECT {numbered if name == 'requests' else ''}* FROM made"
        return ws.write(name, select, "row_number" if name == "requests" else "recipient")


def test_nothing_is_in_force_before_the_first_gate_starts(agreement: Agreement) -> None:
    assert gates.in_force(gates.admit(agreement), date(2025, 8, 31)) == ()
