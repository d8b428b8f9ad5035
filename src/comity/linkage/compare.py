"""Each pair of request and spell at ordered levels, every level with its reasons in words from the one list."""

from __future__ import annotations

from comity.linkage.addresses import address_level_sql, address_reasons_sql
from comity.linkage.names import name_steps
from comity.linkage.reasons import ADDRESS_LEVELS, NAME_LEVELS, rank_sql
from comity.linkage.spells import NAME_STRUCT
from comity.standard import Step

# One row per request, person met and name of that person.
_MEETINGS = f"""
WITH met AS (SELECT DISTINCT p.row_number, f.person FROM pairs AS p JOIN fetched AS f USING (spell)),
named AS (
    SELECT DISTINCT person, unnest(coalesce(names, [struct_pack({NAME_STRUCT.format(alias="f")})])) AS name
    FROM fetched AS f
)
SELECT m.row_number, m.person, q.n_given AS q_given, q.n_middle AS q_middle, q.n_family AS q_family,
    q.n_suffix AS q_suffix, n.name.n_given AS r_given, n.name.n_middle AS r_middle, n.name.n_family AS r_family,
    n.name.n_suffix AS r_suffix
FROM met AS m JOIN named AS n USING (person) JOIN asked AS q USING (row_number)
"""

_COMPARED = f"""
WITH weighed AS (
    SELECT p.row_number, p.spell, f.person, f.taxpayer_id, f.born, f.tins, f.name_keys,
        {address_reasons_sql("q", "f")} AS address_reasons,
        f.role IN ('primary', 'spouse') AS is_taxpayer,
        list_has_any(f.filed, q.filed) AS in_stated_year,
        CASE WHEN q.born IS NULL OR f.born IS NULL THEN 'absent'
            WHEN q.born = f.born THEN 'agrees' ELSE 'conflicts' END AS birth_level,
        q.tin IS NOT NULL AND len(f.tins) > 0 AND NOT list_contains(f.tins, q.tin) AS tin_conflicts,
        coalesce(f.born + INTERVAL 18 YEAR > q.of_age_on, FALSE) AS is_minor
    FROM pairs AS p JOIN asked AS q USING (row_number) JOIN fetched AS f USING (spell)
), levelled AS (SELECT *, {address_level_sql("address_reasons")} AS address_level FROM weighed)
SELECT w.*, {rank_sql("address_level", ADDRESS_LEVELS)} AS address_rank,
    n.* EXCLUDE (row_number, person), {rank_sql("name_level", NAME_LEVELS)} AS name_rank
FROM levelled AS w JOIN compared_names AS n ON n.row_number = w.row_number AND n.person = w.person
"""


def compare_steps() -> list[Step]:
    """The steps from `pairs`, `fetched` and `asked` to `compared`: one row per pair.

    Columns: `row_number, spell, person, taxpayer_id, born, tins, name_keys, is_taxpayer, in_stated_year, is_minor,
    name_level, given_level, given_reason, family_level, middle_level, suffix_level, address_level, birth_level,
    tin_conflicts`, the ranks of name and address (0 is best), and `name_reasons`, `address_reasons`.
    """
    return [
        Step("meetings", "each request with every name of each person it met", _MEETINGS),
        *name_steps("meetings", "compared_names"),
        Step("compared", "each pair at its levels, with its reasons", _COMPARED),
    ]
