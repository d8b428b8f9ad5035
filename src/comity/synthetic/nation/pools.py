"""Pools of names and streets for the made-up nation, derived from pseudopeople's sample of fictional people."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from comity.case.errors import Usage
from comity.workspace import quoted

if TYPE_CHECKING:
    from comity.workspace import Workspace

GROUPS = ("White", "Latino", "Black", "Asian", "Multiracial or Other")
FAMILY_SLOTS = 1 << 17
GIVEN_SLOTS = 1 << 11
ERAS = (1950, 1970, 1985, 2000)

_CENSUS = "decennial_census/decennial_census.parquet"
_TAIL_NAMES = 16_000
_TAIL_POWER = 2 / 3
_STREET_TYPES = (
    "street|stree|stre|str|st|avenue|ave|av|avn|road|roa|rd|drive|dr|lane|ln|la|court|ct|place|pl|circle|cir|blvd"
)
_STREET_MORE = (
    "boulevard|way|wy|terrace|ter|trail|trl|parkway|pkwy|cove|cv|loop|square|sq|hwy|highway|run|path|point|pt"
)
_DIRECTIONS = "north|south|east|west|northeast|northwest|southeast|southwest|n|s|e|w|ne|nw|se|sw"


def sample_folder() -> Path:
    """The folder of pseudopeople's sample data. Raises Usage `SYNTHETIC_EXTRA_MISSING` where it is not installed."""
    found = importlib.util.find_spec("pseudopeople")
    if found is None or found.origin is None:
        raise Usage(
            "SYNTHETIC_EXTRA_MISSING",
            "Making a population takes the package pseudopeople, which is not installed.",
            "Install comity[synthetic] on Python 3.11 or 3.12.",
        )
    return Path(found.origin).parent / "data" / "sample_datasets"


def cache_folder() -> Path:
    """The folder where composed names are kept between runs; it is made if need be."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "comity"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_pools(ws: Workspace, sample: Path, cache: Path) -> None:
    """Make `family_names`, `given_names` (slot, name) and `street_names` (place, name) from the sample.

    A slot is one ticket of a lottery: a frequent name holds many. Family names are drawn per group of GROUPS, given
    names per sex, group and era of birth. The sample's own gap is filled by the Good-Turing estimate: the share of
    households whose name occurs once is what a larger sample would give to names not seen here. Those are composed of
    beginnings and endings of the group's own names, their frequencies falling as rank to the power of two thirds.
    Composing takes seconds, so what was composed is kept in the folder `cache`.
    """
    group_names = ", ".join(f"'{group}'" for group in GROUPS)
    ws.con.execute(f"""
CREATE TEMP TABLE sampled AS
SELECT simulant_id, household_id, upper(trim(first_name)) AS given, upper(trim(last_name)) AS family, street_name,
    coalesce(list_position([{group_names}], race_ethnicity), {len(GROUPS)}) - 1 AS grouped,
    (sex = 'Male')::INTEGER AS male, {era_sql("year(date_of_birth)")} AS era
FROM read_parquet('{sample / _CENSUS}')
""")
    ws.con.execute(f"CREATE TEMP TABLE family_seen AS {_FAMILY_SEEN}")
    _compose(ws, sample, cache)
    for name, sql in (
        ("family_names", _slots(_FAMILY_WEIGHED, "grouped", FAMILY_SLOTS)),
        ("given_names", _slots(_GIVEN_WEIGHED, "cell", GIVEN_SLOTS)),
        ("street_names", _STREET_NAMES),
    ):
        ws.con.execute(f"CREATE TEMP TABLE {name} AS {sql}")


def _compose(ws: Workspace, sample: Path, cache: Path) -> None:
    """Make `family_composed`, from the cache if the same sample and the same SQL made it before."""
    known = f"{_FAMILY_SEEN}{_FAMILY_COMPOSED}{(sample / _CENSUS).stat().st_size}"
    kept = cache / f"names-{hashlib.sha256(known.encode()).hexdigest()[:16]}.parquet"
    if not kept.exists():
        draft = kept.with_suffix(f".{os.getpid()}.draft")
        ws.con.execute(f"COPY ({_FAMILY_COMPOSED}) TO {quoted(draft)} (FORMAT parquet)")
        draft.replace(kept)
    ws.con.execute(f"CREATE TEMP TABLE family_composed AS FROM read_parquet({quoted(kept)})")


def era_sql(year: str) -> str:
    """SQL for the era of a birth year, 0 the oldest: given names are those of one's own time."""
    return f"({' + '.join(f'(({year}) >= {start})::INTEGER' for start in ERAS)})"


def given_cell_sql(male: str, group: str, era: str) -> str:
    """SQL for the cell of the given names of a sex (0 or 1), a group and an era."""
    return f"((({male}) * {len(GROUPS)} + {group}) * {len(ERAS) + 1} + {era})"


