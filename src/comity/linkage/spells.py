"""Spells: one row per person, role and address, with the years and forms that show it; made shard by shard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.keys import beginning_sql, name_hash_sql, place_key_sql
from comity.linkage.persons import resolve_persons
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS, stand, tin_sql
from comity.standard import ADDRESS, NAME, load_lists

if TYPE_CHECKING:
    import duckdb

RECORD = (
    "given_name", "middle_name", "family_name", "name_suffix", "street_line", "unit_line",
    "city", "state", "zip", "date_of_birth",
)  # fmt: skip

# A name as it is pooled over a person's years.
NAME_STRUCT = ", ".join(f"{column} := {{alias}}.{column}" for column in NAME_COLUMNS)

WRITTEN_PLACE = ("street_line", "unit_line", "city", "state", "zip")

# Between the years and forms of a spell, and between the TINs of a person: read text holds no line break.
BETWEEN = "\n"

# At most a million ways to write one and the same address or name.
_VARIANT_BITS = 20

_FAMILY = "replace(n.n_family, ' ', '')"
_BEGINNING = beginning_sql("n.n_given")


def make_spells(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Make `made_addresses` and `made_spells` from the relation `rows` (REGISTRY contract), all rows of some taxpayers.

    `made_addresses`: `made` (its id), `key_place` and ADDRESS_COLUMNS, one row per address that a spell names.
    `made_spells`: `made`, `name_hash`, `taxpayer_id`, `part` (which of the taxpayer's persons), `role`, `born` (the
    person's), `tins` (the person's, joined by line breaks), `filed` (year and form, so joined), NAME_COLUMNS (the
    fullest of the spell's names), NAME and WRITTEN_PLACE as written, and `names` (the person's, but for those that
    another completes; NULL when there is only one). What is made of a taxpayer depends on the taxpayer's rows alone.
    """
    load_lists(con)
    con.execute(f"CREATE OR REPLACE TEMP VIEW source_rows AS SELECT * FROM {rows}")
    _group_rows(con)
    stand(con, "grouped_rows", "registry")
    _number_written(con, "registry_places", ADDRESS, ADDRESS_COLUMNS, "places")
    _number_names(con)
    con.execute(f"CREATE OR REPLACE TEMP TABLE entries AS {_ENTRIES}")
    resolve_persons(con, "entries", "resolved")
    for table, sql in _STEPS.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")


def _group_rows(con: duckdb.DuckDBPyConnection) -> None:
    """`grouped_rows`: the rows that differ in year and form alone as one, numbered `entry`, with the filings as bits;
    `filings`: which bit is which. A person is on file year after year with the same words."""
    con.execute("""
CREATE OR REPLACE TEMP TABLE filings AS
SELECT tax_year, source_form, place, set_bit(repeat('0', filings::INTEGER)::BIT, place, 1) AS filing
FROM (SELECT *, (row_number() OVER (ORDER BY tax_year, source_form) - 1)::INTEGER AS place, count(*) OVER () AS filings
    FROM (SELECT DISTINCT tax_year, source_form FROM source_rows))
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE grouped_rows AS
SELECT row_number() OVER () AS entry, *
FROM (
    SELECT taxpayer_id, role, date_of_birth AS born, tin, {", ".join((*NAME, *ADDRESS))}, bit_or(f.filing) AS filing
    FROM source_rows JOIN filings AS f USING (tax_year, source_form) GROUP BY ALL
)
""")


