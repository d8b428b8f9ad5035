"""Names brought to one form: folded, the generational suffix found, parts told apart, placeholders recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.fold import every, plain, when, words
from comity.standard.lists import groups, lines, table
from comity.standard.name_columns import NAME, STANDARD_NAME, name_key_sql
from comity.standard.steps import Step, chain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SUFFIXES = [(word, group[0]) for group in groups("name_suffixes") for word in group]
_SUFFIX_END = f" (?:{'|'.join(sorted({word for word, _ in _SUFFIXES if not word.isdigit()}))})$"
_PARTICLES = "|".join(lines("particles"))
_TITLES = "^(?:MR|MRS|MS|MISS|DR|SRA|SRTA) (.+)$"
_NO_MIDDLE = "'NMN', 'NMI', 'NMM', 'NONE', 'NA', 'N A', 'UNK', 'UNKNOWN'"

# What joins the letters on both sides (O'Neill, J.R.) is dropped; everything else that is no letter parts them.
_DROPPED = "['.`]+"
_LETTERS = r"\p{L}\p{M}0-9"

_FOLDED = f"""
SELECT {", ".join(NAME)}, name_key, {", ".join(f"{plain(name)} AS {name}_0" for name in NAME)} FROM keyed
"""

# A family name of the form "Diaz, Sara" with nothing in the given name is the whole name in one field.
_FIELDED = r"""
SELECT * EXCLUDE (given_name_0, family_name_0, inverted),
    CASE WHEN inverted THEN split_part(family_name_0, ',', 2) ELSE given_name_0 END AS given_1,
    CASE WHEN inverted THEN split_part(family_name_0, ',', 1) ELSE family_name_0 END AS family_1
FROM (SELECT *, coalesce(trim(given_name_0), '') = '' AND contains(family_name_0, ',')
    AND regexp_matches(family_name_0, '^[^,]*\p{L}[^,]*,[^,]*\p{L}[^,]*$') AS inverted FROM folded)
"""


def _letters(column: str) -> str:
    """SQL: only letters and single spaces; most names are that already."""
    plain_already = f"regexp_full_match({column}, '[A-Z]+(?: [A-Z]+)*')"
    return when(plain_already, column, words(every(column, _DROPPED, ""), _LETTERS))


_LETTERED = f"""
SELECT {", ".join(NAME)}, name_key, {_letters("given_1")} AS given_2, {_letters("middle_name_0")} AS middle_2,
    {_letters("family_1")} AS family_2, {_letters("name_suffix_0")} AS suffix_2
FROM fielded
"""

_ENDED = f"""
SELECT *, {when(f"regexp_matches(family_2, '{_SUFFIX_END}')", "split_part(family_2, ' ', -1)")} AS family_end,
    {when(f"regexp_matches(given_2, '{_SUFFIX_END}')", "split_part(given_2, ' ', -1)")} AS given_end
FROM lettered
"""


def _without(column: str, end: str) -> str:
    return when(f"{end} IS NOT NULL", f"left({column}, length({column}) - length({end}) - 1)", column)


_SUFFIXED = f"""
SELECT ended.* EXCLUDE (given_2, middle_2, family_2, suffix_2, given_end, family_end),
    coalesce(stated.standard, at_family.standard, at_given.standard, at_middle.standard) AS n_suffix,
    {_without("given_2", "given_end")} AS given_3,
    CASE WHEN at_middle.word IS NULL AND middle_2 NOT IN ({_NO_MIDDLE}) THEN middle_2 END AS n_middle,
    {_without("family_2", "family_end")} AS family_3
