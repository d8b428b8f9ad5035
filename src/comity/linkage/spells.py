"""Spells: one row per person, role, name and address, with the years and forms that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS, keys_sql

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
CREATE OR REPLACE TEMP VIEW assigned AS
SELECT e.*, coalesce(p.part, 1) AS part FROM entries AS e LEFT JOIN identity_parts AS p
    ON p.taxpayer_id = e.taxpayer_id AND p.name = e.name AND p.born IS NOT DISTINCT FROM e.born
""")
    con.execute("""
CREATE OR REPLACE TEMP TABLE stays AS
SELECT taxpayer_id, part, role, name, place, min(name_id) AS name_id, min(address_id) AS address_id, min(born) AS born,
    list_sort(list_distinct(list(tax_year || ' ' || source_form))) AS filed
FROM assigned GROUP BY taxpayer_id, part, role, name, place
""")
    con.execute("""
CREATE OR REPLACE TEMP TABLE person_tins AS
SELECT taxpayer_id, part, list_sort(list_distinct(list(tin))) AS tins
FROM assigned WHERE tin IS NOT NULL GROUP BY taxpayer_id, part
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE pooled AS
SELECT i.taxpayer_id, i.part, max(i.born) AS born,
    list_sort(list_distinct(list(struct_pack({NAME_STRUCT.format(alias="n")})))) AS names,
    coalesce(list_sort(list_distinct(list({_NAME_KEY}) FILTER ({_NAME_KEY} IS NOT NULL))), []) AS name_keys
FROM identity_parts AS i JOIN name_facts AS n USING (name)
GROUP BY i.taxpayer_id, i.part
""")
    con.execute(f"CREATE TABLE registry.spells AS {_SPELLS}")


_NAME_KEY = "replace(n.n_given, ' ', '') || '|' || array_to_string(list_sort(string_split(n.n_family, ' ')), '')"

# The record is the first of the source rows of a spell, as it was written.
_RECORD = """struct_pack(given_name := w.given_name, middle_name := w.middle_name, family_name := w.family_name,
    name_suffix := w.name_suffix, street_line := coalesce(v.street_line, v.address_text), unit_line := v.unit_line,
    city := v.city, state := v.state, zip := v.zip, date_of_birth := s.born)"""

_SPELLS = f"""
SELECT left(md5(s.taxpayer_id || '#' || s.part), 16) AS person, s.taxpayer_id, s.role,
    coalesce(h.born, s.born) AS born, coalesce(t.tins, []) AS tins,
    CASE WHEN len(h.names) > 1 THEN h.names END AS names,
    coalesce(h.name_keys, list_filter([{_NAME_KEY}], lambda key: key IS NOT NULL)) AS name_keys,
    {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}, {", ".join(f"n.{column}" for column in NAME_COLUMNS)},
    list_distinct(list_transform(s.filed, lambda word: split_part(word, ' ', 1)::INTEGER)) AS tax_years,
    list_sort(list_distinct(list_transform(s.filed, lambda word: split_part(word, ' ', 2)))) AS source_forms,
    s.filed, {_RECORD} AS record, {keys_sql("a", "n")}
FROM stays AS s
LEFT JOIN pooled AS h ON h.taxpayer_id = s.taxpayer_id AND h.part = s.part
LEFT JOIN person_tins AS t ON t.taxpayer_id = s.taxpayer_id AND t.part = s.part
JOIN name_facts AS n ON n.name = s.name
JOIN registry_places AS a ON a.address_id = s.place
JOIN registry_names AS w ON w.name_id = s.name_id
JOIN registry_places AS v ON v.address_id = s.address_id
ORDER BY a.a_zip, a.a_number, a.a_name, person, role, s.place, s.name
"""
