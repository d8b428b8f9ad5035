"""The spells that a request knows by name, whole: only these are read from the index."""

from __future__ import annotations

from comity.linkage.plan import Sought
from comity.linkage.spells import BETWEEN, RECORD, WRITTEN_PLACE
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS
from comity.standard import NAME, Step

_FOUND = """
SELECT s.* FROM spells_met AS s JOIN (SELECT DISTINCT spell FROM {known}) AS p ON p.spell = s.spell
"""

_FILINGS = f"""
SELECT filed, string_split(filed, '{BETWEEN}') AS filings FROM (SELECT DISTINCT filed FROM found) AS f
"""

_RECORDED = {
    **{column: f"s.{column}" for column in (*NAME, *WRITTEN_PLACE)},
    "date_of_birth": "s.born",
}
_RECORD = ", ".join(f"{column} := {_RECORDED[column]}" for column in RECORD)

_FETCHED = f"""
SELECT s.spell, s.address, concat(s.taxpayer_id, '#', s.part) AS person, s.taxpayer_id, s.role, s.born,
    CASE WHEN s.tins IS NULL THEN [] WHEN contains(s.tins, '{BETWEEN}') THEN string_split(s.tins, '{BETWEEN}')
        ELSE [s.tins] END AS tins,
    s.names, {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)},
    {", ".join(f"s.{column}" for column in NAME_COLUMNS)}, f.filings AS filed, struct_pack({_RECORD}) AS record
FROM found AS s JOIN places_found AS a ON a.address = s.address JOIN filings AS f ON f.filed = s.filed
"""


def fetch_steps(known: str) -> list[Step | Sought]:
    """The steps from the table `known`, which has the column `spell`, and the index to `fetched`: each spell once.

    `fetched` has `spell, address, person, taxpayer_id, role, born, tins, names`, the standard address and
    name, `filed` (the years and forms) and `record`, a struct of the record as written.
    """
    return [
        Sought("spells_met", "spells", "spell", f"SELECT spell FROM {known}"),
        Step("found", "the spells that any request knows", _FOUND.format(known=known)),
        Sought("places_found", "addresses", "address", "SELECT address FROM found"),
        Step("filings", "each set of years and forms, as a list", _FILINGS),
        Step("fetched", "the spells that any request knows, with their addresses", _FETCHED),
    ]
