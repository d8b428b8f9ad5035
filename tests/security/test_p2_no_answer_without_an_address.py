"""P2: whatever stands in the place of an address, no rule confirms the request and no vote can.

The gates, which return such requests, are left out here on purpose: linkage and review have to hold alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.case.artefact import Artefact
from comity.linkage import Index, LinkageTerms, Linked, build_index, link
from comity.review.votes import SUPPORTED
from comity.synthetic import make_small_set
from comity.workspace import quoted, workspace

ADDRESS = ("street_line", "unit_line", "city", "state", "zip", "country", "address_text")
NO_ADDRESS = {
    "nothing at all": {},
    "a ZIP alone": {"zip": "zip"},
    "the city, state and ZIP of the record": {"city": "city", "state": "state", "zip": "zip"},
    "words that say there is none": {"street_line": "'Failed to Provide 77001'", "zip": "zip"},
    "a word and a number": {"street_line": "'Don''t Care 12345'"},
    "a house that is not theirs": {
        "street_line": "'98765 Nobodys Way'",
        "city": "city",
        "state": "state",
        "zip": "zip",
    },
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Index]:
    """A folder, the requests about everybody in a small set, and the index of its records."""
    home = tmp_path_factory.mktemp("town")
    files = make_small_set("hard_people").write(home)
    return home, files.requests, build_index([files.registry], home / "index")


def _linked(town: tuple[Path, Path, Index], address: dict[str, str]) -> Linked:
    """What linkage makes of the requests with `address` in place of theirs, every one of them let pass."""
    home, requests, index = town
    replaced = ", ".join(f"{address.get(name, 'NULL')}::VARCHAR AS {name}" for name in ADDRESS)
    with workspace(home) as ws:
        rows = f"SELECT * REPLACE ({replaced}), row_number() OVER (ORDER BY request_id) AS row_number"
        ws.con.execute(f"CREATE TABLE asked AS {rows} FROM read_parquet({quoted(requests)})")
        asked = ws.write("requests", "FROM asked", "row_number")
        settled = ws.write("settled", "SELECT row_number, request_id, 'pass' AS ruling FROM asked", "row_number")
    return link(home, asked, settled, index, LinkageTerms(evidence="names"))


def _count(home: Path, artefact: Artefact, sql: str) -> int:
    with workspace(home) as ws:
        ws.view(artefact.kind, artefact)
        return int(ws.rows(f"SELECT count(*) FROM ({sql})")[0][0])


def test_with_their_addresses_most_are_confirmed(town: tuple[Path, Path, Index]) -> None:
    linked = _linked(town, {name: name for name in ADDRESS})

    assert _count(town[0], linked.determinations, "FROM determinations WHERE determination = 'confirmed'") > 0
    assert _count(town[0], linked.candidates, SUPPORTED) > 0


@pytest.mark.parametrize("instead", NO_ADDRESS)
def test_without_one_no_rule_confirms_and_no_vote_could(town: tuple[Path, Path, Index], instead: str) -> None:
    linked = _linked(town, NO_ADDRESS[instead])

    assert _count(town[0], linked.determinations, "FROM determinations WHERE determination = 'confirmed'") == 0
    assert _count(town[0], linked.candidates, SUPPORTED) == 0
