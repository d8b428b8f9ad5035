"""How two given or two family names, as words, compare: one reason for each distinct pair of different words."""

from __future__ import annotations

from comity.standard import Step

SHORTEST_SLIP = 3
LONGEST_SHORT_WORD = 5

# Of a family name as many letters in five may differ where everything else agrees.
WIDEST_SLIP = 2


# What papers leave out before a family name, as it is drawn to what follows it: de la Cruz is DELACRUZ and CRUZ.
LEFT_OUT = (
    *("DE", "DEL", "DELA", "DELAS", "DELOS", "DI", "DA", "DAS", "DO", "DOS", "DU", "DELLA", "LA", "LAS", "LOS", "LE"),
    *("VAN", "VANDE", "VANDEN", "VANDER", "VON", "VONDER", "DEN", "DER", "ZU", "AL", "EL", "ABU", "BIN", "BINT", "IBN"),
)
SHORTEST_LEFT = 4

# A first given name may be cut to so many letters before a second (Ma Guadalupe); one letter alone is an initial.
LONGEST_CUT = 3


def word_step(kind: str, source: str, into: str) -> Step:
    """The step that makes `into` (a, b, reason) of the distinct pairs (a, b) of different words that `source` gives.

    `kind` is `given` or `family`; `a` and `b` are standardised names, parts separated by spaces. The order of the
    rules is the order of belief: the same letters, a known pet form or spelling, a part, an initial, a slip. Two
    different names that both occur in the list of known names are two names, never a slip. Reads `std_nicknames`,
    `std_variants`, `std_romanised` and `std_known_<kind>` of `standard.load_lists`. Of given names,
    `one_given` says that one of the two is known as a given name and as no family name, and the other as no given name.
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
romanised AS ({_in_one_group("std_romanised", "romanised_group")}),
spelling AS ({_in_one_group("std_variants", "variant_group")})
SELECT a, b, CASE
    WHEN a_joined = b_joined THEN '{kind}_written_otherwise'
    {_ordered_otherwise(kind)}
    {_same_given(kind)}
    {_transposed(kind)}
    WHEN spelling.a IS NOT NULL THEN '{kind}_transliterated'
    WHEN length(a_joined) = 1 OR length(b_joined) = 1 THEN
        CASE WHEN left(a_joined, 1) = left(b_joined, 1) THEN '{kind}_initial' ELSE '{kind}_differs' END
    WHEN list_has_all(a_parts, b_parts) OR list_has_all(b_parts, a_parts) THEN '{kind}_partial'
    {_left_out(kind)}
    {_cut(kind)}
    WHEN known_a.name IS NOT NULL AND known_b.name IS NOT NULL THEN '{kind}_differs'
    WHEN {_slip("a_joined", "b_joined")} THEN '{kind}_slip'
    {_wide_slip(kind)}
    ELSE '{kind}_differs' END AS reason{_one_given(kind)}
FROM parted
{_given_lists(kind)}
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


def _same_given(kind: str) -> str:
    if kind != "given":
        return ""
    return """WHEN pet.a IS NOT NULL THEN 'given_nickname'
    WHEN romanised.a IS NOT NULL THEN 'given_romanised'"""


# In a name shorter than this two letters that changed places make another: Mia and Mai, Byron and Bryon.
SHORTEST_TRANSPOSED = 6
_LONGEST_TRANSPOSED = 20


def _transposed(kind: str) -> str:
    """SQL: two neighbouring letters changed places; and not both are known names, unless as spellings of one."""
    if kind != "given":
        return ""
    at = (
        f"left(a, {i - 1}) = left(b, {i - 1}) AND substr(a, {i}, 1) = substr(b, {i + 1}, 1)"
        f" AND substr(a, {i + 1}, 1) = substr(b, {i}, 1) AND substr(a, {i + 2}) = substr(b, {i + 2})"
        for i in range(1, _LONGEST_TRANSPOSED)
    )
    return f"""WHEN length(a) = length(b) AND length(a) >= {SHORTEST_TRANSPOSED} AND levenshtein(a, b) = 2
        AND (known_a.name IS NULL OR known_b.name IS NULL OR spelling.a IS NOT NULL)
        AND ({" OR ".join(at)}) THEN 'given_transposed'"""


def _left_out(kind: str) -> str:
    """SQL: one family name is the other behind a particle."""
    if kind != "family":
        return ""
    particles = ", ".join(f"'{particle}'" for particle in LEFT_OUT)
    behind = (
        f"(length({b}_joined) >= {SHORTEST_LEFT} AND right({a}_joined, length({b}_joined)) = {b}_joined"
        f" AND left({a}_joined, greatest(length({a}_joined) - length({b}_joined), 0)) IN ({particles}))"
        for a, b in (("a", "b"), ("b", "a"))
    )
    return f"WHEN {' OR '.join(behind)} THEN 'family_partial'"


def _cut(kind: str) -> str:
    """SQL: of two given names of several parts only the first differs, and one of the two begins the other."""
    if kind != "given":
        return ""
    first_a, first_b = "split_part(a, ' ', 1)", "split_part(b, ' ', 1)"
    shorter = f"least(length({first_a}), length({first_b}))"
    return f"""WHEN a <> {first_a} AND b <> {first_b}
        AND substr(a, length({first_a}) + 1) = substr(b, length({first_b}) + 1)
        AND left({first_a}, {shorter}) = left({first_b}, {shorter}) AND {shorter} <= {LONGEST_CUT}
        THEN CASE WHEN {shorter} = 1 THEN 'given_initial' ELSE 'given_partial' END"""


def _given_lists(kind: str) -> str:
    if kind != "given":
        return ""
    return """LEFT JOIN pet USING (a, b) LEFT JOIN romanised USING (a, b)
LEFT JOIN std_known_family AS family_a ON family_a.name = a
LEFT JOIN std_known_family AS family_b ON family_b.name = b"""


def _one_given(kind: str) -> str:
    if kind != "given":
        return ""
    return """,
    known_a.name IS NOT NULL AND family_a.name IS NULL AND known_b.name IS NULL
        OR known_b.name IS NOT NULL AND family_b.name IS NULL AND known_a.name IS NULL AS one_given"""


def _wide_slip(kind: str) -> str:
    if kind != "family":
        return ""
    wide = f"levenshtein(a_joined, b_joined) * 5 <= greatest(length(a_joined), length(b_joined)) * {WIDEST_SLIP}"
    return f"WHEN {wide} THEN 'family_wide_slip'"


def _slip(a: str, b: str) -> str:
    shorter = f"least(length({a}), length({b}))"
    return (
        f"{shorter} >= {SHORTEST_SLIP} AND "
        f"levenshtein({a}, {b}) <= CASE WHEN {shorter} <= {LONGEST_SHORT_WORD} THEN 1 ELSE 2 END"
    )