_FAMILY_SEEN = """
SELECT grouped, family AS name, count(DISTINCT household_id) AS homes FROM sampled
WHERE regexp_full_match(family, '[A-Z]{2,}([ -][A-Z]{2,})?') GROUP BY ALL
"""

_FAMILY_COMPOSED = f"""
WITH parts AS (
    SELECT DISTINCT grouped, regexp_extract(name, '^[^AEIOUY]*[AEIOUY]+[^AEIOUY]') AS head,
        regexp_extract(name, '[AEIOUY]+[^AEIOUY]+[AEIOUY]*[^AEIOUY]?$') AS ending
    FROM family_seen WHERE name NOT LIKE '% %' AND name NOT LIKE '%-%'
),
heads AS (SELECT DISTINCT grouped, head FROM parts WHERE length(head) BETWEEN 2 AND 4),
endings AS (SELECT DISTINCT grouped, ending FROM parts WHERE length(ending) BETWEEN 3 AND 6),
composed AS (
    SELECT DISTINCT grouped, head || ending AS name FROM heads JOIN endings USING (grouped)
    WHERE md5_number_lower(head || ending) % 8 = 0
)
SELECT c.grouped, c.name,
    row_number() OVER (PARTITION BY c.grouped ORDER BY md5_number_lower(c.name), c.name) AS rank
FROM composed AS c ANTI JOIN family_seen AS s ON s.name = c.name
QUALIFY rank <= {_TAIL_NAMES}
"""

_FAMILY_WEIGHED = f"""
SELECT grouped, name, homes / sum(homes) OVER g * (1 - sum((homes = 1)::INTEGER) OVER g / sum(homes) OVER g) AS weight
FROM family_seen WINDOW g AS (PARTITION BY grouped)
UNION ALL
SELECT grouped, name, unseen * rank ** (-{_TAIL_POWER}) / sum(rank ** (-{_TAIL_POWER})) OVER (PARTITION BY grouped)
FROM family_composed JOIN (
    SELECT grouped, sum((homes = 1)::INTEGER) / sum(homes) AS unseen FROM family_seen GROUP BY ALL
) USING (grouped)
"""

# A given name that the sample lacks for one's group is drawn from everybody of that sex and era.
_GIVEN_WEIGHED = f"""
WITH people AS (
    SELECT male, grouped, era, given AS name, count(DISTINCT simulant_id) AS n FROM sampled
    WHERE regexp_full_match(given, '[A-Z]{{2,}}') AND given NOT IN ('JR', 'SR') GROUP BY ALL
),
named AS (SELECT male, era, name, sum(n) AS n FROM people GROUP BY ALL),
everybody AS (SELECT male, era, name, n / sum(n) OVER (PARTITION BY male, era) AS part FROM named),
cells AS (SELECT male, grouped, era, sum(n) AS total, sum((n = 1)::INTEGER) / sum(n) AS unseen FROM people GROUP BY ALL)
SELECT {given_cell_sql("male", "grouped", "era")} AS cell, name, sum(weight) AS weight FROM (
    SELECT male, grouped, era, name, n / total * (1 - unseen) AS weight
    FROM people JOIN cells USING (male, grouped, era)
    UNION ALL
    SELECT c.male, c.grouped, c.era, e.name, e.part * c.unseen
    FROM cells AS c JOIN everybody AS e ON e.male = c.male AND e.era = c.era
) GROUP BY ALL
"""

_STREET_NAMES = f"""
WITH bare AS (
    SELECT household_id, trim(regexp_replace(regexp_replace(regexp_replace(lower(street_name),
        '^({_DIRECTIONS})\\s+', ''), '\\s+({_DIRECTIONS})$', ''), '\\s+({_STREET_TYPES}|{_STREET_MORE})$', '')) AS name
    FROM sampled
)
SELECT row_number() OVER (ORDER BY homes DESC, name) - 1 AS place, name FROM (
    SELECT upper(name) AS name, count(DISTINCT household_id) AS homes FROM bare
    WHERE regexp_full_match(name, '[a-z]{{3,}}( [a-z]{{3,}})?|[0-9]{{1,3}}(st|nd|rd|th)')
        AND NOT regexp_matches(name, '\\b({_DIRECTIONS}|{_STREET_TYPES}|{_STREET_MORE}|box|route|county|state)\\b')
    GROUP BY ALL
)
"""


def _slots(weighed: str, part: str, slots: int) -> str:
    """A SELECT of (slot, name): each `part` of `weighed` has `slots` slots, each name as many as its weight says."""
    return f"""
WITH summed AS (
    SELECT {part}, name, sum(weight) OVER names AS upto, weight, sum(weight) OVER (PARTITION BY {part}) AS total
    FROM ({weighed})
    WINDOW names AS (PARTITION BY {part} ORDER BY weight DESC, name ROWS UNBOUNDED PRECEDING)
)
SELECT ({part} * {slots} + unnest(range(
    round({slots} * (upto - weight) / total)::BIGINT, round({slots} * upto / total)::BIGINT)))::INTEGER AS slot, name
FROM summed
"""
