"""Addresses brought to one form (USPS Publication 28) and judged sufficient or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.address_columns import ADDRESS, STANDARD_ADDRESS
from comity.standard.delivery import delivery_steps
from comity.standard.placing import placing_steps
from comity.standard.steps import Step, chain
from comity.standard.street import street_steps
from comity.standard.sufficiency import sufficiency_steps

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def address_steps(source: str = "addresses") -> list[Step]:
    """The whole rule-set for addresses in order, over the relation `source`."""
    columns = ", ".join((*ADDRESS, *STANDARD_ADDRESS))
    last = Step("standard", "the address as it was sent, and its derived columns", f"SELECT {columns} FROM judged")
    return [*placing_steps(source), *delivery_steps(), *street_steps(), *sufficiency_steps(), last]


def standardise_addresses(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the table `into`: one row per distinct address of the relation `source`.

    `source` has the VARCHAR columns `street_line`, `unit_line`, `city`, `state`, `zip`, `country`, `address_text`, which
    may be NULL, and any others; `into` has those seven and STANDARD_ADDRESS. Join back through `address_key`. Every row
    has one `a_class`: sufficient, missing, placeholder, zip_only, incomplete, unreadable, po_box, general_delivery,
    foreign or institutional. Source: USPS Publication 28.
    """
    con.execute(f"CREATE OR REPLACE TABLE {into} AS {chain(address_steps(source))}")
