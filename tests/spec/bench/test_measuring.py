"""A measurement is of a fresh process, and says why when there is none."""

from __future__ import annotations

import json

import pytest

from comity.bench import Taken, figures, measure
from comity.case.errors import BadInput, Integrity


def test_what_a_process_took_is_positive_and_what_it_found_is_given(tmp_path):
    taken = measure("log:append", directory=tmp_path, entries=300)
    assert taken.seconds > 0
    assert taken.cpu_seconds > 0
    assert taken.peak_gb > 0.005
    assert taken.found["bytes"] > 300 * 100


def test_the_peak_is_of_the_process_alone(tmp_path):
    ballast = bytearray(400_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    assert measure("log:append", directory=tmp_path, entries=1).peak_gb < 0.3


def test_what_the_work_refuses_with_comes_through(tmp_path):
    with pytest.raises(BadInput, match="REGISTRY_UNKNOWN"):
        measure("matching:link", directory=tmp_path, index=tmp_path, evidence="names")


def test_a_process_that_fails_says_the_kind_of_failure_and_no_value(tmp_path):
    with pytest.raises(Integrity, match=r"BENCH_STOPPED.*\(FileNotFoundError\)") as stopped:
        measure("gates:rule_all", directory=tmp_path / "MRS CANARY")
    assert "CANARY" not in str(stopped.value)


def test_figures_are_medians_and_the_highest_peak():
    runs = [Taken(seconds, seconds / 2, peak) for seconds, peak in ((3.0, 0.5), (1.0, 0.25), (2.0, 0.75))]
    made = figures(runs)
    assert made == {"seconds": 2.0, "seconds_range": [1.0, 3.0], "cpu_seconds": 1.0, "peak_gb": 0.75, "runs": 3}
    assert json.loads(json.dumps(made)) == made
