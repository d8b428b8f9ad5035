"""Narrowing leaves out only what could not agree, and reads little or all of the index with the same result."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.case.tables import REGISTRY
from comity.linkage import LinkageTerms, build_index
from comity.linkage import duckdb as engine
from comity.linkage.asked import ask, prepare
from comity.linkage.meetings import meeting_steps
from comity.linkage.outline import near_sql, outlines_sql
from comity.linkage.plain_addresses import address_reasons, level_of_address
from comity.linkage.plain_outline import might_agree
from comity.linkage.standing import ADDRESS_COLUMNS
from comity.workspace import workspace

from .drawing import Town, as_artefacts, write_csv

WORDS = st.sampled_from(
    ["OAK", "OAKWOOD", "ELM", "BUTTONWOOD", "41ST", "42ND", "AVENIDA", "STRET", "ST", "RD", "ROAAD"]
)
STREETS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@st.composite
def slipped(draw, streets=STREETS):
    """A street's name with up to three letters dropped, doubled or changed."""
    text = draw(streets)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text) - 1))
        other = draw(st.sampled_from(["", "E", "X", text[place] * 2]))
        text = " ".join((text[:place] + other + text[place + 1 :]).split()) or "A"
    return text


def address(name, suffix, unit):
    fixed = {"a_kind": "street", "a_number": "12", "a_city": "TOWN", "a_state": "OH", "a_zip": "44001"}
    return dict.fromkeys(ADDRESS_COLUMNS) | fixed | {"a_name": name, "a_suffix": suffix, "a_unit": unit}


NAMES = STREETS.flatmap(lambda name: st.tuples(st.just(name), slipped(st.just(name)) | slipped()))
PAIRS = st.tuples(
    NAMES, st.tuples(*[st.sampled_from([None, "ST", "RD"])] * 2), st.tuples(*[st.sampled_from([None, "4"])] * 2)
).map(lambda drawn: tuple(address(*part) for part in zip(*drawn, strict=True)))


@settings(max_examples=300, deadline=None)
@given(PAIRS)
def test_no_two_addresses_that_agree_are_set_aside(pair):
    agree = level_of_address(address_reasons(*pair)) != "different"
    assert might_agree(*pair) or not agree


@settings(max_examples=10, deadline=None)
@given(st.lists(PAIRS, min_size=20, max_size=60))
def test_sql_and_plain_python_set_the_same_aside(tmp_path_factory, pairs):
    with workspace(tmp_path_factory.getbasetemp()) as ws:
        for side, rows in zip(("x", "y"), zip(*pairs, strict=True), strict=True):
            cells = [
                [row["a_name"] for row in rows],
                [row["a_suffix"] for row in rows],
                [row["a_unit"] for row in rows],
            ]
            ws.con.execute(
                f"CREATE TEMP TABLE {side} AS SELECT row_number() OVER () AS id, *, {outlines_sql('a_name')} FROM "
                "(SELECT unnest(?::VARCHAR[]) AS a_name, unnest(?::VARCHAR[]) AS a_suffix, "
                "unnest(?::VARCHAR[]) AS a_unit)",
                cells,
            )
        by_sql = ws.rows(f"SELECT {near_sql('x', 'y')} FROM x JOIN y USING (id) ORDER BY id")
    assert [near for (near,) in by_sql] == [might_agree(*pair) for pair in pairs]


def narrowed(home, index, requests, few):
    engine.FEW = few
    asked, settled = as_artefacts(home, requests)
    with workspace(home, reads=[home]) as ws:
        prepare(ws, asked, settled, index, LinkageTerms())
        ask(ws)
        engine.DuckDBEngine().narrow(ws)
        engine.work_out(ws, meeting_steps(), ("meetings",))
        met = ws.rows("SELECT row_number, s.spell FROM listed JOIN registry.spells AS s USING (address) ORDER BY ALL")
        return met, ws.rows("SELECT * FROM meetings ORDER BY ALL")


def test_few_requests_and_many_meet_the_same_spells(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "FEW", engine.FEW)
    town = Town(0)
    registry = "given | family | street | zip\n" + "\n".join(
        f"{given} | Silva | {street} | {place}"
        for given in ("Ana", "Ben")
        for street in ("12 Oak St", "12 Oakk St", "12 Elm St", "7 Oak St")
        for place in ("ZIP", "ZIP~", "-")
    )
    requests = "given | family | street | zip\nAna | Silva | 12 Oak St | ZIP\nAna | Silva | 12 Oak St | -"
    index = build_index(
        [write_csv(tmp_path / "registry.csv", town.registry(registry), REGISTRY.names())], tmp_path / "index"
    )
    few, many = (narrowed(tmp_path, index, town.requests(requests), limit) for limit in (20_000, 0))
    assert few == many
    assert len(few[0]) > 12
    assert len(few[1]) > 8
    assert len(set(few[1])) == len(few[1]), "whoever is met at an address is not met again by name"


def test_who_is_listed_without_a_unit_does_not_bring_the_whole_tower(tmp_path):
    town = Town(0)
    tower = "given | family | street | unit\nAna | Silva | 12 Oak St | 4\nBea | Diaz | 12 Oak St | -\n"
    registry = town.registry(tower + "Eva | Costa | 12 Oak St | 7")
    index = build_index([write_csv(tmp_path / "registry.csv", registry, REGISTRY.names())], tmp_path / "index")
    requests = "given | family | street | unit\nAna | Silva | 12 Oak St | 4"
    assert len(narrowed(tmp_path, index, town.requests(requests), 20_000)[0]) == 2


def test_everyone_listed_beside_a_candidate_under_another_zip_is_met(tmp_path):
    town = Town(0)
    registry = (
        "given | family | street | unit | zip\nAna | Silva | 12 Oak St | - | ZIP~\nEva | Costa | 12 Oakk St | - | ZIP~"
    )
    index = build_index(
        [write_csv(tmp_path / "registry.csv", town.registry(registry), REGISTRY.names())], tmp_path / "index"
    )
    requests = town.requests("given | family | street | zip\nAna | Silva | 12 Oak St | ZIP")
    pairs, _ = narrowed(tmp_path, index, requests, 20_000)
    assert len(pairs) == 2


@pytest.mark.parametrize("number", ["12A", "100 N 200 W", "1234567890", "007"])
def test_a_number_that_is_no_plain_figure_is_met(tmp_path, number):
    town = Town(0)
    registry = town.registry(f"given | family | street\nAna | Silva | {number} Oak St")
    index = build_index([write_csv(tmp_path / "registry.csv", registry, REGISTRY.names())], tmp_path / "index")
    requests = town.requests(f"given | family | street\nEva | Costa | {number} Oak St")
    assert len(narrowed(tmp_path, index, requests, 20_000)[0]) == 1
