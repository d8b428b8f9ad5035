"""Commands that make synthetic registries and requests of any size, for benchmarks and error rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.case.errors import Usage
from comity.cli.helping import example, group
from comity.cli.options import AsJson, count_of
from comity.cli.speaking import say, tell

synth = group("A made-up nation: registries and requests of any size.")

MOST_YEARS = 4
Seed = Annotated[int, typer.Option(help="The same seed makes the same rows.")]


@synth.command("registry", epilog=example("comity synth registry --rows 1000000 --seed 1 --out registry.parquet"))
def registry(
    out: Annotated[Path, typer.Option(help="A .parquet or .csv file, or a folder that takes many files.")],
    rows: Annotated[
        int | None, typer.Option(parser=count_of, metavar="ROWS", help="About so many rows, or say --people.")
    ] = None,
    people: Annotated[int | None, typer.Option(parser=count_of, metavar="PEOPLE", help="About so many people.")] = None,
    seed: Seed = 1,
    profile: Annotated[str, typer.Option(help="national, or enclaves: few names, large buildings.")] = "national",
    first_year: Annotated[int, typer.Option(help="First tax year on file.")] = 2019,
    last_year: Annotated[int, typer.Option(help="Last tax year on file.")] = 2021,
    form: Annotated[str, typer.Option("--format", help="parquet or csv, for a folder.")] = "parquet",
    as_json: AsJson = False,
) -> None:
    """Make a registry: people in households, on tax forms of several years. Takes the extra comity[synthetic]."""
    from comity.office.rehearsal import require_outside_live_home
    from comity.synthetic import nation

    require_outside_live_home(out)
    years = range(first_year, last_year + 1)
    if len(years) not in range(1, MOST_YEARS + 1):
        raise Usage("YEARS_UNFIT", f"A registry has 1 to {MOST_YEARS} tax years.", "For example --first-year 2019.")
    if rows is not None and people is None:
        sized = nation.nation_of_rows(rows, seed, profile, years)
    elif people is not None and rows is None:
        sized = nation.nation_of_people(people, seed, profile, years)
    else:
        raise Usage("SIZE_NEEDED", "The size is either --rows or --people.", "Say one of them, for example --rows 1M.")
    made = nation.write_registry(sized, out, form, progress=_told)
    say(
        {"files": [str(path) for path in made.files], "rows": made.rows, "homes": made.homes, "zips": made.zips},
        f"{made.rows:,} rows of {made.homes:,} households in {made.zips:,} ZIPs, {len(made.files)} files in {out}.",
        as_json=as_json,
    )


def _told(done: int, files: int) -> None:
    tell(f"{done} of {files} files are written")


@synth.command(
    "requests",
    epilog=example(
        "comity synth requests --registry registry.parquet --count 10000 --seed 1 --out requests.parquet "
        "--truth truth.parquet"
    ),
)
def requests(
    registry: Annotated[Path, typer.Option(exists=True, help="A registry that `comity synth registry` wrote.")],
    count: Annotated[int, typer.Option(parser=count_of, metavar="ROWS", help="How many requests.")],
    out: Annotated[Path, typer.Option(help="The requests: a .parquet or .csv file.")],
    truth: Annotated[Path, typer.Option(help="What is true of each: a .parquet or .csv file.")],
    seed: Seed = 1,
    recipients: Annotated[int, typer.Option(min=1, help="How many officers are named as recipients.")] = 44,
    noise: Annotated[str, typer.Option(help="clean, census or noisy.")] = "census",
    as_json: AsJson = False,
) -> None:
    """Make requests about the people of a registry, with the truth about each."""
    from comity.office.rehearsal import require_outside_live_home
    from comity.synthetic import nation

    for written in (out, truth):
        require_outside_live_home(written)
    made = nation.write_requests(registry, out, truth, count, seed, recipients=recipients, noise=noise)
    say(
        {"rows": made.rows, "confirmable": made.confirmable, "recipients": str(made.register)},
        f"{made.rows:,} requests, of which {made.confirmable:,} are about a person at an address of record.\n"
        f"The officers they name: {made.register}",
        as_json=as_json,
    )
