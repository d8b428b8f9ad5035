"""A small batch, as tables, for the tests of review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from comity.case.artefact import Artefact
from comity.crypto import Authority, Certificate, P256Key, Purpose, issue, make_authority
from comity.review import Docket
from comity.workspace import workspace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Table = Callable[[str, str], Artefact]

REQUESTS = """SELECT * FROM (VALUES (1, 'A-1', ['R1']), (2, 'A-2', ['R1', 'R2']),
    (3, 'A-3', ['R2']), (4, 'A-4', ['R1']))
    AS t(row_number, request_id, recipients)"""
SETTLED = """SELECT * FROM (VALUES (1, 'A-1', 'pass', []::VARCHAR[]), (2, 'A-2', 'pass', []), (3, 'A-3', 'pass', []),
    (4, 'A-4', 'return', ['REASON_MISSING', 'ADDRESS_INSUFFICIENT'])) AS t(row_number, request_id, ruling, codes)"""
DETERMINATIONS = """SELECT * FROM (VALUES (1, 'A-1', 'confirmed', 'agrees', 'P1'),
    (2, 'A-2', 'unclear', 'soft_name', 'P2'),
    (3, 'A-3', 'not_found', 'nothing', NULL)) AS t(row_number, request_id, determination, reason, person)"""
CANDIDATES = """SELECT *, []::VARCHAR[] AS reasons FROM (VALUES
    (1, 'A-1', 'P1', 'primary', TRUE, 'exact', 'equal', 'agrees'),
    (2, 'A-2', 'P2', 'spouse', TRUE, 'soft', 'one_sided', 'absent'),
    (2, 'A-2', 'P3', 'primary', TRUE, 'different', 'equal', 'absent'))
    AS t(row_number, request_id, person, role, in_stated_year, name_level, address_level, birth_level)"""
NO_SAMPLE = "SELECT 0 AS row_number, '' AS stratum WHERE FALSE"
SAMPLE = "SELECT * FROM (VALUES (1, 'confirmed'), (3, 'no')) AS t(row_number, stratum)"
NO_VERDICTS = "SELECT 0 AS row_number, '' AS verdict, '' AS person WHERE FALSE"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch's folder, one for all tests: a file in it is named by its content."""
    return tmp_path_factory.mktemp("batch")


@pytest.fixture(scope="session")
def table(folder: Path) -> Iterator[Table]:
    """A maker of artefacts: kind and SQL in, artefact out; the same table is written once."""
    with workspace(folder) as ws:
        yield cache(lambda kind, sql: ws.write(kind, sql, "ALL"))


@pytest.fixture
def docket(folder: Path, table: Table) -> Callable[..., Docket]:
    """A maker of what is voted on; the small batch unless said otherwise, of which nothing is sampled."""

    def made(determinations: str = DETERMINATIONS, candidates: str = CANDIDATES, sample: str = NO_SAMPLE) -> Docket:
        artefacts = {"determinations": determinations, "candidates": candidates, "sample": sample}
        return Docket(folder, *(table(kind, sql) for kind, sql in artefacts.items()))

    return made


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority(
        "Rehearsal office", rehearsal=True, not_before=NOW.replace(year=2025), not_after=NOW.replace(year=2030)
    )


@pytest.fixture(scope="session")
def officers(authority: Authority) -> dict[str, tuple[P256Key, Certificate]]:
    """Ann, Bea and Cyd, each with a key and a certificate of their own."""
    made = {}
    for name in ("ann", "bea", "cyd"):
        key = P256Key.generate()
        term = (NOW.replace(year=2025), NOW.replace(year=2030))
        made[name] = (key, issue(authority, name, "Office", key.public_key, Purpose.SIGNING, *term))
    return made
