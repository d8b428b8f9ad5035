"""The unit: taken off the street line wherever it stands, and brought to its identifier alone."""

from __future__ import annotations

from comity.standard.fold import every, first
from comity.standard.lists import groups, lines
from comity.standard.steps import Step

UNIT_TEXT = "nullif(concat_ws(' | ', l.unit, nullif(s.unit_within, '')), '')"
"""SQL: all that is said of the unit, in a column of its own by the line `l` and behind the street by its shape `s`."""

_WORDS = "|".join(word for group in groups("units") for word in group)
_PLACES = {word: group[0] for group in groups("unit_places") for word in group}
_BARE = "|".join(_PLACES)
_SIGN = r"(?:(?:NO|NUMBER|NUM|NBR|NR|NUMERO)\b)?[ #]*"
_ID = "(?:[0-9]* ?[1-9]/[1-9]|[A-Z]{0,2}[ -]?[0-9]+(?:-?[A-Z0-9]{1,2}|-[0-9]{1,4}| [A-Z0-9])?|[A-Z](?:[ -][A-Z])?)"
_NAMED = rf"(?:(?:{_WORDS})\b[ #]*{_SIGN}|(?:# ?)?PMB\b[ #]*{_SIGN}|#[ #]*|(?:NO|NUMBER) #?)"
_NTH = "[0-9]+(?:ST|ND|RD|TH)?|FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|GROUND"
_FLOOR = f"(?:{_NTH}) (?:FLOOR|FLR|FL|LEVEL|STORY)"
_TAIL = rf"^(.+?)((?: (?:{_NAMED}{_ID}|(?:(?:APT|UNIT) )?{_FLOOR}|(?:{_BARE})(?: (?:HOUSE|UNIT|APT))?))+)$"
_HEAD = rf"^((?:(?:APT|APARTMENT|UNIT|STE|SUITE|RM|ROOM)\b[ #]*|#[ #]*){_ID}) ([0-9].*)$"
_MIDDLE = rf"^([0-9]+) ((?:(?:APT|APARTMENT|UNIT|STE|SUITE)\b[ #]*|#[ #]*){_ID}) ([A-Z].*)$"
_BOXED = r"^([0-9].*) (?:PO|P O|POST OFFICE) ?BOX #?[0-9]+$"

_GLUED = r"\b(APT|APTO|APARTMENT|UNIT|STE|SUITE|LOT|BLDG|SPC|TRLR|PMB)([0-9])"
_LEFT_OVER = r"( (?:APT|APARTMENT|UNIT|STE|SUITE|NO|#))+$"
_LOOKS = rf"#|\b(?:{_WORDS}|{_BARE}|NO|NUMBER|LEVEL|STORY|BOX|PMB)\b|{_GLUED}"

# A sign or a room behind nothing but the words of a road is the road's own number: Hwy #59, RM 12.
_ROAD_NUMBER = (
    r"^[0-9]\S*(?: OLD)?(?: [NSEW]{1,2})? "
    r"(?:(?:US|STATE|ST|COUNTY|CO|CTY|CNTY|TWP) )?(?:HWY|HIGHWAY|ROUTE|RTE|RT|FM|CR|SR|SH|COUNTY (?:RD|ROAD)|CO RD)"
    r" ?(?:#|NO|NUMBER)|^[0-9]+ RM [0-9]|^[0-9]+(?: OLD)? U S [0-9]"
)

_SIGNED = r" ?[/#] ?((?:APT|APARTMENT|UNIT|STE|SUITE|LOT|BLDG|SPC|TRLR)\b)"
_UNGLUED = every(every("line", _SIGNED, r" \1"), _GLUED, r"\1 \2")

_SPACED = f"""
SELECT * EXCLUDE (line), line AS shape,
    CASE WHEN looks THEN regexp_replace({_UNGLUED}, '{_LEFT_OVER}', '') ELSE line END AS line
FROM (SELECT *, form_1 = 'street' AND regexp_matches(line, '{_LOOKS}') AS looks FROM formed)
"""

_PARTED = f"""
SELECT *,
    CASE WHEN NOT looks THEN NULL
         WHEN regexp_matches(line, '^[A-Z#]') THEN {first("line", _HEAD, "unit", "rest")} END AS at_head,
    CASE WHEN looks THEN {first("line", _MIDDLE, "number", "unit", "rest")} END AS in_middle,
    CASE WHEN looks THEN {first("line", _BOXED, "rest")} END AS with_box,
    CASE WHEN looks AND NOT regexp_matches(line, '{_ROAD_NUMBER}')
         THEN {first("line", _TAIL, "rest", "unit")} END AS at_tail
FROM spaced
"""

_UNITED = """
SELECT * EXCLUDE (at_head, in_middle, at_tail, with_box, looks),
    CASE WHEN NOT looks THEN line
         WHEN at_head IS NOT NULL THEN at_head['rest']
         WHEN in_middle IS NOT NULL THEN in_middle['number'] || ' ' || in_middle['rest']
         WHEN with_box IS NOT NULL THEN with_box['rest']
         WHEN at_tail IS NOT NULL THEN at_tail['rest'] ELSE line END AS body,
    CASE WHEN rural IS NOT NULL THEN nullif(trim(rural['unit']), '')
         WHEN looks THEN nullif(concat_ws(' ', at_head['unit'], in_middle['unit'],
            CASE WHEN at_head IS NULL AND in_middle IS NULL AND with_box IS NULL THEN at_tail['unit'] END), '')
    END AS unit_within
FROM parted
"""

_LEVELS = {"GROUND": "1", "FIRST": "1", "SECOND": "2", "THIRD": "3", "FOURTH": "4", "FIFTH": "5", "SIXTH": "6"}


