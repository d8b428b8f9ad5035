"""The name of a request against every name of a person of record: reasons, levels, middle name and suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.reasons import NAME_LEVELS, level_sql, rank_sql
from comity.linkage.words import compare_words

if TYPE_CHECKING:
    import duckdb

MIDDLE_LEVELS = ("agrees", "conflicts", "absent")
SUFFIX_LEVELS = ("agrees", "conflicts", "one_sided", "absent")


def compare_names(con: duckdb.DuckDBPyConnection, meetings: str, into: str) -> None:
    """Make the table `into`, one row per (row_number, person), from `meetings`, one row per name of the person.

    `meetings` has `row_number, person`, the request's `q_given, q_middle, q_family, q_suffix` and the record's
    `r_given, r_middle, r_family, r_suffix`. Gives `name_level, given_level, family_level, middle_level, suffix_level,
    name_reasons`. The name that agrees best stands for the person, for a person's names are pooled over the years; a
    middle name or suffix that conflicts with any of them counts, unless another of them agrees.
    """
    compare_words(con, "given", f"SELECT q_given AS a, r_given AS b FROM {meetings}", "given_words")
    compare_words(con, "family", f"SELECT q_family AS a, r_family AS b FROM {meetings}", "family_words")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE {into} AS
WITH reasoned AS ({_reasoned(meetings)}),
levelled AS ({_LEVELLED}),
ranked AS ({_RANKED})
SELECT row_number, person,
    arg_min(name_level, place) AS name_level,
    arg_min(given_level, place) AS given_level,
    arg_min(family_level, place) AS family_level,
    arg_min(list_distinct([given_reason, family_reason]), place) AS name_reasons,
    {_best("middle_level", MIDDLE_LEVELS)},
    {_best("suffix_level", SUFFIX_LEVELS)}
FROM ranked GROUP BY row_number, person
""")


def _reasoned(meetings: str) -> str:
    return f"""
SELECT m.*,
    q_given = r_family AND q_family = r_given AND q_given <> q_family AS swapped,
    concat_ws(' ', q_given, q_middle) AS q_first, concat_ws(' ', r_given, r_middle) AS r_first,
    concat_ws(' ', q_middle, q_family) AS q_last, concat_ws(' ', r_middle, r_family) AS r_last,
    CASE WHEN q_given IS NULL OR r_given IS NULL THEN 'given_blank'
        WHEN swapped THEN 'names_swapped'
        WHEN q_given = r_given THEN 'given_same'
        WHEN replace(q_first, ' ', '') = replace(r_first, ' ', '') THEN 'given_written_otherwise'
        WHEN g.reason = 'given_differs' AND length(q_given) > 1 AND length(r_given) > 1
            AND (q_given = r_middle OR q_middle = r_given) THEN 'given_is_middle'
        ELSE g.reason END AS given_reason,
    CASE WHEN q_family IS NULL OR r_family IS NULL THEN 'family_blank'
        WHEN swapped THEN 'names_swapped'
        WHEN q_family = r_family THEN 'family_same'
        WHEN f.reason <> 'family_written_otherwise' AND (q_last = r_family OR r_last = q_family)
            THEN 'family_written_otherwise'
        ELSE f.reason END AS family_reason,
    -- A middle name that was needed to make the names equal is spent: it supports nothing else.
    coalesce(given_reason IN ('given_written_otherwise', 'given_is_middle') AND q_given <> r_given
            AND replace(q_given, ' ', '') <> replace(r_given, ' ', '')
        OR family_reason = 'family_written_otherwise' AND (q_last = r_family OR r_last = q_family), FALSE) AS spent
FROM {meetings} AS m
LEFT JOIN given_words AS g ON g.a = q_given AND g.b = r_given
LEFT JOIN family_words AS f ON f.a = q_family AND f.b = r_family
"""


def _leftover(longer: str, shorter: str, middle: str) -> str:
    """SQL: the middle name, or the parts of a compound given name after the one that the other side has."""
    begins = f"given_reason = 'given_partial' AND starts_with({longer}, {shorter} || ' ')"
    return f"coalesce({middle}, CASE WHEN {begins} THEN substr({longer}, length({shorter}) + 2) END)"


_LEVELLED = f"""
SELECT *,
    CASE WHEN given_reason = 'names_swapped' THEN 'exact' ELSE {level_sql("given_reason", "given")} END AS given_level,
    {level_sql("family_reason", "family")} AS family_level,
    {_leftover("q_given", "r_given", "q_middle")} AS q_second,
    {_leftover("r_given", "q_given", "r_middle")} AS r_second,
    CASE WHEN spent OR q_second IS NULL OR r_second IS NULL THEN 'absent'
        WHEN q_second = r_second THEN 'agrees'
        WHEN length(q_second) = 1 OR length(r_second) = 1
            THEN CASE WHEN q_second[1] = r_second[1] THEN 'agrees' ELSE 'conflicts' END
        WHEN least(length(q_second), length(r_second)) > 3 AND levenshtein(q_second, r_second) <= 1 THEN 'agrees'
        ELSE 'conflicts' END AS middle_level,
    CASE WHEN q_suffix IS NULL AND r_suffix IS NULL THEN 'absent'
        WHEN q_suffix IS NULL OR r_suffix IS NULL THEN 'one_sided'
        WHEN q_suffix = r_suffix THEN 'agrees'
        ELSE 'conflicts' END AS suffix_level
FROM reasoned
"""

_RANKED = f"""
SELECT *,
    greatest({rank_sql("given_level", NAME_LEVELS)}, {rank_sql("family_level", NAME_LEVELS)}) AS worst,
    list_extract([{", ".join(f"'{level}'" for level in NAME_LEVELS)}], worst + 1) AS name_level,
    (worst, {rank_sql("given_level", NAME_LEVELS)} + {rank_sql("family_level", NAME_LEVELS)},
        given_reason, family_reason) AS place
FROM levelled
"""


def _best(level: str, levels: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{name}'" for name in levels)
    place = rank_sql(level, levels)
    return f"list_extract([{listed}], min({place}) FILTER (name_level <> 'different') + 1) AS {level}"
