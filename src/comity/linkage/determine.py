"""The determination of each request: one rule in words, read top to bottom, over the pairs as compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.addresses import address_flags_sql, address_level_sql
from comity.linkage.facing import facing_steps
from comity.linkage.plan import Sought
from comity.linkage.reasons import AGREEING_ADDRESSES, DATED_GIVEN, PRESENT_NAMES, REASONS, SAME_NAMES, words
from comity.linkage.spells import BETWEEN
from comity.linkage.standing import ADDRESS_COLUMNS
from comity.standard import Step

if TYPE_CHECKING:
    from comity.linkage.terms import LinkageTerms

_AGREES = f"address_level IN ({words(AGREEING_ADDRESSES)})"
_PRESENT = f"name_level IN ({words(PRESENT_NAMES)})"

# A second person is ruled out by a birth date, a middle name or a suffix that conflicts with the request's.
_NOT_RULED_OUT = "birth_level <> 'conflicts' AND middle_level <> 'conflicts' AND suffix_level <> 'conflicts'"

# Whose address it is: taxpayers at an agreeing address in a stated year, whom no birth date or TIN excludes.
_STANDING = f"""
SELECT row_number, person, any_value(taxpayer_id) AS taxpayer_id,
    any_value(name_level) AS name_level, any_value(name_rank) AS name_rank,
    any_value(given_level) AS given_level, any_value(given_reason) AS given_reason,
    any_value(family_level) AS family_level,
    any_value(middle_level) AS middle_level, any_value(suffix_level) AS suffix_level,
    any_value(birth_level) AS birth_level, any_value(is_minor) AS is_minor, min(address_rank) AS address_rank,
    arg_min(spell, (address_rank, spell)) AS spell,
    CASE WHEN NOT any_value({_PRESENT}) THEN 2 WHEN any_value({_NOT_RULED_OUT}) THEN 0 ELSE 1 END AS tier
FROM compared
WHERE is_taxpayer AND in_stated_year AND {_AGREES} AND birth_level <> 'conflicts' AND NOT tin_conflicts
GROUP BY row_number, person
"""

_FOREMOST = """
SELECT * FROM standing
QUALIFY row_number() OVER (
    PARTITION BY row_number ORDER BY tier, name_rank, birth_level <> 'agrees', address_rank, person) = 1
"""


_FREQUENT = "(first.is_frequent AND other.is_frequent)"


# Who else fits: people of any role, met at an agreeing address or at the foremost person's address of record. A birth
# date that agrees with the foremost alone rules out whoever has none and a name that fits no better.
def _fitting(terms: LinkageTerms) -> str:
    years = "TRUE" if terms.namesake_years == "any" else "c.in_stated_year"
    beside = (
        f"{address_level_sql(address_flags_sql('first', 'other', 'FALSE', _FREQUENT))} IN ({words(AGREEING_ADDRESSES)})"
    )
    return f"""
SELECT l.row_number, l.person AS foremost, c.person, c.spell FROM foremost AS l
JOIN (SELECT * FROM compared WHERE {_PRESENT} AND {_NOT_RULED_OUT}) AS c
    ON c.row_number = l.row_number AND c.person <> l.person
JOIN {_placed("first")} ON first.spell = l.spell
JOIN {_placed("other")} ON other.spell = c.spell
WHERE {years} AND NOT {_dated_alone("c")} AND (c.{_AGREES} OR {beside})
UNION
SELECT l.row_number, l.person AS foremost, s.person, s.spell FROM foremost AS l
JOIN standing AS s ON s.row_number = l.row_number AND s.person <> l.person AND s.tier = l.tier
WHERE NOT {_dated_alone("s")}
"""


def _placed(alias: str) -> str:
    return f"""(SELECT f.spell, s.*, k.name IS NOT NULL AS is_frequent
    FROM fetched AS f JOIN sites AS s ON s.address = f.address
    LEFT JOIN std_known_streets AS k ON k.name = s.a_name) AS {alias}"""


def _dated_alone(other: str) -> str:
    return (
        f"(l.birth_level = 'agrees' AND {other}.birth_level IN ('absent', 'slip') AND l.name_rank <= {other}.name_rank)"
    )


_COMPEERS = """
SELECT o.row_number, o.person, p.spell AS first, o.spell AS other
FROM fitting AS o JOIN compared AS p ON p.row_number = o.row_number AND p.person = o.foremost
"""


# Parts of a double family name may stand in either order.
_FAMILY = """
CASE WHEN contains(k.n_family, ' ') THEN array_to_string(list_sort(string_split(k.n_family, ' ')), '')
    ELSE k.n_family END
