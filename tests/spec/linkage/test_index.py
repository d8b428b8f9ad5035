"""The registry index: what it refuses, what it holds, and that it is whole or absent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from comity.case.errors import BadInput, Integrity
from comity.case.tables import REGISTRY
from comity.linkage import LinkageTerms, build_index, link, open_index
from comity.standard import VERSION
from comity.workspace import file_digest

from .drawing import Town, as_artefacts, rows_of, write_csv

TOWN = Town(0)
ANA = "given | family | born\nAna | Silva | 1970-02-03"


def source(tmp_path, table, columns=None):
    return write_csv(tmp_path / "registry.csv", TOWN.registry(table), columns or REGISTRY.names())


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """One built index and the stages that its building told."""
    home, stages = tmp_path_factory.mktemp("shelf"), []
    build_index([source(home, ANA)], home / "index", stages.append)
    return home / "index", stages


@pytest.fixture
def shelved(shelf, tmp_path):
    """A copy of that index, to be spoilt."""
    return Path(shutil.copytree(shelf[0], tmp_path / "index"))


def spells(index):
    with duckdb.connect(index.path, read_only=True) as con:
        rows = "SELECT s.*, f.filed FROM spells AS s JOIN filings AS f USING (filing)"
        rows = f"SELECT * FROM ({rows}) JOIN known USING (spell) ORDER BY ALL"
        names = [name for name, *_ in con.execute(f"DESCRIBE {rows}").fetchall()]
        return [dict(zip(names, row, strict=True)) for row in con.execute(rows).fetchall()]


def refusal(tmp_path, registry):
    with pytest.raises(BadInput) as refused:
        build_index([registry], tmp_path / "index")
    assert not (tmp_path / "index").exists()
    assert not list(tmp_path.glob(".index-*"))
    return refused.value


def test_rows_that_read_the_same_are_one_spell_with_their_years_and_forms(tmp_path):
    table = "taxpayer | given | family | street | year | form\nT1 | Ana | Silva | 12 Oak St | 2019 | 1040\n"
    table += "T1 | ANA | SILVA | 12 Oak Street | 2020 | W-2\nT1 | Ana | Silva | 7 Elm Rd | 2020 | W2"
    index = build_index([source(tmp_path, table)], tmp_path / "index")
    assert (index.rows, index.spells) == (3, 2)
    kept = {tuple(spell["filed"].split("\n")) for spell in spells(index)}
    assert kept == {("2019 1040", "2020 W2"), ("2020 W2",)}


def test_parquet_and_csv_make_the_same_index(tmp_path):
    text = source(tmp_path, ANA)
    typed = tmp_path / "registry.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{text}', header = true)) TO '{typed}'")
    one, other = build_index([text], tmp_path / "one"), build_index([typed], tmp_path / "other")
    assert spells(one) == spells(other)


def test_the_manifest_beside_it_says_what_the_index_holds(shelved):
    facts = json.loads((shelved / "registry.json").read_text(encoding="utf-8"))
    digests = {str(path.relative_to(shelved)): file_digest(path) for path in shelved.rglob("*.parquet")}
    assert (facts["digest"], facts["kept"]) == (file_digest(shelved / "registry.duckdb"), digests)
    index = open_index(shelved)
    assert (index.digest, index.rows, index.spells, index.standard) == (facts["digest"], 1, 1, VERSION)
    assert (index.persons, index.addresses, index.unplaced, index.years, index.forms) == (1, 1, 0, (2020,), ("1040",))


def test_what_it_is_doing_is_told(shelf):
    assert shelf[1] == [
        "reading the sources",
        "standardising and resolving part 1 of 1",
        "writing the index: 1 spells",
        "verifying the index",
    ]


def test_an_unreadable_cell_is_named_by_row_and_column_and_never_shown(tmp_path):
    table = "given | family | born | year\nAna | Silva | 1970-02-03 | 2020\nAna | Silva | 3 Feb 1970 | 2020\n"
    refused = refusal(tmp_path, source(tmp_path, table + "Ana | Silva | - | twenty"))
    assert refused.code == "REGISTRY_ROW_UNREADABLE"
    assert "row 2 (date_of_birth), row 3 (tax_year)" in refused.says
    assert "Feb" not in str(refused)
    assert "twenty" not in str(refused)


@pytest.mark.parametrize("role", ["householder", "-"])
def test_a_role_that_is_unknown_or_absent_is_refused(tmp_path, role):
    refused = refusal(tmp_path, source(tmp_path, f"given | family | role\nAna | Silva | {role}"))
    assert (refused.code, "row 1 (role)" in refused.says) == ("REGISTRY_ROW_UNREADABLE", True)


def test_a_missing_column_is_refused_by_name(tmp_path):
    columns = tuple(name for name in REGISTRY.names() if name != "role")
    refused = refusal(tmp_path, source(tmp_path, ANA, columns))
    assert (refused.code, "role" in refused.says) == ("REGISTRY_COLUMN_MISSING", True)


def test_a_file_that_is_no_parquet_is_refused_without_its_text(tmp_path):
    broken = tmp_path / "registry.parquet"
    broken.write_text("Ana Silva")
    refused = refusal(tmp_path, broken)
    assert (refused.code, "Ana" in str(refused)) == ("REGISTRY_UNREADABLE", False)


def test_another_format_is_refused(tmp_path):
    assert refusal(tmp_path, tmp_path / "registry.xlsx").code == "REGISTRY_FORMAT_UNKNOWN"


def test_an_empty_registry_is_refused(tmp_path):
    assert refusal(tmp_path, source(tmp_path, "given | family")).code == "REGISTRY_EMPTY"


def test_an_index_is_never_built_over_another(shelved, tmp_path):
    before = open_index(shelved)
    with pytest.raises(BadInput, match="REGISTRY_EXISTS"):
        build_index([source(tmp_path, ANA)], shelved)
    assert open_index(shelved) == before


def test_a_place_without_an_index_is_said_so(tmp_path):
    with pytest.raises(BadInput, match="REGISTRY_UNKNOWN"):
        open_index(tmp_path)


@pytest.mark.parametrize("other", [{"standard": "1900.1"}, {"layout": 1}])
def test_an_index_of_another_rule_set_or_layout_is_not_used(shelved, other):
    manifest = shelved / "registry.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**facts, **other}), encoding="utf-8")
    with pytest.raises(Integrity, match="REGISTRY_OTHER_STANDARD"):
        open_index(shelved)


def test_a_registry_swapped_under_a_batch_is_noticed(shelved, tmp_path):
    index = open_index(shelved)
    with index.path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    asked, settled = as_artefacts(tmp_path, TOWN.requests(ANA))
    with pytest.raises(Integrity, match="REGISTRY_CHANGED"):
        link(tmp_path, asked, settled, index, LinkageTerms())


def test_a_returned_request_is_never_looked_up(shelved, tmp_path):
    index = open_index(shelved)
    requests = "given | family | born | ruling\nAna | Silva | 1970-02-03 | pass\nAna | Silva | 1970-02-03 | return"
    asked, settled = as_artefacts(tmp_path, TOWN.requests(requests))
    linked = link(tmp_path, asked, settled, index, LinkageTerms())
    assert [row["request_id"] for row in rows_of(linked.determinations)] == ["R1-000"]
    assert {row["request_id"] for row in rows_of(linked.candidates)} == {"R1-000"}


def test_a_batch_in_which_nothing_passed_has_no_determination(shelved, tmp_path):
    index = open_index(shelved)
    asked, settled = as_artefacts(tmp_path, TOWN.requests("given | family | ruling\nAna | Silva | return"))
    linked = link(tmp_path, asked, settled, index, LinkageTerms())
    assert (linked.determinations.rows, linked.candidates.rows) == (0, 0)


@pytest.mark.parametrize("demand", [{"evidence": "none"}, {"forms": ()}, {"forms": ("1040'",)}, {"namesake_years": ""}])
def test_terms_that_do_not_exist_are_refused(demand):
    with pytest.raises(BadInput, match="TERMS_UNKNOWN"):
        LinkageTerms(**demand)


def test_a_quote_that_is_never_closed_is_refused_and_no_row_is_lost_in_silence(tmp_path):
    whole = "taxpayer_id,tax_year,source_form,role,given_name,family_name\n1,2020,W2,primary,Ana,Silva\n"
    file = tmp_path / "registry.csv"
    file.write_text(whole + '2,2020,W2,primary,Ben,"Costa\n3,2020,W2,primary,Cid,Dias\n')
    refused = refusal(tmp_path, file)
    assert (refused.code, "Costa" in str(refused)) == ("REGISTRY_UNREADABLE", False)
