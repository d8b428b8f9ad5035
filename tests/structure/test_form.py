"""What every file of the project owes its reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.source import ROOT, Module, classes, functions, modules

KEPT_FOLDERS = ("src", "tests", "docs", "examples", ".ci")
TEXT = {".py", ".md", ".toml", ".html", ".sql", ".csv", ".svg", ".json", ".txt", ".css", ""}
# Spelled in pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "HA" + "CK")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users|opt|mnt)/\w")
REGISTRY = re.compile(r"(?:index|registry)[-_]?url|/simple\b", re.IGNORECASE)


def _files() -> Iterator[Path]:
    tops = [path for path in ROOT.iterdir() if path.is_file() and path.name != "uv.lock"]
    inside = (path for folder in KEPT_FOLDERS for path in (ROOT / folder).rglob("*"))
    for path in (*tops, *inside):
        if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
            yield path


def _lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return list(_files())


def test_nothing_is_left_for_later(files: list[Path]) -> None:
    assert _lines_with(UNFINISHED, files) == []


def test_no_file_knows_the_machine_it_was_written_on(files: list[Path]) -> None:
    assert _lines_with(MACHINE_PATH, files) == []


def test_no_file_names_a_package_registry(files: list[Path]) -> None:
    assert _lines_with(REGISTRY, [path for path in files if path != Path(__file__)]) == []


def test_every_module_says_what_it_is_for() -> None:
    assert [module.where for module in modules() if not ast.get_docstring(module.tree)] == []


def test_every_public_function_and_class_says_what_it_takes_and_gives() -> None:
    assert [f"{module.where} {name}" for module in modules() for name in _silent(module)] == []


def _silent(module: Module) -> Iterator[str]:
    """Public functions, classes and methods of public classes that have no docstring."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            members = node.body if isinstance(node, ast.ClassDef) else []
            for part in (node, *(m for m in members if isinstance(m, ast.FunctionDef) and not m.name.startswith("_"))):
                if not ast.get_docstring(part) and not _declared(part):
                    yield part.name


def _declared(node: ast.AST) -> bool:
    """Whether `node` says with a decorator that another place documents it (an overload, an override)."""
    names = {ast.unparse(decorator).split(".")[-1] for decorator in getattr(node, "decorator_list", [])}
    return bool(names & {"overload", "override"})


def test_no_failure_is_swallowed() -> None:
    assert [
        f"{module.where}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
    ] == []


def test_no_stub_pretends_to_be_built() -> None:
    assert [
        f"{module.where} {node.name}"
        for module in modules()
        for node in functions(module.tree)
        if "NotImplementedError" in ast.unparse(node)
    ] == []


def test_each_package_is_its_whole_public_surface_in_a_short_file() -> None:
    surfaces = [module for module in modules() if module.path.name == "__init__.py"]
    work = {f"{module.where} {function.name}" for module in surfaces for function in functions(module.tree)}
    work |= {f"{module.where} {made.name}" for module in surfaces for made in classes(module.tree)}

    assert {module.where: module.lines for module in surfaces if module.lines > 80} == {}
    # The program's entry stands where importing it costs nothing.
    assert work <= {"src/comity/cli/__init__.py main"}