def _number_written(
    con: duckdb.DuckDBPyConnection, source: str, written: tuple[str, ...], standard: tuple[str, ...], into: str
) -> None:
    """`into`: the rows of `source` with `same`, a number for all that read the same, and `variant`, their own; both in
    the order of the text, where what is absent comes first."""
    in_order = ", ".join(f"{column} NULLS FIRST" for column in standard)
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE {into} AS
WITH firsts AS (
    SELECT rows, len(rows) AS variants, row_number() OVER (ORDER BY {in_order}) << {_VARIANT_BITS} AS same
    FROM (SELECT {", ".join(standard)}, list(row_number) AS rows FROM {source} GROUP BY ALL)
), numbered AS (SELECT unnest(rows) AS row_number, same, variants FROM firsts)
SELECT w.*, same, same AS variant FROM {source} AS w JOIN numbered USING (row_number) WHERE variants = 1
UNION ALL
SELECT w.*, same, same + row_number() OVER (PARTITION BY same ORDER BY {", ".join(written)}) AS variant
FROM {source} AS w JOIN numbered USING (row_number) WHERE variants > 1
""")


def _number_names(con: duckdb.DuckDBPyConnection) -> None:
    """`written_names`, numbered; `name_facts`: each standard name once; `name_hashes`: of each family and beginning."""
    _number_written(con, "registry_names", NAME, NAME_COLUMNS, "written_names")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE name_facts AS
SELECT DISTINCT same AS name, {", ".join(NAME_COLUMNS)} FROM written_names
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE name_hashes AS
SELECT family, beginning, {name_hash_sql("family", "beginning")} AS name_hash
FROM (SELECT DISTINCT {_FAMILY} AS family, {_BEGINNING} AS beginning FROM name_facts AS n)
""")


_ENTRIES = f"""
SELECT r.taxpayer_id, r.role, r.born, r.filing, p.same AS place, p.variant AS address_id, n.same AS name,
    n.variant AS name_id, {tin_sql("r.tin")} AS tin
FROM grouped_rows AS r
JOIN (SELECT unnest(entries) AS entry, same, variant FROM places) AS p ON p.entry = r.entry
JOIN (SELECT unnest(entries) AS entry, same, variant FROM written_names) AS n ON n.entry = r.entry
"""


# Absent is told from every text, and the undated come last.
_IDENTITY = " || '|' || ".join(
    ("coalesce(r.born::VARCHAR, '~')", *(f"coalesce(n.{column}, '~')" for column in NAME_COLUMNS))
)

# Numbered anew in an order that depends on nobody else: a person's number is a part of the person's id.
_IDENTITY_PARTS = f"""
WITH first AS (
    SELECT r.taxpayer_id, r.part, min({_IDENTITY}) AS identity
    FROM resolved AS r JOIN name_facts AS n USING (name) GROUP BY r.taxpayer_id, r.part
), numbered AS (
    SELECT taxpayer_id, part, row_number() OVER (PARTITION BY taxpayer_id ORDER BY identity)::INTEGER AS number
    FROM first
)
SELECT r.taxpayer_id, r.name, r.born, n.number AS part FROM resolved AS r JOIN numbered AS n USING (taxpayer_id, part)
"""

_STAYS = """
SELECT e.taxpayer_id, coalesce(p.part, 1) AS part, e.role, e.place, max(e.name_id) AS name_id,
    max(e.name) AS name, min(e.address_id) AS address_id, min(e.born) AS born, bit_or(e.filing) AS filings,
    min(e.tin) AS lowest_tin, max(e.tin) AS highest_tin
FROM entries AS e LEFT JOIN identity_parts AS p
    ON p.taxpayer_id = e.taxpayer_id AND p.name = e.name AND p.born IS NOT DISTINCT FROM e.born
GROUP BY ALL
"""

_FILING = "f.tax_year || ' ' || f.source_form"

# The sets of years and forms are few, so that each is written out once.
_FILED = f"""
SELECT s.filings, string_agg({_FILING}, '{BETWEEN}' ORDER BY {_FILING}) AS filed
FROM (SELECT DISTINCT filings FROM stays) AS s JOIN filings AS f ON get_bit(s.filings, f.place) = 1
GROUP BY s.filings
"""

