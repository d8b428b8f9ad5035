"""Addresses brought to one form (USPS Publication 28) and judged sufficient or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.address_columns import STANDARD_ADDRESS
from comity.standard.delivery import form_steps, number_steps
from comity.standard.linework import line_steps, text_steps
from comity.standard.lists import phrases
from comity.standard.places import given_steps, place_steps, state_table
from comity.standard.steps import Step, chain, kept
from comity.standard.street import street_steps
from comity.standard.sufficiency import reading_steps, sufficiency_steps
from comity.standard.units import unit_line_steps, unit_steps
from comity.standard.words import word_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def address_passes(source: str = "addresses") -> dict[str, list[Step]]:
    """The rule-set for addresses over the relation `source`, by the table that each pass makes.

    Places, lines, units and streets recur: each distinct one is read once (`std_places`, `std_shapes`, `std_units`,
    `std_streets`), each row only as far as its shape, the line without its own number (`std_lines`).
    The last pass puts them together.
    """
    columns = ", ".join(("row_number", *STANDARD_ADDRESS))
    last = f"SELECT {columns} FROM judged"
    return {
        "std_states": [Step("states", "the spellings of each state", state_table())],
        "std_phrases": [Step("phrases", "lines that say there is nothing", phrases())],
        "std_words": [Step("words", "what a word may be in a street line", word_table())],
        "std_given": given_steps(source),
        "std_texts": text_steps(),
        "std_places": place_steps("std_given"),
        "std_lines": line_steps(),
        "std_shapes": [*form_steps("std_lines"), *unit_line_steps(), *number_steps()],
        "std_units": unit_steps("std_lines", "std_shapes"),
        "std_streets": street_steps("std_shapes"),
        "std_readings": reading_steps(),
        "standard": [*sufficiency_steps(), Step("standard", "what was derived of each row", last)],
    }


def standardise_addresses(con: DuckDBPyConnection, source: str, into: str) -> None:
    """Create the table `into`: `row_number` and STANDARD_ADDRESS for every row of the relation `source`.

    `source` has `row_number`, unique, and the VARCHAR columns ADDRESS, which may be NULL, and any others. Every row has
    one `a_class`: sufficient, missing, placeholder, zip_only, incomplete, unreadable, po_box, general_delivery, foreign
    or institutional. Temporary tables named `std_…` are made and dropped. Source: USPS Publication 28.
    """
    passes = address_passes(source)
    last = passes.pop("standard")
    with kept(con, passes):
        con.execute(f"CREATE OR REPLACE TABLE {into} AS {chain(last)}")
