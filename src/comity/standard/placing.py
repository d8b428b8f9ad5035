"""From seven columns to a clean delivery line, a unit line, and a canonical city, state and ZIP."""

from __future__ import annotations

from comity.standard.address_columns import ADDRESS, address_key_sql
from comity.standard.fold import plain, replaced, squeezed, when
from comity.standard.lists import lines, literal, values
from comity.standard.steps import Step

_STATES = [tuple(line.split(" ", 1)) for line in lines("states")]
_STATE_WORDS = "|".join(f"{code}|{name}" for code, name in _STATES)
_STATE_ROWS = sorted({(code, code) for code, _ in _STATES} | {(name, code) for code, name in _STATES})

_HOME = "'US', 'USA', 'U S', 'U S A', 'UNITED STATES', 'UNITED STATES OF AMERICA', 'EEUU', 'ESTADOS UNIDOS', 'AMERICA'"

# States whose ZIPs begin with a zero, which a spreadsheet drops.
_ZERO = "'CT', 'MA', 'ME', 'NH', 'NJ', 'PR', 'RI', 'VT', 'VI'"

# In an undivided address without a comma the city begins after the first of these.
_ENDS = "STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|DR|LANE|LN|COURT|CT|BOULEVARD|BLVD|WAY|PLACE|PL|CIRCLE|CIR|PARKWAY|PKWY|TERRACE|TER"
_AFTER = "(?: [NS]?[EW]?)?(?: (?:APT|UNIT|STE|#) ?#?[A-Z0-9-]+)?"

_CITY_WORDS = {"ST": "SAINT", "STE": "SAINTE", "STA": "SANTA", "FT": "FORT", "MT": "MOUNT", "N": "NORTH", "S": "SOUTH"}
_CITY_WORDS |= {"E": "EAST", "W": "WEST", "HTS": "HEIGHTS", "SPGS": "SPRINGS", "VLG": "VILLAGE", "LK": "LAKE"}
_CITY_WORDS |= {"PT": "POINT", "BCH": "BEACH", "JCT": "JUNCTION", "TWP": "TOWNSHIP", "CTY": "CITY"}


def _trimmed() -> str:
    columns = ", ".join(f"nullif(trim({name}, E' \\t\\r\\n'), '') AS {name}_t" for name in ADDRESS)
    return f"SELECT *, {columns} FROM keyed"


def _folded() -> str:
    columns = ", ".join(f"{plain(name + '_t')} AS {name}_0" for name in ADDRESS)
    return f"SELECT {', '.join(ADDRESS)}, address_key, {columns} FROM trimmed"


_SPLIT = f"""
SELECT *,
    CASE WHEN undivided THEN regexp_extract(text_0, '^(.*?)(?:[ ,]+({_STATE_WORDS}))?'
        '(?:[ ,]+([0-9]{{5}})(?:-?[0-9]{{4}})?)?(?:[ ,]+(?:USA?|UNITED STATES))?[ ,.]*$', ['head', 'state', 'zip']) END AS tail,
    CASE WHEN contains(tail['head'], ',') THEN regexp_extract(tail['head'], '^(.*),([^,]*)$', ['line', 'city'])
         WHEN undivided THEN regexp_extract(tail['head'],
            '^([0-9]\\S* \\S+(?: \\S+)*? (?:{_ENDS})\\b{_AFTER}) (.+)$', ['line', 'city']) END AS cut
FROM (SELECT *, replace(address_text_0, E'\\n', ', ') AS text_0,
        coalesce(street_line_0, city_0, zip_0) IS NULL AND address_text_0 IS NOT NULL AS undivided FROM folded)
"""

_PLACED = f"""
SELECT {", ".join(ADDRESS)}, address_key, country_0 AS country_1,
    CASE WHEN undivided THEN coalesce(nullif(cut.line, ''), tail.head)
         ELSE coalesce(street_line_0, unit_line_0) END AS line_1,
    CASE WHEN street_line_0 IS NOT NULL THEN unit_line_0 END AS unit_1,
    CASE WHEN undivided THEN cut.city ELSE city_0 END AS city_1,
    CASE WHEN undivided THEN tail.state ELSE state_0 END AS state_1,
    CASE WHEN undivided THEN tail.zip ELSE zip_0 END AS zip_1
FROM split
"""


def _words(text: str) -> str:
    """SQL: `text` without apostrophes, every run of other separators one space."""
    return squeezed(replaced(f"replace({text}, '''', '')", "[^A-Z0-9#/&|@.\\-]+", " "))


