"""Names brought to one form: folded, the generational suffix found, parts told apart, placeholders recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.fold import plain, replaced, squeezed, when
from comity.standard.lists import groups, lines, values
from comity.standard.name_columns import NAME, STANDARD_NAME, name_key_sql
from comity.standard.steps import Step, chain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SUFFIXES = [(word, group[0]) for group in groups("name_suffixes") for word in group]
_SUFFIX_END = f" (?:{'|'.join(sorted({word for word, _ in _SUFFIXES} - {'2', '3', '4'}))})$"
_PARTICLES = "|".join(lines("particles"))
_TITLES = "^(?:MR|MRS|MS|MISS|DR|SRA|SRTA) (.+)$"


def _letters(column: str) -> str:
    """SQL: only letters and single spaces; apostrophes and full stops join what they part, as in O'Neill and J.R."""
    joined = replaced(column, "['.`]+", "")
    return squeezed(replaced(joined, "[^\\p{L}\\p{M}0-9 ]+", " "))


def _folded() -> str:
    columns = ", ".join(f"{plain(name)} AS {name}_0" for name in NAME)
    return f"SELECT *, {columns} FROM keyed"


# A family name of the form "Diaz, Sara" with nothing in the given name is the whole name in one field.
_FIELDED = """
SELECT * EXCLUDE (given_name_0, middle_name_0, family_name_0),
    CASE WHEN inverted THEN split_part(family_name_0, ',', 2) ELSE given_name_0 END AS given_1,
    middle_name_0 AS middle_1,
    CASE WHEN inverted THEN split_part(family_name_0, ',', 1) ELSE family_name_0 END AS family_1
FROM (SELECT *, coalesce(trim(given_name_0), '') = '' AND regexp_matches(family_name_0, '^[^,]*\\p{L}[^,]*,[^,]*\\p{L}[^,]*$')
    AS inverted FROM folded)
"""

_LETTERED = f"""
SELECT {", ".join(NAME)}, name_key,
    {_letters("given_1")} AS given_2, {_letters("middle_1")} AS middle_2,
    {_letters("family_1")} AS family_2, {_letters("name_suffix_0")} AS suffix_2
FROM fielded
"""


def _at_end(column: str) -> str:
    return when(f"regexp_matches({column}, '{_SUFFIX_END}')", f"regexp_extract({column}, '[^ ]+$')", "NULL")


_SUFFIXED = f"""
SELECT * EXCLUDE (given_2, middle_2, family_2, suffix_2),
    coalesce(stated.standard, at_family.standard, at_given.standard, at_middle.standard) AS n_suffix,
    {when(f"regexp_matches(given_2, '{_SUFFIX_END}')", f"regexp_replace(given_2, '{_SUFFIX_END}', '')", "given_2")} AS given_3,
    CASE WHEN at_middle.word IS NULL THEN middle_2 END AS middle_3,
    {when(f"regexp_matches(family_2, '{_SUFFIX_END}')", f"regexp_replace(family_2, '{_SUFFIX_END}', '')", "family_2")} AS family_3
FROM lettered
LEFT JOIN suffixes stated ON stated.word = suffix_2
LEFT JOIN suffixes at_family ON at_family.word = {_at_end("family_2")}
LEFT JOIN suffixes at_given ON at_given.word = {_at_end("given_2")}
LEFT JOIN suffixes at_middle ON at_middle.word = middle_2 AND length(middle_2) > 1
"""

_UNTITLED = when(f"regexp_matches(given_3, '{_TITLES}')", f"regexp_replace(given_3, '{_TITLES}', '\\1')", "given_3")


def _weight(column: str, listed: str) -> str:
    """SQL: how surely the word is no name; a row of X is one."""
    return f"CASE WHEN regexp_full_match({column}, 'XX+') THEN 'always' ELSE {listed}.weight END"


