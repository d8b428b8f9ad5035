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


# Particles are drawn to the part they belong to (Del Rio, Delrio).
_PARTS = """
n_given, n_middle,
array_to_string(list_transform(n_family_parts, lambda part: replace(part, ' ', '')), ' ') AS n_family,
n_suffix
"""


_PLACE = """
CASE WHEN a_form IN ('street', 'highway', 'grid') THEN 'street' ELSE a_form END AS a_kind,
CASE WHEN a_form IN ('po_box', 'military', 'foreign') THEN a_street ELSE a_number END AS a_number,
a_pre, a_name, a_suffix, a_post, a_unit, a_city, a_state, a_zip
"""


def stand(con: duckdb.DuckDBPyConnection, source: str, prefix: str) -> None:
    """Make `<prefix>_places` and `<prefix>_names`: each distinct address and name of `source` as written, read once.

    `source` has `entry`, unique, and the name and address columns of the contract. `<prefix>_places` has `row_number`,
    ADDRESS, `entries` (a list: who has it) and ADDRESS_COLUMNS, `<prefix>_names` the same with NAME and NAME_COLUMNS.
    An address of a form without a number of its own (a box) has its line as its number; an address that cannot be told
    from others, as general delivery, has none and so agrees with nothing.
    """
    for what, written, standardise, standard in (
        ("places", ADDRESS, standardise_addresses, _PLACE),
        ("names", NAME, standardise_names, _PARTS),
    ):
        columns = ", ".join(written)
        con.execute(f"""
CREATE OR REPLACE TEMP TABLE {prefix}_written AS
SELECT row_number() OVER () AS row_number, * FROM (SELECT {columns}, list(entry) AS entries FROM {source} GROUP BY ALL)
""")
        standardise(con, f"{prefix}_written", f"{prefix}_read")
        con.execute(f"""
CREATE OR REPLACE TEMP TABLE {prefix}_{what} AS
SELECT * FROM {prefix}_written JOIN (SELECT row_number, {standard} FROM {prefix}_read) USING (row_number)
""")
        con.execute(f"DROP TABLE {prefix}_written; DROP TABLE {prefix}_read")


def stood_sql(standardised: str) -> str:
    """SQL: the rows of `standardised` (`standard.rows`) with ADDRESS_COLUMNS and NAME_COLUMNS as `stand` has them."""
    return f"SELECT row_number, {_PLACE}, {_PARTS} FROM {standardised}"


def named_sql(standardised: str) -> str:
    """SQL: the rows of `standardised` (`standard.standardise_names`) with NAME_COLUMNS as `stand` has them."""
    return f"SELECT row_number, {_PARTS} FROM {standardised}"


def tin_sql(column: str) -> str:
    """SQL: a TIN as its figures and letters alone, as nearly all are written; absent when there are none."""
    bare = f"nullif(regexp_replace({column}, '[^0-9A-Za-z]', '', 'g'), '')"
    return f"CASE WHEN regexp_full_match({column}, '[0-9A-Za-z]+') THEN {column} ELSE {bare} END"
