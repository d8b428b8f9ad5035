"""The delivery line of each address: folded, rid of what the other columns say already, and reduced to its shape."""

from __future__ import annotations

from comity.standard.address_columns import same_sql
from comity.standard.fold import clean, every, fold_steps, one_of, when, words
from comity.standard.lists import lines
from comity.standard.places import PLACE
from comity.standard.steps import Step

# The characters that can be part of an address line; letters of other scripts stay, so that the line is unreadable.
_KEPT = r"\p{L}\p{M}0-9#/&|@.\-"

_MILITARY = ("AA", "AE", "AP")


def _odd(column: str) -> str:
    return f"SELECT {column} AS sent FROM std_given WHERE NOT {clean(column)}"


_ODD = " UNION ".join(map(_odd, ("line_0", "unit_line", "city_0")))


def _dotted(column: str) -> str:
    """SQL: `N.W.` reads NW, and a full stop stays only inside a figure."""
    pairs = every(column, r"\b([NS])\. ?([EW])\.", r"\1\2 ")
    letters = every(pairs, r"\b([A-Z])\.([A-Z])\.", r"\1 \2 ")
    return every(every(letters, r"([^0-9])\.", r"\1 "), r"\.([^0-9]|$)", r" \1")


_HAS_DOT = "contains(folded, '.')"
_DOTTED = f"SELECT sent, {when(_HAS_DOT, _dotted('folded'), 'folded')} AS dotted FROM folded"
_TIDY = f"SELECT sent, {words('dotted', _KEPT)} AS tidy FROM dotted"

_SITED = f"""
SELECT d.row_number, d.line_0, d.unit_line, p.city_1, p.state_name, p.zip_sent, p.a_city, p.a_state, p.a_zip, p.abroad
FROM std_given d JOIN std_places p ON {same_sql(PLACE, "d", "p")}
"""

# The name of the building before the street: Oak Terrace Apts 410 Elm St.
_HOUSED = rf"^[A-Z ]+ (?:{'|'.join(lines('complexes'))}) ([0-9]+ .*[A-Z]{{2}}.*)$"
_UNHOUSED = f"regexp_replace(line_read, '{_HOUSED}', '\\1')"

# Two Vs are a W that a machine has read: Bovven, SVV. A city is no unit.
_TIDIED = f"""
SELECT * EXCLUDE (line_read, unit_read),
    {when("regexp_matches(line_read, '^[A-Z]')", _UNHOUSED, "line_read")} AS line_1,
    CASE WHEN unit_read <> city_1 AND unit_read <> concat_ws(' ', city_1, a_state)
        OR city_1 IS NULL THEN unit_read END AS unit_1
FROM (SELECT s.* EXCLUDE (line_0, unit_line),
    replace(CASE WHEN l.sent IS NULL THEN upper(line_0) ELSE l.tidy END, 'VV', 'W') AS line_read,
    CASE WHEN u.sent IS NULL THEN upper(unit_line) ELSE u.tidy END AS unit_read
FROM sited s LEFT JOIN std_texts l ON l.sent = s.line_0 LEFT JOIN std_texts u ON u.sent = s.unit_line)
"""

_UNIT_ALONE = "(?:(?:APT|APARTMENT|UNIT|STE|SUITE|LOT|RM|ROOM)[ #]*|#)[0-9]*[A-Z]?-?[0-9]*"

# The street may stand in the second line, under a building's or a host's name or a unit; `beside` is the line that is
# not it.
_TURNED = rf"""
SELECT * EXCLUDE (line_1, unit_1, turned), CASE WHEN turned THEN unit_1 ELSE line_1 END AS line_2,
    CASE WHEN NOT turned THEN unit_1 WHEN regexp_full_match(line_1, '{_UNIT_ALONE}') THEN line_1 END AS unit,
    CASE WHEN turned THEN line_1 ELSE unit_1 END AS beside
FROM (SELECT *, CASE WHEN unit_1 IS NULL THEN FALSE WHEN line_1 IS NULL THEN TRUE
        ELSE (NOT regexp_matches(line_1, '[0-9]') OR regexp_full_match(line_1, '{_UNIT_ALONE}'))
            AND regexp_matches(unit_1, '^[0-9]+[A-Z]? .*[A-Z]{{2}}')
            AND NOT regexp_matches(unit_1, '(?:FL|FLR|FLOOR|LEVEL|STORY)$') END AS turned FROM tidied)
"""


# State codes that also end a street line by themselves: a type, a directional, a floor.
_AMBIGUOUS = ("CT", "LA", "NE", "FL", "AL")

_REPEATED = f"""
SELECT *, contains(line_2, zip_sent) OR ends_with(line_2, city_1) OR ends_with(line_2, state_name)
    OR ends_with(line_2, ' USA') OR ends_with(line_2, a_state) AND ends_with(line_2, ' ' || a_state)
        AND (contains(line_2, city_1) OR NOT {one_of("a_state", _AMBIGUOUS)}) AS repeated
FROM turned
"""

_CITY = "coalesce(city_1, '~')"
_STATE = "concat_ws('|', a_state, state_name, '~')"
_ZIP = "coalesce(zip_sent, '~'), '(?:[ -]?[0-9]{4})?'"
_BEFORE_PLACE = f"""concat('^(.+?)(?: ', {_CITY}, '(?: (?:', {_STATE}, '))?(?: ', {_ZIP}, ')?',
    '| (?:', {_STATE}, ')(?: ', {_ZIP}, ')?| ', {_ZIP}, ')?(?: USA?)?$')"""

_SHORTENED = f"""
SELECT * EXCLUDE (line_2, repeated, city_1, state_name),
    {when("repeated", f"regexp_extract(line_2, {_BEFORE_PLACE}, 1)", "line_2")} AS line,
    repeated AND regexp_matches(substr(line_2, length(line) + 1), '[A-Z]') AS city_cut
FROM repeated
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
SELECT row_number, a_city, a_state, a_zip, zip_sent, abroad, region, city_cut, unit, beside, own_number,
    {when("own_number IS NULL", "line", "'1' || substr(line, length(own_number) + 1)")} AS shape
FROM numbered
"""


def text_steps() -> list[Step]:
    """The steps from the texts of `std_given` that are not plain words already to `tidy`."""
    return [
        *fold_steps(_ODD),
        Step("dotted", "N.W. is NW, other full stops part words", _DOTTED),
        Step("tidied", "punctuation and spaces evened out", _TIDY),
    ]


def line_steps() -> list[Step]:
    """The steps from `std_given` and `std_places` to `shape`, `own_number`, `region`, `unit` and `beside`."""
    return [
        Step("sited", "each address with its place", _SITED),
        Step("tidied", "line and unit in upper case, folded and tidied where they need it", _TIDIED),
        Step("turned", "a street in the second line, under a name, is the line", _TURNED),
        Step("repeated", "whether it ends with its city, state, ZIP or country", _REPEATED),
        Step("shortened", "then it is cut before them", _SHORTENED),
        Step("numbered", "a plain number at its head, and the part of the world it lies in", _NUMBERED),
        Step("shaped", "the line with its number left open, so that 12 Elm St and 40 Elm St are read once", _SHAPED),
    ]
