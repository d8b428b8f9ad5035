"""Small hand-built sets need no package: every kind of hard person and odd address, with the truth about each."""

from collections import Counter

import duckdb
import pytest

from comity.case.errors import Usage
from comity.case.tables import REGISTRY, REQUESTS, TRUTH
from comity.synthetic import SMALL_SETS, make_small_set


@pytest.mark.parametrize("name", SMALL_SETS)
def test_the_same_seed_makes_the_same_set_and_another_seed_another(name):
    assert make_small_set(name, 5) == make_small_set(name, 5)
    assert make_small_set(name, 5).registry != make_small_set(name, 6).registry


@pytest.mark.parametrize("name", SMALL_SETS)
def test_every_request_has_one_truth_and_every_known_person_is_on_file(name):
    made = make_small_set(name)
    assert [row["request_id"] for row in made.requests] == [row["request_id"] for row in made.truth]
    on_file = {row["taxpayer_id"] for row in made.registry}
    assert all(row["taxpayer_id"] in on_file for row in made.truth if row["taxpayer_id"])
    assert not [row for row in made.truth if row["confirmable"] and row["taxpayer_id"] is None]


@pytest.mark.parametrize("name", SMALL_SETS)
def test_the_files_follow_the_table_contracts(name, tmp_path):
    files = make_small_set(name).write(tmp_path)
    for path, table in ((files.registry, REGISTRY), (files.requests, REQUESTS), (files.truth, TRUTH)):
        described = duckdb.sql(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
        assert [(row[0], row[1]) for row in described] == [(column.name, column.type) for column in table.columns]


def test_hard_people_come_in_every_kind_thrice():
    kinds = Counter(row["kind"] for row in make_small_set("hard_people").truth)
    assert len(kinds) > 50
    assert set(kinds.values()) == {3}
    assert {"namesake_child_is_listed_dependent", "unit_format_variant", "twin_near_name_both_same_dob"} <= set(kinds)


def test_the_paper_of_a_small_set_is_in_order(tmp_path):
    files = make_small_set("ordinary").write(tmp_path)
    early = duckdb.sql(
        f"SELECT count(*) FROM read_parquet('{files.requests}') WHERE reason IS NULL OR recipients = [] OR"
        " greatest(order_final_on, coalesce(court_final_on, order_final_on)) + 90 >= DATE '2026-11-02'"
    ).fetchall()
    assert early == [(0,)]


def test_a_set_does_not_print_its_people():
    made = make_small_set("ordinary")
    assert str(made.requests[0]["family_name"]) not in repr(made)


def test_an_unknown_set_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(Usage, match=r"SMALL_SET_UNKNOWN.*hard_people"):
        make_small_set("soft_people")
