"""The commands that measure: what they are given, what they say, what they keep and print."""

from __future__ import annotations

import json

import pytest

from comity.bench.budgets import BUDGETS, Budget, commands
from comity.bench.record import kept as kept_results
from comity.case.errors import Usage
from comity.cli.bench import spelt
from comity.cli.options import count_of
from docs.printing import benchmarks
from tests.spec.bench.conftest import REQUESTS, ROWS, SEED
from tests.spec.cli.terminal import typed

OF_EVERY = {"bench", "command", "measured_on", "machine", "versions"}


@pytest.mark.parametrize(
    ("text", "number"), [("2000", 2000), ("10M", 10_000_000), ("1.28m", 1_280_000), ("200k", 200_000), ("1_000", 1000)]
)
def test_a_number_of_rows_is_read_as_people_write_it(text, number):
    assert count_of(text) == number


@pytest.mark.parametrize("text", ["", "many", "0", "-5", "k", "1.2.3M", "inf", "nan"])
def test_what_is_no_number_of_rows_is_refused(text):
    with pytest.raises(Usage, match="COUNT_UNREADABLE"):
        count_of(text)


@pytest.mark.parametrize("number", [1, 999, 1000, 2500, 200_000, 1_280_000, 10_000_000, 1_234_567])
def test_a_number_that_is_spelt_reads_as_the_same(number):
    assert count_of(spelt(number)) == number


@pytest.fixture(scope="module")
def small(kept, tmp_path_factory):
    """What `comity bench small` says and keeps."""
    record = tmp_path_factory.mktemp("recorded")
    words = ("--registry-rows", ROWS, "--requests", REQUESTS, "--seed", SEED, "--repeat", 1)
    done = typed("bench", "small", *words, "--keep", kept, "--record", record, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), record


def test_a_command_says_what_it_measured_on_what_and_how_to_repeat_it(small):
    said, _ = small
    assert set(said) == OF_EVERY | {"build", "comity"}
    assert said["command"].startswith(f"comity bench small --registry-rows 2k --requests {REQUESTS} ")
    assert said["machine"]["cores"] >= 1
    assert said["machine"]["memory_gb"] > 0
    assert said["versions"]["duckdb"]


def test_a_result_that_is_kept_is_the_one_that_was_said(small):
    said, record = small
    assert list(kept_results(record)) == [said]


def test_a_kept_result_is_printed_beside_its_command(small, monkeypatch):
    said, record = small
    monkeypatch.setattr(benchmarks, "RESULTS", record)
    page = benchmarks.benchmarks_page()
    assert f"## {said['command']}" in page
    assert f"| comity | {said['comity']['seconds']:g} |" in page


def test_a_result_counts_for_a_budget_only_when_its_command_had_the_budgets_words():
    budget = Budget("a batch", "small", ("--registry-rows 200M",), ("comity", "seconds"), 2, "s")
    other = {"bench": "small", "command": "comity bench small --registry-rows 2M", "comity": {"seconds": 9}}
    right = {"bench": "small", "command": "comity bench small --registry-rows 200M", "comity": {"seconds": 1}}
    assert budget.measured([other]) is None
    assert budget.measured([other, right]) == (right, 1)


def test_the_share_of_a_budget_is_less_the_better():
    least = Budget("x", "x", (), (), 8, "×", at_most=False)
    most = Budget("x", "x", (), (), 2, "s")
    assert (most.share(1), least.share(16)) == (0.5, 0.5)


def test_every_budget_names_a_command_that_is_there():
    for budget in BUDGETS:
        assert typed("bench", budget.bench, "--help").exit_code == 0


def test_the_small_scale_measures_the_same_things_as_the_full_one():
    small, full = commands("small"), commands("full")
    assert [words[0] for words in small] == [words[0] for words in full]
    assert ["linkage", "--registry-rows", "50M", "--requests", "1.28M", "--against", "splink"] in full
    assert not {"200M", "50M", "10M", "1.28M"} & {word for words in small for word in words}


def test_an_unknown_peer_is_refused_before_anything_is_drawn(tmp_path):
    done = typed("bench", "linkage", "--against", "nobody", "--keep", tmp_path / "kept", "--json")
    assert (done.exit_code, json.loads(done.stdout)["error"]["code"]) == (2, "PEER_UNKNOWN")
    assert not (tmp_path / "kept").exists()
