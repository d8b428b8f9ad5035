"""The name and the address of every row in standard form, so that one step reads them and the next need not again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.address_columns import STANDARD_ADDRESS, same_address_sql
from comity.standard.addresses import standardise_addresses
from comity.standard.name_columns import STANDARD_NAME, same_name_sql
from comity.standard.names import standardise_names

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_UNSAID = ("a_class_detail", "n_given_parts", "n_middle_initial")

STANDARD_ROW: tuple[str, ...] = tuple(column for column in (*STANDARD_ADDRESS, *STANDARD_NAME) if column not in _UNSAID)
"""What is derived of the address and of the name of a row, as far as a later step reads it."""


def standardise_rows(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the table `into`: `row_number` and STANDARD_ROW of every row of the relation `source`.

    `source` has `row_number` and the columns ADDRESS and NAME. Each distinct address and name is read once.
    """
    standardise_addresses(con, source, "row_addresses")
    standardise_names(con, source, "row_names")
    con.execute(f"""
        CREATE OR REPLACE TABLE {into} AS
        SELECT r.row_number, {", ".join(STANDARD_ROW)}
        FROM {source} AS r
        JOIN row_addresses AS a ON {same_address_sql("a", "r")}
        JOIN row_names AS n ON {same_name_sql("n", "r")}""")
    con.execute("DROP TABLE row_addresses; DROP TABLE row_names")
