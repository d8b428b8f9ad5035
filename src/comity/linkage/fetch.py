"""The spells that a request knows by name: only these are read from the index, and of them only what rules look at."""

from __future__ import annotations

from comity.linkage.plan import Sought
from comity.linkage.standing import ADDRESS_COLUMNS
from comity.standard import Step

_FETCHED = """
SELECT s.spell, s.address, concat(s.taxpayer_id, '#', s.part) AS person, s.taxpayer_id, s.role, s.born,
    s.tins, s.filing
FROM spells_met AS s JOIN (SELECT DISTINCT spell FROM {known}) AS p ON p.spell = s.spell
"""

_SITES = f"""
SELECT a.address, {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}
FROM places_found AS a JOIN (SELECT DISTINCT address FROM fetched) AS f ON f.address = a.address
"""


def fetch_steps(known: str) -> list[Step | Sought]:
    """The steps from the table `known`, which has the column `spell`, and the index to `fetched` and `sites`.

    `fetched` has each spell once: `spell, address, person, taxpayer_id, role, born, tins` (joined by line breaks)
    and `filing` (see the table `filings`). `sites` has each of their addresses once: `address` and ADDRESS_COLUMNS.
    """
    return [
        Sought("spells_met", "spells", "spell", f"SELECT spell FROM {known}"),
        Step("fetched", "the spells that any request knows", _FETCHED.format(known=known)),
        Sought("places_found", "addresses", "address", "SELECT address FROM fetched"),
        Step("sites", "the address of each of them, once", _SITES),
    ]
