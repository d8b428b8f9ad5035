"""The nation's map: ZIPs in every state, the blocks of a ZIP, and the street, numbers and units of a block."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from comity.synthetic.nation.pools import GROUPS

if TYPE_CHECKING:
    from comity.synthetic.nation.draws import Draws
    from comity.synthetic.nation.rates import Rates
    from comity.workspace import Workspace

BLOCK = 64
PEOPLE_PER_ZIP = 8_000
MOST_ZIPS, FEWEST_ZIPS = 40_000, 8
PEOPLE_PER_HOME = 2.39
_POPULAR_STREETS = 60

_TYPES = {"ST": 0.30, "AVE": 0.20, "RD": 0.14, "DR": 0.16, "LN": 0.10, "BLVD": 0.05, "PKWY": 0.02, "HWY": 0.03}
_OTHER_TYPES = {"CT": 0.4, "PL": 0.2, "CIR": 0.15, "WAY": 0.15, "TER": 0.1}
_LONG = {
    "ST": "STREET",
    "AVE": "AVENUE",
    "RD": "ROAD",
    "DR": "DRIVE",
    "LN": "LANE",
    "BLVD": "BOULEVARD",
    "PKWY": "PARKWAY",
    "HWY": "HIGHWAY",
    "CT": "COURT",
    "PL": "PLACE",
    "CIR": "CIRCLE",
    "WAY": "WAY",
    "TER": "TERRACE",
}


@dataclass(frozen=True)
class Map:
    """How large the made-up nation is: so many ZIPs, blocks and homes."""

    zips: int
    blocks: int

    @property
    def homes(self) -> int:
        """The number of homes, as many as there are households."""
        return self.blocks * BLOCK


def make_map(ws: Workspace, draws: Draws, rates: Rates, homes: int) -> Map:
    """Make `zips` and `blocks` for about `homes` homes: a ZIP has whole blocks, a block has 64 homes on one street.

    A small nation is a part of the country as dense as the whole: one ZIP for every 8,000 people, 40,000 at most, over
    the states in proportion to their people. The size of a ZIP is log-normal, as published figures have it (half of
    them under 2,800 people, the mean near 8,000, the largest above 100,000; recalled).
    """
    wanted = max(FEWEST_ZIPS, min(MOST_ZIPS, round(homes * PEOPLE_PER_HOME / PEOPLE_PER_ZIP)))
    ws.con.execute(f"CREATE TEMP TABLE zips AS {_zips(draws, rates, wanted, max(1, homes // BLOCK))}")
    ws.con.execute(f"CREATE TEMP TABLE blocks AS {_blocks(draws, rates)}")
    zips, blocks = ws.rows("SELECT (SELECT count(*) FROM zips), (SELECT count(*) FROM blocks)")[0]
    return Map(zips, blocks)


@cache
def _drawn_map() -> dict[str, list[Any]]:
    return tomllib.loads((files(__package__) / "map.toml").read_text(encoding="utf-8"))


def _states_sql() -> str:
    rows = ", ".join(f"('{state}', {first}, {last}, {people})" for state, first, last, people in _drawn_map()["states"])
    return f"(VALUES {rows}) AS states(state, first, last, people)"


def _zips(draws: Draws, rates: Rates, wanted: int, blocks: int) -> str:
    normal = " + ".join(draws.share(f"zip size {part}", "zip_id") for part in range(6))
    size = f"least(exp(1.45 * ({normal} - 3) * sqrt(2)), 16)"
    mixes = {"0": 0.62, "1": 0.18, "2": 0.13, "3": 0.05, "4": 0.02}
    return f"""
