"""A package checked offline by every rule that needs no office, so that a defective request never has to be sent."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity import agreements, gates
from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.case.errors import BadInput, ComityError
from comity.intake import COVER, Cover, open_package, read_tables
from comity.requester.marking import require_new, write_copy
from comity.workspace import workspace

NAMED_RULINGS = 1000


@dataclass(frozen=True)
class Ruling:
    """One rule that one request fails: its row and id, the gate, code and outcome, the clause, and what to do."""

    row_number: int
    request_id: str
    gate: str
    code: str
    outcome: str
    clause: str
    says: str
    next: str


@dataclass(frozen=True)
class Checked:
    """What the rules say of a package: how many requests pass, come back or wait, and why.

    `by_code` counts requests; `rulings` are the first thousand, by row; `not_checked` are the gates left to the office;
    `signed` says that the package is signed, whoever signed it.
    """

    requests: int
    passed: int
    returned: int
    review: int
    by_code: Mapping[str, int]
    rulings: tuple[Ruling, ...]
    not_checked: tuple[str, ...]
    signed: bool


def check(package: Path, on: date, *, named: str = "", copy: Path | None = None) -> Checked:
    """Check the package at `package`, signed or not, as if it were received on the day `on`.

    `named` is the agreement, by name or folder, where its text does not ship; `copy` a file that is not there yet, for
    the requests as they were sent with what is said of each (see `marking.write_copy`). Raises BadInput
    `AGREEMENT_DIFFERS` when the agreement is not the one that the cover names, and what `intake.read_tables`,
    `agreements.load`, `gates.check` and `write_copy` raise.
    """
    if copy is not None:
        require_new(copy)
    opened = open_package(package)
    cover = Cover.from_bytes(opened.read(COVER))
    agreement = agreements.find(named) if named else agreements.load(cover.agreement)
    if agreement.name != cover.agreement:
        raise BadInput(
            "AGREEMENT_DIFFERS",
            "The cover names another agreement than the one to check by.",
            "Check by the agreement that the package was prepared under.",
        )
    facts = {"agency": cover.agency, "invokes": cover.invokes, "attestation_known": _attested(cover, agreement)}
    with tempfile.TemporaryDirectory(dir=package.parent, prefix=".check-") as folder:
        tables = read_tables(Path(folder), opened, cover, on, keep_sent=copy is not None)
        ruled = gates.check(Path(folder), tables.requests, tables.recipients, agreement, facts)
        if copy is not None and tables.sent is not None:
            write_copy(Path(folder), tables.sent, ruled.rulings, copy)
        return Checked(
            tables.requests.rows,
            ruled.passed,
            ruled.returned,
            ruled.review,
            dict(ruled.by_code),
            _first_rulings(Path(folder), ruled.rulings, agreement),
            ruled.not_checked,
            opened.signed,
        )


def _attested(cover: Cover, agreement: Agreement) -> bool:
    try:
        return agreement.attestation(cover.attestation.version).digest == cover.attestation.digest
    except ComityError:
        return False


def _first_rulings(directory: Path, rulings: Artefact, agreement: Agreement) -> tuple[Ruling, ...]:
    columns = "row_number, request_id, gate, code, outcome, clause"
    with workspace(directory) as ws:
        ws.view("rulings", rulings)
        rows = ws.rows(f"SELECT {columns} FROM rulings ORDER BY row_number, gate, code LIMIT {NAMED_RULINGS}")
    return tuple(_ruling(agreement, *row) for row in rows)


def _ruling(
    agreement: Agreement, row_number: int, request_id: str, gate: str, code: str, outcome: str, clause: str
) -> Ruling:
    says, then = agreement.sentence(code)
    return Ruling(row_number, request_id, gate, code, outcome, clause, says, then)
