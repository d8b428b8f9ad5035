"""Each pair of request and spell at ordered levels, every level with its reasons in words from the one list."""

from __future__ import annotations

from comity.linkage.addresses import (
    address_level_sql,
    address_reasons_sql,
    address_same_sql,
    street_types_sql,
    type_misspelt_sql,
)
from comity.linkage.meetings import meeting_steps
from comity.linkage.names import name_steps
from comity.linkage.reasons import ADDRESS_LEVELS, NAME_LEVELS, rank_sql
from comity.linkage.standing import ADDRESS_COLUMNS
from comity.standard import Step

# Many live at one address: a request faces each address once.
_SITES = f"SELECT DISTINCT address, {', '.join(ADDRESS_COLUMNS)} FROM fetched"

_FACED = f"""
SELECT p.row_number, f.address, {address_same_sql("q", "f")} AS same_place,
    (q.a_suffix IS NULL) <> (f.a_suffix IS NULL) AS one_typed
FROM (SELECT DISTINCT row_number, address FROM pairs JOIN fetched USING (spell)) AS p
JOIN asked AS q USING (row_number) JOIN sites AS f USING (address)
"""

_MISSPELT = f"""
SELECT p.row_number, p.address
FROM (SELECT * FROM faced WHERE one_typed) AS p
JOIN asked AS q USING (row_number) JOIN sites AS f USING (address)
JOIN street_types AS t ON t.short = coalesce(q.a_suffix, f.a_suffix)
WHERE {type_misspelt_sql("q", "f", "t.whole")}
"""

# The reasons are worked out only where the two are not the same at a glance.
_PLACED = f"""
SELECT p.row_number, p.address, {address_reasons_sql("q", "f", "(m.address IS NOT NULL)")} AS address_reasons
FROM (SELECT * FROM faced WHERE NOT same_place) AS p
JOIN asked AS q USING (row_number) JOIN sites AS f USING (address)
LEFT JOIN types_misspelt AS m ON m.row_number = p.row_number AND m.address = p.address
UNION ALL
SELECT row_number, address, [] AS address_reasons FROM faced WHERE same_place
"""

_LEVELLED = f"""
WITH levelled AS (SELECT *, {address_level_sql("address_reasons")} AS address_level FROM placed)
SELECT *, {rank_sql("address_level", ADDRESS_LEVELS)} AS address_rank FROM levelled
"""

# A spell at another address is worth a look only under the same name.
_AKIN = "coalesce(q.n_family = f.n_family OR q.n_given = f.n_given OR q.n_family = f.n_given, FALSE)"

_WORTH = f"""
SELECT p.row_number, p.spell, f.person, a.address_reasons, a.address_level, a.address_rank
FROM pairs AS p JOIN asked AS q USING (row_number) JOIN fetched AS f USING (spell)
JOIN addressed AS a ON a.row_number = p.row_number AND a.address = f.address
WHERE a.address_level <> 'different' OR {_AKIN}
"""

_PAIRED = f"""
SELECT w.row_number, w.spell, w.person, f.taxpayer_id, f.born, f.tins, f.name_keys,
    f.role IN ('primary', 'spouse') AS is_taxpayer,
    list_has_any(f.filed, q.filed) AS in_stated_year,
    coalesce(f.born + INTERVAL 18 YEAR > q.of_age_on, FALSE) AS is_minor,
    w.address_reasons, w.address_level, w.address_rank,
    coalesce(n.name_level, 'different') AS name_level,
    coalesce(n.given_level, 'different') AS given_level, coalesce(n.given_reason, 'given_differs') AS given_reason,
    coalesce(n.family_level, 'different') AS family_level,
    coalesce(n.name_reasons, ['given_differs', 'family_differs']) AS name_reasons,
    n.middle_level, n.suffix_level, {rank_sql("coalesce(n.name_level, 'different')", NAME_LEVELS)} AS name_rank,
    CASE WHEN q.born IS NULL OR f.born IS NULL THEN 'absent'
        WHEN q.born = f.born THEN 'agrees' ELSE 'conflicts' END AS birth_level,
    q.tin IS NOT NULL AND f.tins <> [] AND NOT list_contains(f.tins, q.tin) AS tin_conflicts
FROM worth AS w JOIN asked AS q USING (row_number) JOIN fetched AS f USING (spell)
LEFT JOIN compared_names AS n ON n.row_number = w.row_number AND n.person = w.person
"""

