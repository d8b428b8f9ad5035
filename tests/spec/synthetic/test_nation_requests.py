"""Requests about a made-up nation: whole contract rows, with a truth that the registry bears out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from comity.case.errors import ComityError
from comity.case.tables import REQUESTS, TRUTH
from comity.requester import RECIPIENT_COLUMNS
from comity.synthetic.nation import nation_of_people, write_registry, write_requests
from tests.spec.cli.terminal import error_of, typed

pytestmark = pytest.mark.skipif(find_spec("pseudopeople") is None, reason="takes the extra comity[synthetic]")
Rows = Callable[[str], list[tuple[Any, ...]]]
COUNT = 600


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("asked")
    write_registry(nation_of_people(3000, 2, "national", range(2019, 2022)), place / "registry.parquet")
    write_requests(place / "registry.parquet", place / "q.parquet", place / "t.parquet", COUNT, 4, noise="clean")
    return place


@pytest.fixture(scope="module")
def rows(place: Path) -> Iterator[Rows]:
    """SQL over `r`, `q` and `t`: registry, clean requests and their truth."""
    con = duckdb.connect(":memory:")
    for name, file in (("r", "registry"), ("q", "q"), ("t", "t")):
        con.execute(f"CREATE VIEW {name} AS FROM read_parquet('{place / file}.parquet')")
    yield lambda sql: con.execute(sql).fetchall()
    con.close()


def test_requests_follow_the_whole_contract(rows: Rows, place: Path) -> None:
    assert rows("SELECT column_name, column_type FROM (DESCRIBE q)") == [(c.name, c.type) for c in REQUESTS.columns]
    absent = " OR ".join(f"{name} IS NULL" for name in REQUESTS.required() if name != "court_final_on")
    assert rows(f"SELECT count(*), count(DISTINCT request_id) FROM q WHERE NOT ({absent})") == [(COUNT, COUNT)]
    assert set(TRUTH.names()) | {"sex", "race_ethnicity"} == {name for name, *_ in rows("DESCRIBE t")}
    register = (place / "q.recipients.csv").read_text(encoding="utf-8").splitlines()
    assert register[0].split(",") == list(RECIPIENT_COLUMNS)
    assert rows("SELECT count(DISTINCT recipients[1]) FROM q")[0][0] == len(register) - 1


def test_a_confirmable_request_names_an_address_of_record_in_a_stated_year(rows: Rows) -> None:
    borne_out = rows("""SELECT count(DISTINCT request_id) FROM t JOIN q USING (request_id) JOIN r USING (taxpayer_id)
        WHERE confirmable AND r.role <> 'dependent' AND list_contains(q.tax_years, r.tax_year) AND r.zip = q.zip
            AND string_split(r.street_line, ' ')[1] = string_split(q.street_line, ' ')[1]""")
    assert borne_out == rows("SELECT count(*) FROM t WHERE confirmable")
    assert 0.6 < borne_out[0][0] / COUNT < 0.9


def test_who_never_filed_has_no_taxpayer_id_and_cannot_be_confirmed(rows: Rows) -> None:
    assert rows("SELECT count(*) FROM t WHERE taxpayer_id IS NULL AND confirmable") == [(0,)]
    assert rows("SELECT count(*) FROM t ANTI JOIN r USING (taxpayer_id) WHERE taxpayer_id IS NOT NULL") == [(0,)]
    kinds = {kind for (kind,) in rows("SELECT DISTINCT kind FROM t")}
    assert {"same_address", "address_not_of_record", "other_years_address", "not_in_registry"} <= kinds


def test_half_of_the_requests_carry_a_birth_date(rows: Rows) -> None:
    assert rows("SELECT avg((date_of_birth IS NOT NULL)::INTEGER) FROM q")[0][0] == pytest.approx(0.5, abs=0.07)


def test_noise_changes_what_is_written_and_not_what_is_true(rows: Rows, place: Path) -> None:
    noisy = (place / "noisy.parquet", place / "t_noisy.parquet")
    write_requests(place / "registry.parquet", *noisy, COUNT, 4, noise="noisy")
    changed = rows(f"""SELECT count(*) FILTER (n.given_name IS DISTINCT FROM q.given_name),
        count(*) FILTER (n.street_line IS DISTINCT FROM q.street_line), count(*) FILTER (n.zip IS DISTINCT FROM q.zip)
        FROM q JOIN '{noisy[0]}' AS n USING (request_id)""")[0]
    assert all(0 < count < COUNT // 4 for count in changed)
    assert rows(f"FROM '{noisy[1]}'") == rows("FROM t")


def test_the_command_line_makes_both_and_evaluate_takes_them(place: Path) -> None:
    shown = typed("synth", "registry", "--people", 1500, "--seed", 9, "--out", place / "cli.parquet", "--json")
    assert json.loads(shown.stdout)["rows"] > 3000
    asked = ("synth", "requests", "--registry", place / "cli.parquet", "--count", 200, "--recipients", 7)
    files = ("--out", place / "cli-q.csv", "--truth", place / "cli-t.parquet", "--noise", "clean")
    made = json.loads(typed(*asked, *files, "--json").stdout)
    assert made["rows"] == 200
    judged = (
        "--registry",
        place / "cli.parquet",
        "--requests",
        place / "cli-q.csv",
        "--truth",
        place / "cli-t.parquet",
    )
    found = json.loads(typed("evaluate", *judged, "--evidence", "names", "--json").stdout)
    assert found["recall"] > 0.8
    assert found["wrong_address"] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("registry", "--out", "r.parquet"), "SIZE_NEEDED"),
        (("registry", "--rows", 10, "--people", 10, "--out", "r.parquet"), "SIZE_NEEDED"),
        (("registry", "--rows", 10, "--profile", "atlantis", "--out", "r.parquet"), "PROFILE_UNKNOWN"),
        (("registry", "--rows", 10, "--first-year", 2022, "--out", "r.parquet"), "YEARS_UNFIT"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(words: tuple[object, ...], code: str) -> None:
    assert error_of(typed("synth", *words, "--json"))["code"] == code


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as error:
        act()
    return error.value.code


def test_requests_that_cannot_be_made_are_refused(place: Path, tmp_path: Path) -> None:
    files = (tmp_path / "q.parquet", tmp_path / "t.parquet")
    known = place / "registry.parquet"
    assert refused(lambda: write_requests(place / "q.parquet", *files, 5, 1)) == "POPULATION_UNKNOWN"
    assert refused(lambda: write_requests(known, *files, 5, 1, noise="loud")) == "NOISE_UNKNOWN"
    assert refused(lambda: write_requests(known, *files, 50_000, 1)) == "REQUESTS_TOO_MANY"
    assert refused(lambda: write_requests(known, tmp_path / "q.xlsx", files[1], 5, 1)) == "FORMAT_UNKNOWN"
