"""The street itself: highways, then directionals, type and name read from its words by the word table."""

from __future__ import annotations

from comity.standard.fold import first, one_of
from comity.standard.joining import joining_steps
from comity.standard.lists import lines
from comity.standard.steps import Step

MOST_WORDS = 8  # no street's name in the United States has more; a longer line is prose

_DIR = "N|S|E|W|NE|NW|SE|SW|NORTH|SOUTH|EAST|WEST|NORTHEAST|NORTHWEST|SOUTHEAST|SOUTHWEST"
_STATES = "|".join(name for line in lines("states") for name in line.split(" ", 1) if name != "CO")
_HWY = "HWY|HIGHWAY|HIWAY|HIGHWY|HWAY|ROUTE|RTE|RT"

# Publication 28, appendix F: the canonical name of a numbered road, and the spellings read as it; the first that fits.
_ROADS = (
    ("COUNTY ROAD", rf"(?:COUNTY|CO|CTY|CNTY) ?(?:{_HWY}|ROAD|RD|TRUNK(?: HIGHWAY)?)|C ?R|CRD|CTH|C ?H|CO"),
    ("TOWNSHIP ROAD", rf"(?:TOWNSHIP|TWP|TOWN) ?(?:{_HWY}|ROAD|RD)|TR"),
    ("FM", "(?:FARM(?: TO)? (?:MARKET|MKT)|FARM|F M|FM)(?: ROAD| RD)?"),
    ("PRIVATE ROAD", "(?:PRIVATE|PVT|PRIV) ?(?:ROAD|RD)|PR"),
    ("RANCH ROAD", "RANCH (?:TO MARKET )?(?:ROAD|RD)|RM(?: ROAD| RD)?|RR"),
    ("INTERSTATE", "(?:INTERSTATE|INTERST|IH|I)(?: HWY| HIGHWAY)?"),
    ("US HIGHWAY", rf"(?:(?:{_HWY}) )?(?:US|U S|UNITED STATES)(?: ?(?:{_HWY}))?"),
    ("STATE HIGHWAY", rf"(?:STATE|ST|{_STATES}) (?:{_HWY}|ROAD|RD)|S ?R|S ?H|STHY|STH|STRT"),
    ("HIGHWAY", _HWY),
    ("ROAD", "ROAD|RD"),
)
_ROAD_WORDS = "|".join(spellings for _, spellings in _ROADS)
_BEFORE = rf"^(OLD )?(?:({_DIR}) )?"
_BEHIND = rf"(?: (?:HWY|HIGHWAY|ROAD|RD|RTE|ROUTE))?(?: ({_DIR}))?$"
_ROAD = (
    rf"{_BEFORE}({_ROAD_WORDS})[ #]*(?:(?:NO|NUMBER) )?#?((?:[A-Z] ?)?[0-9]+(?: ?[A-DF-MO-RT-VX-Z]|[NSEW])?){_BEHIND}"
)
_LETTERED = rf"{_BEFORE}((?:COUNTY|CO|CTY|CNTY) ?(?:HWY|HIGHWAY|ROAD|RD|TRUNK(?: HIGHWAY)?)|CTH|C ?H)"
_LETTERED += rf" ([A-Z]{{1,2}})(?: ({_DIR}))?$"
_LOOKS = r" #?[0-9]|[A-Z][0-9]|\b(?:CO|CTY|CNTY|COUNTY|CTH|CH|C H) "


def _road_name() -> str:
    tests = " ".join(f"WHEN regexp_full_match(way['road'], '{spellings}') THEN '{name} '" for name, spellings in _ROADS)
    return f"CASE {tests} END"


_GROUPS = ("old", "pre", "road", "number", "post")

_WAYED = f"""
SELECT * EXCLUDE (looks),
    CASE WHEN looks THEN coalesce({first("street", _ROAD, *_GROUPS)}, {first("street", _LETTERED, *_GROUPS)}) END AS way
FROM (SELECT *, regexp_matches(street, '{_LOOKS}') AS looks FROM joined)
"""

_SPLIT_UP = """
SELECT *, CASE WHEN way IS NULL THEN all_words END AS w, len(all_words) AS words
FROM (SELECT *, string_split(street, ' ') AS all_words FROM wayed)
"""

_POSITIONS = range(1, MOST_WORDS + 1)


def _looked_up() -> str:
    joins = "\n".join(f"LEFT JOIN std_words w{i} ON w{i}.word = w[{i}]" for i in _POSITIONS)
    directions = ", ".join(f"w{i}.direction" for i in _POSITIONS)
    suffixes = ", ".join(f"w{i}.suffix" for i in _POSITIONS)
    names = ", ".join(f"coalesce(w{i}.inside, w[{i}])" for i in _POSITIONS)
    lists = f"[{directions}] AS directions, [{suffixes}] AS suffixes, [{names}] AS names"
    return f"SELECT s.*, {lists} FROM split_up s\n{joins}"


