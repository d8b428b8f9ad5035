"""P8: the one place where a person is looked for is counsel's alone, is logged, and says nowhere who it is."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path

import pytest

from comity.case.errors import ComityError
from comity.office import subjects
from docs.printing.cli import commands
from docs.source import modules
from tests.accounted import account, answered, person_at
from tests.security.test_p9_canary import CANARY, everything_said
from tests.spec.cli.terminal import Terminal, typed
from tests.world import World

ADA = {"given_name": CANARY, "family_name": CANARY, "date_of_birth": "1980-02-03", "zip": "43999"}
# Who may reach for it, each through the one before.
REACHING = {
    "comity.linkage.about": {"comity.oversight.accounts", "comity.oversight.accountings", "comity.office"},
    "comity.office.accounts": {"comity.office.contesting", "comity.cli.accounts"},
    "comity.office.subjects": {"comity.office.accounts", "comity.cli.accounts"},
}


def imported(tree: ast.AST) -> set[str]:
    """The modules that a module imports anywhere in it, whole or by a name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("module", REACHING)
def test_no_face_but_counsels_command_reaches_for_a_person(module: str) -> None:
    reaching = {one.name for one in modules() if module in imported(one.tree)}
    assert reaching
    assert [name for name in reaching if not name.startswith(tuple(REACHING[module]))] == []


def test_nothing_of_a_person_is_typed_on_the_command_line() -> None:
    [account_command] = [command for name, command in commands() if name == "comity account"]
    options = {parameter.name for parameter in account_command.params}
    assert options == {"person", "request", "out", "home", "officer_id", "keys", "as_json"}


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("PERSON_UNREADABLE", f"{CANARY}".encode()),
        ("PERSON_UNREADABLE", json.dumps({CANARY: CANARY}).encode()),
        ("PERSON_UNREADABLE", json.dumps(ADA | {"zip": 43999}).encode()),
        ("PERSON_UNREADABLE", json.dumps([CANARY, CANARY]).encode()),
        ("PERSON_UNREADABLE", json.dumps(ADA | {"city": f"{CANARY}\n"}).encode()),
        ("PERSON_UNREADABLE", f'"{CANARY}'.encode() + b"\xff"),
        ("PERSON_UNREADABLE", b"[]"),
        ("PERSON_NOT_IDENTIFIED", json.dumps(ADA).encode()),
        ("PERSON_NOT_IDENTIFIED", json.dumps([ADA | {"tin": "1"}, ADA | {"tin": "2"}]).encode()),
        ("PERSON_NOT_IDENTIFIED", json.dumps({"tin": CANARY, "given_name": CANARY}).encode()),
        ("DAY_UNFIT", json.dumps(ADA | {"tin": "1", "date_of_birth": CANARY}).encode()),
    ],
)
def test_what_cannot_be_read_of_a_person_is_refused_without_a_value(code: str, content: bytes) -> None:
    with pytest.raises(ComityError) as caught:
        subjects.read_given(content)
    assert caught.value.code == code
    assert CANARY not in everything_said(caught.value)


def test_no_event_no_log_no_terminal_says_whom_an_accounting_was_made_to(
    sealed: World, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    person = person_at(sealed, sealed.batch, answered(sealed, sealed.batch)[0]) | {"city": CANARY}
    given = tmp_path / "person.json"
    given.write_text(json.dumps(person))
    words = ("account", "--person", given, "--request", "LETTER-1", "--out", tmp_path / "papers")
    said = Terminal(sealed).office(*words, officer="counsel")
    assert said.exit_code == 0, said.output
    home = sealed.place / "home"
    clear = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".parquet"]
    papers = list((tmp_path / "papers").iterdir())
    assert [path for path in (*clear, *papers) if CANARY.encode() in path.read_bytes()] == []
    assert CANARY not in said.output + caplog.text


def test_a_failing_look_up_says_no_name(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = person_at(sealed, sealed.batch, answered(sealed, sealed.batch)[0]) | {"city": CANARY}
    monkeypatch.setattr("comity.linkage.about._GIVEN", f"SELECT CAST('{CANARY}' AS INTEGER) FROM subject")
    with pytest.raises(ComityError) as caught:
        account(sealed, person)
    assert caught.value.code == "STEP_FAILED"
    assert CANARY not in everything_said(caught.value)
    assert sealed.office.state().accountings == 0


def test_a_file_that_is_not_there_is_told_without_its_name(tmp_path: Path) -> None:
    said = typed(
        "account", "--person", tmp_path / CANARY, "--request", "L-1", "--out", tmp_path / "o", "--as", "counsel"
    )
    assert said.exit_code == 2
    assert "PERSON_FILE_MISSING" in said.output
    assert CANARY not in said.output
