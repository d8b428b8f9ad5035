"""The street itself: highways, then directionals, type and name read from its words by the word table."""

from __future__ import annotations

from comity.standard.fold import replaced, when
from comity.standard.steps import Step
from comity.standard.words import word_table

MOST_WORDS = 8  # a street's name in the United States has fewer; a longer line is prose

_DIR = "N|S|E|W|NE|NW|SE|SW|NORTH|SOUTH|EAST|WEST|NORTHEAST|NORTHWEST|SOUTHEAST|SOUTHWEST"

# Publication 28, appendix F: the canonical name of a numbered road, and the spellings read as it.
_ROADS = (
    (
        "COUNTY ROAD",
        "(?:COUNTY|CO|CTY|CNTY) ?(?:HWY|HIGHWAY|HIWAY|ROAD|RD|ROUTE|RTE|RT|TRUNK|TRUNK HIGHWAY)|CR|CRD|CTH|CO",
    ),
    ("TOWNSHIP ROAD", "(?:TOWNSHIP|TWP|TOWN) ?(?:HWY|HIGHWAY|ROAD|RD)|TR"),
    ("FM", "FARM TO MARKET(?: ROAD| RD)?|FARM (?:ROAD|RD)|F M|FM(?: ROAD| RD)?"),
    ("RANCH ROAD", "RANCH (?:TO MARKET )?(?:ROAD|RD)|RM(?: ROAD| RD)?|RR"),
    ("INTERSTATE", "INTERSTATE(?: HWY| HIGHWAY)?|I|IH|INTERST"),
    ("US HIGHWAY", "(?:US|U S|UNITED STATES)(?: ?(?:HWY|HIGHWAY|HIWAY|ROUTE|RTE|RT))?"),
    ("STATE HIGHWAY", "(?:STATE|ST|[A-Z]{2}) (?:HWY|HIGHWAY|HIWAY|ROUTE|RTE|RT|ROAD|RD)|SR|SH|STHY|STRT"),
    ("HIGHWAY", "HWY|HIGHWAY|HIWAY|HIGHWY|HWAY|ROUTE|RTE|RT"),
    ("ROAD", "ROAD|RD"),
)
_ROAD_WORDS = "|".join(words for _, words in _ROADS)
_ROAD = f"^(?:({_DIR}) )?({_ROAD_WORDS})[ #]*(?:(?:NO|NUMBER) )?#?((?:[A-Z]-?)?[0-9]+[A-Z]?)(?: (?:HWY|HIGHWAY|ROAD|RD|RTE|ROUTE))?(?: ({_DIR}))?$"
_LETTERED = f"^(?:({_DIR}) )?((?:COUNTY|CO|CTY|CNTY) ?(?:HWY|HIGHWAY|ROAD|RD|TRUNK|TRUNK HIGHWAY)|CTH)[ #]*([A-Z]{{1,2}})(?: ({_DIR}))?$"


def _road_name(column: str) -> str:
    tests = " ".join(f"WHEN regexp_full_match({column}, '{words}') THEN '{name}'" for name, words in _ROADS)
    return f"CASE {tests} END"


_WAYED = f"""
SELECT *,
    CASE WHEN form_1 <> 'street' OR NOT regexp_matches(rest, '[0-9]|\\b(?:CO|CTY|CNTY|COUNTY|CTH)\\b') THEN NULL
         WHEN regexp_matches(rest, '{_ROAD}') THEN regexp_extract(rest, '{_ROAD}', ['pre', 'road', 'number', 'post'])
         WHEN regexp_matches(rest, '{_LETTERED}') THEN regexp_extract(rest, '{_LETTERED}', ['pre', 'road', 'number', 'post'])
    END AS way
FROM (SELECT * EXCLUDE (rest_1, body), body,
        {replaced(when("contains(rest_2, '-')", "trim(regexp_replace(rest_2, '-+', ' ', 'g'))", "rest_2"), "  +", " ")} AS rest
    FROM (SELECT *, CASE WHEN form_1 = 'street' THEN CASE WHEN number_1 IS NULL THEN body ELSE rest_1 END END AS rest_2 FROM numbered))
"""

_POSITIONS = range(1, MOST_WORDS + 1)


def _worded() -> str:
    joins = "\n".join(f"LEFT JOIN words w{i} ON w{i}.word = w[{i}]" for i in _POSITIONS)
    lists = ", ".join(
        f"[{', '.join(f'w{i}.{kind}' for i in _POSITIONS)}] AS {many}"
        for kind, many in (("direction", "directions"), ("suffix", "suffixes"))
    )
    names = ", ".join(f"coalesce(w{i}.inside, w[{i}])" for i in _POSITIONS)
    split = "SELECT *, CASE WHEN way IS NULL THEN string_split(rest, ' ') END AS w, len(w) AS n FROM wayed"
    return f"SELECT split.*, {lists}, [{names}] AS names FROM ({split}) split\n{joins}"


# A directional before one of these alone is the street's name: North St, South Ave.
_COMMON = "'ST', 'AVE', 'RD', 'DR', 'LN', 'CT', 'BLVD', 'WAY', 'PL', 'CIR', 'PKWY', 'TER', 'HWY', 'TRL'"

