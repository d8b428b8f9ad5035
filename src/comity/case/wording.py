"""The forms of what people type into events: ids, days, and sentences that can be shown and stored."""

from __future__ import annotations

import re
from datetime import date

from comity.case.errors import BadInput

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def require_id(given: str) -> None:
    """Raise BadInput `ID_UNFIT` unless `given` is of the form that ids have here and in a submission."""
    if not _ID.fullmatch(given):
        raise BadInput(
            "ID_UNFIT",
            "An id is 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', and begins with a letter or digit.",
            "Give such an id.",
        )


def require_day(given: str) -> None:
    """Raise BadInput `DAY_UNFIT` unless `given` is a day of the calendar as ISO 8601 writes it."""
    try:
        known = bool(_DAY.fullmatch(given)) and bool(date.fromisoformat(given))
    except ValueError:
        known = False
    if not known:
        raise BadInput("DAY_UNFIT", "A day is written as in 2026-02-01.", "Give the day so.")


def require_term(first: str, last: str) -> None:
    """Raise BadInput `DAY_UNFIT` for what is no day, `TERM_UNFIT` for a last day before the first."""
    require_day(first)
    require_day(last)
    if last < first:
        raise BadInput("TERM_UNFIT", "The entry's last day is before its first.", "Give the days in their order.")


def require_printable(*given: str) -> None:
    """Raise BadInput `TEXT_UNPRINTABLE` for a text with control characters, line breaks or broken encoding."""
    if not all(text.isprintable() for text in given):
        raise BadInput(
            "TEXT_UNPRINTABLE",
            "A text holds a line break or a character that cannot be shown.",
            "Write it in one line of plain characters.",
        )
