"""Prints the formats that requests may be written in, with the table of names for NIEM."""

from __future__ import annotations

import json

from comity.intake.csv_table import MAXIMUM_CELL, MAXIMUM_ROW
from comity.intake.faults import ALL_FAULTS
from comity.intake.niem_names import CONTEXT, FIRST, NAMESPACES, PATHS, REQUEST
from comity.intake.written import CSV, ENDINGS, FORMATS
from docs.printing.markdown import code, page, table

OPENING = (
    "`comity request new` reads the [requests table](tables.md) in any of these formats and makes the same package "
    "of it. What is not said with an option is said by the file: its ending says the format, the header line of a "
    "CSV file the delimiter; the encoding is UTF-8. Nothing is guessed, and no byte is replaced: a file that is "
    "not what was said is refused with the line."
)
WAYS = {
    "csv": "A header line with the names of the columns, then one request a row, as in RFC 4180. `--delimiter` is "
    "any one character but letters, digits, quote and line end, or the word `tab`. Several values of a cell are "
    "separated by `;`.",
    "ndjson": "One JSON object (RFC 8259) a line, its members named as the columns. Texts and dates are strings, "
    "several values an array, years whole numbers; what is left out or null is absent. No other member, none "
    "twice, no blank line.",
    "parquet": "The columns as text, or with the types of the contract. No encryption.",
    "niem": "One JSON document in the names of NIEM 6.0, below.",
}
ENCODINGS = (
    "`--encoding` takes any name that Python knows for an encoding of text, of every format but Parquet: `utf-8` (with "
    "a byte order mark or without), `utf-16` (which needs its mark; `utf-16-le` and `utf-16-be` do not), "
    "`windows-1252`, `latin-1`."
)
PACKAGE = (
    "A package carries the requests as `requests.parquet`, every cell the text that was read, whatever they were "
    "written in. Other software may write `requests.csv` instead: UTF-8, with commas. The cover names which of the "
    "two it is, so that the custodian has nothing to find out."
)
NIEM = (
    "Names under `nc` and `j` are those of the NIEM model 6.0, and what has no published name stands under "
    f"`comity`, a namespace of this project. `{CONTEXT}` comes first and is exactly as here; `{REQUEST}` is one "
    "request or an array of them. A column of several values is an array or one value. Where two paths lead to a "
    "column, one of them is given. Any other name is refused with its path. The document is read from the front, "
    "request by request, so that it may be of any length."
)


def formats_page() -> str:
    """The page `docs/reference/formats.md`."""
    rows = [
        (code(name), ", ".join(code(end) for end, of in ENDINGS.items() if of == name), WAYS[name]) for name in FORMATS
    ]
    return page(
        "Formats",
        OPENING,
        table(("format", "endings", "what it is"), rows),
        ENCODINGS,
        f"## Limits\n\n{_limits()}",
        f"## What a package carries\n\n{PACKAGE}",
        f"## NIEM 6\n\n{NIEM}\n\n{_example()}\n\n{_paths()}",
    )


def _limits() -> str:
    rows = (
        ("a cell", f"{MAXIMUM_CELL:,} characters"),
        (f"a row of {CSV}, a line of NDJSON, a request of NIEM", f"{MAXIMUM_ROW:,} characters"),
        ("places listed that cannot be read", f"the first {ALL_FAULTS:,}"),
    )
    return table(("of", "at most"), rows)


def _example() -> str:
    request: dict[str, object] = {}
    for column, value in (
        ("request_id", "A-1"),
        ("given_name", "Imani"),
        ("date_of_birth", "1981-05-14"),
        ("tax_years", [2023]),
    ):
        inner = request
        for name in FIRST[column][:-1]:
            inner = inner.setdefault(name, {})  # type: ignore[assignment]
        inner[FIRST[column][-1]] = value
    return f"```json\n{json.dumps({CONTEXT: NAMESPACES, REQUEST: [request]}, indent=2)}\n```"


def _paths() -> str:
    return table(
        ("column", "path within the request"), [(code(column), code(" / ".join(path))) for column, path in PATHS]
    )
