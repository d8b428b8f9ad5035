"""Every command of the how-to pages is run as it stands there, page after page, in one empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs.source import ROOT

PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
BLOCK = re.compile(r"^```sh(?: exit (\d))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Variables that a page sets hold for the pages after it, as they do for who follows them in one terminal.
CARRIED = "set -aeuo pipefail\n[ ! -f ../exported ] || . ../exported\n{block}\nexport -p > ../exported\n"

# A page that waits for something that never comes fails instead.
_LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Block:
    """Commands of a page: what is run and how it must end."""

    page: str
    line: int
    commands: str
    exit_code: int


def blocks() -> list[Block]:
    """Every block of shell on every page, in the order of the pages."""
    return [
        Block(page.name, text[: found.start()].count("\n") + 1, found[2], int(found[1] or 0))
        for page in PAGES
        for text in [page.read_text("utf-8")]
        for found in BLOCK.finditer(text)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("how-to") / "empty"


def test_every_command_of_the_pages_does_what_the_page_says(folder: Path) -> None:
    folder.mkdir()
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": programs, "HOME": str(folder.parent), "LANG": "C.UTF-8", "NO_COLOR": "1"}

    for block in blocks():
        done = subprocess.run(
            ["bash", "-c", CARRIED.format(block=block.commands)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_SECONDS,
        )
        said = f"{block.page}:{block.line}\n{block.commands}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == block.exit_code, said


def test_there_are_pages_with_commands() -> None:
    assert {block.page for block in blocks()} == {page.name for page in PAGES}
