"""Each step that has a budget is measured alone, and all of them together as an office does them."""

from __future__ import annotations

import importlib.util

import pytest

from comity.accounting.leaf import RequestLeaf
from comity.bench.gates import bench_gates
from comity.bench.growing import bench_build, bench_growth
from comity.bench.linkage import Wanted
from comity.bench.log import bench_log, leaves
from comity.bench.material import RECIPIENTS, material
from comity.bench.pipeline import bench_pipeline
from comity.bench.startup import bench_help
from comity.case.tables import REGISTRY, REQUESTS, TRUTH
from comity.workspace import quoted, workspace
from tests.spec.bench import conftest

ASKED = conftest.REQUESTS


def silent(_words):
    """Progress that nobody hears."""


def test_all_gates_rule_on_every_request_that_intake_read(drawn):
    found = bench_gates(drawn, ASKED, repeat=1)["gates"]
    assert found["seconds"] > 0
    asked = drawn.ask(ASKED).requests
    with workspace(asked.parent) as ws:
        [(rows,)] = ws.rows(f"SELECT count(*) FROM read_parquet({quoted(asked)})")
    assert found["passed"] + found["returned"] + found["review"] == rows
    assert found["passed"] > rows / 2


def test_the_log_holds_what_was_appended(tmp_path):
    found = bench_log(tmp_path, 500, 2, silent)
    assert found["entries"] == 500
    assert found["log"]["runs"] == 2
    assert found["log"]["bytes"] > 500 * 100
    assert list(tmp_path.iterdir()) == []


def test_the_leaves_that_are_logged_are_those_of_accounting():
    [leaf] = leaves(1)
    outer, inner = leaf.decode().split('"outer":"')[1][:64], leaf.decode().split('"inner":"')[1][:64]
    assert leaf == RequestLeaf(outer, inner).encode()


def test_an_index_is_built_anew_each_time_and_the_last_one_is_used(drawn):
    drawn.build()
    stale = drawn.index / "stale"
    stale.touch()
    found = bench_build(drawn, repeat=2)["build"]
    assert found["runs"] == 2
    assert found["bytes"] > 0
    assert not stale.exists()
    stale.touch()
    assert drawn.build()["bytes"] == found["bytes"]
    assert stale.exists()
    stale.unlink()


def test_growth_divides_the_times_of_two_registries(drawn):
    found = bench_growth(drawn, drawn, Wanted(ASKED))
    ratio = found["large"]["comity"]["seconds"] / found["small"]["comity"]["seconds"]
    assert (found["rows_ratio"], found["time_ratio"]) == (1, pytest.approx(ratio, abs=0.01))


def test_help_is_timed_as_a_whole_process():
    found = bench_help(1, silent)["help"]
    assert found["seconds"] > 0
    assert found["peak_gb"] > 0.01


def test_a_batch_goes_the_whole_way_with_the_time_of_every_step(drawn):
    found = bench_pipeline(drawn, ASKED, RECIPIENTS, repeat=1)
    stages, answers = found["pipeline"]["stages"], found["pipeline"]["answers"]
    steps = ["1 intake", "2 gates", "3 linkage", "4 review", "5 accounting", "6 disclosure"]
    assert [stage for stage in stages if stage[0].isdigit()] == steps
    assert sum(stages.values()) <= found["pipeline"]["seconds"]
    assert answers["CONFIRMED"] > 0
    assert found["pipeline"]["replies"] > 1


@pytest.mark.skipif(importlib.util.find_spec("pseudopeople") is None, reason="the extra `synthetic` is not installed")
def test_records_and_requests_are_drawn_by_the_table_contracts(tmp_path):
    made = material(tmp_path, 2_000, 1, silent)
    asked = made.ask(200, recipients=3)
    with workspace(tmp_path) as ws:
        for table, path in ((REGISTRY, made.sources()[0]), (REQUESTS, asked.requests), (TRUTH, asked.truth)):
            present = {name for name, *_ in ws.rows(f"DESCRIBE FROM read_parquet({quoted(path)})")}
            assert set(table.required()) <= present
        [(rows,)] = ws.rows(f"SELECT count(*) FROM read_parquet({quoted(asked.requests)})")
    assert rows == 200
