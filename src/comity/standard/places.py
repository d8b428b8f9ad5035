"""City, state, ZIP and country: each distinct place is read once, however many addresses lie in it."""

from __future__ import annotations

from comity.standard.address_columns import ADDRESS
from comity.standard.fold import every, first, one_of, when, words
from comity.standard.lists import lines, literal, table
from comity.standard.steps import Step

PLACE = ("city_0", "state_0", "zip_0", "country")
"""The columns of a place as it was written."""

_STATES = [(line[:2], line[3:]) for line in lines("states")]
_STATE_WORDS = "|".join(f"{code}|{name}" for code, name in _STATES)
_SPELLINGS = [(line[:2], line[3:]) for line in lines("state_spellings")]
_FULL = dict(_STATES)
_SPELLED = {(code, code) for code in _FULL} | {(name, code) for code, name in [*_STATES, *_SPELLINGS]}
_STATE_ROWS = sorted((name, code, _FULL[code]) for name, code in _SPELLED)

_HOME = ("US", "USA", "U S", "U S A", "UNITED STATES", "UNITED STATES OF AMERICA", "EEUU", "ESTADOS UNIDOS", "AMERICA")

# States whose ZIPs begin with a zero, which a spreadsheet drops.
_ZERO = ("CT", "MA", "ME", "NH", "NJ", "PR", "RI", "VT", "VI")

# An undivided address: street, city, state and ZIP; without a comma the city begins after one of these.
_TAIL = (
    rf"^(.*?)(?:[ ,]+({_STATE_WORDS}))?(?:[ ,]+([0-9]{{5}})(?:-?[0-9]{{4}})?)?(?:[ ,]+(?:USA?|UNITED STATES))?[ ,.]*$"
)
_ENDS = "STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|DR|LANE|LN|COURT|CT|BOULEVARD|BLVD|WAY|PLACE|PL|CIRCLE|CIR|PARKWAY|PKWY"
_AFTER = r"(?: [NS][EW]?| [EW])?(?: (?:APT|UNIT|STE|#)\.? ?#?[A-Z0-9-]+)?"
_UNDIVIDED = rf"^([0-9]\S* \S+(?: \S+)*? (?:{_ENDS})\b\.?{_AFTER}) (.+)$"
_LINE_BREAK = r"[ \t]*[\r\n]+[ \t]*"

_LETTERS = r"\p{L}\p{M}0-9"

# All of the place in the city's column, and nothing in those of state and ZIP: Houston TX 77001.
_CODES = "|".join(code for code, _ in _STATES)
_PLACED = rf"^(.*[A-Z])[ ,.]+({_CODES})(?:[ ,.]+([0-9]{{5}})(?:-?[0-9]{{4}})?)?[ ,.]*$"
_FILLED = when(
    "trim(coalesce(state, '')) = '' AND city IS NOT NULL", first("upper(city)", _PLACED, "city", "state", "zip")
)

_OWN_ZIP = "CASE WHEN trim(coalesce(zip, '')) = '' THEN coalesce(nullif(placed['zip'], ''), zip) ELSE zip END"

_WHOLE = when("address_text IS NOT NULL AND trim(concat(street_line, city, zip)) = ''", "upper(address_text)")

_SPLIT = f"""
SELECT *, {first("text_1", _TAIL, "head", "state", "zip")} AS tail, {_FILLED} AS placed
FROM (SELECT *, {when("text_0 IS NOT NULL", every("text_0", _LINE_BREAK, ", "))} AS text_1
    FROM (SELECT *, {_WHOLE} AS text_0 FROM given))
"""

_CUT = f"""
SELECT *, CASE WHEN contains(head, ',') THEN {first("head", "^(.*),([^,]*)$", "line", "city")}
               WHEN text_0 IS NOT NULL THEN {first("head", _UNDIVIDED, "line", "city")} END AS cut
FROM (SELECT *, tail['head'] AS head FROM split)
"""

_DIVIDED = f"""
SELECT row_number,
    {when("text_0 IS NOT NULL", "coalesce(cut['line'], head)", "street_line")} AS line_0,
    {when("text_0 IS NOT NULL", "cut['city']", "coalesce(placed['city'], city)")} AS city_0,
    {when("text_0 IS NOT NULL", "tail['state']", "coalesce(placed['state'], state)")} AS state_0,
    {when("text_0 IS NOT NULL", "tail['zip']", _OWN_ZIP)} AS zip_0, unit_line, country
FROM cut
"""


