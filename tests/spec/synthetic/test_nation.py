"""A made-up nation: households on forms of several years, the same from one seed however they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from comity.case.errors import ComityError, Usage
from comity.case.tables import REGISTRY
from comity.linkage import build_index
from comity.synthetic import nation as made
from comity.synthetic.nation import Nation, nation_of_people, nation_of_rows, registry, write_registry
from comity.synthetic.nation.draws import Draws
from comity.synthetic.nation.filings import lived_sql
from comity.synthetic.nation.rates import rates_of
from docs.source import ROOT

pytestmark = pytest.mark.skipif(find_spec("pseudopeople") is None, reason="takes the extra comity[synthetic]")
YEARS = range(2019, 2022)
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nation")


@pytest.fixture(scope="module")
def enclaves() -> Nation:
    return nation_of_people(3000, 5, "enclaves", YEARS)


@pytest.fixture(scope="module")
def rows(place: Path, enclaves: Nation) -> Iterator[Rows]:
    """SQL over `r`, the registry of enclaves."""
    write_registry(enclaves, place / "r.parquet")
    con = duckdb.connect(":memory:")
    con.execute(f"CREATE VIEW r AS FROM read_parquet('{place / 'r.parquet'}')")
    yield lambda sql: con.execute(sql).fetchall()
    con.close()


def all_rows(files: str) -> list[tuple[Any, ...]]:
    return duckdb.connect(":memory:").execute(f"FROM {files} ORDER BY ALL").fetchall()


def test_a_registry_follows_the_contract_and_can_be_built(rows: Rows, place: Path) -> None:
    columns = {name: kind for name, kind, *_ in rows("DESCRIBE r")}
    contract = {column.name: column.type for column in REGISTRY.columns}
    assert set(REGISTRY.required()) <= set(columns)
    assert {contract[name] for name in columns} == set(columns.values())
    assert rows("SELECT count(*) - count(DISTINCT (taxpayer_id, tax_year, source_form, role)) FROM r") == [(0,)]
    assert build_index([place / "r.parquet"], place / "index").rows == rows("SELECT count(*) FROM r")[0][0]


def test_one_seed_gives_one_nation_in_one_file_or_in_many(
    rows: Rows, place: Path, enclaves: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "HOMES_PER_FILE", 500)
    told: list[tuple[int, int]] = []
    many = write_registry(enclaves, place / "many", progress=lambda *done: told.append(done))
    assert len(many.files) > 1
    assert told == [(nth, len(many.files)) for nth in range(1, len(many.files) + 1)]
    assert all_rows(f"read_parquet('{place}/many/*.parquet')") == rows("FROM r ORDER BY ALL")


def test_another_seed_gives_other_people(rows: Rows, place: Path, enclaves: Nation) -> None:
    write_registry(nation_of_people(3000, 6, "enclaves", YEARS), place / "other.parquet")
    same = "SELECT count(*) FROM r SEMI JOIN '{0}/other.parquet' o USING (given_name, family_name, date_of_birth)"
    assert rows(same.format(place))[0][0] < 20


def test_the_size_is_about_what_was_asked_for(place: Path) -> None:
    written = write_registry(nation_of_rows(9000, 1, "national", YEARS), place / "sized.csv")
    assert 8000 < written.rows < 11_000
    assert len((place / "sized.csv").read_text().splitlines()) == written.rows + 1


def test_ten_names_are_those_of_half_an_enclave_s_households_and_of_no_other_place(rows: Rows) -> None:
    shares = rows("""
        WITH names AS (SELECT zip, family_name, count(DISTINCT taxpayer_id) AS n FROM r GROUP BY ALL),
        ranked AS (SELECT *, row_number() OVER (PARTITION BY zip ORDER BY n DESC) AS place FROM names)
        SELECT sum(n) FILTER (place <= 10) / sum(n) AS share FROM ranked GROUP BY zip HAVING sum(n) > 300""")
    few = [share for (share,) in shares if share > 0.3]
    assert few
    assert len(few) < len(shares)


def test_a_son_named_after_his_father_lists_at_one_address_under_one_name(rows: Rows) -> None:
    pairs = rows("""SELECT count(*) FROM r AS son JOIN r AS father USING (given_name, tax_year, zip)
        WHERE son.name_suffix = 'JR' AND father.name_suffix IS DISTINCT FROM 'JR'
            AND son.date_of_birth > father.date_of_birth + INTERVAL 15 YEAR""")
    assert pairs[0][0] > 0


def test_twins_share_a_birth_date_and_no_given_name(rows: Rows) -> None:
    found = rows("""SELECT count(*), count(*) FILTER (a.given_name = b.given_name) FROM r AS a JOIN r AS b
        USING (tax_year, source_form, date_of_birth, street_line, zip) WHERE a.role = 'dependent'
            AND b.role = 'dependent' AND a.taxpayer_id < b.taxpayer_id""")[0]
    assert found[0] > 0
    assert found[1] == 0


def test_every_home_is_lived_in_by_one_household_every_year(place: Path, enclaves: Nation) -> None:
    with registry.peopled(enclaves, place) as (ws, nation):
        ws.con.execute(f"CREATE TABLE homes AS SELECT range AS h FROM range({nation.homes})")
        people = registry.people_of(enclaves, "homes")
        ws.con.execute(
            f"CREATE TABLE lived AS {lived_sql(Draws(5), rates_of('enclaves'), people, nation, enclaves.years)}"
        )
        heads = ws.rows("SELECT count(DISTINCT home), count(*) FROM lived WHERE member = 0 GROUP BY tax_year")
        moved = ws.rows(
            "SELECT count(*) FROM (SELECT h FROM lived WHERE member = 0 GROUP BY h HAVING min(home) < max(home))"
        )
    assert heads == [(nation.homes, nation.homes)] * len(YEARS)
    assert 0.1 < moved[0][0] / nation.homes < 0.4


def test_every_rate_says_where_it_comes_from() -> None:
    for rate in made.base_rates():
        assert rate.basis in ("recalled", "assumption"), rate.name
        assert rate.source
        assert rate.says
        assert all(0 <= value <= 1 for value in rate.values.values()), rate.name


def test_the_page_shows_every_rate_as_it_is() -> None:
    page = (ROOT / "docs" / "third-population.md").read_text("utf-8")
    for rate in made.base_rates():
        values = " | ".join(f"{100 * value:g} %" for value in rate.values.values())
        assert f"| `{rate.name}` | {values} | {rate.basis} | {rate.says}. {rate.source} |" in page


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as error:
        act()
    return error.value.code


def test_what_cannot_be_made_is_refused(place: Path, enclaves: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(lambda: rates_of("atlantis")) == "PROFILE_UNKNOWN"
    assert refused(lambda: write_registry(enclaves, place / "registry.xlsx")) == "FORMAT_UNKNOWN"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(Usage, match="pseudopeople") as missing:
        write_registry(enclaves, place / "none.parquet")
    assert missing.value.code == "SYNTHETIC_EXTRA_MISSING"