"""
_NAME_KEY = f"replace(k.n_given, ' ', '') || '|' || {_FAMILY}"
_WHOLE_NAME = "k.n_given || '|' || k.n_middle || '|' || k.n_family || '|' || coalesce(k.n_suffix, '')"

_ALL_COMPEERS = "SELECT first AS spell FROM compeers UNION SELECT other FROM compeers"


def _each(said: str) -> str:
    """SQL: `said` of each of the person's names, without those of which it says nothing."""
    return f"coalesce(list(DISTINCT {said}) FILTER ({said} IS NOT NULL), [])"


_BORNE = f"""
SELECT k.spell, {_each("k.n_given")} AS givens, {_each(_NAME_KEY)} AS name_keys, {_each(_WHOLE_NAME)} AS whole
FROM known_compeers AS k GROUP BY k.spell
"""

_KEYED = f"""
SELECT s.*, string_split(s.tins, '{BETWEEN}') AS tin_list, b.givens, b.name_keys, b.whole,
    {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}
FROM fetched AS s JOIN borne AS b ON b.spell = s.spell JOIN sites AS a ON a.address = s.address
"""

# A second entry is the foremost person's own, under another number or name, when no birth date conflicts and the number
# is the same; or the birth date and the given name are the same, which twins never share; or, where a birth date is
# missing, the names, the middle name and the address are all the same and no year shows two returns.
_SAME_ADDRESS = " AND ".join(f"x.{column} IS NOT DISTINCT FROM y.{column}" for column in ADDRESS_COLUMNS)
_OWN = f"""
SELECT DISTINCT o.row_number, o.person FROM compeers AS o
JOIN keyed AS x ON x.spell = o.first
JOIN keyed AS y ON y.spell = o.other
LEFT JOIN returns AS r ON r.row_number = o.row_number AND r.person = o.person
WHERE (x.born <> y.born) IS NOT TRUE AND (
    x.taxpayer_id = y.taxpayer_id OR list_has_any(x.tin_list, y.tin_list)
    OR coalesce(x.born = y.born, FALSE)
        AND (list_has_any(x.givens, y.givens) OR list_has_any(x.name_keys, y.name_keys))
    OR list_has_any(x.whole, y.whole) AND {_SAME_ADDRESS} AND r.person IS NULL)
"""

# People who filed a return of their own in a year in which the foremost person filed one.
_RETURNS = """
WITH filers AS (
    SELECT DISTINCT p.row_number, p.person, unnest(g.filed) AS filed
    FROM compared AS p JOIN fetched AS f USING (spell) JOIN filings AS g ON g.filing = f.filing
    WHERE p.is_taxpayer AND p.row_number IN (SELECT row_number FROM fitting)
)
SELECT DISTINCT o.row_number, o.person FROM fitting AS o
JOIN filers AS a ON a.row_number = o.row_number AND a.person = o.foremost
JOIN filers AS b ON b.row_number = o.row_number AND b.person = o.person AND b.filed = a.filed
WHERE a.filed LIKE '% 1040'
"""

_RIVALS = "SELECT DISTINCT f.row_number FROM fitting AS f ANTI JOIN own AS o USING (row_number, person)"


