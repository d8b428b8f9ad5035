"""The kinds of decoys: what each changes in a confirmed request so that it asks about another person or home."""

from __future__ import annotations

from collections.abc import Mapping

from comity.workspace import Workspace

_DONORS = 12

KINDS = {
    "other_given_name": "same family name and address, the given name of somebody else",
    "near_given_name": "same family name and address, a given name one or two letters away",
    "namesake": "same full name and address, another middle name, and another birth date if one was sent",
    "twin": "same name, birth date and address, another middle name",
    "shared_beginning": "same family name, birth date and address, given names that only begin alike",
    "next_door": "same person, the unit next door, or the house two or four numbers further on",
    "sibling_street": "same person and number, the street's sibling: East for West, M for N",
    "near_street": "same person and number, the street of that ZIP most like it, though more than a slip away",
}

# A street where a few homes alone are listed, beside many on the other, may be that other misspelt.
_FEWEST_HOMES = 3
_LEAST_SHARE = 10

# Streets no more letters apart, by the length of the shorter name, the rule takes for slips of one: it would trip there
# every time. Written out here and not read from the rule, so that a rule which takes more for a slip trips as well.
_SLIPS = "CASE WHEN {shorter} < 4 THEN 0 WHEN {shorter} < 7 THEN 1 WHEN {shorter} < 11 THEN 2 ELSE 3 END"


def find_donors(ws: Workspace, seed: int, drawn: int) -> None:
    """Make `donors`, for each of the `drawn` requests some of the others, and `near`, the given names like its own.

    A donor lends a name, a middle name and a birth date; it stands behind the request in the order, all the way round,
    and carries a birth date if the request does, so that a decoy is held to the evidence of its original.
    """
    # Numbered before the join: else every request may be held against every other, and then the order counts.
    ws.con.execute(f"""
CREATE TEMP TABLE donors AS
WITH turns AS MATERIALIZED (
    SELECT row_number, given, second, middle_name, date_of_birth, shift, (place + shift) % {int(drawn)} AS behind
    FROM drawn, range(1, {_DONORS + 1}) AS shifts(shift))
SELECT a.row_number, shift, b.given_name, b.given, b.middle_name, b.date_of_birth,
    upper(left(trim(a.middle_name), 1)) IS DISTINCT FROM upper(left(trim(b.middle_name), 1))
        AND (a.middle_name IS NULL OR b.middle_name IS NOT NULL)
        AND (a.date_of_birth = b.date_of_birth) IS NOT TRUE AS is_namesake,
    {_another("a.second", "upper(strip_accents(trim(b.middle_name)))")} AS lends_middle,
    {_another("a.second", "b.given")} AS lends_second
FROM turns AS a JOIN drawn AS b ON b.place = a.behind
WHERE a.given <> b.given AND (a.date_of_birth IS NULL) = (b.date_of_birth IS NULL)
""")
    _find_near_names(ws, seed)


# Whole names a letter apart (John, Joan) are a slip of one name to the rule: it would trip there every time.
def _another(second: str, lent: str) -> str:
    """SQL: of two second names, each an initial or whole, neither can stand for the other."""
    initials = f"length({second}) = 1 OR length({lent}) = 1"
    apart = f"CASE WHEN {initials} THEN {second}[1] <> {lent}[1] ELSE levenshtein({second}, {lent}) > 1 END"
    return f"coalesce({apart}, FALSE)"


def _find_near_names(ws: Workspace, seed: int) -> None:
    """Make `near`: for the given names of `drawn`, another of them within two edits and with the same initial."""
    ws.con.execute(f"""
CREATE TEMP TABLE near AS
WITH names AS (SELECT given, min(given_name) AS given_name FROM drawn WHERE length(given) > 2 GROUP BY given)
SELECT a.given, arg_min(b.given_name, md5('{int(seed)} ' || a.given || b.given)) AS near_name
FROM names AS a JOIN names AS b ON a.given[1] = b.given[1] AND a.given <> b.given
WHERE levenshtein(a.given, b.given) <= 2
GROUP BY a.given
""")


def decoys_sql() -> str:
    """SQL: every decoy of every kind, from `drawn`, `donors`, `near`, `homes` and the index as `registry`.

    The columns are those of `drawn`, `kind`, and `home`: the row of `homes` where it asks, if it is made at one. No TIN
    is sent.
    """
    moved = (_changed(kind, f"({homes}) AS h USING (row_number)", _ADDRESS, "h") for kind, homes in MOVED.items())
    return " UNION ALL ".join((*_PEOPLE, *_TWINS, *moved))


def _changed(kind: str, source: str, columns: Mapping[str, str], home: str = "NULL") -> str:
    """SQL: decoys of one kind; `columns` says what stands in each column that is changed."""
    changes = ", ".join(f"{value} AS {column}" for column, value in columns.items())
    return f"""
SELECT '{kind}' AS kind, o.* REPLACE ({changes}, NULL::VARCHAR AS tin), {home} AS home
FROM drawn AS o JOIN {source}
"""


