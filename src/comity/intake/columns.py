"""The columns that a table of requests has: all that must be there, none twice, and none that nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence

from comity.case.tables import REQUESTS
from comity.intake import refusals


def require_columns(names: Sequence[str]) -> None:
    """Raise BadInput COLUMN_UNKNOWN, COLUMN_REPEATED or COLUMN_MISSING unless `names` are the contract's."""
    known = REQUESTS.names()
    missing = [name for name in REQUESTS.required() if name not in names]
    for place, name in enumerate(names, 1):
        if name not in known:
            raise refusals.unknown_column(place, missing, in_capitals=name.lower() in known)
        if name in names[: place - 1]:
            raise refusals.repeated_column(name)
    if missing:
        raise refusals.missing_columns(missing)