# A directional before one of these alone is the street's name: North St, South Ave.
_COMMON = ("ST", "AVE", "RD", "DR", "LN", "CT", "BLVD", "WAY", "PL", "CIR", "PKWY", "TER", "HWY", "TRL")
# These end a street's name: a single letter behind them is a unit.
_CLOSED = ("ST", "DR", "LN", "CT", "PL", "BLVD", "CIR", "WAY", "TER")
# What follows these is the road's number, not a unit.
_NUMBERED = ("RD", "HWY", "RTE", "LOOP", "SPUR", "EXT", "PARK")

_TAILED = f"""
SELECT *, CASE WHEN unit_behind THEN words - 1 ELSE words END AS n, CASE WHEN unit_behind THEN w[words] END AS unit_word
FROM (SELECT *, coalesce(way IS NULL AND words BETWEEN 3 AND {MOST_WORDS}
    AND suffixes[words] IS NULL AND directions[words] IS NULL
    AND (NOT {one_of("suffixes[words - 1]", _NUMBERED)}
        OR directions[words - 1] IS NOT NULL AND NOT {one_of("suffixes[words - 2]", _NUMBERED)})
    AND (regexp_full_match(w[words], '[0-9]{{1,4}}[A-Z]?|[A-Z][0-9]{{1,4}}')
        OR regexp_full_match(w[words], '[A-Z]') AND {one_of("suffixes[words - 1]", _CLOSED)}), FALSE) AS unit_behind
    FROM looked_up)
"""

_POSTED = f"""
SELECT *, CASE WHEN has_post THEN n - 1 ELSE n END AS hi
FROM (SELECT *, CASE WHEN directions[n] IS NULL OR n < 2 OR n > {MOST_WORDS} THEN FALSE
        WHEN n = 2 THEN suffixes[1] IS NULL AND directions[1] IS NULL
        ELSE NOT {one_of("w[n - 1]", ("THE", "OF", "DEL", "LA", "KEY"))} END AS has_post FROM tailed)
"""

_PREFIXED = f"""
SELECT *, CASE WHEN has_pre THEN 2 ELSE 1 END AS lo
FROM (SELECT *, directions[1] IS NOT NULL AND hi >= 2
    AND NOT (hi = 2 AND coalesce({one_of("suffixes[2]", _COMMON)}, FALSE)) AS has_pre FROM posted)
"""

_TYPED = """
SELECT *, CASE WHEN has_suffix THEN hi - 1 ELSE hi END AS upto
FROM (SELECT *, suffixes[hi] IS NOT NULL AND hi > lo AS has_suffix FROM prefixed)
"""

# Figures alone, or with a letter of their ordinal's ending wrong or left out (44TB, 77T); 12A and 1SE are no ordinals.
_COUNTED = (
    "[0-9]+|[0-9]*(?:[04-9]|1[1-3])(?:[TH]|T[A-Z]|[A-Z]H)|(?:[0-9]*[02-9])?1(?:T|S[A-DF-VX-Z]|[A-Z]T)"
    "|(?:[0-9]*[02-9])?2(?:D|N[A-DF-VX-Z]|[A-Z]D)|(?:[0-9]*[02-9])?3(?:D|R[A-Z]|[A-Z]D)"
)
_FIGURES = "regexp_extract(name_1, '^[0-9]+')"
_ORDINAL = f"""{_FIGURES} || CASE WHEN right({_FIGURES}, 2) IN ('11', '12', '13') THEN 'TH'
    WHEN right({_FIGURES}, 1) = '1' THEN 'ST' WHEN right({_FIGURES}, 1) = '2' THEN 'ND'
    WHEN right({_FIGURES}, 1) = '3' THEN 'RD' ELSE 'TH' END"""

_NAMED = f"""
SELECT *,
    CASE WHEN n > {MOST_WORDS} THEN NULL
         WHEN upto = lo THEN names[lo]
         WHEN upto = lo + 1 AND length(w[upto]) = 1 THEN names[lo] || ' ' || w[upto]
         WHEN w[upto] = 'ST' THEN array_to_string(names[lo:upto - 1], ' ') || ' STREET'
         WHEN w[upto] = 'DR' THEN array_to_string(names[lo:upto - 1], ' ') || ' DRIVE'
         ELSE array_to_string(names[lo:upto], ' ') END AS name_1
FROM typed
"""

