"""The exchange that a court counted, replayed: nothing of what it faulted passes, with or without a TIN."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from comity import gates
from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.case.outcomes import PASS
from comity.workspace import Workspace, workspace
from tests.spec.gates.conftest import FIRST
from tests.spec.gates.court_case import DEFECTIVE, draw_requests

# As many as were asked about, where nobody waits for the tests.
ROWS = 1_280_000 if os.environ.get("COMITY_CI") else 64_000


@pytest.fixture(scope="module")
def replayed(
    tmp_path_factory: pytest.TempPathFactory,
    agreement: Agreement,
    recipients_of: Artefact,
    register: tuple[gates.Registered, ...],
) -> Iterator[Workspace]:
    """What was drawn, ruled on, and settled by an examiner who lets everything pass that is his or hers to let pass."""
    place = tmp_path_factory.mktemp("court")
    drawn = draw_requests(place, ROWS)
    facts = {name: agreement.lawful[name] for name in gates.FACTS}
    # One officer is named in all of them, for which alone all would wait: what is counted here is addresses.
    terms = agreement.with_terms({"recipient_matters_limit": ROWS})
    ruled = gates.rule(place, drawn, recipients_of, terms, facts, register, FIRST)
    with workspace(place) as ws:
        ws.view("rulings", ruled.rulings)
        waiting = ws.rows("SELECT row_number FROM rulings GROUP BY ALL HAVING bool_and(outcome = 'review')")
    settled = gates.settle(place, drawn, ruled.rulings, [(row, PASS) for (row,) in waiting])
    with workspace(place) as ws:
        for name, artefact in (("drawn", drawn), ("rulings", ruled.rulings), ("settled", settled)):
            ws.view(name, artefact)
        yield ws


def test_nine_requests_in_ten_have_no_address_as_in_the_case(replayed: Workspace) -> None:
    [(share, with_tin)] = replayed.rows(
        "SELECT avg(defective::INTEGER), avg((tin IS NOT NULL)::INTEGER) FILTER (defective) FROM drawn"
    )
    assert share == pytest.approx(DEFECTIVE, abs=0.005)
    assert with_tin == pytest.approx(0.5, abs=0.01)


def test_none_of_them_passes_whatever_number_comes_with_it_and_whatever_an_examiner_says(replayed: Workspace) -> None:
    passed = replayed.rows(f"""
        SELECT street_line, tin IS NOT NULL FROM drawn JOIN settled USING (row_number)
        WHERE defective AND ruling = '{PASS}' GROUP BY ALL LIMIT 20""")
    assert passed == []


def test_each_of_them_comes_back_for_its_address(replayed: Workspace) -> None:
    others = replayed.rows("""
        SELECT codes, count(*) FROM settled JOIN drawn USING (row_number)
        WHERE defective AND NOT list_has_any(codes, ['ADDRESS_MISSING', 'ADDRESS_INCOMPLETE', 'ADDRESS_UNREADABLE',
            'ADDRESS_PLACEHOLDER', 'ADDRESS_ZIP_ONLY']) GROUP BY ALL""")
    assert others == []


def test_of_good_addresses_that_look_odd_no_more_than_one_in_a_thousand_comes_back(replayed: Workspace) -> None:
    [(good, refused)] = replayed.rows("""
        SELECT count(*), count(*) FILTER (row_number IN (SELECT row_number FROM rulings))
        FROM drawn WHERE NOT defective""")
    assert good > ROWS / 12
    assert refused <= good / 1000, replayed.rows("""
        SELECT list(DISTINCT code), any_value(street_line) FROM rulings JOIN drawn USING (row_number)
        WHERE NOT defective GROUP BY row_number LIMIT 20""")
