"""A batch is linked in parts of neighbours, each within the memory of one; nothing depends on where it was cut."""

from __future__ import annotations

import pytest

from comity.case.tables import REGISTRY
from comity.linkage import LinkageTerms, asked, build_index, link
from comity.linkage.duckdb import DuckDBEngine
from comity.linkage.under import link_under
from comity.workspace import workspace

from .drawing import Town, as_artefacts, write_csv

GIVEN = ("Ana", "Bea", "Eva", "Ida", "Ada")
TERMS = LinkageTerms()


class CountingEngine(DuckDBEngine):
    """Tells how many requests each part had."""

    def __init__(self):
        self.asked = []

    def narrow(self, ws):
        self.asked.append(ws.rows("SELECT count(*) FROM asked")[0][0])
        super().narrow(ws)


@pytest.fixture
def batch(tmp_path):
    """(directory, requests, settled, index): thirty requests in six towns, some without a ZIP."""
    towns = [Town(number) for number in range(6)]
    drawn = "given | family | street | zip\n" + "\n".join(f"{name} | Silva | 12 Oak St | ZIP" for name in GIVEN[:3])
    asks = "given | family | street | zip\n" + "\n".join(
        f"{name} | Silva | 12 Oak St | {zip_code}"
        for name, zip_code in zip(GIVEN, ("ZIP", "-", "ZIP~", "ZIP", "-"), strict=True)
    )
    registry = [row for town in towns for row in town.registry(drawn)]
    index = build_index([write_csv(tmp_path / "registry.csv", registry, REGISTRY.names())], tmp_path / "index")
    requests = [row for town in towns for row in town.requests(asks)]
    return tmp_path, *as_artefacts(tmp_path, requests), index


def linked(batch):
    directory, requests, settled, index = batch
    engine = CountingEngine()
    made = link(directory, requests, settled, index, TERMS, engine)
    with workspace(directory) as ws:
        ws.view("candidates", made.candidates)
        ws.view("determinations", made.determinations)
        return engine.asked, ws.rows("SELECT * FROM candidates"), ws.rows("SELECT * FROM determinations")


def test_in_parts_and_whole_it_is_determined_alike(batch, monkeypatch):
    whole = linked(batch)
    monkeypatch.setattr(asked, "PART_REQUESTS", 8)
    cut = linked(batch)
    assert (whole[0], cut[0]) == ([30], [8, 8, 7, 7])
    assert cut[1:] == whole[1:]
    assert len({row[2] for row in whole[2]}) > 1


def test_in_parts_and_whole_it_is_determined_alike_under_several_terms(batch, monkeypatch):
    directory, requests, settled, index = batch
    terms = [LinkageTerms("names"), LinkageTerms("date_of_birth")]
    whole = link_under(directory, requests, settled, index, terms)
    monkeypatch.setattr(asked, "PART_REQUESTS", 8)
    assert link_under(directory, requests, settled, index, terms) == whole


def test_a_batch_of_which_nothing_passed_is_linked_to_nothing(batch):
    directory, requests, _, index = batch
    with workspace(directory, reads=[requests.path]) as ws:
        ws.view("requests", requests)
        returned = ws.write("settled", "SELECT row_number, 'return' AS ruling FROM requests", "row_number")
    made = link(directory, requests, returned, index, TERMS)
    assert (made.candidates.rows, made.determinations.rows) == (0, 0)
