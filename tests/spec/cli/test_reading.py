"""Commands that only read: help, completion, an agreement, a log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from comity.agreements import load
from comity.cli import speaking
from tests.spec.cli.terminal import error_of, typed


def test_help_lists_the_commands_in_the_order_of_the_story() -> None:
    shown = typed("--help").stdout
    headings = ["Set up an office:", "The requester's desk:", "The seven steps:", "Oversight:"]
    assert sorted(headings, key=shown.index) == headings
    assert "who is awaited." in shown
    assert "For example: comity receive package" in typed("receive", "--help").stdout


@pytest.mark.parametrize(("begun", "offered"), [("comity re", "receive"), ("comity request s", "sign")])
def test_the_shell_completes_commands(begun: str, offered: str) -> None:
    place = str(len(begun.split()) - 1)
    asked = {"_COMITY_COMPLETE": "complete_bash", "COMP_WORDS": begun, "COMP_CWORD": place}
    program = str(Path(sys.executable).with_name("comity"))
    done = subprocess.run([program], env=os.environ | asked, capture_output=True, text=True, check=False)
    assert offered in done.stdout.split()


def test_an_agreement_is_shown_for_a_terminal_as_a_page_and_as_an_object() -> None:
    shown = typed("agreement", "show", "irs_ice_2025").stdout
    page = typed("agreement", "show", "irs_ice_2025", "--format", "markdown").stdout
    assert shown != page
    assert page.startswith("# ")
    said = json.loads(typed("agreement", "show", "--json").stdout)
    assert (said["digest"], said["page"]) == (load("irs_ice_2025").digest, page)
    assert error_of(typed("agreement", "show", "nobody_2099", "--json"))["code"] == "AGREEMENT_UNKNOWN"


def test_a_folder_without_a_log_is_the_wrong_place_and_no_finding_about_a_log(tmp_path: Path) -> None:
    result = typed("log", "verify", tmp_path, "--json")
    assert (result.exit_code, error_of(result)["code"]) == (5, "LOG_NOT_THERE")


def test_a_table_breaks_words_between_them_and_no_code_in_two(capsys: pytest.CaptureFixture[str]) -> None:
    long = "A sentence that is far too long for what is left of the line beside the code of it, and so is broken."
    speaking._console.cache_clear()
    row = (1, "REMOVAL_ORDER_DATE_MISSING", "return", long)
    speaking.say_table("Codes", ("row", "code", "outcome", "why, and what to do"), [row], as_json=False)
    shown = capsys.readouterr().out
    assert "REMOVAL_ORDER_DATE_MISSING" in shown
    assert "beside the" in shown


def test_a_table_too_wide_for_its_words_shows_every_column_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    speaking._console.cache_clear()
    row = ("REMOVAL_ORDER_DATE_MISSING", "01JABCDEFGHJKMNPQRSTVWXYZ0", "TAXABLE_PERIOD_MISSING", "In words, why.")
    speaking.say_table("Codes", ("one", "another", "a third", "why"), [row], as_json=False)
    assert "words" in capsys.readouterr().out
