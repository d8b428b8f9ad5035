"""Which addresses of the registry are worth a look for a request: joins on keys alone."""

from __future__ import annotations

from comity.linkage.outline import near_sql
from comity.linkage.plan import Sought
from comity.standard import Step

# One who is listed without a unit is taken to live in the one asked about: else a whole tower would be listed beside.
_SEEN = (
    "a.address, a.key_place, a.key_town, coalesce(a.a_unit, q.a_unit) AS a_unit, a.a_suffix, a.outline, a.outline_short"
)

# An address that might agree is listed, and every address that might agree with that one: uniqueness is judged over
# all who are listed at the candidate's address.
# A record that lacks its street may be completed from the same person's other years.
_MIGHT_AGREE = f"(a.outline IS NULL OR {near_sql('q', 'a')})"

# What was met by the ZIP is not met again by the town.
_MET = f"""
SELECT q.row_number, {_SEEN}
FROM asked AS q JOIN places_keyed AS a ON a.key_place = q.key_place AND {_MIGHT_AGREE}
UNION ALL
SELECT q.row_number, {_SEEN}
FROM asked AS q JOIN towns_keyed AS a ON a.key_town = q.key_town AND (a.key_place = q.key_place) IS NOT TRUE
    AND {_MIGHT_AGREE}
"""

# What is beside an address like the request's own was met already.
_PLACED_BY = ("key_place", "key_town", "a_suffix", "outline", "outline_short")
_BESIDE = f"""
SELECT DISTINCT m.row_number, m.a_unit, {", ".join(f"m.{column}" for column in _PLACED_BY)}
FROM met AS m JOIN asked AS q ON q.row_number = m.row_number
WHERE {" OR ".join(f"m.{column} IS DISTINCT FROM q.{column}" for column in _PLACED_BY)}
"""

_NEIGHBOURS = f"""
SELECT b.row_number, a.address
FROM beside AS b JOIN places_beside AS a ON a.key_place = b.key_place AND {near_sql("b", "a")}
UNION
SELECT b.row_number, a.address
FROM beside AS b JOIN towns_beside AS a ON a.key_town = b.key_town AND {near_sql("b", "a")}
"""

_LISTED = """
SELECT row_number, address FROM met
UNION ALL
SELECT row_number, address FROM neighbours ANTI JOIN met USING (row_number, address)
"""


def narrow_steps() -> list[Step | Sought]:
    """The steps from `asked` and the index to `listed` (row_number, address).

    A request meets the addresses of its ZIP and number, and of its town and number for a ZIP that is absent or wrong,
    that might agree with its own, and whatever might agree with one of these.
    """
    return [
        Sought("places_keyed", "addresses", "key_place", "SELECT key_place FROM asked"),
        Sought("towns_keyed", "addresses", "key_town", "SELECT key_town FROM asked"),
        Step("met", "the addresses that might agree with the request's", _MET),
        Step("beside", "those of them that are not like it", _BESIDE),
        Sought("places_beside", "addresses", "key_place", "SELECT key_place FROM beside"),
        Sought("towns_beside", "addresses", "key_town", "SELECT key_town FROM beside"),
        Step("neighbours", "what might agree with one of these", _NEIGHBOURS),
        Step("listed", "all of them", _LISTED),
    ]
