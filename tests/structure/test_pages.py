"""What a page says exists: its links, symbols, files and tests; and the printed pages are current."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from docs import print as printing
from docs.source import ROOT, functions, pages

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)|(?:src|href)=\"([^\"#]+)\"")
SYMBOL = re.compile(r"`(comity(?:\.\w+)+)(?:\(\))?`")
FILE = re.compile(r"`((?:src|tests|docs)/[\w./-]+)`")
TEST = re.compile(r"`(tests/[\w./-]+\.py)::(\w+)`")
MAKE = re.compile(r"`make (\w+)`")
PROPERTIES = ROOT / "docs" / "security-properties.md"

each_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())


def test_every_printed_page_is_current() -> None:
    assert list(printing.stale()) == [], "run `make docs`"


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    links = {link or source for link, _, source in LINK.findall(page.read_text("utf-8"))}
    inside = {link for link in links if not re.match(r"[a-z]+:", link)}

    assert {link for link in inside if not (page.parent / link).exists()} == set()


@each_page
def test_every_symbol_named_exists(page: Path) -> None:
    assert {name for name in SYMBOL.findall(page.read_text("utf-8")) if not _exists(name)} == set()


@each_page
def test_every_file_named_exists(page: Path) -> None:
    assert {name for name in FILE.findall(page.read_text("utf-8")) if not (ROOT / name).exists()} == set()


@each_page
def test_every_make_word_named_exists(page: Path) -> None:
    known = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert set(MAKE.findall(page.read_text("utf-8"))) <= known


def test_every_property_names_a_test_that_exists() -> None:
    rows = [line for line in PROPERTIES.read_text("utf-8").splitlines() if re.match(r"\| P\d", line)]

    assert [line.split()[1] for line in rows] == [f"P{number}" for number in range(1, 11)]
    for line in rows:
        named = TEST.findall(line)
        assert named, f"{line[:6]} names no test"
        assert [test for test in named if not _has_test(*test)] == []


def _exists(name: str) -> bool:
    """Whether `name` is a module, or a chain of attributes of one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def _has_test(file: str, test: str) -> bool:
    path = ROOT / file
    return path.exists() and test in {function.name for function in functions(ast.parse(path.read_text("utf-8")))}
