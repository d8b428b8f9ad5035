"""The name of a request against every name of a person of record: reasons, levels, middle name and suffix."""

from __future__ import annotations

from comity.linkage.reasons import NAME_LEVELS, level_sql, rank_sql, reasons_of, words
from comity.linkage.words import word_step
from comity.standard import Step

MIDDLE_LEVELS = ("agrees", "conflicts", "absent")
SUFFIX_LEVELS = ("agrees", "conflicts", "one_sided", "absent")


def name_steps(meetings: str, into: str) -> list[Step]:
    """The steps to the table `into`, one row per (row_number, spell), from `meetings`, one row per name of the person.

    `meetings` has `row_number, spell`, the request's `q_given, q_middle, q_family, q_suffix` and the record's
    `r_given, r_middle, r_family, r_suffix`. Gives `name_level, name_rank, given_level, given_reason, family_level,
    family_reason, middle_level, suffix_level`. The name that agrees best stands for the person, for a person's names
    are pooled over the years; a middle name or suffix that conflicts with any of them counts, unless another of them
    agrees.
    """
    givens = f"SELECT q_given AS a, r_given AS b FROM {meetings}"
    families = "SELECT q_family AS a, r_family AS b FROM namesakes"
    return [
        word_step("given", givens, "given_words"),
        Step("namesakes", "whose given name agrees in some way", _NAMESAKES.format(meetings=meetings)),
        word_step("family", families, "family_words"),
        Step("alike", "whose family name agrees as well", _ALIKE),
        Step("seconded", "what is left to be a middle name", f"SELECT *, {_SECOND} FROM alike"),
        Step("graded", "how well each name agrees, as one number", _GRADED),
        Step("best", "the name of each person that agrees best", _BEST),
        Step(into, "in words", _WORDED),
    ]


_SWAPPED = "coalesce(q_given = r_family AND q_family = r_given AND q_given <> q_family, FALSE)"
_MIDDLE_IN_FAMILY = (
    "coalesce(concat_ws(' ', q_middle, q_family) = r_family OR concat_ws(' ', r_middle, r_family) = q_family, FALSE)"
)

# The middle name that stands for the given one is a whole name, whatever stands where the given name should.
_IS_MIDDLE = """
coalesce(length(r_given) > 1 AND q_middle = r_given, FALSE)
OR coalesce(length(q_given) > 1 AND q_given = r_middle, FALSE)
"""

# Given names before family names: most who are met at an address share the family name.
_NAMESAKES = f"""
SELECT * FROM (
    SELECT m.*, {_SWAPPED} AS swapped, {_SWAPPED} AND g.one_given AS misplaced,
        CASE WHEN q_given = r_given THEN 'given_same'
            WHEN q_given IS NULL AND r_given IS NULL AND q_family IS NOT NULL AND r_family IS NOT NULL
            THEN 'given_on_neither'
            WHEN q_given IS NULL OR r_given IS NULL THEN 'given_blank'
            WHEN {_SWAPPED} THEN 'names_swapped'
            WHEN replace(concat(q_given, q_middle), ' ', '') = replace(concat(r_given, r_middle), ' ', '')
                THEN 'given_written_otherwise'
            WHEN g.reason = 'given_differs' AND ({_IS_MIDDLE}) THEN 'given_is_middle'
            ELSE g.reason END AS given_reason
    FROM {{meetings}} AS m LEFT JOIN given_words AS g ON g.a = q_given AND g.b = r_given
)
WHERE given_reason <> 'given_differs'
"""

_ALIKE = f"""
SELECT * FROM (
    SELECT m.*, replace(q_given, ' ', '') = replace(r_given, ' ', '') AS same_given_letters,
        {_MIDDLE_IN_FAMILY} AS middle_in_family,
        CASE WHEN q_family = r_family THEN 'family_same'
            WHEN q_family IS NULL AND r_family IS NULL AND q_given IS NOT NULL AND r_given IS NOT NULL
            THEN 'family_on_neither'
            WHEN q_family IS NULL OR r_family IS NULL THEN 'family_blank'
            WHEN misplaced THEN 'names_misplaced'
            WHEN swapped THEN 'names_swapped'
            WHEN {_MIDDLE_IN_FAMILY} THEN 'family_written_otherwise'
            ELSE f.reason END AS family_reason
    FROM namesakes AS m LEFT JOIN family_words AS f ON f.a = q_family AND f.b = r_family
)
WHERE family_reason <> 'family_differs'
"""