def _first_donor(test: str = "TRUE") -> str:
    first = f"SELECT * FROM donors WHERE {test} QUALIFY row_number() OVER (PARTITION BY row_number ORDER BY shift) = 1"
    return f"({first}) AS d USING (row_number)"


_LENT = {"middle_name": "d.middle_name", "date_of_birth": "d.date_of_birth"}
_NEAR = " JOIN near AS n ON n.given = o.given"
_PEOPLE = (
    _changed("other_given_name", _first_donor(), {"given_name": "d.given_name", **_LENT}),
    _changed("near_given_name", _first_donor() + _NEAR, {"given_name": "n.near_name", **_LENT}),
    _changed("namesake", _first_donor("is_namesake"), _LENT),
)

_AT_HOME = " JOIN homes AS h USING (row_number)"
_BOTH_NAMES = "split_part(trim(o.given_name), ' ', 1) || ' ' || d.given_name"
_TWINS = (
    _changed("twin", _first_donor("lends_middle") + _AT_HOME, {"middle_name": "d.middle_name"}, "h"),
    _changed(
        "shared_beginning",
        _first_donor("lends_second") + _AT_HOME,
        {"given_name": _BOTH_NAMES, "middle_name": "NULL::VARCHAR"},
        "h",
    ),
)

_ADDRESS = {
    "street_line": "concat_ws(' ', h.a_number, h.a_pre, h.a_name, h.a_suffix, h.a_post)",
    "unit_line": "h.a_unit",
    "city": "h.a_city",
    "state": "h.a_state",
    "zip": "h.a_zip",
    "address_text": "NULL::VARCHAR",
}

_NEXT_UNIT = """
CASE WHEN regexp_full_match(a_unit, '[0-9]{1,6}') THEN (a_unit::INTEGER + 1)::VARCHAR
    WHEN regexp_full_match(a_unit, '[0-9]*[A-Y]') THEN left(a_unit, -1) || chr(ord(right(a_unit, 1)) + 1) END
"""
_NEXT_DOOR = f"""
SELECT * EXCLUDE (next) REPLACE (coalesce(next, a_unit) AS a_unit,
    CASE WHEN next IS NULL THEN (a_number::INTEGER + 2 + 2 * (turn % 2))::VARCHAR ELSE a_number END AS a_number)
FROM (SELECT *, {_NEXT_UNIT} AS next FROM homes) WHERE regexp_full_match(a_number, '[0-9]{{1,6}}')
"""

_OPPOSITES = {"NORTH": "SOUTH", "SOUTH": "NORTH", "EAST": "WEST", "WEST": "EAST"}
_TURNED = " ".join(
    f"WHEN contains(a_name, '{one}') THEN replace(a_name, '{one}', '{other}')" for one, other in _OPPOSITES.items()
)
_TURNED_PRE = " ".join(f"WHEN '{one[0]}' THEN '{other[0]}'" for one, other in _OPPOSITES.items())
_SIBLING = f"""
SELECT * EXCLUDE (letter, sibling, opposite)
    REPLACE (coalesce(sibling, a_name) AS a_name, CASE WHEN sibling IS NULL THEN opposite ELSE a_pre END AS a_pre)
FROM (
    SELECT *, regexp_extract(a_name, '\\b[A-Y]$') AS letter, CASE a_pre {_TURNED_PRE} END AS opposite,
        CASE {_TURNED} WHEN letter <> '' THEN left(a_name, -1) || chr(ord(letter) + 1) END AS sibling
    FROM homes
)
WHERE coalesce(sibling, opposite) IS NOT NULL
"""

_STREET = ("a_zip", "a_pre", "a_suffix", "a_post")
_LIKE = " AND ".join(f"{{a}}.{column} IS NOT DISTINCT FROM {{b}}.{column}" for column in _STREET)
_APART = "levenshtein(replace(s.a_name, ' ', ''), replace(h.a_name, ' ', ''))"
_SHORTER = "least(length(replace(s.a_name, ' ', '')), length(replace(h.a_name, ' ', '')))"
_NEAR_STREET = f"""
WITH streets AS (
    SELECT a_name, {", ".join(_STREET)}, count(*) AS listed FROM registry.addresses
    WHERE a_kind = 'street' AND a_zip IN (SELECT a_zip FROM homes) GROUP BY ALL
)
SELECT h.* REPLACE (s.a_name AS a_name)
FROM homes AS h JOIN streets AS own ON own.a_name = h.a_name AND {_LIKE.format(a="own", b="h")}
JOIN streets AS s ON s.listed >= greatest({_FEWEST_HOMES}, own.listed / {_LEAST_SHARE}) AND {_LIKE.format(a="s", b="h")}
WHERE {_APART} > {_SLIPS.format(shorter=_SHORTER)}
QUALIFY row_number() OVER (PARTITION BY h.row_number ORDER BY {_APART}, s.a_name) = 1
"""

# The kinds that ask about the same person at another home, each a SELECT from `homes` with that home in its place.
MOVED = {"next_door": _NEXT_DOOR, "sibling_street": _SIBLING, "near_street": _NEAR_STREET}
