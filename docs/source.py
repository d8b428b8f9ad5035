"""The project's own source, read without importing it: what the printed pages and the structure tests look at."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One module of the package: dotted name, file, text and syntax tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())

    @property
    def where(self) -> str:
        """The file's path inside the project."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Module, ...]:
    """Every module under `src`, in order of name."""
    return tuple(sorted(map(_read, SOURCE.rglob("*.py")), key=lambda module: module.name))


def packages() -> tuple[str, ...]:
    """The packages directly under `comity`, without the prefix."""
    return tuple(sorted(path.parent.name for path in (SOURCE / "comity").glob("*/__init__.py")))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, nested ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    """Every class, nested ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def length(function: Function) -> int:
    """Lines from `def` to the end, docstring included, decorators not."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def project() -> dict[str, Any]:
    """`pyproject.toml`, read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pages() -> tuple[Path, ...]:
    """Every Markdown page of the project: those at the top and those under `docs`."""
    return (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))


def _read(path: Path) -> Module:
    text = path.read_text("utf-8")
    dotted = path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".")
    return Module(dotted.removesuffix(".__init__"), path, text, ast.parse(text, path))
