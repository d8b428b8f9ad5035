"""A ruling is shown with the words of every clause that it rests on, whichever gate made it."""

from __future__ import annotations

import pytest

from comity import agreements
from comity.agreements import Agreement, Gate
from comity.case.errors import BadInput
from comity.office.showing import cited

SHIPPED = {name: agreements.load(name) for name in agreements.names()}
GATES = [(agreement, gate) for agreement in SHIPPED.values() for gate in agreement.gates]


@pytest.mark.parametrize(("agreement", "gate"), GATES, ids=[f"{a.name}-{g.id}-{g.code}" for a, g in GATES])
def test_every_code_of_every_gate_is_shown_with_each_clause_it_rests_on(agreement: Agreement, gate: Gate) -> None:
    for code in gate.codes():
        shown = cited(agreement, gate.id, code, gate.outcome, gate.clause)
        assert [citation.clause for citation in shown.rests_on] == [basis.clause for basis in gate.basis]
        assert all(citation.quote and citation.source for citation in shown.rests_on)


def test_a_ruling_that_is_none_of_the_agreement_s_is_not_shown_as_one() -> None:
    [agreement, *_] = SHIPPED.values()
    gate = agreement.gates[0]
    with pytest.raises(BadInput) as caught:
        cited(agreement, gate.id, gate.code, gate.outcome, "26 USC 1(a)")
    assert caught.value.code == "CLAUSE_UNKNOWN"