# Signs and long figures that no street's name has, a block, which has many houses, a second address, and the way to a
# house in place of its street.
_MUDDLED = (
    r"[#/]|\b[0-9]{5,}\b|^BLOCK OF |\b(?:OR|AND) [0-9]+ [A-Z]"
    r"|^(?:MILES?|MI|BLOCKS?|BLKS?|KM|MINUTES?|MIN) (?:(?:[NSEW]{1,2}|NORTH|SOUTH|EAST|WEST) )?"
    r"(?:OF|FROM|PAST|OFF|OUTSIDE|BEYOND|BEFORE|AFTER|DOWN|UP|ON|TO)\b"
)

_PARTED = f"""
SELECT rest, letter, way IS NOT NULL AS is_way,
    has_pre AND has_post AND regexp_full_match(name_1, '[0-9]+') AS is_grid_street,
    words > {MOST_WORDS} OR way IS NULL AND regexp_matches(street, '{_MUDDLED}') AS muddled,
    NOT has_suffix AND NOT counted AND (NOT regexp_matches(name_1, '[A-Z]{{2}}')
        OR regexp_matches(name_1, '[A-Z] COUNTY$')
        OR upto = lo AND (directions[lo] IS NOT NULL OR {one_of("suffixes[lo]", _COMMON)})) AS thin,
    CASE WHEN has_pre THEN directions[1] ELSE way_pre.direction END AS a_pre,
    CASE WHEN way IS NOT NULL
         THEN way['old'] || {_road_name()} || replace(way['number'], ' ', '')
         WHEN (has_suffix OR counted) AND regexp_full_match(name_1, '{_COUNTED}') THEN {_ORDINAL}
         ELSE name_1 END AS a_name,
    CASE WHEN has_suffix THEN suffixes[hi] END AS a_suffix,
    CASE WHEN has_post THEN directions[n] ELSE way_post.direction END AS a_post,
    ltrim(unit_word, '0') AS unit_word
FROM (SELECT *, has_pre AND NOT has_post AND regexp_full_match(name_1, '[0-9]{{1,3}}') AS counted FROM named)
    LEFT JOIN std_words way_pre ON way_pre.word = way['pre']
    LEFT JOIN std_words way_post ON way_post.word = way['post']
"""

_HEADS = "|".join(lines("placeholder_heads"))
_HOLLOW_NAMES = "|".join(lines("placeholder_names"))
_TOKENS = "(?:(?:NA|N A|N/A|UNK|UNKN|UNKNOWN|NONE|NULL|NIL|TBD|TEST|X+) ?)+"
HOSTED = rf"\bC/O |\b(?:{'|'.join(lines('institutions'))})$|^(?:{'|'.join(lines('institution_heads'))})\b"

# What the line says besides a street; it counts only where the line is not a number, a name and a street type. But a
# refusal where the name should be (42 Failed To Provide Dr) is none, whatever stands around it.
_WEIGHED = f"""
SELECT p.* EXCLUDE (core), phrases.detail AS phrase_detail, regexp_matches(core, '{HOSTED}') AS hosted,
    CASE WHEN phrases.phrase IS NOT NULL THEN phrases.detail
         WHEN regexp_matches(core, '^(?:{_HEADS})\\b') THEN 'refused'
         WHEN regexp_full_match(core, '{_TOKENS}') THEN 'token'
         WHEN length(core) > 2 AND replace(core, left(core, 1), '') = '' THEN 'token' END AS hollow,
    CASE WHEN regexp_full_match(a_name, '{_HOLLOW_NAMES}') THEN 'refused' END AS hollow_name
FROM (SELECT *, trim(regexp_replace(rest, '^[^\\p{{L}}]+|[^\\p{{L}}]+$', '', 'g')) AS core FROM parted) p
LEFT JOIN std_phrases phrases ON phrases.phrase = core
"""


def street_steps(table: str) -> list[Step]:
    """The steps from each distinct `rest` of `table` to the parts of a street, and what the words say besides."""
    return [
        Step("streets", "each distinct street once", f"SELECT DISTINCT rest FROM {table} WHERE rest IS NOT NULL"),
        *joining_steps(),
        Step("wayed", "numbered roads in all their spellings", _WAYED),
        Step("split_up", "the words of the street", _SPLIT_UP),
        Step("looked_up", "what each may be", _looked_up()),
        Step("tailed", "a unit behind the street's type, without a word for it", _TAILED),
        Step("posted", "whether the last word is a directional", _POSTED),
        Step("prefixed", "whether the first is", _PREFIXED),
        Step("typed", "whether the last before it is a type", _TYPED),
        Step("named", "what is left is the name, its words written out", _NAMED),
        Step("parted", "the parts of the street in their standard words", _PARTED),
        Step("weighed", "refusals, placeholders and institutions among them", _WEIGHED),
    ]
