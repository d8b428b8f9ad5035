"""Runs a piece of work in a fresh process, some times over, and gives what it took by the system's own accounts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from comity.case import errors
from comity.case.errors import ComityError, Integrity

GIGABYTE = 1e9


@dataclass(frozen=True)
class Taken:
    """What one run of a piece of work took, interpreter and imports left out of the times.

    `seconds` of wall time and `cpu_seconds` of all processors of the work; `peak_gb` (10^9 bytes) is the most that the
    process held resident from its start; `found` is what the work itself gave.
    """

    seconds: float
    cpu_seconds: float
    peak_gb: float
    found: dict[str, Any] = field(default_factory=dict, repr=False)


def measure(work: str, **arguments: object) -> Taken:
    """Run `work` (`module:function` of this package) with plain `arguments` in a fresh process.

    Raises what the work refuses with, and Integrity `BENCH_OUT_OF_MEMORY` or `BENCH_STOPPED` when it ends otherwise.
    """
    command = [sys.executable, "-W", "ignore", "-m", "comity.bench.child", work, json.dumps(arguments, default=str)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGKILL:
        raise out_of_memory()
    said = _last_object(done.stdout)
    if "error" in said:
        raise _refusal(*said["error"])
    if done.returncode or not said:
        raise _stopped(done.stderr)
    return Taken(**said)


def measure_often(repeat: int, work: str, **arguments: object) -> list[Taken]:
    """`measure`, `repeat` times."""
    return [measure(work, **arguments) for _ in range(repeat)]


def figures(runs: Sequence[Taken]) -> dict[str, Any]:
    """The figures of some runs of the same work: medians, the range of `seconds`, and the highest peak."""
    seconds = [run.seconds for run in runs]
    return {
        "seconds": round(median(seconds), 3),
        "seconds_range": [round(min(seconds), 3), round(max(seconds), 3)],
        "cpu_seconds": round(median(run.cpu_seconds for run in runs), 3),
        "peak_gb": round(max(run.peak_gb for run in runs), 3),
        "runs": len(runs),
    }


def out_of_memory() -> Integrity:
    """The refusal of a process that memory did not suffice for."""
    return Integrity(
        "BENCH_OUT_OF_MEMORY", "Memory did not suffice for a measured process.", "Measure at fewer rows, or elsewhere."
    )


def _stopped(errors_said: str) -> Integrity:
    """The refusal of a process that failed, with the kind of its failure: what follows the colon may hold values."""
    kind = (errors_said.splitlines() or [""])[-1].partition(":")[0].rpartition(".")[2]
    return Integrity(
        "BENCH_STOPPED",
        f"A measured process ended before its work was done ({kind if kind.isidentifier() else 'without a word'}).",
        "Nothing was recorded; see that there is room on the disk, and measure at fewer rows.",
    )


def _last_object(text: str) -> dict[str, Any]:
    """The JSON object on the last line of what a process said, or an empty one."""
    lines = text.splitlines() or [""]
    try:
        said = json.loads(lines[-1])
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _refusal(family: str, code: str, says: str, following: str) -> ComityError:
    kind = getattr(errors, family, ComityError)
    return kind(code, says, following)