# A record of a stated year that lacks its number or its street is read together with the same person's own record of
# another year, which shows it, when all that the former does show is the same.
_COMPLETED = """
SELECT DISTINCT c.row_number, c.spell
FROM paired AS c JOIN fetched AS y ON y.spell = c.spell
JOIN paired AS b ON b.row_number = c.row_number AND b.person = c.person
JOIN (SELECT * FROM fetched WHERE a_number IS NULL OR a_name IS NULL) AS x ON x.spell = b.spell
WHERE c.is_taxpayer AND NOT c.in_stated_year AND c.address_level IN ('equal', 'slip')
    AND b.is_taxpayer AND b.in_stated_year AND x.a_kind = 'street' AND y.a_kind = 'street'
    AND coalesce(x.a_number = y.a_number, x.a_name = y.a_name, FALSE)
    AND coalesce(x.a_name = y.a_name, x.a_number IS NOT NULL) AND coalesce(x.a_zip = y.a_zip, FALSE)
    AND coalesce(x.a_pre = y.a_pre, TRUE) AND coalesce(x.a_suffix = y.a_suffix, TRUE)
    AND coalesce(x.a_post = y.a_post, TRUE) AND x.a_unit IS NOT DISTINCT FROM y.a_unit
"""

_COMPARED = f"""
SELECT p.* EXCLUDE (in_stated_year, address_reasons, address_level, address_rank),
    p.in_stated_year OR c.spell IS NOT NULL AS in_stated_year,
    CASE WHEN c.spell IS NULL THEN p.address_reasons ELSE list_append(p.address_reasons, 'record_completed') END
        AS address_reasons,
    CASE WHEN c.spell IS NULL THEN p.address_level ELSE 'slip' END AS address_level,
    CASE WHEN c.spell IS NULL THEN p.address_rank ELSE {ADDRESS_LEVELS.index("slip")} END AS address_rank
FROM paired AS p LEFT JOIN completed AS c ON c.row_number = p.row_number AND c.spell = p.spell
"""


def compare_steps() -> list[Step]:
    """The steps from `pairs`, `fetched` and `asked` to `compared`: one row per pair that is worth a look.

    Worth a look is a spell whose address agrees, and one at another address under the request's given or family name.
    Columns: `row_number, spell, person, taxpayer_id, born, tins, name_keys, is_taxpayer, in_stated_year, is_minor,
    name_level, given_level, given_reason, family_level, middle_level, suffix_level, address_level, birth_level,
    tin_conflicts`, the ranks of name and address (0 is best), and `name_reasons`, `address_reasons`.
    """
    return [
        Step("sites", "every address that was met, once", _SITES),
        Step("faced", "each request and address at a glance: the same place, and whether one lacks a type", _FACED),
        Step("street_types", "the long form of each street type", street_types_sql()),
        Step("types_misspelt", "those of which one side misspells the other's street type", _MISSPELT),
        Step("placed", "the reasons that set two addresses apart", _PLACED),
        Step("addressed", "and the level that they make", _LEVELLED),
        Step("worth", "each pair at the level of its address; what is left out has neither address nor name", _WORTH),
        *meeting_steps("worth", "meetings"),
        *name_steps("meetings", "compared_names"),
        Step("paired", "each pair at its levels, with its reasons", _PAIRED),
        Step("completed", "spells of another year that complete one of a stated year", _COMPLETED),
        Step("compared", "all of it together", _COMPARED),
    ]
