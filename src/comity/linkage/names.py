"""The name of a request against every name of a person of record: reasons, levels, middle name and suffix."""

from __future__ import annotations

from comity.linkage.reasons import NAME_LEVELS, level_sql, rank_sql, words
from comity.linkage.words import word_step
from comity.standard import Step

MIDDLE_LEVELS = ("agrees", "conflicts", "absent")
SUFFIX_LEVELS = ("agrees", "conflicts", "one_sided", "absent")


def name_steps(meetings: str, into: str) -> list[Step]:
    """The steps to the table `into`, one row per (row_number, person), from `meetings`, one row per name of the person.

    `meetings` has `row_number, person`, the request's `q_given, q_middle, q_family, q_suffix` and the record's
    `r_given, r_middle, r_family, r_suffix`. Gives `name_level, given_level, given_reason, family_level, middle_level,
    suffix_level, name_reasons`. The name that agrees best stands for the person, for a person's names are pooled over
    the years; a middle name or suffix that conflicts with any of them counts, unless another of them agrees.
    """
    return [
        word_step("given", f"SELECT q_given AS a, r_given AS b FROM {meetings}", "given_words"),
        word_step("family", f"SELECT q_family AS a, r_family AS b FROM {meetings}", "family_words"),
        Step(
            "names_joined",
            "each name beside what its words say",
            f"SELECT m.*, {_JOINED} FROM {meetings} AS m {_WORDS}",
        ),
        Step(
            "names_reasoned",
            "one reason for each part",
            f"SELECT *, {_GIVEN} AS given_reason, {_FAMILY} AS family_reason FROM names_joined",
        ),
        Step("names_second", "what is left to be a middle name", f"SELECT *, {_SECOND} FROM names_reasoned"),
        Step("names_levelled", "the level of each part", f"SELECT *, {_LEVELS} FROM names_second"),
        Step("names_ranked", "its rank", f"SELECT *, {_RANKS} FROM names_levelled"),
        Step("names_placed", "the name as a whole", f"SELECT *, {_PLACES} FROM names_ranked"),
        Step(into, "the name of each person that agrees best", _BEST),
    ]


_WORDS = """
LEFT JOIN given_words AS g ON g.a = q_given AND g.b = r_given
LEFT JOIN family_words AS f ON f.a = q_family AND f.b = r_family
"""

_JOINED = """
g.reason AS given_word, f.reason AS family_word,
coalesce(q_given = r_family AND q_family = r_given AND q_given <> q_family, FALSE) AS swapped,
replace(concat(q_given, q_middle), ' ', '') = replace(concat(r_given, r_middle), ' ', '') AS same_first_letters,
replace(q_given, ' ', '') = replace(r_given, ' ', '') AS same_given_letters,
coalesce(concat_ws(' ', q_middle, q_family) = r_family OR concat_ws(' ', r_middle, r_family) = q_family, FALSE)
    AS middle_in_family
"""

_GIVEN = """
CASE WHEN q_given IS NULL OR r_given IS NULL THEN 'given_blank'
    WHEN swapped THEN 'names_swapped'
    WHEN q_given = r_given THEN 'given_same'
    WHEN same_first_letters THEN 'given_written_otherwise'
    WHEN given_word = 'given_differs' AND length(q_given) > 1 AND length(r_given) > 1
        AND (q_given = r_middle OR q_middle = r_given) THEN 'given_is_middle'
    ELSE given_word END
"""

_FAMILY = """
CASE WHEN q_family IS NULL OR r_family IS NULL THEN 'family_blank'
    WHEN swapped THEN 'names_swapped'
    WHEN q_family = r_family THEN 'family_same'
    WHEN middle_in_family THEN 'family_written_otherwise'
    ELSE family_word END
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
    return f"list_extract([{words(levels)}], min({rank}) FILTER (name_level <> 'different') + 1) AS {level}"


_BEST = f"""
SELECT row_number, person,
    arg_min(name_level, place) AS name_level,
    arg_min(given_level, place) AS given_level,
    arg_min(given_reason, place) AS given_reason,
    arg_min(family_level, place) AS family_level,
    arg_min(CASE WHEN given_reason = family_reason THEN [given_reason] ELSE [given_reason, family_reason] END, place)
        AS name_reasons,
    {_best("middle_level", MIDDLE_LEVELS)},
    {_best("suffix_level", SUFFIX_LEVELS)}
FROM names_placed GROUP BY row_number, person
"""
