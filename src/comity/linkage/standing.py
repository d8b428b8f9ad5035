"""People and places in standard form, as requests and registry both carry them, and the blocking keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard import ADDRESS, NAME, address_key_sql, name_key_sql, standardise_addresses, standardise_names

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


def stand(con: duckdb.DuckDBPyConnection, source: str, prefix: str) -> None:
    """Make `<prefix>_places` (address_id, place, ADDRESS_COLUMNS, ...) and `<prefix>_names` (name_id, name, ...).

    `source` has the name and address columns of the contract, which both tables keep as they were written, with the key
    of the standard. `place` and `name` are the first id of all that reads the same after standardisation. An address
    of a form without a number of its own (a box) has its line as its number; an address that cannot be told from
    others, as general delivery, has none and so agrees with nothing.
    """
    standardise_addresses(con, source, f"{prefix}_addresses_read")
    standardise_names(con, source, f"{prefix}_names_read")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE {prefix}_places AS
SELECT *, min(address_id) OVER (PARTITION BY {", ".join(ADDRESS_COLUMNS)}) AS place
FROM (SELECT {", ".join(ADDRESS)}, address_key, row_number() OVER (ORDER BY address_key) AS address_id,
    CASE WHEN a_form IN ('street', 'highway', 'grid') THEN 'street' ELSE a_form END AS a_kind,
    CASE WHEN a_form IN ('po_box', 'military', 'foreign') THEN a_street ELSE a_number END AS a_number,
    a_pre, a_name, a_suffix, a_post, a_unit, a_city, a_state, a_zip
    FROM {prefix}_addresses_read)
""")
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE {prefix}_names AS
SELECT *, min(name_id) OVER (PARTITION BY {", ".join(NAME_COLUMNS)}) AS name
FROM (SELECT {", ".join(NAME)}, name_key, row_number() OVER (ORDER BY name_key) AS name_id, {_PARTS}
    FROM {prefix}_names_read)
""")
    con.execute(f"DROP TABLE {prefix}_addresses_read; DROP TABLE {prefix}_names_read")


def joins_sql(alias: str, prefix: str) -> str:
    """SQL: the joins from a row of `alias` to its place and its name."""
    return (
        f"JOIN {prefix}_places AS place ON place.address_key = {address_key_sql(alias)} "
        f"JOIN {prefix}_names AS named ON named.name_key = {name_key_sql(alias)}"
    )


def keys_sql(place: str, name: str) -> str:
    """SQL: the three blocking keys from the standard columns of the aliases `place` and `name`; an absent part makes
    the key NULL, which meets nothing.

    `key_place` is ZIP and primary number; `key_town` state, city, number and the beginning of the street, for a ZIP
    that is absent or wrong; `key_name` ZIP, family name and given initial, for a person at another address. The hash
    is MD5's first half, which no version of the database may change.
    """
    zip_code, number = f"{place}.a_zip", f"{place}.a_number"
    street = f"left(coalesce({place}.a_name, '-'), 2)"
    return ", ".join(
        (
            _key(zip_code, number) + " AS key_place",
            _key(f"{place}.a_state", f"{place}.a_city", number, street) + " AS key_town",
            _key(zip_code, f"replace({name}.n_family, ' ', '')", f"left({name}.n_given, 1)") + " AS key_name",
        )
    )


def _key(*parts: str) -> str:
    joined = " || '|' || ".join(parts)
    return f"md5_number_lower({joined})"
