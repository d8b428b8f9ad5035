"""Who an accounting is made to: read from what counsel was given, and kept where its digest commits to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import BadInput
from comity.case.wording import require_day
from comity.linkage.about import SUBJECT
from comity.office.receiving import SALT_BYTES
from comity.workspace import workspace

# What a person may give: all that a request may give of one, and the custodian's own number.
GIVEN = tuple(column for column in SUBJECT if column not in ("salt", "row_number"))
_ONCE = ("taxpayer_id", "tin", "date_of_birth")
_NEEDED = ("given_name", "family_name", "date_of_birth")
_PLACED = ("street_line", "address_text", "taxpayer_id", "tin")
_LONGEST = 200
_MOST = 50

Given = Sequence[Mapping[str, str]]


def read_given(content: bytes) -> Given:
    """What counsel was given of one person: a JSON object, or a list of them where the person has borne several names
    or lived at several addresses.

    Names and birth date have to be in each, and the custodian's number, a TIN or an address; number and birth date are
    the same in all. Raises BadInput `PERSON_UNREADABLE`, `PERSON_NOT_IDENTIFIED` or `DAY_UNFIT`, none of which says a
    value.
    """
    try:
        said = json.loads(content)
        rows = [dict(row) for row in (said if isinstance(said, list) else [said])]
        readable = 0 < len(rows) <= _MOST and all(_is_readable(row) for row in rows)
    except (ValueError, TypeError, RecursionError):
        readable = False
    if not readable:
        raise BadInput(
            "PERSON_UNREADABLE",
            "What was given of the person is not of its form.",
            f"Give a JSON object, or a list of them, of texts: {', '.join(GIVEN)}.",
        )
    _require_identified(rows)
    return rows


def _is_readable(row: Mapping[str, object]) -> bool:
    texts = all(isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() for value in row.values())
    return texts and set(row) <= set(GIVEN)


def _require_identified(rows: Given) -> None:
    whole = all(all(row.get(name, "").strip() for name in _NEEDED) for row in rows)
    placed = all(any(row.get(name, "").strip() for name in _PLACED) for row in rows)
    once = all(len({row.get(name, "").strip() for row in rows}) == 1 for name in _ONCE)
    if not (whole and placed and once):
        raise BadInput(
            "PERSON_NOT_IDENTIFIED",
            "A name and a birth date fit several people, and an accounting is made to one.",
            "Give names and birth date, and the custodian's number, a TIN or an address; number and birth date the "
            "same in each.",
        )
    require_day(rows[0]["date_of_birth"].strip())


def keep_subject(folder: Path, given: Given) -> Artefact:
    """Write the artefact `subject` into `folder`; its salt makes of its digest a commitment that tells nobody."""
    salt = secrets.token_hex(SALT_BYTES)
    kinds = {"row_number": "INTEGER", "date_of_birth": "DATE"}
    columns = ", ".join(f"{column} {kinds.get(column, 'VARCHAR')}" for column in SUBJECT)
    with workspace(folder) as ws:
        ws.con.execute(f"CREATE TEMP TABLE given ({columns})")
        for number, row in enumerate(given, 1):
            cells = [salt, number, *(row.get(column, "").strip() or None for column in SUBJECT[2:])]
            ws.con.execute(f"INSERT INTO given VALUES ({', '.join('?' for _ in SUBJECT)})", cells)
        return ws.write("subject", "SELECT * FROM given", "row_number")