# A slip meets the demand, for what comes here with one has the same names: no parent or child of that name is as old.
_UNDATED = "birth_level NOT IN ('agrees', 'slip')"
_EVIDENCE = {
    "names": "NULL",
    "third_identifier": f"CASE WHEN middle_level <> 'agrees' AND {_UNDATED} THEN 'third_identifier_missing' END",
    "date_of_birth": f"CASE WHEN {_UNDATED} THEN 'birth_date_missing' END",
}

# A given name that is spelt otherwise needs the middle name, for twins share a birth date and may have names as near. A
# part of it, the middle name in its place, the same name of another script or with two letters that changed places (by
# which no parents tell twins apart) or a soft family name need that or the birth date; two soft names both.
_SUPPORTED = f"""
(given_level <> 'soft' OR middle_level = 'agrees' OR given_reason IN ({words(DATED_GIVEN)}) AND birth_level = 'agrees')
AND (family_level <> 'soft' OR middle_level = 'agrees' OR birth_level = 'agrees')
AND (given_level <> 'soft' OR family_level <> 'soft' OR birth_level = 'agrees')
"""


def _judged(terms: LinkageTerms) -> str:
    """SQL: the first thing that stands between the foremost person and a yes; `all_agree` when nothing does."""
    return f"""
SELECT l.row_number, l.person, l.taxpayer_id, CASE
    WHEN name_level = 'blank' OR (name_level = 'single' AND birth_level <> 'agrees') THEN 'name_blank'
    WHEN rival.row_number IS NOT NULL THEN 'several_fit'
    WHEN name_level = 'single' THEN 'name_single'
    WHEN name_level = 'initial' THEN 'name_initial'
    WHEN suffix_level = 'conflicts' THEN 'suffix_conflicts'
    WHEN suffix_level = 'one_sided' AND birth_level <> 'agrees' THEN 'suffix_one_sided'
    WHEN middle_level = 'conflicts' THEN 'middle_conflicts'
    WHEN birth_level = 'slip' AND name_level NOT IN ({words(SAME_NAMES)}) THEN 'birth_date_slip'
    WHEN address_rank > 1 THEN 'address_one_sided'
    WHEN is_minor THEN 'record_of_minor'
    WHEN NOT ({_SUPPORTED}) THEN 'soft_name_unsupported'
    ELSE coalesce({_EVIDENCE[terms.evidence]}, 'all_agree') END AS reason
FROM foremost AS l LEFT JOIN rivals AS rival USING (row_number)
"""


# What a request without any standing person comes to: the most that can be said of whoever has the name.
_OTHERWISE = f"""
SELECT row_number, CASE
    WHEN bool_or({_PRESENT} AND {_AGREES} AND is_taxpayer AND in_stated_year AND birth_level = 'conflicts')
        THEN 'birth_date_conflicts'
    WHEN bool_or({_PRESENT} AND {_AGREES} AND is_taxpayer AND in_stated_year AND tin_conflicts) THEN 'tin_conflicts'
    WHEN bool_or({_PRESENT} AND {_AGREES} AND is_taxpayer AND birth_level <> 'conflicts') THEN 'other_year'
    WHEN bool_or({_PRESENT} AND {_AGREES} AND NOT is_taxpayer) THEN 'dependent_only'
    WHEN bool_or({_PRESENT} AND is_taxpayer AND birth_level <> 'conflicts') THEN 'other_address'
    END AS reason
FROM compared GROUP BY row_number
"""

_OPEN = """
SELECT row_number FROM asked ANTI JOIN judged USING (row_number)
ANTI JOIN (SELECT * FROM otherwise WHERE reason IS NOT NULL) AS said USING (row_number)
"""

_LISTED_OPEN = "SELECT row_number, address FROM listed SEMI JOIN open USING (row_number)"

_SITES_OPEN = f"""
SELECT a.address, {", ".join(f"a.{column}" for column in ADDRESS_COLUMNS)}
FROM places_open AS a JOIN (SELECT DISTINCT address FROM listed_open) AS l ON l.address = a.address
"""

