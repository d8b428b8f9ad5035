"""How long the command line takes to answer `--help`, from nothing: interpreter, imports and all."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from typing import Any

from comity.bench.material import Progress
from comity.bench.measuring import GIGABYTE, Taken, figures

HELP = (sys.executable, "-c", "from comity.cli import main; main()", "--help")


def bench_help(repeat: int, progress: Progress) -> dict[str, Any]:
    """`help`: the figures of `comity --help` as a whole process; its peak is that of the largest run."""
    progress("asking for help")
    return {"help": figures([_asked() for _ in range(repeat)])}


def _asked() -> Taken:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(HELP, stdout=subprocess.DEVNULL, check=True)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(seconds, cpu, after.ru_maxrss * 1024 / GIGABYTE)
