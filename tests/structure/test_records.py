"""No record of a person prints itself: every dataclass that holds a personal column hides it from its repr (P9)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from comity.case.tables import IDENTITY
from docs.source import classes, modules

# The identity columns but those that say nothing about a person alone (a `state` is also where a thing stands), and the
# custodian's own ids of people.
PERSONAL = {
    *(set(IDENTITY.names()) - {"request_id", "tax_years", "state"}),
    *(f"record_{name}" for name in IDENTITY.names()),
    *("person", "taxpayer_id", "plaintext", "outer_body", "inner_body"),
}


def _decorator(node: ast.ClassDef) -> ast.expr | None:
    return next((d for d in node.decorator_list if ast.unparse(d).split("(")[0].endswith("dataclass")), None)


def _hides(expression: ast.expr | None) -> bool:
    """Whether a `dataclass(...)` or `field(...)` says `repr=False`."""
    keywords = expression.keywords if isinstance(expression, ast.Call) else []
    return any(word.arg == "repr" and ast.unparse(word.value) == "False" for word in keywords)


def shown(tree: ast.AST) -> Iterator[str]:
    """The personal fields that the repr of a dataclass in `tree` would print."""
    for node in classes(tree):
        decorator = _decorator(node)
        own = any(isinstance(part, ast.FunctionDef) and part.name == "__repr__" for part in node.body)
        if decorator is None or _hides(decorator) or own:
            continue
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and ast.unparse(part.target) in PERSONAL and not _hides(part.value):
                yield f"{node.name}.{ast.unparse(part.target)}"


def test_no_dataclass_prints_a_personal_field() -> None:
    assert [f"{module.where} {name}" for module in modules() for name in shown(module.tree)] == []


def test_a_dataclass_that_would_is_found() -> None:
    leaky = "@dataclass(frozen=True)\nclass Row:\n    row_number: int\n    family_name: str\n"

    assert list(shown(ast.parse(leaky))) == ["Row.family_name"]


def test_a_dataclass_that_hides_it_is_not() -> None:
    field = "@dataclass\nclass Row:\n    family_name: str = field(repr=False)\n"
    whole = "@dataclass(repr=False)\nclass Row:\n    zip: str\n"

    assert list(shown(ast.parse(field))) == []
    assert list(shown(ast.parse(whole))) == []
