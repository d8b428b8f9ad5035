"""The pieces of work that draw the material of a measurement: a registry, and requests about its people."""

from __future__ import annotations

from pathlib import Path

from comity.synthetic.nation.registry import nation_of_rows, write_registry
from comity.synthetic.nation.requests import write_requests

PROFILE = "national"
YEARS = range(2019, 2022)


def registry(directory: str, rows: int, seed: int) -> None:
    """Write a registry of about `rows` rows to the folder `directory`, in several files."""
    write_registry(nation_of_rows(rows, seed, PROFILE, YEARS), Path(directory))


def requests(directory: str, registry: str, requests: int, recipients: int, seed: int) -> None:
    """Write `requests` requests about the people of the registry in the folder `registry`, and the truth about each."""
    place = Path(directory)
    write_requests(
        Path(registry), place / "requests.parquet", place / "truth.parquet", requests, seed, recipients=recipients
    )