FROM ended
LEFT JOIN suffixes stated ON stated.word = suffix_2
LEFT JOIN suffixes at_family ON at_family.word = family_end
LEFT JOIN suffixes at_given ON at_given.word = given_end
LEFT JOIN suffixes at_middle ON at_middle.word = middle_2 AND length(middle_2) > 1
"""


def _weight(column: str, listed: str) -> str:
    """SQL: how surely the word is no name; a row of X is none."""
    no_name = f"regexp_full_match({column}, 'XX+') OR NOT regexp_matches({column}, '\\p{{L}}')"
    return when(no_name, "'always'", f"{listed}.weight")


_UNTITLED = when(f"regexp_matches(given_3, '{_TITLES}')", f"regexp_replace(given_3, '{_TITLES}', '\\1')", "given_3")

_WEIGHED = f"""
SELECT s.* EXCLUDE (given_3, family_3), {_UNTITLED} AS n_given, family_3 AS n_family,
    {_weight("given_3", "g")} AS given_weight, {_weight("family_3", "f")} AS family_weight
FROM suffixed s LEFT JOIN placeholders g ON g.word = given_3 LEFT JOIN placeholders f ON f.word = family_3
"""


def _parts(column: str) -> str:
    """SQL: the parts of a name; a particle stays with what follows it, and `y` between two surnames is dropped."""
    joined = every(f"replace({column}, ' Y ', ' ')", rf"\b({_PARTICLES}) ", r"\1_")
    kept = f"list_transform(string_split({joined}, ' '), lambda part: replace(part, '_', ' '))"
    return when(f"regexp_matches({column}, '\\b(?:{_PARTICLES}|Y) ')", kept, f"string_split({column}, ' ')")


_NAMED = f"""
SELECT {", ".join(NAME)}, name_key,
    n_given, {_parts("n_given")} AS n_given_parts, replace(n_given, ' ', '') AS n_given_joined,
    n_middle, left(n_middle, 1) AS n_middle_initial,
    n_family, {_parts("n_family")} AS n_family_parts, replace(n_family, ' ', '') AS n_family_joined, n_suffix,
    CASE WHEN n_given IS NULL AND n_family IS NULL THEN 'missing'
         WHEN given_weight IN ('always', 'given') OR family_weight = 'always' THEN 'placeholder'
         WHEN coalesce(given_weight, n_given, 'both') = 'both' AND coalesce(family_weight, n_family, 'both') = 'both'
         THEN 'placeholder'
         WHEN n_given IS NULL OR n_family IS NULL THEN 'insufficient' ELSE 'sufficient' END AS n_class
FROM weighed
"""


def name_steps(source: str = "names") -> list[Step]:
    """The whole rule-set for names in order, over the relation `source`."""
    weights = [(word, weight) for weight, word in (line.split(": ", 1) for line in lines("name_placeholders"))]
    suffixes = table("word, standard", _SUFFIXES)
    placeholders = table("word, weight", weights)
    keyed = f"SELECT *, {name_key_sql('given')} AS name_key FROM given"
    standard = f"SELECT {', '.join((*NAME, *STANDARD_NAME))} FROM named"
    return [
        Step("suffixes", "generational suffixes in their spellings", suffixes),
        Step("placeholders", "words that stand where no name is known", placeholders),
        Step("given", "each distinct name once", f"SELECT DISTINCT {', '.join(NAME)} FROM {source}"),
        Step("keyed", "with the key by which callers join back", keyed),
        Step("folded", "upper case, accents folded", _FOLDED),
        Step("fielded", "a whole name written into the family name, told apart", _FIELDED),
        Step("lettered", "letters and single spaces alone", _LETTERED),
        Step("ended", "Jr and its like at the end of a name", _ENDED),
        Step("suffixed", "the suffix, wherever it stood", _SUFFIXED),
        Step("weighed", "titles off; words that are no names recognised", _WEIGHED),
        Step("named", "parts, joined forms, and one class", _NAMED),
        Step("standard", "the name as it was sent, and its derived columns", standard),
    ]


def standardise_names(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the table `into`: one row per distinct name of the relation `source`.

    `source` has the VARCHAR columns `given_name`, `middle_name`, `family_name`, `name_suffix`, which may be NULL, and
    any others; `into` has those four and STANDARD_NAME. Join back through `name_key`. Every row has one `n_class`:
    sufficient, missing (neither name), insufficient (one of them blank) or placeholder.
    """
    con.execute(f"CREATE OR REPLACE TABLE {into} AS {chain(name_steps(source))}")
