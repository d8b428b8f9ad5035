"""The fresh process of a measurement: does one piece of work and says, as its last line, what that took."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from comity.bench.measuring import GIGABYTE, out_of_memory
from comity.case.errors import ComityError

STATUS = Path("/proc/self/status")


def main() -> None:
    """Do the work that the first argument names (`module:function`) with the JSON arguments of the second."""
    try:
        print(json.dumps(_measured(_work(sys.argv[1]), json.loads(sys.argv[2]))))  # noqa: T201 -- read by the parent
    except ComityError as refused:
        said = [type(refused).__name__, refused.code, refused.says, refused.next]
        print(json.dumps({"error": said}))  # noqa: T201 -- read by the parent


def _work(name: str) -> Callable[..., dict[str, Any] | None]:
    module, _, function = name.partition(":")
    work: Callable[..., dict[str, Any] | None] = getattr(import_module(f"comity.bench.{module}"), function)
    return work


def _measured(work: Callable[..., dict[str, Any] | None], arguments: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Taken`."""
    began, cpu = time.perf_counter(), _cpu_seconds()
    try:
        found = work(**arguments) or {}
    except MemoryError:
        raise out_of_memory() from None
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "cpu_seconds": _cpu_seconds() - cpu, "peak_gb": _peak_gb(), "found": found}


def _cpu_seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak_gb() -> float:
    """The high-water mark of this process alone; `ru_maxrss` would begin at what the parent held."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / GIGABYTE
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / GIGABYTE


if __name__ == "__main__":
    main()
