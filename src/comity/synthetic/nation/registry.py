"""The registry of a made-up nation, streamed to Parquet or CSV whatever its size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from comity.case.errors import Usage
from comity.synthetic.nation.draws import Draws
from comity.synthetic.nation.filings import forms_sql, lived_sql, registry_sql
from comity.synthetic.nation.households import households_sql, people_sql
from comity.synthetic.nation.places import PEOPLE_PER_HOME, Map, make_map
from comity.synthetic.nation.pools import cache_folder, make_pools, sample_folder
from comity.synthetic.nation.rates import rates_of
from comity.workspace import Workspace, quoted, workspace

Progress = Callable[[int, int], None]

ROWS_PER_HOME = 9.0
# Threads share a table by row groups of this many rows; a file is four such parts.
HOMES_PER_FILE = 4 * 122_880
MEMORY_LIMIT = "4GB"


@dataclass(frozen=True)
class Nation:
    """What a made-up nation follows from: nothing else is kept, and the same nation has the same people again."""

    seed: int
    profile: str
    homes: int
    first_year: int
    last_year: int

    @property
    def years(self) -> range:
        """The tax years on file."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True)
class Registry:
    """A registry on file: its files, rows, households and ZIPs."""

    files: tuple[Path, ...]
    rows: int
    homes: int
    zips: int


def nation_of_rows(rows: int, seed: int, profile: str, years: range) -> Nation:
    """The nation whose registry has about `rows` rows."""
    return Nation(seed, profile, max(64, round(rows / ROWS_PER_HOME * 3 / len(years))), years[0], years[-1])


def nation_of_people(people: int, seed: int, profile: str, years: range) -> Nation:
    """The nation of about `people` people."""
    return Nation(seed, profile, max(64, round(people / PEOPLE_PER_HOME)), years[0], years[-1])


def write_registry(nation: Nation, out: Path, form: str = "parquet", progress: Progress | None = None) -> Registry:
    """Write the registry of `nation` to the file `out`, or to many files in the folder `out` if it has no suffix.

    Columns by the REGISTRY contract; the same nation, the same rows. Beside it lies `population.json`, from which
    `write_requests` knows the people again. Raises Usage `SYNTHETIC_EXTRA_MISSING` or `PROFILE_UNKNOWN`.
    """
    folder = out.parent if out.suffix else out
    folder.mkdir(parents=True, exist_ok=True)
    with peopled(nation, folder) as (ws, made):
        files = tuple(_parts(out, made, form))
        step = made.homes if out.suffix else HOMES_PER_FILE
        rows = 0
        for done, path in enumerate(files):
            ws.con.execute(
                "CREATE OR REPLACE TEMP TABLE homes AS SELECT range AS h"
                f" FROM range({done * step}, {min(made.homes, (done + 1) * step)})"
            )
            rows += _write(ws, rows_sql(nation, made, "homes"), path)
            if progress is not None:
                progress(done + 1, len(files))
    population_file(out).write_text(json.dumps(asdict(nation), indent=2) + "\n", encoding="utf-8")
    return Registry(files, rows, made.homes, made.zips)


def population_file(registry: Path) -> Path:
    """The small file beside a made registry that says from what it follows."""
    return registry.with_suffix(".population.json") if registry.suffix else registry / "population.json"


def _parts(out: Path, made: Map, form: str) -> Iterator[Path]:
    if out.suffix:
        yield out
        return
    for nth in range(-(-made.homes // HOMES_PER_FILE)):
        yield out / f"registry-{nth:05d}.{form}"


def _write(ws: Workspace, sql: str, path: Path) -> int:
    rows: int = ws.con.execute(f"COPY ({sql}) TO {quoted(path)} ({copied_as(path)})").fetchall()[0][0]
    return rows


def copied_as(path: Path) -> str:
    """The options of COPY for a file of that name. Raises Usage `FORMAT_UNKNOWN`."""
    options = {".parquet": "FORMAT parquet", ".csv": "FORMAT csv, HEADER true"}
    if path.suffix not in options:
        raise Usage("FORMAT_UNKNOWN", "Tables are written as Parquet or CSV.", "Name a file ending .parquet or .csv.")
    return options[path.suffix]


@contextmanager
def peopled(nation: Nation, folder: Path, reads: Sequence[Path] = ()) -> Iterator[tuple[Workspace, Map]]:
    """A workspace on `folder` with the pools and the map of `nation`, and how large it came out."""
    rates = rates_of(nation.profile)
    sample, cache = sample_folder(), cache_folder()
    with workspace(folder, reads=[sample, cache, *reads], memory_limit=MEMORY_LIMIT) as ws:
        make_pools(ws, sample, cache)
        yield ws, make_map(ws, Draws(nation.seed), rates, nation.homes)


def people_of(nation: Nation, homes: str) -> str:
    """SQL in parentheses for the people of the households of the table or query `homes` (h)."""
    draws, rates = Draws(nation.seed), rates_of(nation.profile)
    households = f"({households_sql(draws, rates, homes, nation.last_year)})"
    return f"({people_sql(draws, rates, households, nation.last_year)})"


def forms_of(nation: Nation, made: Map, people: str) -> str:
    """SQL in parentheses for who of `people` is on which form."""
    draws, rates = Draws(nation.seed), rates_of(nation.profile)
    lived = f"({lived_sql(draws, rates, people, made, nation.years)})"
    return f"({forms_sql(draws, rates, lived)})"


def rows_sql(nation: Nation, made: Map, homes: str) -> str:
    """A SELECT of the registry rows of the households of `homes`."""
    draws, rates = Draws(nation.seed), rates_of(nation.profile)
    return registry_sql(draws, rates, forms_of(nation, made, people_of(nation, homes)))
