"""Each pair of request and spell that share a name at ordered levels, with the reasons in words from the one list."""

from __future__ import annotations

from comity.linkage.addresses import flag
from comity.linkage.facing import facing_steps
from comity.linkage.fetch import fetch_steps
from comity.linkage.meetings import meeting_steps
from comity.linkage.names import name_steps
from comity.linkage.plan import Sought
from comity.linkage.reasons import ADDRESS_LEVELS, SAME_NAMES, WHOLE_NAMES, words
from comity.linkage.spells import BETWEEN
from comity.standard import Step

_FACED = "SELECT DISTINCT row_number, address FROM named JOIN fetched USING (spell)"

# A spell at another address is worth a look only where the given or the family name is the same.
_AKIN = f"(n.given_reason IN ({words(WHOLE_NAMES)}) OR n.family_reason IN ({words(WHOLE_NAMES)}))"

GENERATION = 15

_ASKED, _KNOWN = "CAST(q.born AS VARCHAR)", "CAST(f.born AS VARCHAR)"

# A birth date with a slip of the pen excludes nobody, and is no support either: of the same year, with day and month in
# each other's place or one other figure; or the day before or after. Another year may be a parent's or a cousin's of
# the same name: one figure of it is a slip only where the full name, the day and the month are the same, the years are
# less than a generation apart, and the day is not the first of a month, which stands for days that nobody knows.
_BIRTH_SLIP = f"""
(left({_ASKED}, 4) = left({_KNOWN}, 4) AND (levenshtein({_ASKED}, {_KNOWN}) = 1
    OR substr({_ASKED}, 6, 2) = substr({_KNOWN}, 9, 2) AND substr({_ASKED}, 9, 2) = substr({_KNOWN}, 6, 2))
OR q.born + INTERVAL 1 DAY = f.born OR f.born + INTERVAL 1 DAY = q.born
OR n.name_level IN ({words(SAME_NAMES)}) AND n.middle_level = 'agrees' AND levenshtein({_ASKED}, {_KNOWN}) = 1
    AND substr({_ASKED}, 5) = substr({_KNOWN}, 5) AND substr({_ASKED}, 9, 2) <> '01'
    AND q.born + INTERVAL {GENERATION} YEAR > f.born AND f.born + INTERVAL {GENERATION} YEAR > q.born)
"""

# A family name with more than a slip is looked at only where everything else says that it is the same person.
_NOT_TOO_WIDE = f"""
(n.family_reason <> 'family_wide_slip'
    OR n.given_level IN ({words(SAME_NAMES)}) AND n.middle_level = 'agrees' AND coalesce(q.born = f.born, FALSE))
"""

_PAIRED = f"""
SELECT n.row_number, n.spell, f.person, f.taxpayer_id,
    f.role IN ('primary', 'spouse') AS is_taxpayer,
    y.filing IS NOT NULL AS in_stated_year,
    coalesce(f.born + INTERVAL 18 YEAR > q.of_age_on, FALSE) AS is_minor,
    a.address_flags, a.address_level, a.address_rank,
    n.name_level, n.name_rank, n.given_level, n.given_reason, n.family_level, n.family_reason,
    n.middle_level, n.suffix_level,
    CASE WHEN q.born IS NULL OR f.born IS NULL THEN 'absent'
        WHEN q.born = f.born THEN 'agrees' WHEN {_BIRTH_SLIP} THEN 'slip' ELSE 'conflicts' END AS birth_level,
    coalesce(f.tins <> q.tin AND NOT list_contains(string_split(f.tins, '{BETWEEN}'), q.tin), FALSE) AS tin_conflicts
FROM named AS n JOIN asked AS q USING (row_number) JOIN fetched AS f USING (spell)
JOIN addressed AS a ON a.row_number = n.row_number AND a.address = f.address
LEFT JOIN in_stated_years AS y ON y.stated = q.stated AND y.filing = f.filing
WHERE (a.address_level <> 'different' OR {_AKIN}) AND {_NOT_TOO_WIDE}
"""

# A record `x` of a stated year that lacks its number or its street is read together with the same person's own record
# `y` of another year, which shows it, when all that the former does show is the same.
_COMPLETED = """
SELECT DISTINCT c.row_number, c.spell
FROM paired AS c JOIN fetched AS shown ON shown.spell = c.spell JOIN sites AS y ON y.address = shown.address
JOIN paired AS b ON b.row_number = c.row_number AND b.person = c.person
JOIN fetched AS lacking ON lacking.spell = b.spell
JOIN (SELECT * FROM sites WHERE a_number IS NULL OR a_name IS NULL) AS x ON x.address = lacking.address
WHERE c.is_taxpayer AND NOT c.in_stated_year AND c.address_level IN ('equal', 'slip')
    AND b.is_taxpayer AND b.in_stated_year AND x.a_kind = 'street' AND y.a_kind = 'street'
    AND coalesce(x.a_number = y.a_number, x.a_name = y.a_name, FALSE)
    AND coalesce(x.a_name = y.a_name, x.a_number IS NOT NULL)
    AND (x.a_pre IS NULL OR x.a_pre IS NOT DISTINCT FROM y.a_pre)
    AND (x.a_suffix IS NULL OR x.a_suffix IS NOT DISTINCT FROM y.a_suffix)
    AND (x.a_post IS NULL OR x.a_post IS NOT DISTINCT FROM y.a_post)
    AND x.a_zip = y.a_zip AND x.a_unit IS NOT DISTINCT FROM y.a_unit
"""

_COMPARED = f"""
SELECT p.* EXCLUDE (in_stated_year, address_flags, address_level, address_rank),
    p.in_stated_year OR c.spell IS NOT NULL AS in_stated_year,
    p.address_flags + CASE WHEN c.spell IS NULL THEN 0 ELSE {flag("record_completed")} END AS address_flags,
    CASE WHEN c.spell IS NULL THEN p.address_level ELSE 'slip' END AS address_level,
    CASE WHEN c.spell IS NULL THEN p.address_rank ELSE {ADDRESS_LEVELS.index("slip")} END AS address_rank
FROM paired AS p LEFT JOIN completed AS c ON c.row_number = p.row_number AND c.spell = p.spell
"""


def compare_steps() -> list[Step | Sought]:
    """The steps from `listed`, `asked` and the index to `fetched` and `sites` (see `fetch_steps`) and `compared`.

    `compared` has a row per request and spell whose names agree in some way, and whose address agrees, or the given or
    the family name exactly: `row_number, spell, person, taxpayer_id, is_taxpayer, in_stated_year, is_minor, name_level,
    given_level, given_reason, family_level, family_reason, middle_level, suffix_level, address_level, birth_level,
    tin_conflicts`, the ranks of name and address (0 is best), and `address_flags`.
    """
    return [
        *meeting_steps(),
        *name_steps("meetings", "named"),
        *fetch_steps("named"),
        Step("faced", "each request beside each address where it knows a name", _FACED),
        *facing_steps("faced", "sites", "addressed"),
        Step("paired", "each pair at its levels, with its reasons", _PAIRED),
        Step("completed", "spells of another year that complete one of a stated year", _COMPLETED),
        Step("compared", "all of it together", _COMPARED),
    ]
