"""Draws of fictional people's forms from pseudopeople, made in two processes, each kept as a Parquet file of text."""

from __future__ import annotations

import importlib.util
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from comity.case.errors import Usage

Progress = Callable[[str, int, int], None]

PROCESSES = 2
TAX_YEARS = (2019, 2020, 2021)
CENSUS_YEAR = 2020
_SEEDS_APART = 100


@dataclass(frozen=True)
class Draw:
    """One data set of pseudopeople: its file's name, the function that makes it, its year, with noise or without."""

    name: str
    function: str
    year: int
    noisy: bool
    seed: int


def draws(seed: int) -> tuple[Draw, ...]:
    """Every draw a population needs, the slowest first; noise-free ones are the truth behind the noisy ones."""
    return tuple(_planned(seed))


def _planned(seed: int) -> Iterator[Draw]:
    sources = [("1040", "generate_taxes_1040", year) for year in TAX_YEARS]
    sources += [("w2", "generate_taxes_w2_and_1099", year) for year in TAX_YEARS]
    sources += [
        ("census", "generate_decennial_census", CENSUS_YEAR),
        ("ssa", "generate_social_security", TAX_YEARS[-1]),
    ]
    for noisy in (True, False):
        for place, (form, function, year) in enumerate(sources):
            name = f"{form}_{'noisy' if noisy else 'true'}_{year}"
            # One seed per draw: the same slip of the pen on two forms would be evidence that nobody has in life.
            yield Draw(name, function, year, noisy, seed * _SEEDS_APART + place)


def draw_all(directory: Path, planned: Sequence[Draw], progress: Progress | None = None) -> None:
    """Write each planned draw to `directory` as `NAME.parquet`, all columns text, in the order pseudopeople gives.

    Raises Usage `SYNTHETIC_EXTRA_MISSING` where pseudopeople is not installed.
    """
    if importlib.util.find_spec("pseudopeople") is None:
        raise Usage(
            "SYNTHETIC_EXTRA_MISSING",
            "Making a population takes the package pseudopeople, which is not installed.",
            "Install comity[synthetic] on Python 3.11 or 3.12.",
        )
    directory.mkdir(parents=True, exist_ok=True)
    # The server imports the package once, seconds of work, and both processes start with it already there.
    context = get_context("forkserver")
    context.set_forkserver_preload(["pseudopeople"])
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_quieten) as pool:
        running = [pool.submit(_draw, draw, directory) for draw in planned]
        _await(running, progress)


def _await(running: list[Future[None]], progress: Progress | None) -> None:
    for done, future in enumerate(as_completed(running), start=1):
        future.result()
        if progress is not None:
            progress("Drawing tax forms, birth dates and the census", done, len(running))


def _quieten() -> None:
    # The package draws progress bars of its own on this stream; what fails here comes back through the future.
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 -- open as long as the process
    warnings.simplefilter("ignore")
    import pandas

    # The same rows as with Arrow strings, in half the time: the noise functions go cell by cell.
    pandas.set_option("mode.string_storage", "python")


def _draw(draw: Draw, directory: Path) -> None:
    import duckdb
    import pseudopeople

    make = getattr(pseudopeople, draw.function)
    frame = make(year=draw.year, seed=draw.seed, config=None if draw.noisy else pseudopeople.NO_NOISE)
    with duckdb.connect(":memory:") as con:
        # Without sampling every object column stays text: "00123" is a house number, not 123.
        con.execute("SET pandas_analyze_sample = 0; SET threads = 1")
        con.register("frame", frame)
        con.execute(
            "COPY (SELECT row_number() OVER () AS place, COLUMNS(*)::VARCHAR FROM frame ORDER BY place)"
            f" TO '{directory / (draw.name + '.parquet')}' (FORMAT parquet)"
        )
