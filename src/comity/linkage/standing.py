"""People and places in standard form, as requests and registry both carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard import ADDRESS, NAME, standardise_addresses, standardise_names

if TYPE_CHECKING:
    import duckdb

ADDRESS_COLUMNS = (
    "a_kind", "a_number", "a_pre", "a_name", "a_suffix", "a_post", "a_unit", "a_city", "a_state", "a_zip",
)  # fmt: skip
NAME_COLUMNS = ("n_given", "n_middle", "n_family", "n_suffix")


# Particles are drawn to the part they belong to (Del Rio, Delrio); a placeholder is as good as no name.
_PARTS = """
CASE WHEN n_class <> 'placeholder' THEN n_given END AS n_given,
n_middle,
CASE WHEN n_class <> 'placeholder' THEN
    array_to_string(list_transform(n_family_parts, lambda part: replace(part, ' ', '')), ' ') END AS n_family,
n_suffix
"""


_PLACE = """
CASE WHEN a_form IN ('street', 'highway', 'grid') THEN 'street' ELSE a_form END AS a_kind,
CASE WHEN a_form IN ('po_box', 'military', 'foreign') THEN a_street ELSE a_number END AS a_number,
a_pre, a_name, a_suffix, a_post, a_unit, a_city, a_state, a_zip
"""


def stand(con: duckdb.DuckDBPyConnection, source: str, prefix: str) -> None:
    """Make `<prefix>_places` (ADDRESS, ADDRESS_COLUMNS) and `<prefix>_names` (NAME, NAME_COLUMNS), one row each for
    every distinct address and name of `source` as written.

    `source` has the name and address columns of the contract. An address of a form without a number of its own (a
    box) has its line as its number; an address that cannot be told from others, as general delivery, has none and so
    agrees with nothing.
    """
    standardise_addresses(con, source, f"{prefix}_addresses_read")
    standardise_names(con, source, f"{prefix}_names_read")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE {prefix}_places AS
SELECT {", ".join(ADDRESS)}, {_PLACE} FROM {prefix}_addresses_read
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE {prefix}_names AS SELECT {", ".join(NAME)}, {_PARTS} FROM {prefix}_names_read
""")
    con.execute(f"DROP TABLE {prefix}_addresses_read; DROP TABLE {prefix}_names_read")


def stood_sql(standardised: str) -> str:
    """SQL: the rows of `standardised` (`standard.rows`) with ADDRESS_COLUMNS and NAME_COLUMNS as `stand` has them."""
    return f"SELECT row_number, {_PLACE}, {_PARTS} FROM {standardised}"


def tin_sql(column: str) -> str:
    """SQL: a TIN as its figures and letters alone, as nearly all are written; absent when there are none."""
    bare = f"nullif(regexp_replace({column}, '[^0-9A-Za-z]', '', 'g'), '')"
    return f"CASE WHEN regexp_full_match({column}, '[0-9A-Za-z]+') THEN {column} ELSE {bare} END"


def joins_sql(alias: str, prefix: str) -> str:
    """SQL: the joins from a row of `alias` to its `place` and its `named`, by what was written."""
    place, named = written_alike(alias, "place", ADDRESS), written_alike(alias, "named", NAME)
    return f"JOIN {prefix}_places AS place ON {place} JOIN {prefix}_names AS named ON {named}"


def written_alike(a: str, b: str, columns: tuple[str, ...]) -> str:
    """SQL: `a` and `b` have the same text, or the same absence, in each of `columns`."""
    return " AND ".join(f"{a}.{column} IS NOT DISTINCT FROM {b}.{column}" for column in columns)