_WEIGHED = f"""
SELECT * EXCLUDE (given_3, middle_3, family_3),
    {_UNTITLED} AS n_given,
    CASE WHEN middle_3 NOT IN ('NMN', 'NMI', 'NONE', 'NA', 'UNK', 'UNKNOWN') THEN middle_3 END AS n_middle,
    family_3 AS n_family,
    {_weight("given_3", "g")} AS given_weight,
    {_weight("family_3", "f")} AS family_weight
FROM suffixed
LEFT JOIN placeholders g ON g.word = given_3
LEFT JOIN placeholders f ON f.word = family_3
"""


def _parts(column: str) -> str:
    """SQL: the parts of a name; a particle stays with what follows it, and `y` between two surnames is dropped."""
    joined = f"regexp_replace(regexp_replace({column}, ' Y ', ' '), '\\b({_PARTICLES}) ', '\\1_', 'g')"
    kept = f"list_transform(string_split({joined}, ' '), lambda part: replace(part, '_', ' '))"
    return when(f"regexp_matches({column}, '\\b(?:{_PARTICLES}|Y) ')", kept, f"string_split({column}, ' ')")


_NAMED = f"""
SELECT {", ".join(NAME)}, name_key,
    n_given, {_parts("n_given")} AS n_given_parts, replace(n_given, ' ', '') AS n_given_joined,
    n_middle, left(n_middle, 1) AS n_middle_initial,
    n_family, {_parts("n_family")} AS n_family_parts, replace(n_family, ' ', '') AS n_family_joined,
    n_suffix,
    CASE WHEN n_given IS NULL AND n_family IS NULL THEN 'missing'
         WHEN given_weight = 'always' OR family_weight = 'always' OR given_weight = 'given' THEN 'placeholder'
         WHEN (n_given IS NULL OR given_weight = 'both') AND (n_family IS NULL OR family_weight = 'both') THEN 'placeholder'
         WHEN n_given IS NULL OR n_family IS NULL THEN 'insufficient'
         WHEN NOT regexp_matches(n_given, '\\p{{L}}') OR NOT regexp_matches(n_family, '\\p{{L}}') THEN 'insufficient'
         ELSE 'sufficient' END AS n_class
FROM weighed
"""


def name_steps(source: str = "names") -> list[Step]:
    """The whole rule-set for names in order, over the relation `source`."""
    weights = [(word, weight) for weight, word in (line.split(": ", 1) for line in lines("name_placeholders"))]
    columns = ", ".join((*NAME, *STANDARD_NAME))
    return [
        Step(
            "suffixes",
            "generational suffixes in their spellings",
            f"SELECT * FROM ({values(_SUFFIXES)}) v(word, standard)",
        ),
        Step(
            "placeholders",
            "words that stand where no name is known",
            f"SELECT * FROM ({values(weights)}) v(word, weight)",
        ),
        Step("given", "each distinct name once", f"SELECT DISTINCT {', '.join(NAME)} FROM {source}"),
        Step(
            "keyed",
            "with the key by which callers join back",
            f"SELECT *, {name_key_sql('given')} AS name_key FROM given",
        ),
        Step("folded", "upper case, accents folded", _folded()),
        Step("fielded", "a whole name written into the family name, told apart", _FIELDED),
        Step("lettered", "letters and single spaces alone", _LETTERED),
        Step("suffixed", "Jr and its like, wherever they stand", _SUFFIXED),
        Step("weighed", "titles off; words that are no names recognised", _WEIGHED),
        Step("named", "parts, joined forms, and one class", _NAMED),
        Step("standard", "the name as it was sent, and its derived columns", f"SELECT {columns} FROM named"),
    ]


def standardise_names(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the table `into`: one row per distinct name of the relation `source`.

    `source` has the VARCHAR columns `given_name`, `middle_name`, `family_name`, `name_suffix`, which may be NULL, and any
    others; `into` has those four and STANDARD_NAME. Join back through `name_key`. Every row has one `n_class`:
    sufficient, missing (neither name), insufficient (one of them blank) or placeholder.
    """
    con.execute(f"CREATE OR REPLACE TABLE {into} AS {chain(name_steps(source))}")
