"""The persons whom a court's order names, as an officer hands them in: a CSV file of names and birth dates."""

from __future__ import annotations

import csv
import io

from comity.case.errors import BadInput
from comity.case.holds import Person

NEEDED = ("given_name", "family_name")
COLUMNS = (*NEEDED, "date_of_birth")


def read_persons(content: bytes) -> list[Person]:
    """The persons in a CSV file (RFC 4180, UTF-8) with the columns COLUMNS in any order; the last may be absent.

    Each has a name at least; a birth date is written 1980-03-04 or left empty. Lines are as they stand: what they say
    is checked where the hold is decided. Raises BadInput `PERSONS_UNREADABLE`, with the line and no value.
    """
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        head = [name.strip() for name in next(rows, [])]
        if not set(NEEDED) <= set(head) <= set(COLUMNS) or len(set(head)) != len(head):
            raise _unreadable(f"Its first line names other columns than {', '.join(COLUMNS)}.")
        found = []
        for row in rows:
            if len(row) not in (0, len(head)):
                raise _unreadable(f"Line {rows.line_num} has {len(row)} cells; the first line names {len(head)}.")
            if row:
                said = dict(zip(head, (cell.strip() for cell in row), strict=True))
                found.append(Person(**said))
    except UnicodeDecodeError:
        raise _unreadable("It is not UTF-8.") from None
    except csv.Error:
        raise _unreadable(f"Line {rows.line_num} has a quotation mark out of place, or too long a cell.") from None
    if not found:
        raise _unreadable("It names nobody, and a hold about nobody would be one about everybody.")
    return found


def _unreadable(why: str) -> BadInput:
    return BadInput(
        "PERSONS_UNREADABLE",
        f"The list of persons cannot be read. {why}",
        f"Write a CSV file whose first line is {','.join(COLUMNS)}, and a person in each line after it.",
    )
