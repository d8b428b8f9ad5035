"""Requests for the gates to rule on: lawful ones, changed where a test says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comity.agreements import Agreement, load
from comity.case.artefact import Artefact
from comity.gates import ASKED, FACTS, KEY_BYTES, Earlier, Registered, Ruled, rule
from comity.workspace import workspace

LAWFUL = load("irs_ice_2025").lawful
FIRST = Earlier(bytes(KEY_BYTES))
AGENT = "Special Agent"
PEOPLE = (("R-1", "ICE", AGENT, "1"), ("R-2", "ICE", AGENT, "2"), ("R-3", "ICE", AGENT, "3"))

Changes = Mapping[str, Any]


def person(number: int) -> dict[str, Any]:
    """A lawful request about somebody of their own: name, address and reason differ from every other number's."""
    letters = "".join(chr(65 + int(digit)) for digit in f"{number:04d}")
    return {
        "given_name": "Rosa",
        "family_name": f"Del{letters}",
        "street_line": f"{100 + number} North Street",
        "unit_line": None,
        "date_of_birth": date(1980, 6, 15),
        "reason": f"Fact {letters} of the matter",
        "case_id": f"M-{number}",
    }


@pytest.fixture(scope="session")
def agreement() -> Agreement:
    return load("irs_ice_2025")


@pytest.fixture(scope="session")
def register() -> tuple[tuple[str, str, str, str, bool], ...]:
    """Whom the custodian has registered, under which certificate and as what."""
    return (
        ("R-1", "ICE", "1", "Agent", True),
        ("R-2", "ICE", "2", "Agent", True),
        ("R-9", "CBP", "9", "Officer", True),
    )


@pytest.fixture
def facts() -> dict[str, object]:
    """What office and intake know of a submission in order."""
    return {name: LAWFUL[name] for name in FACTS}


@pytest.fixture
def requests(tmp_path: Path) -> Callable[..., Artefact]:
    """Make the artefact of requests: each argument says how one of them differs from a lawful one."""
    return lambda *changes: _requests(tmp_path, changes)


@pytest.fixture
def recipients(tmp_path: Path) -> Artefact:
    """Two registered officers of the agency, and one who is on the list alone."""
    return _recipients(tmp_path)


@pytest.fixture(scope="module")
def recipients_of(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """The same, for all tests of a module."""
    return _recipients(tmp_path_factory.mktemp("recipients"))


@pytest.fixture
def rule_on(
    tmp_path: Path,
    requests: Callable[..., Artefact],
    recipients: Artefact,
    agreement: Agreement,
    facts: dict[str, object],
    register: tuple[Registered, ...],
) -> Callable[..., Ruled]:
    """Rule on a submission of the given requests; the agreement, the ledger of asks and `facts` can be changed."""

    def ruled(
        *changes: Changes,
        under: Agreement = agreement,
        earlier: Earlier | None = FIRST,
        as_of: date | None = None,
        **changed: object,
    ) -> Ruled:
        given = {**facts, **changed}
        return rule(tmp_path, requests(*changes), recipients, under, given, register, earlier, as_of=as_of)

    return ruled


def _recipients(directory: Path) -> Artefact:
    values = ", ".join(f"('{id_}', '{agency}', '{role}', '{held}')" for id_, agency, role, held in PEOPLE)
    with workspace(directory) as ws:
        return ws.write(
            "recipients", f"SELECT * FROM (VALUES {values}) v(recipient, agency, role, certificate)", "recipient"
        )


def _requests(directory: Path, changes: tuple[Changes, ...]) -> Artefact:
    columns = ", ".join(f"{name} {kind}" for name, kind in ASKED.items())
    rows = [{**LAWFUL, **person(number), **change} for number, change in enumerate(changes, 1)]
    with workspace(directory) as ws:
        ws.con.execute(f"CREATE TABLE asked (row_number INTEGER, {columns})")
        for number, row in enumerate(rows, 1):
            given = {name: value for name, value in row.items() if name in ASKED and value is not None}
            marks = ", ".join("?" * (len(given) + 1))
            ws.con.execute(
                f"INSERT INTO asked (row_number, {', '.join(given)}) VALUES ({marks})", [number, *given.values()]
            )
        ws.con.execute("UPDATE asked SET request_id = 'A-' || row_number")
        return ws.write("requests", "SELECT * FROM asked", "row_number")
