"""The command line answers quickly, and every command that a sentence names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.testing import CliRunner

from comity.cli.app import app
from docs.printing.cli import commands
from docs.source import ROOT, modules, pages

KNOWN = dict(commands())
NAMED = re.compile(r"`(comity(?: [a-z][\w-]*)+)")
HELP = """
import sys
from comity.cli import main
sys.argv = ["comity", "--help"]
try:
    main()
finally:
    loaded = {name.split(".")[0] for name in sys.modules}
    print(sorted(loaded & {"django", "duckdb", "cryptography", "altair", "pandas"}), file=sys.stderr)
"""


def test_help_imports_neither_database_nor_django() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)

    assert "Usage" in done.stdout
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", KNOWN)
def test_every_command_says_what_it_does(name: str) -> None:
    done = CliRunner().invoke(app, [*name.split()[1:], "--help"])

    assert done.exit_code == 0
    assert getattr(KNOWN[name], "help", "")


def _missing(text: str) -> set[str]:
    """The commands named in `text` that are not there; words after a command are its arguments."""
    return {named for named in NAMED.findall(" ".join(text.split())) if not _is_there(named)}


def _is_there(named: str) -> bool:
    words = named.split()
    longest = max(cut for cut in range(1, len(words) + 1) if " ".join(words[:cut]) in KNOWN)
    return longest == len(words) or not isinstance(KNOWN[" ".join(words[:longest])], TyperGroup)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    assert _missing(page.read_text("utf-8")) == set()


def test_every_command_that_an_error_names_is_there() -> None:
    assert {module.where: _missing(module.text) for module in modules() if _missing(module.text)} == {}


def test_a_command_that_is_not_there_is_found() -> None:
    assert _missing("Run `comity review approve` now.") == {"comity review approve"}