# A middle name that was needed to make the names equal is spent: it supports nothing else.
_SPENT = """
coalesce(given_reason IN ('given_written_otherwise', 'given_is_middle') AND NOT same_given_letters, FALSE)
OR (family_reason = 'family_written_otherwise' AND middle_in_family)
"""


# Maria C is Maria del Carmen.
PARTICLES = "^(?:(?:DE|DEL|LA|LAS|LOS|Y) )+"


def _leftover(longer: str, shorter: str, middle: str) -> str:
    """SQL: the middle name, or the parts of a compound given name after the one that the other side has."""
    begins = f"given_reason = 'given_partial' AND starts_with({longer}, {shorter} || ' ')"
    second = f"coalesce({middle}, CASE WHEN {begins} THEN substr({longer}, length({shorter}) + 2) END)"
    return f"regexp_replace({second}, '{PARTICLES}', '')"


_SECOND = f"""
{_SPENT} AS spent,
{_leftover("q_given", "r_given", "q_middle")} AS q_second,
{_leftover("r_given", "q_given", "r_middle")} AS r_second
"""

# The reasons in the order of the alphabet, which breaks ties among the names of one person.
_GIVEN_REASONS = tuple(sorted((*reasons_of("given", *NAME_LEVELS), "names_swapped")))
_FAMILY_REASONS = tuple(sorted(reasons_of("family", *NAME_LEVELS)))
_FEWER = 100


def _given_level(reason: str) -> str:
    return f"CASE WHEN {reason} = 'names_swapped' THEN 'exact' ELSE {level_sql(reason, 'given')} END"


_GRADES = f"""
{rank_sql(_given_level("given_reason"), NAME_LEVELS)} AS given_rank,
{rank_sql(level_sql("family_reason", "family"), NAME_LEVELS)} AS family_rank,
{rank_sql("given_reason", _GIVEN_REASONS)} AS given_place, {rank_sql("family_reason", _FAMILY_REASONS)} AS family_place,
CASE WHEN spent OR q_second IS NULL OR r_second IS NULL THEN {MIDDLE_LEVELS.index("absent")}
    WHEN q_second = r_second THEN {MIDDLE_LEVELS.index("agrees")}
    WHEN length(q_second) = 1 OR length(r_second) = 1 THEN CASE WHEN left(q_second, 1) = left(r_second, 1)
        THEN {MIDDLE_LEVELS.index("agrees")} ELSE {MIDDLE_LEVELS.index("conflicts")} END
    WHEN least(length(q_second), length(r_second)) > 3 AND levenshtein(q_second, r_second) <= 1
        THEN {MIDDLE_LEVELS.index("agrees")}
    ELSE {MIDDLE_LEVELS.index("conflicts")} END AS middle_rank,
CASE WHEN q_suffix IS NULL AND r_suffix IS NULL THEN {SUFFIX_LEVELS.index("absent")}
    WHEN q_suffix IS NULL OR r_suffix IS NULL THEN {SUFFIX_LEVELS.index("one_sided")}
    WHEN q_suffix = r_suffix THEN {SUFFIX_LEVELS.index("agrees")}
    ELSE {SUFFIX_LEVELS.index("conflicts")} END AS suffix_rank
"""

# One number that orders the names of a person, from which the reasons can be read again.
_GRADED = f"""
SELECT row_number, spell, middle_rank, suffix_rank,
    ((greatest(given_rank, family_rank) * {_FEWER} + given_rank + family_rank) * {_FEWER} + given_place) * {_FEWER}
        + family_place AS grade
FROM (SELECT row_number, spell, {_GRADES} FROM seconded)
"""

_BEST = """
SELECT row_number, spell, min(grade) AS grade, min(middle_rank) AS middle_rank, min(suffix_rank) AS suffix_rank
FROM graded GROUP BY row_number, spell
"""


def _digits(place: int) -> str:
    return f"(grade // {_FEWER**place} % {_FEWER})::INTEGER"


def _word(levels: tuple[str, ...], rank: str) -> str:
    return f"list_extract([{words(levels)}], {rank} + 1)"


_WORDED = f"""
SELECT *, {_given_level("given_reason")} AS given_level, {level_sql("family_reason", "family")} AS family_level,
    {_word(NAME_LEVELS, "name_rank")} AS name_level
FROM (
    SELECT row_number, spell, {_digits(3)} AS name_rank,
        {_word(_GIVEN_REASONS, _digits(1))} AS given_reason,
        {_word(_FAMILY_REASONS, _digits(0))} AS family_reason,
        {_word(MIDDLE_LEVELS, "middle_rank")} AS middle_level, {_word(SUFFIX_LEVELS, "suffix_rank")} AS suffix_level
    FROM best
)
"""
