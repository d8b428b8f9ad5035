"""A measurement as it is said and kept: the figures with what they were made on and the command that repeats them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from comity.bench.machine import machine, versions


def whole(bench: str, command: str, on: date, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a measurement: `bench` (its name), `command`, `measured_on`, `machine`, `versions`, the figures."""
    said = {"bench": bench, "command": command, "measured_on": on.isoformat()}
    return {**said, **figures, "machine": machine(), "versions": versions()}


def keep(result: Mapping[str, Any], directory: Path) -> Path:
    """Write a result to `directory`, where it takes the place of an earlier one of the same command."""
    directory.mkdir(parents=True, exist_ok=True)
    words = re.findall(r"[A-Za-z0-9.]+", result["command"].removeprefix("comity bench "))
    path = directory / f"{'-'.join(words).lower()}.json"
    path.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", "utf-8")
    return path


def kept(directory: Path) -> Iterator[dict[str, Any]]:
    """Every result that was kept in `directory`, in the order of the files' names."""
    for path in sorted(directory.glob("*.json")):
        yield json.loads(path.read_text("utf-8"))
