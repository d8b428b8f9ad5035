"""Prints the table contract: the columns a file of requests, of the registry or of the truth has."""

from __future__ import annotations

from comity.case.tables import IDENTITY, REGISTRY, REQUESTS, TRUTH, Column, Table
from docs.printing.markdown import code, page, table

FORMS = {
    "VARCHAR": "text",
    "INTEGER": "a whole number",
    "DATE": "YYYY-MM-DD",
    "BOOLEAN": "true or false",
    "INTEGER[]": "whole numbers separated by `;`",
    "VARCHAR[]": "words separated by `;`",
}
OPENING = (
    "Every file is read as text first and turned into these types afterwards, so that the ZIP 01234 stays 01234. "
    "Blank cells, spaces and invisible characters are absent. A column the contract does not know is left behind, "
    "and in a file of requests refused. CSV files are UTF-8 with a header line; Parquet files carry the same "
    "columns. Requests may be written otherwise too: see [formats](formats.md)."
)


def tables_page() -> str:
    """The page `docs/reference/tables.md`."""
    return page(
        "Tables",
        OPENING,
        _section("Requests", "One row per person asked about.", REQUESTS),
        _section("Registry", "One row per person on a form of the custodian.", REGISTRY),
        _section("Truth", "What is true of the requests of a synthetic set; `comity evaluate` reads it.", TRUTH),
        "## Identity\n\nThe columns of a request that linkage sees, and no other: "
        + ", ".join(code(name) for name in IDENTITY.names())
        + ".",
    )


def _section(title: str, says: str, contract: Table) -> str:
    head = ("column", "form in CSV", "type", "the file must carry it", "what it says")
    key = f"Key: {', '.join(code(name) for name in contract.key)}."
    return f"## {title}\n\n{says} {key}\n\n{table(head, map(_row, contract.columns))}"


def _row(column: Column) -> tuple[str, ...]:
    return (code(column.name), FORMS[column.type], code(column.type), "yes" if column.required else "", column.says)
