"""Prints the benchmarks: every recorded result beside its budget, with the command that repeats it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comity.bench.budgets import BUDGETS, Budget
from comity.bench.record import kept
from docs.printing.markdown import code, page, table
from docs.source import ROOT

RESULTS = ROOT / "docs" / "benchmarks"
OPENING = (
    "Each figure is a measurement of a process of its own on synthetic records, recorded by its command; none "
    "is a test. Seconds are of wall time from files on disk to files on disk, without interpreter and imports; a GB is "
    "10^9 bytes; the peak is the most that the process held resident. How to repeat them, and how the peer was set up: "
    "[measure](how-to/measure.md)."
)
# The parts of a result that were measured, in the order in which they are shown.
RUNS = ("small", "large", "comity", "splink", "splink_streamed", "build", "pipeline", "gates", "log", "help")
WORTH = ("confirmed", "wrong_person", "wrong_address", "recall")


def benchmarks_page() -> str:
    """The page `docs/benchmarks.md`."""
    results = list(kept(RESULTS))
    head = ("what", "must reach", "measured", "of the budget", "on", "command")
    budgets = table(head, [_budget(budget, results) for budget in BUDGETS])
    return page("Benchmarks", OPENING, f"## Budgets\n\nOn 2 cores and 24 GB.\n\n{budgets}", *map(_result, results))


def _budget(budget: Budget, results: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    bound = f"{'≤' if budget.at_most else '≥'} {budget.limit:g} {budget.unit}"
    found = budget.measured(results)
    if found is None:
        return budget.what, bound, "not recorded", "", "", code(budget.command)
    result, figure = found
    measured, share = f"{figure:g} {budget.unit}", f"{budget.share(figure):.0%}"
    return budget.what, bound, measured, share, result["measured_on"], code(result["command"])


def _result(result: Mapping[str, Any]) -> str:
    head = ("of", "seconds", "from–to", "CPU seconds", "peak GB", *(word.replace("_", " ") for word in WORTH), "stages")
    rows = [_run(name, run) for name, run in _runs(result)]
    used = [place for place in range(len(head)) if any(row[place] for row in rows)]
    shown = table([head[place] for place in used], [[row[place] for place in used] for row in rows])
    return "\n\n".join((f"## {result['command']}", shown, *_ratios(result), *_physical(result), _made_on(result)))


def _runs(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every measured part of a result, those of a small and a large registry by their own names."""
    for name in RUNS:
        part = result.get(name)
        if name in ("small", "large") and part:
            yield from ((f"{inner}, {name} registry", run) for inner, run in part.items())
        elif part:
            yield name.replace("_", ", "), part


def _run(name: str, run: Mapping[str, Any]) -> tuple[str, ...]:
    if "failed" in run:
        return name, f"failed: {code(run['failed'])}", *[""] * (len(WORTH) + 4)
    least, most = run["seconds_range"]
    stages = ", ".join(f"{stage} {seconds:g}" for stage, seconds in run.get("stages", {}).items())
    worth = (_figure(word, run.get(word)) for word in WORTH)
    taken = (f"{run['seconds']:g}", f"{least:g}–{most:g}", f"{run['cpu_seconds']:g}", f"{run['peak_gb']:g}")
    return name, *taken, *worth, stages


def _figure(word: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1%}" if word == "recall" else f"{value:,}"


def _ratios(result: Mapping[str, Any]) -> Iterator[str]:
    if result.get("speedup"):
        yield (
            f"Splink took {result['speedup']:g} times as long, {result['cpu_ratio']:g} times the CPU and "
            f"{result['memory_ratio']:g} times the memory."
        )
    streamed = result.get("splink_streamed", {})
    if streamed.get("speedup"):
        yield (
            f"Read from file instead of memory, it took {streamed['speedup']:g} times as long, "
            f"{streamed['cpu_ratio']:g} times the CPU and {streamed['memory_ratio']:g} times the memory."
        )
    if result.get("time_ratio"):
        yield f"A registry of {result['rows_ratio']:g} times the rows takes {result['time_ratio']:g} times as long."


def _physical(result: Mapping[str, Any]) -> Iterator[str]:
    limit = result.get("physical")
    if limit:
        yield (
            f"The physical limit: {limit['key_bytes'] / 1e6:,.0f} MB of key columns, of an index of "
            f"{limit['index_bytes'] / 1e6:,.0f} MB; read in order from the disk at {limit['read_gb_per_second']:g} GB "
            f"a second they would take {limit['key_seconds']:g} s."
        )


def _made_on(result: Mapping[str, Any]) -> str:
    machine, versions = result["machine"], result["versions"]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    on = f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']:g} GB, {machine['system']}"
    return f"Measured on {result['measured_on']}: {on}; {named}."
