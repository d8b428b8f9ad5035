"""However a command ends, it ends with a code and an exit code, and repeats nothing of what it read."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from comity.case import errors
from comity.cli.speaking import visible
from comity.crypto import CryptoError
from comity.office import desk
from comity.office.coding import coded
from tests.spec.cli.terminal import error_of, typed

CANARY = "Canary Birdsong"


@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        (errors.Usage("FILE_EXISTS", "s", "n"), 2, "FILE_EXISTS"),
        (errors.Refused("HOLD_ACTIVE", "s", "n"), 3, "HOLD_ACTIVE"),
        (errors.Waiting("VOTES_OPEN", "s", "n"), 4, "VOTES_OPEN"),
        (errors.Integrity("REPLY_CHANGED", "s", "n"), 6, "REPLY_CHANGED"),
        (CryptoError("KEY_UNREADABLE", "s", "n"), 5, "KEY_UNREADABLE"),
        (FileNotFoundError(errno.ENOENT, "no", CANARY), 5, "FILE_MISSING"),
        (FileExistsError(errno.EEXIST, "is", CANARY), 2, "FILE_EXISTS"),
        (PermissionError(errno.EACCES, "closed", CANARY), 5, "FILE_CLOSED"),
        (UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, "no"), 5, "FILE_NOT_TEXT"),
        (OSError(errno.ENOSPC, "full", CANARY), 1, "DISK_FULL"),
        (OSError(errno.EIO, "broken", CANARY), 1, "DEVICE_FAILED"),
        (KeyboardInterrupt(), 1, "COMMAND_INTERRUPTED"),
        (KeyError(CANARY), 1, "DEFECT_FOUND"),
    ],
)
def test_whatever_stops_a_command_leaves_as_a_code(
    error: BaseException, exit_code: int, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*_: object) -> None:
        raise error

    monkeypatch.setattr(desk, "open_office", stop)
    shown = typed("batches", "--home", tmp_path)
    assert (shown.exit_code, shown.stdout) == (exit_code, "")
    assert shown.stderr.startswith(code)
    assert "Next: " in shown.stderr
    result = typed("batches", "--home", tmp_path, "--json")
    assert (result.exit_code, result.stderr) == (exit_code, "")
    assert set(error_of(result)) == {"code", "says", "next", "exit"}
    assert (error_of(result)["code"], error_of(result)["exit"]) == (code, exit_code)
    for said in (shown.output, result.output):
        assert "Canary" not in said
        assert "Traceback" not in said


def test_a_defect_says_its_kind_and_its_place_in_our_code() -> None:
    try:
        visible(Unprintable())
    except ValueError as error:
        said = coded(error)
    assert said.says.startswith("A defect stopped the command: ValueError in cli/speaking.py, line ")
    assert CANARY not in str(said)


class Unprintable:
    def __str__(self) -> str:
        raise ValueError(CANARY)


def test_a_folder_without_a_home_is_said_to_be_none(tmp_path: Path) -> None:
    for words in (("batches",), ("hold", "list"), ("review", "queue", "B")):
        result = typed(*words, "--home", tmp_path, "--json")
        assert (result.exit_code, error_of(result)["code"]) == (2, "NOT_A_HOME")
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_is_an_object_when_an_object_was_asked_for(tmp_path: Path) -> None:
    result = typed("release", "--json")
    assert (result.exit_code, error_of(result)["code"]) == (2, "WRONG_USAGE")
    shown = typed("release")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "Missing argument" in shown.stderr


def test_a_file_that_is_no_key_is_said_to_be_none(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text(CANARY)
    (tmp_path / "package").mkdir()
    result = typed("request", "sign", tmp_path / "package", "--key", wrong, "--certificate", wrong, "--json")
    assert (result.exit_code, error_of(result)["code"]) == (5, "KEY_UNREADABLE")


def test_what_a_stranger_wrote_is_shown_and_never_obeyed() -> None:
    assert visible("Ana\x1b[2J\x07 [bold]B[/bold]\nC") == "Ana�[2J� [bold]B[/bold]\nC"


def test_rows_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    from comity.cli.speaking import say_table

    say_table("Rows", ("name",), [("[red]Ana\x1b[2J",)], as_json=False)
    shown = capsys.readouterr().out
    assert "[red]Ana�[2J" in shown
    assert "\x1b" not in shown
    say_table("Rows", ("name",), [("Ana\x1b",)], as_json=True)
    assert json.loads(capsys.readouterr().out) == {"rows": [{"name": "Ana\x1b"}]}
