"""Prints every error the code can raise: found by reading the source, so that none is left out by forgetting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from comity.case import errors
from comity.intake import Meaning
from docs.printing.markdown import code, page, paragraph, table
from docs.source import Module, classes, functions, modules

CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
FAMILY = (errors.Usage, errors.Refused, errors.Waiting, errors.BadInput, errors.Integrity)
OPENING = (
    "Every act that does not happen says why with a code, a sentence and a next step; the code is stable and is "
    "evidence. None of them holds a person's data. `…` stands for a word of the case at hand: a column's name, a "
    "number, a day."
)

OF_PLACES = (
    "What `comity request new` and `comity receive` say of a place in the requests that cannot be read: BadInput, "
    "exit 5, with the code of the first. `comity request new` lists every one in a file."
)


@dataclass(frozen=True, order=True)
class Said:
    """One place that raises: the class, the code and its two sentences."""

    family: str
    code: str
    says: str
    next: str
    where: str


def errors_page() -> str:
    """The page `docs/reference/errors.md`."""
    found = sorted(set(all_said()))
    known = {Meaning.__name__, *(family.__name__ for family in FAMILY)}
    others = sorted({said.family for said in found} - known)
    return page(
        "Errors",
        OPENING,
        *(_section(found, kind.__name__, f", exit {kind.exit_code}", paragraph(kind.__doc__)) for kind in FAMILY),
        *(
            _section(found, name, "", "The caller of the package that raises it gives it an exit code.")
            for name in others
        ),
        f"## Places of a table\n\n{OF_PLACES}\n\n{_table(found, Meaning.__name__)}",
    )


def _section(found: list[Said], family: str, exit_code: str, says: str) -> str:
    return f"## {family}{exit_code}\n\n{says}\n\n{_table(found, family)}"


def all_said() -> Iterator[Said]:
    """Every error of the source."""
    for module in modules():
        yield from _said_in(module)


def _said_in(module: Module) -> Iterator[Said]:
    makers = {function.name: _maker(function) for function in functions(module.tree) if function.returns is not None}
    makers |= {f"{node.name}()": (ast.unparse(node.bases[0]), "") for node in classes(module.tree) if node.bases}
    for owner, call in _calls(module.tree, ""):
        said = [_text(argument) for argument in call.args]
        name = f"{owner}()" if ast.unparse(call.func) == "super().__init__" else ast.unparse(call.func)
        if len(said) > 1 and CODE.fullmatch(said[0]) and " " in said[1]:
            family, follow = makers.get(name, (name, ""))
            yield Said(family, said[0], said[1], (*said, "", "")[2] or follow, module.name)


def _calls(node: ast.AST, owner: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call under `node`, with the name of the class it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield owner, child
        yield from _calls(child, child.name if isinstance(child, ast.ClassDef) else owner)


def _maker(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, str]:
    """The class of the error that a small function makes from a code and a sentence, and the next step it adds."""
    family = ast.unparse(function.returns) if function.returns else ""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and ast.unparse(node.func) == family]
    return family, _text(calls[0].args[2]) if calls and len(calls[0].args) > 2 else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


def _table(found: list[Said], family: str) -> str:
    rows = sorted({(code(said.code), said.says, said.next) for said in found if said.family == family})
    columns = 3 if any(row[2] for row in rows) else 2
    return table(("code", "says", "next")[:columns], [row[:columns] for row in rows])
