"""The budgets: what each measurement must reach on two cores and 24 GB, and the command that measures it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NATIONAL = "--requests 1.28M"


@dataclass(frozen=True)
class Budget:
    """One figure with its limit.

    `figure` is the way to it through a result; `at_most` says whether the limit bounds it from above or from below;
    `options` are the words that the command must have been given for the result to count.
    """

    what: str
    bench: str
    options: tuple[str, ...]
    figure: tuple[str, ...]
    limit: float
    unit: str
    at_most: bool = True

    @property
    def command(self) -> str:
        """The command that measures it."""
        return " ".join(("comity bench", *self.words))

    @property
    def words(self) -> tuple[str, ...]:
        """The words of that command after `comity bench`."""
        return (self.bench, *(word for option in self.options for word in option.split()))

    def measured(self, results: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], float] | None:
        """The first of `results` that counts, and its figure."""
        for result in results:
            words = f"{result['command']} "
            if result["bench"] == self.bench and all(f"{option} " in words for option in self.options):
                return result, _figure(result, self.figure)
        return None

    def share(self, figure: float) -> float:
        """How much of the budget a figure takes: 1 is all of it, less is better."""
        return figure / self.limit if self.at_most else self.limit / figure


def _figure(result: Mapping[str, Any], path: tuple[str, ...]) -> float:
    found: Any = result
    for name in path:
        found = found[name]
    return float(found)


_WHOLE = ("--registry-rows 200M", NATIONAL, "--recipients 10000")
_BESIDE = ("--registry-rows 50M", NATIONAL, "--against splink")
_STREAMED = ("--registry-rows 50M", NATIONAL, "--against splink_streamed")

BUDGETS = (
    Budget("A national batch, step 1 to sealed replies", "pipeline", _WHOLE, ("pipeline", "seconds"), 45, "s"),
    Budget("The same: peak of memory", "pipeline", _WHOLE, ("pipeline", "peak_gb"), 4, "GB"),
    Budget("Linkage against Splink: times as fast", "linkage", _BESIDE, ("speedup",), 8, "×", at_most=False),
    Budget("Linkage against Splink: times less memory", "linkage", _BESIDE, ("memory_ratio",), 4, "×", at_most=False),
    Budget("The same, Splink reading from file", "linkage", _STREAMED, ("speedup",), 8, "×", at_most=False),
    Budget("The same, times less memory", "linkage", _STREAMED, ("memory_ratio",), 4, "×", at_most=False),
    Budget("Linkage: peak of memory", "linkage", _BESIDE, ("comity", "peak_gb"), 4, "GB"),
    Budget(
        "The registry grown twenty times: times the time",
        "growth", ("--from 10M", "--to 200M", "--requests 1.2M"), ("time_ratio",), 6, "×",
    ),
    Budget(
        "A small batch", "small", ("--registry-rows 200M", "--requests 1k"), ("comity", "seconds"), 2, "s"
    ),
    Budget("All gates over a national batch", "gates", (NATIONAL,), ("gates", "seconds"), 3, "s"),
    Budget("A national batch logged, durable and signed", "log", ("--entries 1.28M",), ("log", "seconds"), 8, "s"),
    Budget("A registry built", "build", ("--registry-rows 50M",), ("build", "seconds"), 180, "s"),
    Budget("The same: peak of memory", "build", ("--registry-rows 50M",), ("build", "peak_gb"), 8, "GB"),
    Budget(
        "Pages of the console, the median, with fifty officers at work",
        "console", ("--cases 100k", "--officers 50"), ("pages", "all", "median_ms"), 300, "ms",
    ),
    Budget("Help on the command line", "help", (), ("help", "seconds"), 0.3, "s"),
)  # fmt: skip

# The same commands at sizes that a laptop goes through in minutes.
_SMALL = {"200M": "1M", "50M": "500k", "10M": "50k", "1.28M": "20k", "100k": "1k", "10000": "100"}
SCALES = ("small", "full")


def commands(scale: str) -> list[list[str]]:
    """The words after `comity bench` of every command that a budget names, each once, at one of `SCALES`."""
    full = dict.fromkeys(budget.words for budget in BUDGETS)
    return [[_SMALL.get(word, word) if scale == "small" else word for word in words] for words in full]
