"""The address of each request beside each address that it faces: the reasons that set them apart, and their level."""

from __future__ import annotations

from comity.linkage.addresses import (
    address_flags_sql,
    address_level_sql,
    address_same_sql,
    street_types_sql,
    type_misspelt_sql,
)
from comity.linkage.reasons import ADDRESS_LEVELS, rank_sql
from comity.standard import Step


def facing_steps(faced: str, sites: str, into: str) -> list[Step]:
    """The steps from the table `faced` (row_number, address) to `into`: row_number, address, `address_flags`,
    `address_level` and `address_rank` (0 is best).

    `sites` has every address that is faced, once: `address` and its standard columns. `asked` is the requests.
    """
    return [
        Step(f"glanced_{into}", "whether they are the same at a glance, or one lacks a type", _glanced(faced, sites)),
        Step("street_types", "the long form of each street type", street_types_sql()),
        Step(f"misspelt_{into}", "those of which one side misspells the other's street type", _misspelt(into, sites)),
        Step(f"placed_{into}", "the reasons that set two addresses apart", _placed(into, sites)),
        Step(into, "and the level that they make", _levelled(into)),
    ]


def _glanced(faced: str, sites: str) -> str:
    return f"""
SELECT p.row_number, p.address, {address_same_sql("q", "f")} AS same_place,
    (q.a_suffix IS NULL) <> (f.a_suffix IS NULL) AS one_typed
FROM {faced} AS p JOIN asked AS q USING (row_number) JOIN {sites} AS f USING (address)
"""


def _misspelt(into: str, sites: str) -> str:
    return f"""
SELECT p.row_number, p.address
FROM (SELECT * FROM glanced_{into} WHERE one_typed) AS p
JOIN asked AS q USING (row_number) JOIN {sites} AS f USING (address)
JOIN street_types AS t ON t.short = coalesce(q.a_suffix, f.a_suffix)
WHERE {type_misspelt_sql("q", "f", "t.whole")}
"""


_FREQUENT = "(asked_street.name IS NOT NULL AND listed_street.name IS NOT NULL)"


# The reasons are worked out only where the two are not the same at a glance.
def _placed(into: str, sites: str) -> str:
    return f"""
SELECT p.row_number, p.address, {address_flags_sql("q", "f", "(m.address IS NOT NULL)", _FREQUENT)} AS address_flags
FROM (SELECT * FROM glanced_{into} WHERE NOT same_place) AS p
JOIN asked AS q USING (row_number) JOIN {sites} AS f USING (address)
LEFT JOIN misspelt_{into} AS m ON m.row_number = p.row_number AND m.address = p.address
LEFT JOIN std_known_streets AS asked_street ON asked_street.name = q.a_name
LEFT JOIN std_known_streets AS listed_street ON listed_street.name = f.a_name
UNION ALL
SELECT row_number, address, 0 AS address_flags FROM glanced_{into} WHERE same_place
"""


def _levelled(into: str) -> str:
    return f"""
WITH worded AS (SELECT *, {address_level_sql("address_flags")} AS address_level FROM placed_{into})
SELECT *, {rank_sql("address_level", ADDRESS_LEVELS)} AS address_rank FROM worded
"""