_ENDED = f"""
SELECT *,
    CASE WHEN directions[n] IS NULL OR n < 2 OR n > {MOST_WORDS} THEN FALSE
         WHEN n = 2 THEN suffixes[1] IS NULL AND directions[1] IS NULL
         ELSE w[n - 1] NOT IN ('THE', 'OF', 'DEL', 'LA', 'KEY') END AS has_post,
    CASE WHEN has_post THEN n - 1 ELSE n END AS hi,
    directions[1] IS NOT NULL AND hi >= 2 AND NOT (hi = 2 AND coalesce(suffixes[2] IN ({_COMMON}), FALSE)) AS has_pre,
    CASE WHEN has_pre THEN 2 ELSE 1 END AS lo,
    suffixes[hi] IS NOT NULL AND hi > lo AS has_suffix,
    CASE WHEN has_suffix THEN hi - 1 ELSE hi END AS last
FROM worded
"""

_ORDINAL = """CASE WHEN right(name_1, 2) IN ('11', '12', '13') THEN name_1 || 'TH'
    WHEN right(name_1, 1) = '1' THEN name_1 || 'ST' WHEN right(name_1, 1) = '2' THEN name_1 || 'ND'
    WHEN right(name_1, 1) = '3' THEN name_1 || 'RD' ELSE name_1 || 'TH' END"""

_NAMED = f"""
SELECT *,
    CASE WHEN has_pre THEN directions[1] END AS pre_1,
    CASE WHEN has_post THEN directions[n] END AS post_1,
    CASE WHEN has_suffix THEN suffixes[hi] END AS suffix_1,
    CASE WHEN n > {MOST_WORDS} THEN NULL
         WHEN last > lo AND w[last] = 'ST' THEN array_to_string(names[lo:last - 1], ' ') || ' STREET'
         WHEN last > lo THEN array_to_string(names[lo:last], ' ')
         ELSE names[lo] END AS name_1,
    CASE WHEN has_suffix AND regexp_full_match(name_1, '[0-9]+') THEN {_ORDINAL} ELSE name_1 END AS name_2
FROM ended
"""

_RURAL_NAME = "CASE WHEN rural.kind IN ('HC', 'HCR', 'HIGHWAY CONTRACT', 'STAR ROUTE', 'SR') THEN 'HC' ELSE 'RR' END"

_SPELLED = f"""
SELECT * EXCLUDE (way, w, n, directions, suffixes, names, has_post, hi, has_pre, lo, has_suffix, last, rural, name_1),
    CASE WHEN form_1 <> 'street' THEN form_1 WHEN way IS NOT NULL THEN 'highway'
         WHEN is_grid OR (pre_1 IS NOT NULL AND post_1 IS NOT NULL AND regexp_full_match(name_1, '[0-9]+')) THEN 'grid'
         ELSE 'street' END AS a_form,
    CASE form_1 WHEN 'rural_route' THEN nullif(rural.box, '') ELSE nullif(number_1, '') END AS a_number,
    coalesce(nullif(way_pre.direction, ''), pre_1) AS a_pre,
    CASE WHEN form_1 = 'rural_route' THEN concat_ws(' ', {_RURAL_NAME}, nullif(rural.route, ''))
         WHEN way IS NOT NULL THEN {_road_name("way.road")} || ' ' || replace(way.number, '-', '') ELSE name_2 END AS a_name,
    suffix_1 AS a_suffix,
    coalesce(way_post.direction, post_1) AS a_post
FROM named LEFT JOIN words way_pre ON way_pre.word = way.pre LEFT JOIN words way_post ON way_post.word = way.post
"""

_WHOLE = """
SELECT *,
    CASE a_form WHEN 'rural_route' THEN a_name || ' BOX ' || a_number
        WHEN 'po_box' THEN 'PO BOX ' || regexp_extract(line_whole, '([0-9A-Z-]+)$', 1)
        WHEN 'general_delivery' THEN 'GENERAL DELIVERY'
        WHEN 'none' THEN NULL
        WHEN 'military' THEN line_whole
        WHEN 'foreign' THEN line_whole
        ELSE nullif(concat_ws(' ', a_number, a_pre, a_name, a_suffix, a_post), '') END AS a_street
FROM spelled
"""


def street_steps() -> list[Step]:
    """The steps from `rest_1` and `number_1` to `a_form`, `a_number`, `a_pre`, `a_name`, `a_suffix`, `a_post`, `a_street`."""
    table = f"SELECT * FROM ({word_table()}) v(word, direction, suffix, inside)"
    return [
        Step("words", "what a word may be in a street line", table),
        Step("wayed", "numbered roads in all their spellings", _WAYED),
        Step("worded", "each word looked up", _worded()),
        Step("ended", "which words at the ends are directionals and street type", _ENDED),
        Step("named", "what is left is the name, its words written out", _NAMED),
        Step("spelled", "the parts of the street", _SPELLED),
        Step("whole", "the street as one line without its unit", _WHOLE),
    ]
