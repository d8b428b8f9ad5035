"""The name and the address of every row in standard form, so that one step reads them and the next need not again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.address_columns import STANDARD_ADDRESS
from comity.standard.addresses import standardise_addresses
from comity.standard.name_columns import STANDARD_NAME
from comity.standard.names import standardise_names

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_UNSAID = ("a_class_detail", "n_given_parts", "n_middle_initial")

STANDARD_ROW: tuple[str, ...] = tuple(column for column in (*STANDARD_ADDRESS, *STANDARD_NAME) if column not in _UNSAID)
"""What is derived of the address and of the name of a row, as far as a later step reads it."""


def standardise_rows(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the view `into`: `row_number` and STANDARD_ROW of every row of the relation `source`.

    `source` has `row_number`, unique, and the columns ADDRESS and NAME. What was made lies in the tables
    `<into>_addresses` and `<into>_names`.
    """
    standardise_addresses(con, source, f"{into}_addresses")
    standardise_names(con, source, f"{into}_names")
    con.execute(f"""
        CREATE OR REPLACE VIEW {into} AS
        SELECT row_number, {", ".join(STANDARD_ROW)} FROM {into}_addresses JOIN {into}_names USING (row_number)""")
