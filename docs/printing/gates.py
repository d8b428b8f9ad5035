"""Prints the gates of every shipped agreement: the rule in its own words beside the words of law it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from comity import agreements
from comity.agreements import Agreement, Gate
from docs.printing.markdown import code, page, table

OPENING = (
    "A request to which a gate applies and whose rule does not hold fails it: it is returned with the gate's code, or "
    "waits for an examiner. A rule over a column that is absent does not hold, unless the gate says that the column "
    "may be absent. All gates rule on every request, so that all defects are told at once."
)


def gates_page() -> str:
    """The page `docs/reference/gates.md`."""
    return page("Gates", OPENING, *(_agreement(agreements.load(name)) for name in agreements.names()))


def _agreement(agreement: Agreement) -> str:
    head = ("gate", "code", "outcome", "says", "rests on")
    title = f"## {agreement.title} (`{agreement.name}`, version {agreement.version})"
    return "\n\n".join((title, table(head, map(_row, agreement.gates)), *map(_rule, agreement.gates)))


def _row(gate: Gate) -> tuple[str, ...]:
    basis = "; ".join(f"{basis.clause} ({basis.level})" for basis in gate.basis)
    return gate.id, code(gate.code), gate.outcome, f"{gate.says} {gate.next}", basis


def _rule(gate: Gate) -> str:
    quotes = "\n>\n".join(f"> {basis.quote} ({basis.clause})" for basis in gate.basis if basis.quote)
    rule = (
        f"-- {gate.scope}, in force from {gate.starts}",
        f"applies  {_line(gate.applies)}",
        f"unless   {_line(gate.unless)}",
    )
    return "\n\n".join(part for part in (f"### {gate.id} {gate.code}", quotes, _sql(rule)) if part)


def _sql(lines: Iterable[str]) -> str:
    return "\n".join(("```sql", *lines, "```"))


def _line(expression: str) -> str:
    return " ".join(expression.split())