def _levelled(text: str) -> str:
    """SQL: floors and places in figures and standard words: `third floor` is FLOOR 3, `basement` is BSMT."""
    for word, figure in _LEVELS.items():
        text = every(text, rf"\b{word} (FLOOR|FLR|FL|LEVEL|STORY)\b", rf"{figure} \1")
    text = every(text, r"\b([0-9]+)(?:ST|ND|RD|TH)\b", r"\1")
    text = every(text, r"\b([0-9]+) (?:FLOOR|FLR|FL|LEVEL|STORY)\b", r" FLOOR \1 ")
    text = every(text, r"\b(?:FLOOR|FLR|FL|LEVEL|LVL|STORY)[ #]*(?:(?:NO|NUMBER)\b)?[ #]*([0-9]+)", r" FLOOR\1 ")
    for standard in sorted(set(_PLACES.values())):
        spellings = "|".join(word for word, place in _PLACES.items() if place == standard)
        text = every(text, rf"\b(?:{spellings})\b", standard)
    return text


_FORGOTTEN = rf"\b(?:{_WORDS}|FLOOR[0-9]+|FLOOR|LEVEL|HOUSE|NO|NUMBER|NUM|NBR|NR|NUMERO|PO BOX [0-9]+)\b"
_APART = r"([0-9])[^A-Z0-9/|]+([0-9])"
_LONE_SLASH = "([^0-9]|^)/|/([^0-9]|$)"
_BUILDINGS = "(?:BLDG|BUILDING|BLD)[ #]*[A-Z0-9]+"
_WITH_BUILDING = rf"^(.*)\b({_BUILDINGS})(.*)$"

_COMPLEX = rf"^[A-Z ]+\b(?:{'|'.join(lines('complexes'))})\b|\bGATE (?:CODE )?[#0-9]+"
_DEVELOPMENT = rf"^(?:{'|'.join(lines('developments'))})\b[A-Z ]*?( (?:APT|UNIT|#)|$)"

_NAMELESS = every(every("unit_text", _GLUED, r"\1 \2"), _COMPLEX, "")
_TOLD = f"SELECT unit_text, regexp_replace({_NAMELESS}, '{_DEVELOPMENT}', '\\1') AS told FROM units"

_BUILDING_FIRST = f"regexp_replace(told, '{_WITH_BUILDING}', '\\2 \\1 \\3')"


def _left() -> str:
    """SQL: what is left of a unit without its words. Figures that stood apart stay apart: 1-12 is not 11-2."""
    figures = every(every(every("unit_level", _FORGOTTEN, " "), _APART, r"\1~\2"), _APART, r"\1~\2")
    tied = every(every(figures, "[^A-Z0-9/|~]", ""), _LONE_SLASH, r"\1\2")
    return every(f"replace({tied}, '~', '-')", r"(^|[-|])0+([0-9])", r"\1\2")


# What a column of its own repeats of the street line is said once.
_ONCE = f"""
SELECT unit_text, told, regexp_extract(unit_level, 'FLOOR([0-9]+)', 1) AS floor,
    CASE WHEN within = '' OR within = own THEN own
         WHEN regexp_matches(own, '[0-9]$') AND regexp_matches(within, '^[0-9]') THEN own || '-' || within
         ELSE own || within END AS unit_left
FROM (SELECT *, split_part(both_left, '|', 1) AS own, split_part(both_left, '|', 2) AS within
    FROM (SELECT *, {_left()} AS both_left FROM levelled))
"""

# A letter or a place alone may be on every floor, and a building alone is no apartment of its number.
_IDENTIFIED = f"""
SELECT unit_text, CASE WHEN phrases.phrase IS NOT NULL THEN NULL
    WHEN regexp_full_match(trim(told), '{_BUILDINGS}') THEN 'BLDG' || unit_left
    WHEN floor <> '' AND regexp_full_match(unit_left, '[A-Z]|{"|".join(sorted(set(_PLACES.values())))}')
    THEN ltrim(floor, '0') || unit_left
    ELSE coalesce(nullif(unit_left, ''), 'FL' || nullif(floor, '')) END AS a_unit
FROM once LEFT JOIN std_phrases phrases ON phrases.phrase = unit_text
"""


def unit_line_steps() -> list[Step]:
    """The steps from `line` to `body`, the line without a unit, and `unit_within`, what it says of one."""
    return [
        Step("spaced", "a word for a unit parted from its figure, and dropped where nothing follows", _SPACED),
        Step("parted", "a unit written in the street line, before, after or within it", _PARTED),
        Step("united", "the line without it, and all that it says about the unit", _UNITED),
    ]


def unit_steps(lines: str, shapes: str) -> list[Step]:
    """The steps from each distinct text about a unit, in a column of its own or within the line, to `a_unit`, the
    identifier alone."""
    units = f"""
SELECT DISTINCT {UNIT_TEXT} AS unit_text
FROM {lines} l LEFT JOIN {shapes} s ON s.shape = l.shape AND s.region = l.region
WHERE l.unit IS NOT NULL OR s.unit_within IS NOT NULL
"""
    levelled = f"SELECT unit_text, told, {_levelled(_BUILDING_FIRST)} AS unit_level FROM told"
    return [
        Step("units", "each distinct unit once", units),
        Step("told", "without the name of the building or the development", _TOLD),
        Step("levelled", "a building first; floors in figures, places in standard words", levelled),
        Step("once", "without its words, and what is said twice said once", _ONCE),
        Step("identified", "only the identifier; a floor where nothing else tells", _IDENTIFIED),
    ]
