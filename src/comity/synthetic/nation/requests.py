"""Requests about the people of a made-up nation, with the truth about each and the officers who are named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.case.errors import BadInput
from comity.synthetic.nation.asking import asked_homes_sql, homes_sql, request_id_sql, subjects_sql, truth_sql
from comity.synthetic.nation.draws import Draws
from comity.synthetic.nation.filings import forms_sql, lived_sql
from comity.synthetic.nation.numbers import number_sql
from comity.synthetic.nation.rates import rates_of
from comity.synthetic.nation.registry import Nation, people_of, peopled, population_file
from comity.synthetic.nation.writing import noise_level, written_sql
from comity.synthetic.particulars import particulars
from comity.synthetic.requests import contract_columns
from comity.workspace import quoted

RECEIVED_ON = date(2026, 11, 2)


@dataclass(frozen=True)
class Requests:
    """Requests on file: their number, and how many of them are about a person at an address of record."""

    requests: Path
    truth: Path
    rows: int
    confirmable: int


def nation_of_registry(registry: Path) -> Nation:
    """The nation of a registry made by `write_registry`. Raises BadInput `POPULATION_UNKNOWN`."""
    said = population_file(registry)
    if not said.exists():
        raise BadInput(
            "POPULATION_UNKNOWN",
            "Beside the registry lies no file that says from what it was made.",
            "Name a registry that `comity synth registry` wrote, in the folder where it wrote it.",
        )
    return Nation(**json.loads(said.read_text(encoding="utf-8")))


def write_requests(
    registry: Path, out: Path, truth: Path, count: int, seed: int, recipients: int = 44, noise: str = "census"
) -> Requests:
    """Write `count` requests about adults of the registry's nation to `out`, and what is true of them to `truth`."""
    nation = nation_of_registry(registry)
    draws, rates = Draws(seed), rates_of(nation.profile)
    people_draws = Draws(nation.seed)
    level = noise_level(noise)
    with peopled(nation, out.parent) as (ws, made):

        def table(name: str, sql: str) -> None:
            ws.con.execute(f"CREATE TEMP TABLE {name} AS {sql}")

        table("asked_from", homes_sql(draws, made, count))
        table("folk", f"SELECT * FROM {people_of(nation, 'asked_from')}")
        table("lived", lived_sql(people_draws, rates, "folk", made, nation.years))
        table(
            "on_forms",
            f"SELECT pid, given, family, home, tax_year, role FROM ({forms_sql(people_draws, rates, 'lived')})",
        )
        table("subjects", subjects_sql(draws, "folk", count, nation.years))
        table("asked", asked_homes_sql(draws, "subjects", "lived", made))
        table(
            "people",
            f"SELECT *, {number_sql('pid', 'tin')} AS tin_known FROM ({written_sql(draws, rates, level, 'asked', nation.last_year)})",
        )
        table("sent", _sent(draws, seed, recipients))
        written = "FORMAT csv, HEADER true" if out.suffix == ".csv" else "FORMAT parquet"
        ws.con.execute(f"COPY (SELECT {contract_columns()} FROM sent ORDER BY request_id) TO {quoted(out)} ({written})")
        boxes = people_draws.happens("box", "home", rates["po_box"])
        table("known", truth_sql("asked", "on_forms", boxes))
        ws.con.execute(f"COPY (FROM known ORDER BY request_id) TO {quoted(truth)} (FORMAT parquet)")
        rows, confirmable = ws.rows("SELECT count(*), count(*) FILTER (confirmable) FROM known")[0]
    return Requests(out, truth, rows, confirmable)


def _sent(draws: Draws, seed: int, recipients: int) -> str:
    officer = f"'ICE-R' || lpad((1 + {draws.below('officer', 'row_number', recipients)})::VARCHAR, 5, '0')"
    return f"""
SELECT * REPLACE (stated AS tax_years), {request_id_sql()} AS request_id, []::VARCHAR[] AS bars,
    ['address_confirmation'] AS elements, [{officer}] AS recipients
FROM ({particulars(seed, RECEIVED_ON, "people")})
"""