_STRANGERS = f"""
SELECT DISTINCT a.row_number FROM spells_open AS s
JOIN (SELECT row_number, address FROM addressed_open WHERE {_AGREES}) AS a ON a.address = s.address
JOIN asked AS q ON q.row_number = a.row_number
JOIN in_stated_years AS y ON y.stated = q.stated AND y.filing = s.filing
WHERE s.role IN ('primary', 'spouse')
"""

SHOWN = f"""
SELECT * FROM compared
WHERE {_AGREES} OR ({_PRESENT} AND is_taxpayer AND birth_level <> 'conflicts')
"""


def determine_steps(terms: LinkageTerms) -> list[Step | Sought]:
    """The steps to `determined` (row_number, request_id, determination, reason, person, taxpayer_id, candidates).

    One row per row of `asked`, from `compared` and, where nobody there says why, from `listed`. The design's rule
    (section 7): one person with the role primary or spouse in a stated year whose address agrees; no birth date and no
    TIN against it; nobody else listed there who fits; names at the level and with the evidence that `terms` demand. A
    tie is never broken.
    """
    return [
        Step("standing", "whose address it is", _STANDING),
        Step("foremost", "the one of them who fits best", _FOREMOST),
        Step("fitting", "who else fits, among all listed there", _fitting(terms)),
        Step("returns", "which of them filed beside the foremost", _RETURNS),
        Step("compeers", "every spell of the foremost beside every one of theirs", _COMPEERS),
        Sought("known_compeers", "known", "spell", _ALL_COMPEERS),
        Step("borne", "the names of these", _BORNE),
        Step("keyed", "with all else that tells whether two entries are one person", _KEYED),
        Step("own", "which of them are the foremost person again", _OWN),
        Step("rivals", "requests with a second person who fits", _RIVALS),
        Step("judged", "what stands between the foremost and a yes", _judged(terms)),
        Step("otherwise", "what the others come to", _OTHERWISE),
        Step("open", "requests of which nobody of that name says anything", _OPEN),
        Step("listed_open", "the addresses near theirs", _LISTED_OPEN),
        Sought("places_open", "addresses", "address", "SELECT address FROM listed_open"),
        Step("sites_open", "each of them once, so that the index is read once", _SITES_OPEN),
        *facing_steps("listed_open", "sites_open", "addressed_open"),
        Sought("spells_open", "spells", "address", "SELECT address FROM addressed_open"),
        Step("strangers", "those whose address is of record for others", _STRANGERS),
        Step("shown", "how many people a reviewer is shown", _COUNTED),
        Step("determined", "one determination for every request", _DETERMINED),
    ]


_COUNTED = f"SELECT row_number, count(DISTINCT person) AS candidates FROM ({SHOWN}) GROUP BY row_number"

_DETERMINATION = " ".join(
    f"WHEN '{code}' THEN '{reason.level}'" for code, reason in REASONS.items() if reason.about == "determination"
)

_DETERMINED = f"""
WITH reasoned AS (
    SELECT q.row_number, q.request_id, coalesce(j.reason, o.reason,
            CASE WHEN x.row_number IS NOT NULL THEN 'other_name' ELSE 'nothing_found' END) AS word,
        CASE word {_DETERMINATION} END AS determination, j.person AS foremost_person,
        j.taxpayer_id AS foremost_taxpayer, coalesce(s.candidates, 0)::INTEGER AS candidates
    FROM asked AS q LEFT JOIN judged AS j USING (row_number) LEFT JOIN otherwise AS o USING (row_number)
    LEFT JOIN strangers AS x USING (row_number) LEFT JOIN shown AS s USING (row_number)
)
SELECT row_number, request_id, determination, word AS reason,
    CASE WHEN determination IN ('confirmed', 'unclear') THEN foremost_person END AS person,
    CASE WHEN determination IN ('confirmed', 'unclear') THEN foremost_taxpayer END AS taxpayer_id, candidates
FROM reasoned
"""
