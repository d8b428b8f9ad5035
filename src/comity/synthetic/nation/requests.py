"""Requests about the people of a made-up nation, with the truth about each and the officers who are named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.case.errors import BadInput, Usage
from comity.case.tables import REQUESTS, as_text
from comity.synthetic.nation.asking import asked_homes_sql, homes_sql, request_id_sql, subjects_sql, truth_sql
from comity.synthetic.nation.draws import Draws
from comity.synthetic.nation.filings import forms_sql, lived_sql
from comity.synthetic.nation.numbers import number_sql
from comity.synthetic.nation.places import Map
from comity.synthetic.nation.rates import rates_of
from comity.synthetic.nation.registry import Nation, copied_as, people_of, peopled, population_file
from comity.synthetic.nation.writing import Noise, noise_level, written_sql
from comity.synthetic.particulars import particulars
from comity.synthetic.recipients import AGENCY
from comity.synthetic.requests import contract_columns
from comity.workspace import quoted

RECEIVED_ON = date(2026, 11, 2)


@dataclass(frozen=True)
class Requests:
    """Requests on file: the tables, their number, and how many are about a person at an address of record."""

    requests: Path
    truth: Path
    register: Path
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
    registry: Path, out: Path, truth: Path, count: int, seed: int, *, recipients: int = 44, noise: str = "census"
) -> Requests:
    """Write `count` requests about adults of the registry's nation to `out`, and what is true of them to `truth`.

    Requests follow the whole REQUESTS contract: every one is proper as to its paper on `RECEIVED_ON`. They name
    `recipients` officers, whose register (CSV, as `comity recipient add` takes it) is written beside them. Truth
    follows the TRUTH contract, with `sex` and `race_ethnicity`. Raises BadInput `POPULATION_UNKNOWN` and Usage
    `NOISE_UNKNOWN`, `FORMAT_UNKNOWN` or `REQUESTS_TOO_MANY`.
    """
    nation, level = nation_of_registry(registry), noise_level(noise)
    register = out.with_name(f"{out.stem}.recipients.csv")
    with peopled(nation, out.parent, reads=[truth.parent]) as (ws, made):
        for name, sql in _steps(nation, made, Draws(seed), level, count, recipients):
            ws.con.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        rows, confirmable = ws.rows("SELECT count(*), count(*) FILTER (confirmable) FROM known")[0]
        if rows < count:
            raise Usage(
                "REQUESTS_TOO_MANY", f"The registry's nation has {rows} adults to ask about.", "Ask for fewer requests."
            )
        # In CSV the values of a list are separated by semicolons, as the contract has it.
        cells = ", ".join(f'{as_text(c.name, c.type)} AS "{c.name}"' for c in REQUESTS.columns)
        asked = f"SELECT {cells if out.suffix == '.csv' else '*'} FROM sent"
        for sql, path in ((asked, out), ("FROM known", truth), ("FROM officers", register)):
            ws.con.execute(f"COPY ({sql} ORDER BY 1) TO {quoted(path)} ({copied_as(path)})")
    return Requests(out, truth, register, rows, confirmable)


def _steps(
    nation: Nation, made: Map, draws: Draws, noise: Noise, count: int, recipients: int
) -> Iterator[tuple[str, str]]:
    """The tables on the way, each from those before: whom to ask about, what they file, what is sent, what is true."""
    people_draws, rates = Draws(nation.seed), rates_of(nation.profile)
    yield "asked_from", homes_sql(draws, made, count)
    yield "folk", f"SELECT * FROM {people_of(nation, 'asked_from')}"
    yield "lived", lived_sql(people_draws, rates, "folk", made, nation.years)
    forms = forms_sql(people_draws, rates, "lived")
    yield "on_forms", f"SELECT pid, given, family, home, tax_year, role FROM ({forms})"
    yield "subjects", subjects_sql(draws, "folk", count, nation.years)
    yield "asked", asked_homes_sql(draws, "subjects", "lived", made)
    written = written_sql(draws, rates, noise, "asked")
    yield "people", f"SELECT *, {number_sql('pid', 'tin')} AS tin_known FROM ({written})"
    yield "named", _sent(draws, recipients)
    yield "sent", f"SELECT {contract_columns()} FROM named"
    yield "officers", _OFFICERS
    yield "known", truth_sql("asked", "on_forms", people_draws.happens("box", "home", rates["po_box"]))


def _sent(draws: Draws, recipients: int) -> str:
    """The requests with a proper case each, and the officer who is engaged in it."""
    officer = f"'ICE-R' || lpad((1 + {draws.below('officer', 'row_number', recipients)})::VARCHAR, 5, '0')"
    return f"""
SELECT * REPLACE (stated AS tax_years), {request_id_sql()} AS request_id, []::VARCHAR[] AS bars,
    ['address_confirmation'] AS elements, [{officer}] AS recipients
FROM ({particulars(draws.seed, RECEIVED_ON, "people")})
"""


_OFFICERS = f"""
SELECT recipients[1] AS recipient, 'Officer ' || right(recipients[1], 5) AS name, '{AGENCY}' AS agency,
    'Special Agent' AS role, count(DISTINCT case_id) AS matters,
    '100 Rehearsal Plaza, Alderburg CA 95803' AS office_address
FROM named GROUP BY ALL
"""
