"""The tables of the index, written place by place in the order of the ZIP from what the shards made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from comity.linkage.keys import initials_sql, name_key_sql, street_sql, town_key_sql, towns_sql
from comity.linkage.outline import outlines_sql
from comity.linkage.spells import WRITTEN_PLACE
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS
from comity.standard import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

# Places are sorted and written about so many spells at a time.
PART_SPELLS = 3_000_000

PERSON = ("taxpayer_id", "part", "role", "born", "tins", *NAME, *WRITTEN_PLACE)

_TABLES = f"""
CREATE TABLE registry.addresses (
    address BIGINT, key_place BIGINT, key_town BIGINT, outline BIGINT, outline_short BIGINT, first_spell BIGINT,
    spells INTEGER,
    {", ".join(f"{column} VARCHAR" for column in ADDRESS_COLUMNS)}
);
CREATE TABLE registry.spells (
    spell BIGINT, address BIGINT, taxpayer_id VARCHAR, part INTEGER, role VARCHAR, born DATE, tins VARCHAR,
    {", ".join(f"{column} VARCHAR" for column in (*NAME, *WRITTEN_PLACE))}, filing INTEGER
);
CREATE TABLE registry.known (
    spell BIGINT, address BIGINT, key_name BIGINT, {", ".join(f"{column} VARCHAR" for column in NAME_COLUMNS)},
    given_initial INTEGER, family_initial INTEGER
)
"""


class Written(NamedTuple):
    """How many addresses and spells a part of the index came to."""

    addresses: int
    spells: int


def write_index(con: duckdb.DuckDBPyConnection, addresses: str, spells: str, tell: Callable[[int], None]) -> Written:
    """Write the tables of the attached database `registry` from the relations `addresses` and `spells`.

    `addresses` and `spells` are the `made_…` tables of `make_spells`, of any number of shards, `made` unique over
    all of them. `registry.addresses` holds each `address` once and `registry.spells` each `spell`, numbered from 0 as
    they lie there; `registry.known` holds the names that the person of each spell is known by, a row for each; all
    three in the order of the ZIP. The numbers are columns because blocks without any of a few wanted are then passed
    over, which DuckDB does not do by its own row numbers. `registry.filings` (filing, filed) holds each set of years
    and forms once. `registry.towns`: see `towns_sql`.
    `tell` is called with the number of spells written so far.
    """
    con.execute(f"{_TABLES}; CREATE TABLE registry.towns AS {towns_sql(addresses)} ORDER BY ALL")
    con.execute(f"""
CREATE TABLE registry.filings AS
SELECT row_number() OVER (ORDER BY filed)::INTEGER AS filing, filed FROM (SELECT DISTINCT filed FROM {spells})
""")
    written = Written(0, 0)
    for low, high in _parts(con, spells):
        before, written = written, _write_part(con, addresses, spells, _between(low, high), written)
        if written.spells > before.spells:
            tell(written.spells)
    return written


def _parts(con: duckdb.DuckDBPyConnection, spells: str) -> list[tuple[int | None, int | None]]:
    """Ranges of ZIPs, from the first up to but without the second, with about as many spells each; at the end those
    that have none."""
    counted = con.execute(f"""
SELECT zip, sum(spells) OVER (ORDER BY zip) // {PART_SPELLS} AS part
FROM (SELECT key_place >> 32 AS zip, count(*) AS spells FROM {spells} WHERE key_place IS NOT NULL GROUP BY ALL)
ORDER BY zip
""").fetchall()
    starts = [zip_code for at, (zip_code, part) in enumerate(counted) if at == 0 or part != counted[at - 1][1]]
    return [*zip(starts, [*starts[1:], None][: len(starts)], strict=True), (None, None)]


def _between(low: int | None, high: int | None) -> str:
    if low is None:
        return "key_place IS NULL"
    return f"key_place >= {low << 32}" + (f" AND key_place < {high << 32}" if high is not None else "")


def _write_part(con: duckdb.DuckDBPyConnection, addresses: str, spells: str, within: str, done: Written) -> Written:
    """Write the addresses and spells of one range of ZIPs behind those that are `done`."""
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE placed AS
SELECT *, {done.addresses} + row_number() OVER () - 1 AS address
FROM (
    SELECT key_place, {", ".join(ADDRESS_COLUMNS)}, list(made) AS made FROM {addresses} WHERE {within}
    GROUP BY ALL ORDER BY key_place, a_name, a_unit, {", ".join(ADDRESS_COLUMNS)}
)
""")
    con.execute("CREATE OR REPLACE TEMP TABLE located AS SELECT unnest(made) AS made, address, a_zip FROM placed")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE listed AS
SELECT address, spells, {done.spells} + coalesce(sum(spells) OVER earlier, 0)::BIGINT AS first_spell
FROM (
    SELECT address, count(*)::INTEGER AS spells
    FROM (SELECT made FROM {spells} WHERE {within}) JOIN located USING (made) GROUP BY address
)
WINDOW earlier AS (ORDER BY address ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE seated AS
SELECT *, {done.spells} + row_number() OVER () - 1 AS spell
FROM (
    SELECT l.address, {name_key_sql("l.a_zip", "s.name_hash")} AS key_name, f.filing, s.names,
        {", ".join(f"s.{column}" for column in (*PERSON, *NAME_COLUMNS))}
    FROM (SELECT * FROM {spells} WHERE {within}) AS s JOIN located AS l USING (made)
    JOIN registry.filings AS f ON f.filed = s.filed
    ORDER BY l.address, s.taxpayer_id, s.part, s.role
)
""")
    con.execute(
        f"INSERT INTO registry.spells SELECT spell, address, {', '.join(PERSON)}, filing FROM seated ORDER BY spell"
    )
    con.execute(f"""
INSERT INTO registry.known
SELECT *, {initials_sql("n")} FROM (
    SELECT spell, address, key_name, {", ".join(NAME_COLUMNS)} FROM seated WHERE names IS NULL
    UNION ALL
    SELECT spell, address, key_name, {", ".join(f"name.{column}" for column in NAME_COLUMNS)}
    FROM (SELECT spell, address, key_name, unnest(names) AS name FROM seated WHERE names IS NOT NULL)
) AS n ORDER BY spell, {", ".join(NAME_COLUMNS)}
""")
    con.execute(f"""
INSERT INTO registry.addresses
SELECT p.address, p.key_place, {town_key_sql("t.town", street_sql("p"))} AS key_town, {outlines_sql("p.a_name")},
    l.first_spell, l.spells, {", ".join(f"p.{column}" for column in ADDRESS_COLUMNS)}
FROM placed AS p JOIN listed AS l USING (address)
LEFT JOIN registry.towns AS t ON t.a_state = p.a_state AND t.a_city = p.a_city
ORDER BY p.address
""")
    [(placed, stays)] = con.execute("SELECT count(*), coalesce(sum(spells), 0)::BIGINT FROM listed").fetchall()
    return Written(done.addresses + placed, done.spells + stays)
