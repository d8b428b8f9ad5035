"""The delivery line of each address: folded, rid of what the other columns say already, and reduced to its shape."""

from __future__ import annotations

from comity.standard.address_columns import ADDRESS
from comity.standard.fold import clean, every, one_of, plain, when, words
from comity.standard.steps import Step

# The characters that can be part of an address line; letters of other scripts stay, so that the line is unreadable.
_KEPT = r"\p{L}\p{M}0-9#/&|@.\-"

_MILITARY = ("AA", "AE", "AP")

_SAME_PLACE = " AND ".join(f"d.{c} IS NOT DISTINCT FROM p.{c}" for c in ("city_0", "state_0", "zip_0", "country"))

_SITED = f"""
SELECT d.{", d.".join(ADDRESS)}, d.line_0, p.city_1, p.state_1, p.zip_sent, p.a_city, p.a_state, p.a_zip, p.abroad
FROM std_given d JOIN std_places p ON {_SAME_PLACE}
"""


def _dotted(column: str) -> str:
    """SQL: `N.W.` reads NW, and a full stop stays only inside a figure."""
    pairs = every(column, r"\b([NS])\. ?([EW])\.", r"\1\2 ")
    letters = every(pairs, r"\b([A-Z])\.([A-Z])\.", r"\1 \2 ")
    dots = every(every(letters, r"([^0-9])\.", r"\1 "), r"\.([^0-9]|$)", r" \1")
    return when(f"contains({column}, '.')", dots, column)


def _tidied(column: str) -> str:
    return when(clean(column), f"upper({column})", words(_dotted(plain(column)), _KEPT))


_TIDIED = f"""
SELECT * EXCLUDE (line_0), {_tidied("line_0")} AS line_1,
    {when("unit_line IS NOT NULL", _tidied("unit_line"))} AS unit_1
FROM sited
"""

# The street may stand in the second line, under a building's or a host's name; `beside` is the line that is not it.
_TURNED = r"""
SELECT * EXCLUDE (line_1, unit_1, turned), CASE WHEN turned THEN unit_1 ELSE line_1 END AS line_2,
    CASE WHEN NOT turned THEN unit_1 END AS unit, CASE WHEN turned THEN line_1 ELSE unit_1 END AS beside
FROM (SELECT *, CASE WHEN unit_1 IS NULL THEN FALSE WHEN line_1 IS NULL THEN TRUE
        ELSE NOT regexp_matches(line_1, '[0-9]') AND regexp_matches(unit_1, '^[0-9]+[A-Z]? .*[A-Z]{2}')
            AND NOT regexp_matches(unit_1, '(?:FL|FLR|FLOOR|LEVEL|STORY)$') END AS turned FROM tidied)
"""


def _without(line: str, tail: str) -> str:
    """SQL: `line` without `tail` at its end, when a word stands before it."""
    shorter = f"left({line}, length({line}) - length({tail}) - 1)"
    return when(f"ends_with({line}, {tail}) AND ends_with({line}, ' ' || {tail})", shorter, line)


_SHORTENED = f"""
SELECT * EXCLUDE (line_2, line_3, line_4, city_1, state_1), {_without("line_4", "city_1")} AS line,
    line <> line_4 AS city_cut
FROM (SELECT *, {_without("line_3", "state_1")} AS line_4
    FROM (SELECT *, {_without("line_2", "zip_sent")} AS line_3 FROM turned))
"""

_PLAIN_NUMBER = r"^([1-9][0-9]*) (?:[A-Z]|[0-9]+(?:ST|ND|RD|TH)\b)"

_NUMBERED = f"""
SELECT *, CASE WHEN {one_of("a_state", _MILITARY)} THEN 'military' WHEN abroad IS NOT NULL THEN 'abroad'
        WHEN a_state = 'PR' THEN 'PR' ELSE 'home' END AS region,
    CASE WHEN region = 'home' THEN nullif(regexp_extract(line, '{_PLAIN_NUMBER}', 1), '') END AS own_number
FROM shortened
"""

# The rules never look at the figures of a plain number, so the lines of one street are all read by reading one.
_SHAPED = f"""
SELECT {", ".join(ADDRESS)}, a_city, a_state, a_zip, zip_sent, abroad, region, city_cut, unit, beside, own_number,
    {when("own_number IS NULL", "line", "'1' || substr(line, length(own_number) + 1)")} AS shape
FROM numbered
"""


def line_steps() -> list[Step]:
    """The steps from `std_given` and `std_places` to `shape`, `own_number`, `region`, `unit` and `beside`."""
    return [
        Step("sited", "each address with its place", _SITED),
        Step("tidied", "upper case, accents folded, punctuation and spaces evened out", _TIDIED),
        Step("turned", "a street in the second line, under a name, is the line", _TURNED),
        Step("shortened", "a line that repeats its city, state and ZIP is cut", _SHORTENED),
        Step("numbered", "a plain number at its head, and the part of the world it lies in", _NUMBERED),
        Step("shaped", "the line with 1 for its plain number: 12 Elm St and 40 Elm St are one shape", _SHAPED),
    ]
