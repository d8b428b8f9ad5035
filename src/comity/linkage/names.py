"""The name of a request against every name of a person of record: reasons, levels, middle name and suffix."""

from __future__ import annotations

from comity.linkage.reasons import NAME_LEVELS, level_sql, rank_sql, words
from comity.linkage.words import word_step
from comity.standard import Step

MIDDLE_LEVELS = ("agrees", "conflicts", "absent")
SUFFIX_LEVELS = ("agrees", "conflicts", "one_sided", "absent")


def name_steps(meetings: str, into: str) -> list[Step]:
    """The steps to the table `into`, one row per (row_number, spell), from `meetings`, one row per name of the person.

    `meetings` has `row_number, spell`, the request's `q_given, q_middle, q_family, q_suffix` and the record's
    `r_given, r_middle, r_family, r_suffix`. Gives `name_level, given_level, given_reason, family_level, middle_level,
    suffix_level, name_reasons`. The name that agrees best stands for the person, for a person's names are pooled over
    the years; a middle name or suffix that conflicts with any of them counts, unless another of them agrees.
    """
    families = f"SELECT q_family AS a, r_family AS b FROM {meetings}"
    givens = "SELECT q_given AS a, r_given AS b FROM relatives"
    return [
        word_step("family", families, "family_words"),
        Step("relatives", "whose family name agrees in some way", _RELATIVES.format(meetings=meetings)),
        word_step("given", givens, "given_words"),
        Step("alike", "whose given name agrees as well", _ALIKE),
        Step("seconded", "what is left to be a middle name", f"SELECT *, {_SECOND} FROM alike"),
        Step("levelled", "the level of each part", f"SELECT *, {_LEVELS} FROM seconded"),
        Step("ranked", "its rank", f"SELECT *, {_RANKS} FROM levelled"),
        Step("weighed", "the name as a whole", f"SELECT *, {_PLACES} FROM ranked"),
        Step(into, "the name of each person that agrees best", _BEST),
    ]


_SWAPPED = "coalesce(q_given = r_family AND q_family = r_given AND q_given <> q_family, FALSE)"
_MIDDLE_IN_FAMILY = (
    "coalesce(concat_ws(' ', q_middle, q_family) = r_family OR concat_ws(' ', r_middle, r_family) = q_family, FALSE)"
)

_RELATIVES = f"""
SELECT * FROM (
    SELECT m.*, {_SWAPPED} AS swapped, {_MIDDLE_IN_FAMILY} AS middle_in_family,
        CASE WHEN q_family IS NULL AND r_family IS NULL AND q_given IS NOT NULL AND r_given IS NOT NULL
            THEN 'family_on_neither'
            WHEN q_family IS NULL OR r_family IS NULL THEN 'family_blank'
            WHEN {_SWAPPED} THEN 'names_swapped'
            WHEN q_family = r_family THEN 'family_same'
            WHEN {_MIDDLE_IN_FAMILY} THEN 'family_written_otherwise'
            ELSE f.reason END AS family_reason
    FROM {{meetings}} AS m LEFT JOIN family_words AS f ON f.a = q_family AND f.b = r_family
)
WHERE family_reason <> 'family_differs'
"""

# The middle name that stands for the given one is a whole name, whatever stands where the given name should.
_IS_MIDDLE = """
coalesce(length(r_given) > 1 AND q_middle = r_given, FALSE)
OR coalesce(length(q_given) > 1 AND q_given = r_middle, FALSE)
"""

