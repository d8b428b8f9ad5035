"""What a measurement was made on: processor, memory, versions, reading speed; no name of the machine and no path."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from comity.bench.measuring import GIGABYTE
from comity.standard import VERSION

PACKAGES = ("comity", "duckdb", "splink", "cryptography")
_CPU = Path("/proc/cpuinfo")
_CHUNK = 8 * 1024 * 1024
_ENOUGH = 2_000_000_000


def machine() -> dict[str, Any]:
    """`cpu` (its model), `cores`, `memory_gb` (10^9 bytes) and `system` of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    system = f"{platform.system()} {platform.machine()}"
    return {"cpu": _cpu(), "cores": os.cpu_count(), "memory_gb": round(memory, 1), "system": system}


def versions() -> dict[str, str]:
    """The versions of Python, of the rule-set of standardisation, and of the packages that are installed."""
    found = {"python": platform.python_version(), "standard": VERSION}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def reading_speed(path: Path) -> float:
    """How fast the file at `path` is read from its beginning to end, or 2 GB of it, in 10^9 bytes a second.

    The system is asked to forget what it holds of the file before: this is the disk, not memory.
    """
    with path.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        began, read = time.perf_counter(), 0
        while read < _ENOUGH and (chunk := file.read(_CHUNK)):
            read += len(chunk)
    return read / GIGABYTE / max(time.perf_counter() - began, 1e-9)


def _cpu() -> str:
    if _CPU.exists():
        for line in _CPU.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
