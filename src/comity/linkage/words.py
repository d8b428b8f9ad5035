"""How two given or two family names, as words, compare: one reason for each distinct pair of different words."""

from __future__ import annotations

from comity.standard import Step

SHORTEST_SLIP = 3
LONGEST_SHORT_WORD = 5


def word_step(kind: str, source: str, into: str) -> Step:
    """The step that makes `into` (a, b, reason) of the distinct pairs (a, b) of different words that `source` gives.

    `kind` is `given` or `family`; `a` and `b` are standardised names, parts separated by spaces. The order of the
    rules is the order of belief: the same letters, a known pet form or spelling, a part, an initial, a slip. Two
    different names that both occur in the list of known names are two names, never a slip. Reads `std_nicknames`,
    `std_variants` and `std_known_<kind>` of `standard.load_lists`.
    """
    return Step(
        into,
        f"how each two {kind} names compare, once",
        f"""
WITH pair AS (SELECT DISTINCT a, b FROM ({source}) WHERE a <> b),
parted AS (
    SELECT a, b, replace(a, ' ', '') AS a_joined, replace(b, ' ', '') AS b_joined,
        string_split(a, ' ') AS a_parts, string_split(b, ' ') AS b_parts
    FROM pair
),
pet AS ({_in_one_group("std_nicknames", "canonical_group")}),
spelling AS ({_in_one_group("std_variants", "variant_group")})
SELECT a, b, CASE
    WHEN a_joined = b_joined THEN '{kind}_written_otherwise'
    {_ordered_otherwise(kind)}
    {_pet(kind)}
    WHEN spelling.a IS NOT NULL THEN '{kind}_transliterated'
    WHEN length(a_joined) = 1 OR length(b_joined) = 1 THEN
        CASE WHEN left(a_joined, 1) = left(b_joined, 1) THEN '{kind}_initial' ELSE '{kind}_differs' END
    WHEN list_has_all(a_parts, b_parts) OR list_has_all(b_parts, a_parts) THEN '{kind}_partial'
    WHEN known_a.name IS NOT NULL AND known_b.name IS NOT NULL THEN '{kind}_differs'
    WHEN {_slip("a_joined", "b_joined")} THEN '{kind}_slip'
    ELSE '{kind}_differs' END AS reason
FROM parted
LEFT JOIN pet USING (a, b)
LEFT JOIN spelling USING (a, b)
LEFT JOIN std_known_{kind} AS known_a ON known_a.name = a
LEFT JOIN std_known_{kind} AS known_b ON known_b.name = b
""",
    )


def _in_one_group(table: str, grouping: str) -> str:
    return f"""SELECT DISTINCT a, b FROM pair JOIN {table} AS x ON x.name = a
    JOIN {table} AS y ON y.name = b AND y.{grouping} = x.{grouping}"""


def _ordered_otherwise(kind: str) -> str:
    # The order of given names is part of the name (Jose Maria, Maria Jose); that of two surnames varies by custom.
    if kind != "family":
        return ""
    return "WHEN list_sort(a_parts) = list_sort(b_parts) THEN 'family_written_otherwise'"


def _pet(kind: str) -> str:
    return "WHEN pet.a IS NOT NULL THEN 'given_nickname'" if kind == "given" else ""


def _slip(a: str, b: str) -> str:
    shorter = f"least(length({a}), length({b}))"
    return (
        f"{shorter} >= {SHORTEST_SLIP} AND "
        f"levenshtein({a}, {b}) <= CASE WHEN {shorter} <= {LONGEST_SHORT_WORD} THEN 1 ELSE 2 END"
    )
