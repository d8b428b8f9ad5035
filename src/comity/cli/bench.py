"""Commands that measure: linkage beside its peer, small batches, growth, the index, gates, the log, the whole way."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.case.errors import Integrity, Usage
from comity.cli.helping import example, group
from comity.cli.options import AsJson, count_of, now
from comity.cli.speaking import say, say_table, tell

if TYPE_CHECKING:
    from comity.bench.material import Material

bench = group("Measure: every figure is of a process of its own, on synthetic records.")

# The measurements that draw records, which can be kept for the next one.
_KEEPING = ("linkage", "small", "growth", "build", "gates", "pipeline", "console")
# A registry of fewer rows has too few people to ask a batch about.
PEOPLE = 20_000
# Enough rows for as many people to ask about, each listed by about three forms a year.
ROWS_PER_REQUEST = 9


def spelt(number: int) -> str:
    """A number of rows as it is typed: 1.28M, 200k, 2500."""
    for letter, factor in (("M", 1_000_000), ("k", 1_000)):
        if number >= factor and number * 100 % factor == 0:
            return f"{number / factor:g}{letter}"
    return str(number)


Rows = Annotated[int, typer.Option("--registry-rows", parser=count_of, metavar="ROWS", help="Rows of the registry.")]
Requests = Annotated[int, typer.Option("--requests", parser=count_of, metavar="ROWS", help="Requests of the batch.")]
Evidence = Annotated[str, typer.Option(help="names, third_identifier or date_of_birth.")]
Repeat = Annotated[int, typer.Option(min=1, help="How often: the median is given, and the range of the seconds.")]
Seed = Annotated[int, typer.Option(help="The same seed draws the same people.")]
Keep = Annotated[
    Path | None, typer.Option(file_okay=False, help="Keep what is drawn here, to use it again; else it is removed.")
]
Record = Annotated[
    Path | None, typer.Option(file_okay=False, help="Keep the result here, as JSON; docs/benchmarks is printed.")
]
AGAINST = {
    "": (),
    "splink": ("splink",),
    "splink_streamed": ("splink_streamed",),
    "both": ("splink", "splink_streamed"),
}


@bench.command(
    "linkage", epilog=example("comity bench linkage --registry-rows 1M --requests 100k --against splink --json")
)
def linkage(
    rows: Rows = 1_000_000,
    requests: Requests = 100_000,
    against: Annotated[str, typer.Option(help="A peer: splink, splink_streamed (read from file), or both.")] = "",
    evidence: Evidence = "names",
    seed: Seed = 1,
    repeat: Repeat = 1,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """Linkage alone, from requests and index on disk to determinations on disk, and beside it a peer alone."""
    from comity.bench.linkage import Wanted, bench_linkage

    if against not in AGAINST:
        raise Usage(
            "PEER_UNKNOWN",
            "There is no other method of that name.",
            f"Take one of: {', '.join(filter(None, AGAINST))}.",
        )
    wanted = Wanted(requests, evidence, AGAINST[against], repeat)
    typed = {"registry-rows": spelt(rows), "requests": spelt(requests), "against": against, "evidence": evidence}
    with _folder(keep) as place:
        found = bench_linkage(_material(place, rows, seed), wanted)
    _end("linkage", typed | {"seed": seed, "repeat": repeat}, found, record, as_json=as_json)


@bench.command("small", epilog=example("comity bench small --registry-rows 1M --requests 1000 --repeat 5"))
def small(
    rows: Rows = 1_000_000,
    requests: Requests = 1_000,
    evidence: Evidence = "names",
    seed: Seed = 1,
    repeat: Repeat = 5,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """How long a small batch waits for linkage."""
    from comity.bench.growing import bench_small
    from comity.bench.linkage import Wanted

    typed = {"registry-rows": spelt(rows), "requests": spelt(requests), "evidence": evidence}
    with _folder(keep) as place:
        found = bench_small(_material(place, rows, seed), Wanted(requests, evidence, (), repeat))
    _end("small", typed | {"seed": seed, "repeat": repeat}, found, record, as_json=as_json)


@bench.command("growth", epilog=example("comity bench growth --from 1M --to 4M --requests 100k"))
def growth(
    first: Annotated[int, typer.Option("--from", parser=count_of, metavar="ROWS", help="Rows of the small registry.")],
    last: Annotated[int, typer.Option("--to", parser=count_of, metavar="ROWS", help="Rows of the large one.")],
    requests: Requests = 100_000,
    evidence: Evidence = "names",
    seed: Seed = 1,
    repeat: Repeat = 1,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """How much longer linkage takes when the registry grows and the batch does not."""
    from comity.bench.growing import bench_growth
    from comity.bench.linkage import Wanted

    typed = {"from": spelt(first), "to": spelt(last), "requests": spelt(requests), "evidence": evidence}
    with _folder(keep) as place:
        registries = _material(place, first, seed), _material(place, last, seed)
        found = bench_growth(*registries, Wanted(requests, evidence, (), repeat))
    _end("growth", typed | {"seed": seed, "repeat": repeat}, found, record, as_json=as_json)


@bench.command("build", epilog=example("comity bench build --registry-rows 1M"))
def build(
    rows: Rows = 1_000_000,
    seed: Seed = 1,
    repeat: Repeat = 1,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """The index of a registry, from source files to a verified index on disk."""
    from comity.bench.growing import bench_build

    with _folder(keep) as place:
        found = bench_build(_material(place, rows, seed), repeat)
    _end("build", {"registry-rows": spelt(rows), "seed": seed, "repeat": repeat}, found, record, as_json=as_json)


@bench.command("gates", epilog=example("comity bench gates --requests 100k"))
def gates(
    requests: Requests = 100_000,
    seed: Seed = 1,
    repeat: Repeat = 3,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """All gates of the shipped agreement over a batch that intake has read."""
    from comity.bench.gates import bench_gates

    with _folder(keep) as place:
        found = bench_gates(_material(place, max(requests * ROWS_PER_REQUEST, PEOPLE), seed), requests, repeat)
    _end("gates", {"requests": spelt(requests), "seed": seed, "repeat": repeat}, found, record, as_json=as_json)


@bench.command("log", epilog=example("comity bench log --entries 100k"))
def log(
    entries: Annotated[int, typer.Option(parser=count_of, metavar="ENTRIES", help="Entries to append.")] = 100_000,
    repeat: Repeat = 3,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """Entries appended to a new log, durable under a signed checkpoint."""
    from comity.bench.log import bench_log

    with _folder(None) as place:
        found = bench_log(place, entries, repeat, tell)
    _end("log", {"entries": spelt(entries), "repeat": repeat}, found, record, as_json=as_json)


@bench.command("help", epilog=example("comity bench help --repeat 5"))
def help_(repeat: Repeat = 5, record: Record = None, as_json: AsJson = False) -> None:
    """How long `comity --help` takes to answer."""
    from comity.bench.startup import bench_help

    _end("help", {"repeat": repeat}, bench_help(repeat, tell), record, as_json=as_json)


@bench.command("pipeline", epilog=example("comity bench pipeline --registry-rows 1M --requests 100k"))
def pipeline(
    rows: Rows = 1_000_000,
    requests: Requests = 100_000,
    recipients: Annotated[
        int | None, typer.Option(parser=count_of, help="Officers named as recipients; else one in a hundred requests.")
    ] = None,
    seed: Seed = 1,
    repeat: Repeat = 1,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """The whole way of a batch through an office, from a signed submission to sealed replies."""
    from comity.bench.pipeline import bench_pipeline

    named = recipients or max(1, requests // 100)
    typed = {"registry-rows": spelt(rows), "requests": spelt(requests), "recipients": named}
    with _folder(keep) as place:
        found = bench_pipeline(_material(place, rows, seed), requests, named, repeat)
    _end("pipeline", typed | {"seed": seed, "repeat": repeat}, found, record, as_json=as_json)


@bench.command("console", epilog=example("comity bench console --cases 10k --officers 50"))
def console(
    cases: Annotated[int, typer.Option(parser=count_of, metavar="ROWS", help="Requests that wait.")] = 10_000,
    officers: Annotated[int, typer.Option(min=1, help="Officers at work at once.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, help="How often each goes through the pages.")] = 3,
    think: Annotated[float, typer.Option(min=0, help="Seconds between two pages of an officer, on average.")] = 5,
    seed: Seed = 1,
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """The console while many officers work a long queue; on PostgreSQL where DATABASE_URL names an empty database."""
    from comity.bench.load import Load, bench_console

    typed = {"cases": spelt(cases), "officers": officers, "rounds": rounds, "think": f"{think:g}"}
    with _folder(keep) as place:
        rows = max(PEOPLE, cases * ROWS_PER_REQUEST)
        found = bench_console(_material(place, rows, seed), cases, Load(officers, rounds, think))
    _end("console", typed | {"seed": seed}, found, record, as_json=as_json)


@bench.command("all", epilog=example("comity bench all --scale small --keep drawn"))
def everything(
    scale: Annotated[str, typer.Option(help="small, some minutes; or full, the sizes of the budgets.")] = "small",
    keep: Keep = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """Every measurement that has a budget, one after the other."""
    from comity.bench.budgets import SCALES, commands

    if scale not in SCALES:
        raise Usage("SCALE_UNKNOWN", "There is no scale of that name.", f"Take one of: {', '.join(SCALES)}.")
    with _folder(keep) as place:
        results = [_ran(words, place, record) for words in commands(scale)]
    if as_json:
        say({"results": results}, "", as_json=True)
    else:
        for result in results:
            _show(result)


def _ran(words: Sequence[str], place: Path, record: Path | None) -> dict[str, Any]:
    """The result of `comity bench WORDS`, run as it would be typed; what it refuses with is raised again."""
    import subprocess

    options = ["--json", *(["--record", str(record)] if record else [])]
    if words[0] in _KEEPING:
        options += ["--keep", str(place)]
    run = [sys.executable, "-c", "from comity.cli import main; main()", "bench", *words, *options]
    said: dict[str, Any] = json.loads(subprocess.run(run, stdout=subprocess.PIPE, text=True, check=False).stdout)
    if "error" in said:
        raise Integrity(said["error"]["code"], said["error"]["says"], said["error"]["next"])
    return said


def _material(place: Path, rows: int, seed: int) -> Material:
    from comity.bench.material import material

    return material(place, rows, seed, tell)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder that is kept, or a temporary one."""
    import tempfile

    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as place:
        yield Path(place)


def _end(
    bench_name: str, typed: Mapping[str, object], found: Mapping[str, Any], record: Path | None, *, as_json: bool
) -> None:
    """Say the result, and keep it if that is wanted; `typed` are the options that repeat it."""
    from comity.bench.record import keep, whole

    options = " ".join(f"--{name} {value}" for name, value in typed.items() if value != "")
    result = whole(bench_name, f"comity bench {bench_name} {options}", now().date(), found)
    if record is not None:
        keep(result, record)
    if as_json:
        say(result, "", as_json=True)
    else:
        _show(result)


def _show(result: Mapping[str, Any]) -> None:
    say_table(result["command"], ("what", "figure"), _flat(result), as_json=False)


def _flat(figures: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for name, figure in figures.items():
        if isinstance(figure, Mapping):
            yield from _flat(figure, f"{before}{name}: ")
        elif name != "command":
            yield f"{before}{name}", _short(figure)


def _short(figure: object) -> str:
    if isinstance(figure, list):
        return " to ".join(map(_short, figure))
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