def _line(column: str) -> str:
    """SQL: the words of a line; `N.W.` reads NW, and a full stop stays only inside a figure."""
    pairs = f"regexp_replace({column}, '\\b([NS])\\. ?([EW])\\.', '\\1\\2 ', 'g')"
    dots = f"regexp_replace(regexp_replace({pairs}, '([^0-9])\\.', '\\1 ', 'g'), '\\.([^0-9]|$)', ' \\1', 'g')"
    return _words(when(f"contains({column}, '.')", dots, column))


_TIDIED = f"""
SELECT * EXCLUDE (line_1, unit_1, city_1, state_1, zip_1, country_1, zip_2, country_2),
    CASE WHEN regexp_full_match(zip_2, '[0-9]{{5}}(?:[ -]*[0-9]{{4}})?') THEN left(zip_2, 5)
         WHEN regexp_full_match(zip_2, '[0-9]{{4}}') AND state_2 IN ({_ZERO}) THEN '0' || zip_2 END AS zip_3,
    CASE WHEN country_2 NOT IN ({_HOME}) THEN country_2 END AS abroad
FROM (SELECT *, {_line("line_1")} AS line_2, {_line("unit_1")} AS unit_2, zip_1 AS zip_2,
        {_words("replace(city_1, '.', ' ')")} AS city_2, {_words("replace(state_1, '.', '')")} AS state_2,
        {_words("replace(country_1, '.', ' ')")} AS country_2 FROM placed)
"""


def _without_tail(line: str, tail: str) -> str:
    """SQL: `line` without `tail` at its end, when a word stands before it."""
    ends = f"{tail} IS NOT NULL AND ends_with({line}, ' ' || {tail})"
    return when(ends, f"rtrim(left({line}, length({line}) - length({tail})))", line)


def _city(column: str) -> str:
    """SQL: a city's canonical name; its few abbreviations written out."""
    words = " ".join(f"WHEN {literal(short)} THEN {literal(long)}" for short, long in _CITY_WORDS.items())
    spelled = f"array_to_string(list_transform(string_split({column}, ' '), lambda w: CASE w {words} ELSE w END), ' ')"
    return when(f"regexp_matches({column}, '\\b(?:{'|'.join(_CITY_WORDS)})\\b')", spelled, column)


_SETTLED = f"""
SELECT * EXCLUDE (line_2, unit_2, city_2, state_2, zip_3, city_3, code, name, line_3, line_4),
    unit_2 AS unit, line_2 AS as_sent, zip_3 AS zip_sent, code AS a_state,
    CASE WHEN zip_3 NOT IN ('00000', '99999') THEN zip_3 END AS a_zip,
    {_city("city_3")} AS a_city,
    {_without_tail("line_4", "city_2")} AS line
FROM (SELECT *, CASE WHEN phrases.phrase IS NULL AND regexp_matches(city_2, '[A-Z]') THEN city_2 END AS city_3,
        {_without_tail("line_2", "zip_3")} AS line_3, {_without_tail("line_3", "state_2")} AS line_4
    FROM tidied LEFT JOIN states ON states.name = state_2 LEFT JOIN phrases ON phrases.phrase = city_2)
"""


def phrase_rows() -> str:
    """SQL: VALUES of (phrase, detail), the lines that say there is no address."""
    return values([(phrase, detail) for detail, phrase in (line.split(": ", 1) for line in lines("placeholders"))])


def placing_steps(source: str) -> list[Step]:
    """The steps from `source` (the seven address columns) to `line`, `unit`, `a_city`, `a_state`, `a_zip`."""
    given = f"SELECT DISTINCT {', '.join(ADDRESS)} FROM {source}"
    keyed = f"SELECT *, {address_key_sql('given')} AS address_key FROM given"
    return [
        Step("states", "the spellings of each state", f"SELECT * FROM ({values(_STATE_ROWS)}) v(name, code)"),
        Step("phrases", "lines that say there is no address", f"SELECT * FROM ({phrase_rows()}) v(phrase, detail)"),
        Step("given", "each distinct address once", given),
        Step("keyed", "with the key by which callers join back", keyed),
        Step("trimmed", "what is blank is absent", _trimmed()),
        Step("folded", "upper case, accents folded", _folded()),
        Step("split", "an undivided address: its tail of state and ZIP, then its city", _SPLIT),
        Step("placed", "line, unit, city, state and ZIP, each in its place", _PLACED),
        Step("tidied", "punctuation and spaces evened out; the ZIP of nine digits cut to five", _TIDIED),
        Step("settled", "canonical city and state; a line that repeats them is cut", _SETTLED),
    ]
