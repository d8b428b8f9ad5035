"""Names brought to one form: folded, the generational suffix found, parts told apart, placeholders recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.name_columns import NAME, STANDARD_NAME
from comity.standard.name_texts import placeholder_table, suffix_table, text_steps
from comity.standard.steps import Step, chain, kept

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A family name of the form "Diaz, Sara" with nothing in the given name is the whole name in one field.
_FIELDED = r"""
SELECT * EXCLUDE (inverted),
    CASE WHEN inverted THEN split_part(family_name, ',', 2) ELSE given_name END AS given_1,
    CASE WHEN inverted THEN split_part(family_name, ',', 1) ELSE family_name END AS family_1
FROM (SELECT *, contains(family_name, ',') AND coalesce(trim(given_name), '') = ''
    AND regexp_matches(family_name, '^[^,]*\p{L}[^,]*,[^,]*\p{L}[^,]*$') AS inverted FROM given)
"""

_GIVEN = ("n_given", "n_given_parts", "n_given_joined")
_FAMILY = ("n_family", "n_family_parts", "n_family_joined")

_ASSEMBLED = """
SELECT n.row_number,
    g.name AS n_given, g.parts AS n_given_parts, g.joined AS n_given_joined, g.weight AS given_weight,
    CASE WHEN length(m.name) > 1 THEN m.whole_suffix END AS middle_suffix,
    CASE WHEN m.weight IS DISTINCT FROM 'always' AND (length(m.name) = 1 OR m.whole_suffix IS NULL AND m.weight IS NULL)
         THEN m.name END AS n_middle,
    f.name AS n_family, f.parts AS n_family_parts, f.joined AS n_family_joined, f.weight AS family_weight,
    coalesce(s.whole_suffix, f.suffix, g.suffix, m.suffix, middle_suffix) AS n_suffix
FROM std_names n
LEFT JOIN std_texts g ON g.sent = n.given_1
LEFT JOIN std_texts m ON m.sent = n.middle_name
LEFT JOIN std_texts f ON f.sent = n.family_1
LEFT JOIN std_texts s ON s.sent = n.name_suffix
"""

# A word that may be a name (Null, None) is none only where nothing beside it is one.
_HOLLOWED = """
SELECT *,
    coalesce(given_weight, n_given, 'both') = 'both'
        AND coalesce(family_weight, n_family, 'both') = 'both' AS both_hollow,
    coalesce(given_weight IN ('always', 'given'), FALSE) OR both_hollow AS given_hollow,
    coalesce(family_weight = 'always', FALSE) OR both_hollow AS family_hollow
FROM assembled
"""

_CLASSED = f"""
SELECT row_number, n_suffix, n_middle, left(n_middle, 1) AS n_middle_initial,
    {", ".join(f"CASE WHEN NOT given_hollow THEN h.{c} END AS {c}" for c in _GIVEN)},
    {", ".join(f"CASE WHEN NOT family_hollow THEN h.{c} END AS {c}" for c in _FAMILY)},
    CASE WHEN h.n_given IS NULL AND h.n_family IS NULL THEN 'missing'
         WHEN given_hollow OR family_hollow THEN 'placeholder'
         WHEN h.n_given IS NULL OR h.n_family IS NULL THEN 'insufficient' ELSE 'sufficient' END AS n_class
FROM hollowed h
"""


def name_passes(source: str = "names") -> dict[str, list[Step]]:
    """The rule-set for names over the relation `source`, by the table that each pass makes.

    Given and family names recur: each distinct text is read once (`std_texts`), and the last pass puts them together.
    """
    columns = ", ".join(("row_number", *STANDARD_NAME))
    return {
        "std_suffixes": [Step("suffixes", "generational suffixes in their spellings", suffix_table())],
        "std_placeholders": [Step("placeholders", "words that stand where no name is known", placeholder_table())],
        "std_names": [
            Step("given", "each name", f"SELECT row_number, {', '.join(NAME)} FROM {source}"),
            Step("fielded", "a whole name written into the family name, told apart", _FIELDED),
        ],
        "std_texts": text_steps(),
        "standard": [
            Step("assembled", "each name with what its fields were read as", _ASSEMBLED),
            Step("hollowed", "which of the two is no name", _HOLLOWED),
            Step("classed", "the class of the name, such as blank or placeholder: the first that applies", _CLASSED),
            Step("standard", "what was derived of each row", f"SELECT {columns} FROM classed"),
        ],
    }


def standardise_names(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the table `into`: `row_number` and STANDARD_NAME for every row of the relation `source`.

    `source` has `row_number`, unique, and the VARCHAR columns NAME, which may be NULL, and any others. Every row has
    one `n_class`: sufficient, missing (neither name), insufficient (one of them blank) or placeholder; a given or
    family name that is a placeholder is absent among the derived columns. Temporary tables named `std_…` are made and
    dropped.
    """
    passes = name_passes(source)
    last = passes.pop("standard")
    with kept(con, passes):
        con.execute(f"CREATE OR REPLACE TABLE {into} AS {chain(last)}")