WITH states AS (
    SELECT *, round({wanted} * people / sum(people) OVER ())::INTEGER AS zips FROM {_states_sql()}
),
numbered AS (SELECT state, first, last, zips, unnest(range(zips)) AS nth FROM states),
placed AS (
    SELECT row_number() OVER (ORDER BY state, nth) - 1 AS zip_id, state, nth,
        lpad((first * 100 + (nth * ((last - first + 1) * 100 // zips)) + 1)::VARCHAR, 5, '0') AS zip FROM numbered
),
sized AS (SELECT *, {size} AS size FROM placed)
SELECT zip_id, zip, state, {_city(draws)} AS city, {draws.one_of("mix", "zip_id", mixes)}::INTEGER AS mix,
    {draws.happens("few names", "zip_id", rates["few_names"])} AS few,
    greatest(1, round({blocks} * size / sum(size) OVER ()))::INTEGER AS blocks
FROM sized
"""


def _city(draws: Draws) -> str:
    """A city has up to three ZIPs of a state, which follow one another."""
    key = "(zip_id - nth % 3)"
    lists = {"front": "city_fronts", "head": "city_heads", "ending": "city_endings"}
    words = (
        f"{_listed(_drawn_map()[name])}[1 + {draws.below(salt, key, len(_drawn_map()[name]))}]"
        for salt, name in lists.items()
    )
    return " || ".join(words)


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join(repr(word) for word in words)}]"


def _blocks(draws: Draws, rates: Rates) -> str:
    kinds = rates.weights("houses", "small_buildings", "towers")
    return f"""
WITH spread AS (
    SELECT zip_id, zip, state, city, mix, few, unnest(range(blocks)) AS nth FROM zips
),
numbered AS (SELECT row_number() OVER (ORDER BY zip_id, nth) - 1 AS block, * FROM spread),
streets AS (
    SELECT *, zip_id * 4096 + nth // 2 AS street, nth // 2 AS street_nth,
        {draws.one_of("block kind", "block // 4", kinds)} AS block_kind FROM numbered
),
named AS (
    SELECT *, street_nth % 20 = 19 AS variant, {_street_place(draws)} AS place,
        {draws.one_of("street type", "street", _texts(_TYPES))} AS usual_type,
        {draws.one_of("other type", "street", _texts(_OTHER_TYPES))} AS other_type,
        {draws.one_of("direction", "zip_id * 4096 + street_nth // 20 * 20 + street_nth % 20", _DIRECTED)} AS direction
    FROM streets
)
SELECT block::INTEGER AS block, n.zip_id, zip, city, state, mix, few, block_kind <> 'houses' AS has_units,
    concat_ws(' ', direction, s.name, CASE WHEN variant THEN other_type ELSE usual_type END) AS street,
    concat_ws(' ', direction, s.name, map({_listed(tuple(_LONG))}, {_listed(tuple(_LONG.values()))})[
        CASE WHEN variant THEN other_type ELSE usual_type END]) AS street_long,
    CASE block_kind WHEN 'towers' THEN {BLOCK} WHEN 'small_buildings'
        THEN [4, 8, 8, 16][1 + {draws.below("units", "block", 4)}] ELSE 1 END AS homes_each,
    {draws.below("first number", "street", 90)} * 100 + 1 + (nth % 2) * 2000
        + {draws.below("first house", "street", 30)} AS first_number,
    CASE block_kind WHEN 'houses' THEN [2, 4, 6, 10, 20][1 + {draws.below("gap", "block", 5)}] ELSE 12 END AS gap,
    {draws.below("unit style", "block", 4)} AS unit_style
FROM named AS n JOIN street_names AS s USING (place)
"""


_DIRECTED = {"NULL": 0.78, "'N'": 0.05, "'S'": 0.05, "'E'": 0.04, "'W'": 0.04, "'NW'": 0.02, "'SE'": 0.02}


def _texts(weights: dict[str, float]) -> dict[str, float]:
    return {f"'{word}'": weight for word, weight in weights.items()}


def _street_place(draws: Draws) -> str:
    """The name of a street by its place among the pool's: first popular ones, then others, none twice in a ZIP.

    Every twentieth street bears the name of the one before with another type: Oak Street and Oak Court.
    """
    nth = "(CASE WHEN street_nth % 20 = 19 THEN street_nth - 1 ELSE street_nth END)"
    first = draws.below("first street", "zip_id", 1_000_000)
    rest = f"(SELECT count(*) - {_POPULAR_STREETS} FROM street_names)"
    return f"""CASE WHEN {nth} < 12 THEN ({nth} * 7 + {first}) % {_POPULAR_STREETS}
            ELSE {_POPULAR_STREETS} + ({first} + {nth} * 7919) % {rest} END"""


def home_place(draws: Draws, rates: Rates, home: str) -> str:
    """SQL columns of the home `home`, to be read beside its row of `blocks` b: number, unit, unwritten unit.

    `unit` is NULL in a house. A tower on consecutive blocks of one kind is its own building per block.
    """
    at = f"({home} & {BLOCK - 1})"
    within = f"({at} % b.homes_each)"
    floor = f"(1 + {within} // 8)"
    return f"""
        (b.first_number + ({at} // b.homes_each) * b.gap)::VARCHAR AS number,
        CASE WHEN NOT b.has_units THEN NULL
            WHEN b.homes_each = {BLOCK} THEN ({floor} * 100 + 1 + {within} % 8)::VARCHAR
            WHEN b.unit_style = 0 THEN chr((65 + {within})::INTEGER)
            WHEN b.unit_style = 1 THEN (1 + {within} // 2)::VARCHAR || chr((65 + {within} % 2)::INTEGER)
            ELSE (1 + {within})::VARCHAR END AS unit,
        b.has_units AND {draws.happens("unit unwritten", home, rates["unit_unwritten"])} AS unit_unwritten"""


def groups_sql() -> str:
    """SQL for the list of the groups' names, as the sample writes them, by number."""
    return _listed(GROUPS)
