"""The delivery line of each address: joined with its place, folded, and rid of what the other columns say already."""

from __future__ import annotations

from comity.standard.address_columns import ADDRESS, address_key_sql
from comity.standard.fold import clean, every, plain, when, words
from comity.standard.steps import Step

# The characters that can be part of an address line; letters of other scripts stay, so that the line is unreadable.
_KEPT = r"\p{L}\p{M}0-9#/&|@.\-"

_SITED = f"""
SELECT d.{", d.".join(ADDRESS)}, {address_key_sql("d")} AS address_key, d.line_0,
    p.city_1, p.state_1, p.zip_sent, p.a_city, p.a_state, p.a_zip, p.abroad
FROM divided d JOIN std_places p ON d.city_0 IS NOT DISTINCT FROM p.city_0 AND d.state_0 IS NOT DISTINCT FROM p.state_0
    AND d.zip_0 IS NOT DISTINCT FROM p.zip_0 AND d.country IS NOT DISTINCT FROM p.country
"""


def _dotted(column: str) -> str:
    """SQL: `N.W.` reads NW, and a full stop stays only inside a figure."""
    pairs = every(column, r"\b([NS])\. ?([EW])\.", r"\1\2 ")
    letters = every(pairs, r"\b([A-Z])\.([A-Z])\.", r"\1 \2 ")
    dots = every(every(letters, r"([^0-9])\.", r"\1 "), r"\.([^0-9]|$)", r" \1")
    return when(f"contains({column}, '.')", dots, column)


_FOLDED = f"""
SELECT * EXCLUDE (line_0), {clean("line_0")} AS line_clean, {clean("unit_line")} AS unit_clean,
    {plain("line_0")} AS line_1, {plain("unit_line")} AS unit_1
FROM sited
"""

_TIDIED = f"""
SELECT * EXCLUDE (line_clean, unit_clean, line_1, unit_1),
    {when("line_clean", "line_1", words(_dotted("line_1"), _KEPT))} AS line_2,
    {when("unit_clean", "unit_1", words(_dotted("unit_1"), _KEPT))} AS unit_2
FROM folded
"""

# The street may stand in the second line, under a building's or a host's name; `beside` is the line that is not it.
_TURNED = r"""
SELECT * EXCLUDE (line_2, unit_2, turned), CASE WHEN turned THEN unit_2 ELSE line_2 END AS line_3,
    CASE WHEN NOT turned THEN unit_2 END AS unit, CASE WHEN turned THEN line_2 ELSE unit_2 END AS beside
FROM (SELECT *, CASE WHEN unit_2 IS NULL THEN FALSE WHEN line_2 IS NULL THEN TRUE
        ELSE NOT regexp_matches(line_2, '[0-9]') AND regexp_matches(unit_2, '^[0-9]+[A-Z]? .*[A-Z]{2}')
            AND NOT regexp_matches(unit_2, '(?:FL|FLR|FLOOR|LEVEL|STORY)$') END AS turned FROM tidied)
"""


def _without(line: str, tail: str) -> str:
    """SQL: `line` without `tail` at its end, when a word stands before it."""
    shorter = f"left({line}, length({line}) - length({tail}) - 1)"
    return when(f"ends_with({line}, {tail}) AND ends_with({line}, ' ' || {tail})", shorter, line)


_SHORTENED = f"""
SELECT * EXCLUDE (line_3, line_4, line_5, city_1, state_1), {_without("line_5", "city_1")} AS line,
    line <> line_5 AS city_cut
FROM (SELECT *, {_without("line_4", "state_1")} AS line_5
    FROM (SELECT *, {_without("line_3", "zip_sent")} AS line_4 FROM turned))
"""


def line_steps() -> list[Step]:
    """The steps from `divided` and the places to `line`, `unit` and `beside`."""
    return [
        Step("sited", "each address with its place, and the key by which callers join back", _SITED),
        Step("folded", "upper case, accents folded", _FOLDED),
        Step("tidied", "punctuation and spaces evened out", _TIDIED),
        Step("turned", "a street in the second line, under a name, is the line", _TURNED),
        Step("shortened", "a line that repeats its city, state and ZIP is cut", _SHORTENED),
    ]
