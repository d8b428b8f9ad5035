"""Prints who may do what: the roles and the allow-list of role, state and act."""

from __future__ import annotations

from comity.review import rights
from docs.printing.markdown import code, page, table

OPENING = (
    "What is not listed is refused. A state is `office`, where no batch is concerned, or the step of a batch that "
    "comes next. Several roles in one hand give the rights of each; the separation within a batch holds all the same, "
    "and nobody does both halves of an act of two officers, or has a part in what their own roles are."
)


def rights_page() -> str:
    """The page `docs/rights.md`."""
    roles = table(("role", "duty"), [(code(role), duty) for role, duty in rights.ROLES.items()])
    return page("Rights", OPENING, f"## Roles\n\n{roles}", f"## Acts\n\n{rights.matrix().strip()}")
