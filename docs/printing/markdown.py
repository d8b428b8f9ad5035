"""Small pieces of Markdown that every printed page uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def page(title: str, opening: str, *parts: str) -> str:
    """A whole page: title, the note that it is printed, an opening paragraph, the parts."""
    note = "<!-- Printed from the code by `make docs`; changes made here are lost. -->"
    return "\n\n".join((f"# {title}", note, opening, *parts)) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(text: str) -> str:
    """`text` as code, or nothing for nothing."""
    return f"`{text}`" if text else ""


def paragraph(text: str | None) -> str:
    """A docstring as one line."""
    return " ".join((text or "").split())