def _state(column: str) -> str:
    """SQL: the letters of a state; `N. J.` is NJ."""
    return every(words(f"replace(upper(strip_accents({column})), '.', '')", "A-Z"), "^([A-Z]) ([A-Z])$", r"\1\2")


_EVENED = f"""
SELECT city_0, state_0, zip_0, country,
    {words(when("t.sent IS NULL", "upper(city_0)", "t.tidy"), _LETTERS)} AS city_1,
    {_state("state_0")} AS state_1,
    {words("replace(strip_accents(upper(country)), '.', '')", "A-Z")} AS country_1,
    trim(zip_0) AS zip_1
FROM places LEFT JOIN std_texts t ON t.sent = city_0
"""

_STATED = """
SELECT evened.* REPLACE (CASE WHEN ends_with(city_1, ' ' || states.code) THEN left(city_1, length(city_1) - 3)
        ELSE city_1 END AS city_1), states.code AS a_state, states.full AS state_name
FROM evened LEFT JOIN std_states states ON states.name = state_1
"""

_ZIPPED = f"""
SELECT *, CASE WHEN regexp_full_match(zip_1, '[0-9]{{5}}(?:[ -]*[0-9]{{4}})?') THEN left(zip_1, 5)
    WHEN regexp_full_match(zip_1, '[0-9]{{3,4}}') AND {one_of("a_state", _ZERO)}
    THEN lpad(zip_1, 5, '0') END AS zip_sent
FROM stated
"""

_CITY_NAMES = dict(line.split(" = ") for line in lines("city_names"))
_CITY_WORDS = dict(line.split() for line in lines("city_words"))


def _city(column: str) -> str:
    """SQL: a city's canonical name; what is written for short written out."""
    spelled = " ".join(f"WHEN {literal(short)} THEN {literal(long)}" for short, long in _CITY_WORDS.items())
    each = f"list_transform(string_split({column}, ' '), lambda part: CASE part {spelled} ELSE part END)"
    whole = " ".join(f"WHEN {literal(short)} THEN {literal(long)}" for short, long in _CITY_NAMES.items())
    return f"CASE {column} {whole} ELSE array_to_string({each}, ' ') END"


_NAMED = f"""
SELECT city_0, state_0, zip_0, country, city_1, state_name, zip_sent, a_state,
    CASE WHEN zip_sent NOT IN ('00000', '99999') THEN zip_sent END AS a_zip,
    CASE WHEN phrases.phrase IS NULL AND regexp_matches(city_1, '\\p{{L}}') THEN {_city("city_1")} END AS a_city,
    CASE WHEN NOT {one_of("country_1", _HOME)} THEN country_1
        WHEN a_state IS NULL AND {one_of("state_1", lines("foreign_states"))} THEN state_1 END AS abroad
FROM zipped LEFT JOIN std_phrases phrases ON phrases.phrase = city_1
"""


def state_table() -> str:
    """SQL: the table (name, code, full) of the spellings of each state, and its whole name."""
    return table("name, code, full", _STATE_ROWS)


def given_steps(source: str) -> list[Step]:
    """The addresses of `source`, an undivided one cut into `line_0`, `city_0`, `state_0`, `zip_0`.

    `source` is read here and nowhere else: a slow one is paid for once.
    """
    return [
        Step("given", "each address", f"SELECT row_number, {', '.join(ADDRESS)} FROM {source}"),
        Step("split", "of an undivided address, the state and ZIP at its end", _SPLIT),
        Step("cut", "and the city before them", _CUT),
        Step("divided", "every address in its parts", _DIVIDED),
    ]


def place_steps(divided: str) -> list[Step]:
    """The distinct places of `divided`: `a_city`, `a_state`, `a_zip`, `abroad` (the country, if it is another)."""
    places = f"SELECT DISTINCT {', '.join(PLACE)} FROM {divided}"
    return [
        Step("places", "each distinct place once", places),
        Step("evened", "punctuation and spaces evened out", _EVENED),
        Step("stated", "the state's code, taken off the city's end", _STATED),
        Step("zipped", "the ZIP of nine digits cut to five, a lost zero restored", _ZIPPED),
        Step("named", "canonical city, state and country", _NAMED),
    ]