# Nearly everybody has one TIN or none; only the others pay for a list.
_SEVERAL_TINS = f"""
SELECT e.taxpayer_id, coalesce(p.part, 1) AS part, string_agg(DISTINCT e.tin, '{BETWEEN}' ORDER BY e.tin) AS tins
FROM entries AS e LEFT JOIN identity_parts AS p
    ON p.taxpayer_id = e.taxpayer_id AND p.name = e.name AND p.born IS NOT DISTINCT FROM e.born
SEMI JOIN (
    SELECT taxpayer_id FROM stays GROUP BY taxpayer_id
    HAVING min(lowest_tin) <> max(highest_tin) OR count(lowest_tin) NOT IN (0, count(*))
) AS several ON several.taxpayer_id = e.taxpayer_id
WHERE e.tin IS NOT NULL GROUP BY ALL
"""

# What is blank or an initial in one year, and whole in another beside the same other name, is known.
_POOLED = f"""
WITH borne AS (
    SELECT DISTINCT i.taxpayer_id, i.part, {", ".join(f"n.{column}" for column in NAME_COLUMNS)}
    FROM identity_parts AS i JOIN name_facts AS n USING (name)
), counted AS (
    SELECT *,
        count(n_given) OVER (PARTITION BY taxpayer_id, part, n_family) AS givens,
        count(n_family) OVER (PARTITION BY taxpayer_id, part, n_given) AS families,
        max(length(n_given)) OVER (PARTITION BY taxpayer_id, part, n_family, left(n_given, 1)) AS longest
    FROM borne
), known AS (
    SELECT taxpayer_id, part, count(*) AS borne, list_sort(list(struct_pack({NAME_STRUCT.format(alias="c")})) FILTER (
        NOT (n_given IS NULL AND givens > 0) AND NOT (n_family IS NULL AND families > 0)
        AND coalesce(length(n_given) > 1 OR longest = 1, TRUE))) AS names
    FROM counted AS c GROUP BY ALL
)
SELECT k.taxpayer_id, k.part, i.born, k.borne, k.names FROM known AS k
JOIN (SELECT taxpayer_id, part, max(born) AS born FROM identity_parts GROUP BY ALL) AS i USING (taxpayer_id, part)
"""

_MADE_ADDRESSES = f"""
SELECT DISTINCT same AS made, {place_key_sql("p")} AS key_place, {", ".join(ADDRESS_COLUMNS)}
FROM places AS p SEMI JOIN stays AS s ON s.place = p.same ORDER BY key_place
"""

_MADE_SPELLS = f"""
SELECT a.key_place, s.place AS made, x.name_hash, s.taxpayer_id, s.part, s.role, coalesce(h.born, s.born) AS born,
    coalesce(t.tins, s.lowest_tin) AS tins, d.filed, {", ".join(f"n.{column}" for column in NAME_COLUMNS)},
    {", ".join(f"w.{column}" for column in NAME)},
    coalesce(p.street_line, p.address_text) AS street_line, p.unit_line, p.city, p.state, p.zip,
    CASE WHEN h.borne > 1 THEN h.names END AS names
FROM stays AS s
JOIN filed AS d USING (filings)
LEFT JOIN pooled AS h ON h.taxpayer_id = s.taxpayer_id AND h.part = s.part
LEFT JOIN several_tins AS t ON t.taxpayer_id = s.taxpayer_id AND t.part = s.part
JOIN name_facts AS n ON n.name = s.name
LEFT JOIN name_hashes AS x ON x.family = {_FAMILY} AND x.beginning = {_BEGINNING}
JOIN written_names AS w ON w.variant = s.name_id
JOIN places AS p ON p.variant = s.address_id
JOIN made_addresses AS a ON a.made = s.place
ORDER BY a.key_place
"""

_STEPS = {
    "identity_parts": _IDENTITY_PARTS,
    "stays": _STAYS,
    "filed": _FILED,
    "several_tins": _SEVERAL_TINS,
    "pooled": _POOLED,
    "made_addresses": _MADE_ADDRESSES,
    "made_spells": _MADE_SPELLS,
}
