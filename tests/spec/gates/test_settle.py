"""How rulings are settled: the gates' returns stand, what waits waits for a person, and then nothing waits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from comity import gates
from comity.case.artefact import Artefact
from comity.case.errors import Refused, Waiting
from comity.workspace import workspace

RULINGS = """
    (2, 'A-2', 'G-25', 'ADDRESS_PO_BOX', 'review', 'Policy 5'),
    (2, 'A-2', 'G-39', 'SUBJECT_MINOR', 'review', 'Policy 7'),
    (3, 'A-3', 'G-33', 'PURPOSE_NOT_CRIMINAL', 'return', 'law'),
    (3, 'A-3', 'G-25', 'ADDRESS_PO_BOX', 'review', 'Policy 5'),
    (4, 'A-4', 'G-39', 'SUBJECT_MINOR', 'review', 'Policy 7')"""


@pytest.fixture
def ruled(tmp_path: Path) -> tuple[Path, Artefact, Artefact]:
    """Four requests: the first passed, the second and the fourth wait, the third goes back."""
    with workspace(tmp_path) as ws:
        requests = ws.write(
            "requests", "SELECT r::INTEGER AS row_number, 'A-' || r AS request_id FROM range(1, 5) n(r)", "row_number"
        )
        named = "v(row_number, request_id, gate, code, outcome, clause)"
        rulings = ws.write("rulings", f"SELECT * FROM (VALUES {RULINGS}) {named}", "row_number, gate, code")
    return tmp_path, requests, rulings


def settled(
    ruled: tuple[Path, Artefact, Artefact], examined: Sequence[tuple[int, str]], *, due: bool = False
) -> list[tuple[Any, ...]]:
    artefact = gates.settle(*ruled, examined, due=due)
    with workspace(ruled[0]) as ws:
        ws.view("settled", artefact)
        return ws.rows("SELECT row_number, request_id, ruling, codes, settled_by FROM settled ORDER BY row_number")


def test_every_request_ends_as_pass_or_return_with_all_its_codes(ruled: tuple[Path, Artefact, Artefact]) -> None:
    assert settled(ruled, [(2, "pass"), (4, "return")]) == [
        (1, "A-1", "pass", [], None),
        (2, "A-2", "pass", [], "examiner"),
        (3, "A-3", "return", ["ADDRESS_PO_BOX", "PURPOSE_NOT_CRIMINAL"], None),
        (4, "A-4", "return", ["SUBJECT_MINOR"], "examiner"),
    ]


def test_while_one_waits_nothing_is_settled(ruled: tuple[Path, Artefact, Artefact]) -> None:
    with pytest.raises(Waiting, match="RULINGS_OPEN: 1 requests"):
        settled(ruled, [(2, "pass")])
    with pytest.raises(Waiting, match="RULINGS_OPEN: 2 requests"):
        settled(ruled, [])


def test_what_still_waits_when_the_answer_is_due_is_returned_and_says_so(
    ruled: tuple[Path, Artefact, Artefact],
) -> None:
    assert settled(ruled, [(2, "pass")], due=True) == [
        (1, "A-1", "pass", [], None),
        (2, "A-2", "pass", [], "examiner"),
        (3, "A-3", "return", ["ADDRESS_PO_BOX", "PURPOSE_NOT_CRIMINAL"], None),
        (4, "A-4", "return", ["NOT_SETTLED_IN_TIME", "SUBJECT_MINOR"], "time"),
    ]


@pytest.mark.parametrize(
    "examined",
    [
        [(2, "pass"), (4, "pass"), (3, "pass")],
        [(2, "pass"), (4, "pass"), (1, "return")],
        [(2, "pass"), (4, "pass"), (9, "pass")],
        [(2, "pass"), (4, "pass"), (4, "return")],
        [(2, "pass"), (4, "perhaps")],
    ],
)
def test_an_examiner_settles_only_what_waits_and_only_once(
    ruled: tuple[Path, Artefact, Artefact], examined: list[tuple[int, str]]
) -> None:
    with pytest.raises(Refused, match="RULING_NOT_OPEN"):
        settled(ruled, examined)