_ALIKE = f"""
SELECT * FROM (
    SELECT m.*, replace(q_given, ' ', '') = replace(r_given, ' ', '') AS same_given_letters,
        CASE WHEN q_given IS NULL AND r_given IS NULL AND q_family IS NOT NULL AND r_family IS NOT NULL
            THEN 'given_on_neither'
            WHEN q_given IS NULL OR r_given IS NULL THEN 'given_blank'
            WHEN swapped THEN 'names_swapped'
            WHEN q_given = r_given THEN 'given_same'
            WHEN replace(concat(q_given, q_middle), ' ', '') = replace(concat(r_given, r_middle), ' ', '')
                THEN 'given_written_otherwise'
            WHEN g.reason = 'given_differs' AND ({_IS_MIDDLE}) THEN 'given_is_middle'
            ELSE g.reason END AS given_reason
    FROM relatives AS m LEFT JOIN given_words AS g ON g.a = q_given AND g.b = r_given
)
WHERE given_reason <> 'given_differs'
"""

# A middle name that was needed to make the names equal is spent: it supports nothing else.
_SPENT = """
coalesce(given_reason IN ('given_written_otherwise', 'given_is_middle') AND NOT same_given_letters, FALSE)
OR (family_reason = 'family_written_otherwise' AND middle_in_family)
"""


def _leftover(longer: str, shorter: str, middle: str) -> str:
    """SQL: the middle name, or the parts of a compound given name after the one that the other side has."""
    begins = f"given_reason = 'given_partial' AND starts_with({longer}, {shorter} || ' ')"
    return f"coalesce({middle}, CASE WHEN {begins} THEN substr({longer}, length({shorter}) + 2) END)"


_SECOND = f"""
{_SPENT} AS spent,
{_leftover("q_given", "r_given", "q_middle")} AS q_second,
{_leftover("r_given", "q_given", "r_middle")} AS r_second
"""

_LEVELS = f"""
CASE WHEN given_reason = 'names_swapped' THEN 'exact' ELSE {level_sql("given_reason", "given")} END AS given_level,
{level_sql("family_reason", "family")} AS family_level,
CASE WHEN spent OR q_second IS NULL OR r_second IS NULL THEN 'absent'
    WHEN q_second = r_second THEN 'agrees'
    WHEN length(q_second) = 1 OR length(r_second) = 1
        THEN CASE WHEN left(q_second, 1) = left(r_second, 1) THEN 'agrees' ELSE 'conflicts' END
    WHEN least(length(q_second), length(r_second)) > 3 AND levenshtein(q_second, r_second) <= 1 THEN 'agrees'
    ELSE 'conflicts' END AS middle_level,
CASE WHEN q_suffix IS NULL AND r_suffix IS NULL THEN 'absent'
    WHEN q_suffix IS NULL OR r_suffix IS NULL THEN 'one_sided'
    WHEN q_suffix = r_suffix THEN 'agrees'
    ELSE 'conflicts' END AS suffix_level
"""

_RANKS = f"""
{rank_sql("given_level", NAME_LEVELS)} AS given_rank, {rank_sql("family_level", NAME_LEVELS)} AS family_rank,
{rank_sql("middle_level", MIDDLE_LEVELS)} AS middle_rank, {rank_sql("suffix_level", SUFFIX_LEVELS)} AS suffix_rank
"""

_PLACES = f"""
list_extract([{words(NAME_LEVELS)}], greatest(given_rank, family_rank) + 1) AS name_level,
(greatest(given_rank, family_rank), given_rank + family_rank, given_reason, family_reason) AS place
"""


def _best(level: str, levels: tuple[str, ...]) -> str:
    rank = level.replace("_level", "_rank")
    return f"list_extract([{words(levels)}], min({rank}) + 1) AS {level}"


_BEST = f"""
SELECT row_number, spell,
    arg_min(name_level, place) AS name_level,
    arg_min(given_level, place) AS given_level,
    arg_min(given_reason, place) AS given_reason,
    arg_min(family_level, place) AS family_level,
    arg_min(CASE WHEN given_reason = family_reason THEN [given_reason] ELSE [given_reason, family_reason] END, place)
        AS name_reasons,
    {_best("middle_level", MIDDLE_LEVELS)},
    {_best("suffix_level", SUFFIX_LEVELS)}
FROM weighed GROUP BY row_number, spell
"""
