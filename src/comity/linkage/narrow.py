"""Which spells of the registry are worth comparing with a request: joins on keys alone, then only those are fetched."""

from __future__ import annotations

from typing import NamedTuple

from comity.linkage.outline import near_sql
from comity.linkage.spells import BETWEEN, RECORD, WRITTEN_PLACE
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS
from comity.standard import NAME, Step


class Sought(NamedTuple):
    """The rows of an index table whose `column` is among `wanted` (a SELECT of one whole number), as the table `name`.

    `table` is `addresses` or `spells`, with the rowid as the column `address` or `spell`. An engine may leave more
    rows in it, up to the whole table: the steps that read it join on the same column again.
    """

    name: str
    table: str
    column: str
    wanted: str


# One who is listed without a unit is taken to live in the one asked about: else a whole tower would be listed beside.
_SEEN = (
    "a.address, a.key_place, a.key_town, coalesce(a.a_unit, q.a_unit) AS a_unit, a.a_suffix, a.outline, a.outline_short"
)

# An address that might agree is listed, and every address that might agree with that one: uniqueness is judged over
# all who are listed at the candidate's address.
# A record that lacks its street may be completed from the same person's other years.
_MIGHT_AGREE = f"(a.outline IS NULL OR {near_sql('q', 'a')})"

_MET = f"""
SELECT q.row_number, {_SEEN}
FROM asked AS q JOIN places_keyed AS a ON a.key_place = q.key_place AND {_MIGHT_AGREE}
UNION
SELECT q.row_number, {_SEEN}
FROM asked AS q JOIN towns_keyed AS a ON a.key_town = q.key_town AND {_MIGHT_AGREE}
"""

# What is beside an address like the request's own was met already.
_PLACED_BY = ("key_place", "key_town", "a_suffix", "outline", "outline_short")
_BESIDE = f"""
SELECT DISTINCT m.row_number, m.a_unit, {", ".join(f"m.{column}" for column in _PLACED_BY)}
FROM met AS m JOIN asked AS q ON q.row_number = m.row_number
WHERE {" OR ".join(f"m.{column} IS DISTINCT FROM q.{column}" for column in _PLACED_BY)}
"""

_LISTED = f"""
SELECT row_number, address FROM met
UNION
SELECT b.row_number, a.address
FROM beside AS b JOIN places_beside AS a ON a.key_place = b.key_place AND {near_sql("b", "a")}
UNION
SELECT b.row_number, a.address
FROM beside AS b JOIN towns_beside AS a ON a.key_town = b.key_town AND {near_sql("b", "a")}
"""

_PAIRS = """
SELECT l.row_number, s.spell FROM listed AS l JOIN spells_listed AS s ON s.address = l.address
UNION
SELECT q.row_number, s.spell FROM asked AS q JOIN spells_named AS s ON s.key_name = q.key_name
"""

_FOUND = """
SELECT s.* FROM spells_met AS s JOIN (SELECT DISTINCT spell FROM pairs) AS p ON p.spell = s.spell
"""

_FILINGS = f"""
SELECT filed, string_split(filed, '{BETWEEN}') AS filings FROM (SELECT DISTINCT filed FROM found) AS f
"""


def _name_key(name: str) -> str:
    sorted_parts = f"array_to_string(list_sort(string_split({name}.n_family, ' ')), '')"
    family = f"CASE WHEN contains({name}.n_family, ' ') THEN {sorted_parts} ELSE {name}.n_family END"
    return f"replace({name}.n_given, ' ', '') || '|' || {family}"


_NAME_KEYS = f"""
CASE WHEN s.names IS NOT NULL THEN
        list_sort(list_distinct(list_filter(
            list_transform(s.names, lambda n: {_name_key("n")}), lambda k: k IS NOT NULL)))
    WHEN s.n_given IS NULL OR s.n_family IS NULL THEN []
    ELSE [{_name_key("s")}] END
"""

_RECORDED = {
    **{column: f"s.{column}" for column in NAME},
    **{column: f"a.{column}" for column in WRITTEN_PLACE},
    "date_of_birth": "s.born",
}
_RECORD = ", ".join(f"{column} := {_RECORDED[column]}" for column in RECORD)

_FETCHED = f"""
SELECT s.spell, s.address, concat(s.taxpayer_id, '#', s.part) AS person, s.taxpayer_id, s.role, s.born,
    CASE WHEN s.tins IS NULL THEN [] WHEN contains(s.tins, '{BETWEEN}') THEN string_split(s.tins, '{BETWEEN}')
        ELSE [s.tins] END AS tins,
    s.names, {_NAME_KEYS} AS name_keys, {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)},
    {", ".join(f"s.{column}" for column in NAME_COLUMNS)}, f.filings AS filed, struct_pack({_RECORD}) AS record
FROM found AS s JOIN places_found AS a ON a.address = s.address JOIN filings AS f ON f.filed = s.filed
"""


def narrow_steps() -> list[Step | Sought]:
    """The steps from `asked` and the index to `pairs` (row_number, spell) and `fetched` (the spells of `pairs`, whole).

    A request meets the addresses of its ZIP and number, and of its town and number for a ZIP that is absent or wrong,
    that might agree with its own; the spells of these, and of whatever might agree with one of them; and the spells
    of its ZIP and name.
    """
    return [
        Sought("places_keyed", "addresses", "key_place", "SELECT key_place FROM asked"),
        Sought("towns_keyed", "addresses", "key_town", "SELECT key_town FROM asked"),
        Step("met", "the addresses that might agree with the request's", _MET),
        Step("beside", "those of them that are not like it", _BESIDE),
        Sought("places_beside", "addresses", "key_place", "SELECT key_place FROM beside"),
        Sought("towns_beside", "addresses", "key_town", "SELECT key_town FROM beside"),
        Step("listed", "with those that might agree with one of them", _LISTED),
        Sought("spells_listed", "spells", "address", "SELECT address FROM listed"),
        Sought("spells_named", "spells", "key_name", "SELECT key_name FROM asked"),
        Step("pairs", "everyone at those addresses, and everyone of that name in the ZIP", _PAIRS),
        *fetch_steps(),
    ]


def fetch_steps() -> list[Step | Sought]:
    """The steps from `pairs` and the index to `fetched`."""
    return [
        Sought("spells_met", "spells", "spell", "SELECT spell FROM pairs"),
        Step("found", "the spells that any request met", _FOUND),
        Sought("places_found", "addresses", "address", "SELECT address FROM found"),
        Step("filings", "each set of years and forms, as a list", _FILINGS),
        Step("fetched", "the spells that any request met, with their addresses", _FETCHED),
    ]
