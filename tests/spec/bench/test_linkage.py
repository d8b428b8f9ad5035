"""Linkage and its peer are measured each in a process of its own, over the same requests and the same registry."""

from __future__ import annotations

import json

import pytest

from comity.bench.linkage import Wanted, bench_linkage
from tests.spec.bench.conftest import REQUESTS, has_peer, needs_peer

PEERS = ("splink", "splink_streamed")

TIMES = {"seconds", "seconds_range", "cpu_seconds", "peak_gb", "runs"}
WORTH = {"confirmed", "wrong_person", "wrong_address", "recall", "wrong_by_kind"}


@pytest.fixture(scope="module")
def measured(drawn):
    """Linkage alone, and beside it whichever peers are installed."""
    return bench_linkage(drawn, Wanted(REQUESTS, peers=PEERS if has_peer() else ()))


def test_linkage_alone_has_its_times_and_what_its_confirmations_were_worth(measured):
    assert set(measured["comity"]) == TIMES | WORTH | {"stages"}
    least, most = measured["comity"]["seconds_range"]
    assert 0 < least <= measured["comity"]["seconds"] <= most
    assert measured["comity"]["confirmed"] > REQUESTS / 10
    assert measured["comity"]["wrong_person"] == 0


def test_the_stages_are_those_of_linkage_and_make_up_the_time(measured):
    stages = measured["comity"]["stages"]
    assert list(stages) == ["prepare", "narrow", "compare", "determine", "write"]
    assert 0 < sum(stages.values()) < measured["comity"]["seconds"] * 1.1


def test_the_index_is_timed_apart_and_used_again(drawn, measured):
    assert measured["build"]["seconds"] > 0
    assert 0 < measured["build"]["spells"] <= measured["build"]["rows"]
    assert drawn.build() == measured["build"]


def test_the_physical_limit_is_the_bytes_of_the_key_columns(measured):
    physical = measured["physical"]
    assert 0 < physical["key_bytes"] <= physical["index_bytes"] == measured["build"]["bytes"]
    assert physical["read_gb_per_second"] > 0


def test_figures_can_be_written_as_json(measured):
    assert json.loads(json.dumps(measured)) == measured


@needs_peer
@pytest.mark.parametrize("name", PEERS)
def test_a_peer_stands_beside_with_the_same_figures(measured, name):
    assert set(measured[name]) >= TIMES | WORTH
    assert list(measured[name]["stages"]) == ["load", "predict"]
    assert measured[name]["trained_in"] > 0
    assert measured[name]["confirmed"] > REQUESTS / 10


@needs_peer
@pytest.mark.parametrize(("ratio", "figure"), [("speedup", "seconds"), ("memory_ratio", "peak_gb")])
def test_a_ratio_is_the_peer_over_comity(measured, ratio, figure):
    assert measured[ratio] == pytest.approx(measured["splink"][figure] / measured["comity"][figure], abs=0.01)
