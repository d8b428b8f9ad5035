"""Spells: one row per person, role, name and address, with the years and forms that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.standing import ADDRESS_COLUMNS, KEYS, NAME_COLUMNS, keys_sql

if TYPE_CHECKING:
    import duckdb

RECORD = (
    "given_name", "middle_name", "family_name", "name_suffix", "street_line", "unit_line",
    "city", "state", "zip", "date_of_birth",
)  # fmt: skip

# A name as it is pooled over a person's years.
NAME_STRUCT = ", ".join(f"{column} := {{alias}}.{column}" for column in NAME_COLUMNS)


def write_spells(con: duckdb.DuckDBPyConnection) -> None:
    """Write `registry.spells`, sorted by ZIP and number, from `entries`, `identity_parts` and the standard tables.

    Columns: `person` (opaque), `taxpayer_id`, `role`, `born` (the person's, DATE), `tins` (the person's), `names` (the
    person's, NULL when the spell's own is the only one), `name_keys` (each name joined, parts of the family name
    sorted), the standard address and name, `tax_years`, `source_forms`, `filed` (year and form in one word each),
    `record` (a source row as it was written) and the three keys.
    """
    con.execute("""
CREATE OR REPLACE TEMP TABLE stays AS
SELECT e.taxpayer_id, p.part, e.role, e.name, e.place,
    list_sort(list_distinct(list(e.tax_year))) AS tax_years,
    list_sort(list_distinct(list(e.source_form))) AS source_forms,
    list_sort(list_distinct(list(e.tax_year || ' ' || e.source_form))) AS filed,
    min(e.record) AS record
FROM entries AS e JOIN identity_parts AS p
    ON p.taxpayer_id = e.taxpayer_id AND p.name = e.name AND p.born IS NOT DISTINCT FROM e.born
GROUP BY e.taxpayer_id, p.part, e.role, e.name, e.place
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE persons AS
SELECT i.taxpayer_id, i.part, max(i.born) AS born,
    list_sort(list_distinct(list(struct_pack({NAME_STRUCT.format(alias="n")})))) AS names,
    list_sort(list_distinct(list({_NAME_KEY}))) AS name_keys
FROM identity_parts AS i JOIN registry_names_distinct AS n USING (name)
GROUP BY i.taxpayer_id, i.part
""")
    con.execute("""
CREATE OR REPLACE TEMP TABLE person_tins AS
SELECT e.taxpayer_id, p.part, list_sort(list_distinct(list(e.tin))) AS tins
FROM entries AS e JOIN identity_parts AS p
    ON p.taxpayer_id = e.taxpayer_id AND p.name = e.name AND p.born IS NOT DISTINCT FROM e.born
WHERE e.tin IS NOT NULL GROUP BY e.taxpayer_id, p.part
""")
    con.execute(f"CREATE TABLE registry.spells AS {_spells()}")


_NAME_KEY = "replace(n.n_given, ' ', '') || '|' || array_to_string(list_sort(string_split(n.n_family, ' ')), '')"


def _spells() -> str:
    return f"""
SELECT left(md5(s.taxpayer_id || '#' || s.part), 16) AS person, s.taxpayer_id, s.role, h.born,
    coalesce(t.tins, []) AS tins, CASE WHEN len(h.names) > 1 THEN h.names END AS names, h.name_keys,
    {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}, {", ".join(f"n.{column}" for column in NAME_COLUMNS)},
    s.tax_years, s.source_forms, s.filed, s.record, {keys_sql()}
FROM stays AS s
JOIN persons AS h ON h.taxpayer_id = s.taxpayer_id AND h.part = s.part
LEFT JOIN person_tins AS t ON t.taxpayer_id = s.taxpayer_id AND t.part = s.part
JOIN registry_names_distinct AS n ON n.name = s.name
JOIN (SELECT DISTINCT ON (place) * FROM registry_places) AS a ON a.place = s.place
ORDER BY a_zip, a_number, a_name, person, role, s.place, s.name
"""


SPELL_COLUMNS = (
    "person", "taxpayer_id", "role", "born", "tins", "names", "name_keys", *ADDRESS_COLUMNS, *NAME_COLUMNS,
    "tax_years", "source_forms", "filed", "record", *KEYS,
)  # fmt: skip
