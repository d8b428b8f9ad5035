"""`comity evaluate` as it is typed: figures under one evidence or all, groups, a baseline, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from comity.synthetic import make_small_set
from tests.spec.cli.terminal import error_of, typed

FIGURES = {
    "requests",
    "confirmable",
    "insufficient",
    "confirmed",
    "unclear",
    "ambiguous",
    "wrong_person",
    "wrong_address",
    "recall",
    "wrong_by_kind",
    "terms",
}


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """The options that name a small set whose truth says an origin."""
    files = make_small_set("ordinary").write(tmp_path_factory.mktemp("set"))
    truth = files.truth.with_name("grouped.parquet")
    with duckdb.connect() as con:
        origin = "CASE WHEN hash(request_id) % 2 = 0 THEN 'north' ELSE 'south' END AS origin"
        con.execute(f"COPY (SELECT *, {origin} FROM '{files.truth}') TO '{truth}' (FORMAT parquet)")
    return "--registry", files.registry, "--requests", files.requests, "--truth", truth


def test_an_evaluation_prints_the_figures_and_the_terms_they_were_made_under(options: tuple[object, ...]) -> None:
    found = json.loads(typed("evaluate", *options, "--evidence", "names", "--json").stdout)
    assert set(found) >= FIGURES
    assert (found["requests"], found["wrong_person"], found["terms"]["evidence"]) == (120, 0, "names")
    shown = typed("evaluate", *options).stdout
    assert "120 requests, 120 of them confirmable; registry grouped by person" in shown
    assert "date_of_birth" in shown
    result = typed("evaluate", *options, "--evidence", "hearsay", "--json")
    assert (result.exit_code, error_of(result)["code"]) == (5, "TERMS_UNKNOWN")


def test_all_evidence_comes_as_columns_of_one_table_and_as_a_list_of_runs(options: tuple[object, ...]) -> None:
    shown = typed("evaluate", *options, "--evidence", "all").stdout
    assert all(term in shown.splitlines()[2] for term in ("names", "third_identifier", "date_of_birth"))
    assert max(map(len, shown.splitlines())) <= 100
    runs = json.loads(typed("evaluate", *options, "--evidence", "all", "--json").stdout)["runs"]
    assert [run["terms"]["evidence"] for run in runs] == ["names", "third_identifier", "date_of_birth"]


def test_groups_are_shown_with_their_gap_as_a_table_a_page_and_a_chart(
    options: tuple[object, ...], tmp_path: Path
) -> None:
    chart = tmp_path / "groups.svg"
    grouped = (*options, "--evidence", "names", "--group", "origin")
    shown = typed("evaluate", *grouped, "--chart", chart).stdout
    assert "By origin, evidence names" in shown
    assert "lies within chance" in " ".join(shown.split())
    assert chart.read_text("utf-8").startswith("<svg")
    assert "| origin | requests |" in typed("evaluate", *grouped, "--markdown").stdout
    [group] = json.loads(typed("evaluate", *grouped, "--json").stdout)["groups"]
    assert {row["group"] for row in group["groups"]} == {"north", "south"}


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("--group", "sex"), "EVALUATION_GROUP_UNKNOWN", 5),
        (("--group", "taxpayer_id"), "EVALUATION_GROUP_NOT_ONE", 5),
        (("--chart", "groups.svg"), "NOTHING_TO_DRAW", 2),
        (("--against", "guesswork"), "PEER_UNKNOWN", 2),
    ],
)
def test_what_cannot_be_shown_is_refused(
    options: tuple[object, ...], words: tuple[str, ...], code: str, exit_code: int
) -> None:
    result = typed("evaluate", *options, *words, "--json")
    assert (result.exit_code, error_of(result)["code"]) == (exit_code, code)


def test_without_the_extra_that_brings_it_another_method_says_which_to_install(
    options: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "splink", None)
    result = typed("evaluate", *options, "--against", "splink", "--json")
    assert (result.exit_code, error_of(result)["code"]) == (2, "PEER_MISSING")
    assert "`bench`" in error_of(result)["next"]


def test_a_baseline_shows_what_changed_and_ends_with_three_when_wrong_persons_rose(
    options: tuple[object, ...], tmp_path: Path
) -> None:
    record, better = tmp_path / "record.json", tmp_path / "better.json"
    measured = ("evaluate", *options, "--evidence", "names")
    assert typed(*measured, "--record", record).exit_code == 0
    same = typed(*measured, "--baseline", record)
    assert (same.exit_code, "No request changed" in same.stdout) == (0, True)
    rows = json.loads(record.read_text("utf-8"))
    assert set(rows[0]) == {"evidence", "request_id", "determination", "reason", "wrong_person", "wrong_address"}

    truth = Path(str(options[5]))
    wrong = truth.with_name("wrong.parquet")
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT * REPLACE ('nobody' AS taxpayer_id) FROM '{truth}') TO '{wrong}' (FORMAT parquet)")
    worse = typed("evaluate", *options[:5], wrong, "--evidence", "names", "--baseline", record, "--json")
    said = json.loads(worse.stdout)
    assert (worse.exit_code, said["error"]["code"]) == (3, "WRONG_PERSONS_ROSE")
    assert said["changes"][0]["wrong_before"] == 0
    assert len(said["changes"][0]["newly_wrong"]) == said["wrong_person"]

    better.write_text(json.dumps([row | {"determination": "unclear", "reason": "name_blank"} for row in rows]))
    shown = typed(*measured, "--baseline", better)
    assert (shown.exit_code, "now confirmed" in shown.stdout) == (0, True)
