"""Renders an agreement for reading: each passage of law, the values and rules that rest on it, and their cases."""

from __future__ import annotations

from collections.abc import Iterator

from comity.agreements.base import Agreement
from comity.agreements.beside import cases_of, gates_beside, said_beside, values_beside, written
from comity.agreements.gates import Gate
from comity.agreements.law import VERBATIM, Passage


def render_markdown(agreement: Agreement) -> str:
    """The agreement as one Markdown page."""
    parts = [f"# {agreement.title}", f"`{agreement.name}`, version {agreement.version}, digest `{agreement.digest}`"]
    for passage in agreement.law:
        parts.extend(_passage_markdown(agreement, passage))
    return "\n\n".join(parts) + "\n"


def render_terminal(agreement: Agreement) -> str:
    """The agreement as plain text for a terminal, the same in the same order."""
    lines = [agreement.title, f"{agreement.name}, version {agreement.version}", f"digest {agreement.digest}"]
    for passage in agreement.law:
        lines.extend(_passage_lines(agreement, passage))
    return "\n".join(lines) + "\n"


def _passage_markdown(agreement: Agreement, passage: Passage) -> Iterator[str]:
    yield f"## {passage.number}. {passage.clause}"
    yield f"*{_mark(passage)}*"
    yield "\n".join(f"> {line}".rstrip() for line in passage.text.splitlines())
    if passage.duty:
        yield f"Duty of the {passage.duty}."
    for value in values_beside(agreement, passage):
        yield f"- **{value.name}** = `{written(value)}` ({value.basis.level}, from {value.starts}): {value.says}"
    yield from (f"- {name}: {says}" for name, says in said_beside(agreement, passage))
    for gate in gates_beside(agreement, passage):
        yield f"### {gate.name}"
        yield f"{gate.says} {gate.next}"
        yield "\n".join(("```sql", *_rule(gate), "```"))
        if cases := cases_of(agreement, gate):
            yield "\n".join(("| case | gives |", "|---|---|", *(f"| {case.what} | {case.gives} |" for case in cases)))


def _passage_lines(agreement: Agreement, passage: Passage) -> Iterator[str]:
    yield from ("", f"{passage.number}. {passage.clause}", f"   {_mark(passage)}")
    yield from (f"   | {line}".rstrip() for line in passage.text.splitlines())
    if passage.duty:
        yield f"   Duty of the {passage.duty}."
    for value in values_beside(agreement, passage):
        yield f"   {value.name} = {written(value)} ({value.basis.level}, from {value.starts}): {value.says}"
    yield from (f"   {name}: {says}" for name, says in said_beside(agreement, passage))
    for gate in gates_beside(agreement, passage):
        yield from ("", f"   {gate.name}: {gate.says} {gate.next}")
        yield from (f"      {line}" for line in _rule(gate))
        yield from (f"      {case.what}: {case.gives}" for case in cases_of(agreement, gate))


def _mark(passage: Passage) -> str:
    day = f", text of {passage.text_of}" if passage.mark == VERBATIM else ""
    return f"{passage.mark}; {passage.source}{day}"


def _rule(gate: Gate) -> Iterator[str]:
    levels = ", ".join(dict.fromkeys(basis.level for basis in gate.basis))
    yield f"-- {gate.outcome}; {gate.scope}; {levels}; from {gate.starts}{'; at the office' if gate.needs else ''}"
    yield f"applies  {gate.applies}"
    yield f"unless   {gate.unless}"
    if gate.may_be_absent:
        yield f"-- may be absent: {', '.join(gate.may_be_absent)}"
