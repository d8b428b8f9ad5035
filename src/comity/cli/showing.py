"""Figures on a terminal: tables of a hundred columns, numbers to the right, the same words as the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from comity.cli.speaking import visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH = 100


def counted(number: int) -> str:
    """A count with its thousands separated."""
    return f"{number:,}"


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal; a dash where nothing can be said."""
    return "–" if share is None else f"{100 * share:.1f} %"


def sheet() -> Console:
    """The terminal, at most a hundred columns wide, printing only what it is told to."""
    from rich.console import Console

    terminal = Console(highlight=False)
    return Console(highlight=False, width=min(WIDTH, terminal.width) if terminal.is_terminal else WIDTH)


def heading(words: str) -> RenderableType:
    """A line above a table."""
    from rich.text import Text

    return Text(f"\n{visible(words)}", style="bold")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], words: int = 1) -> RenderableType:
    """Rows under `head`; the first `words` columns are text, those after them figures, set to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False, show_header=any(head))
    for place, name in enumerate(head):
        made.add_column(Text(name), justify="left" if place < words else "right", overflow="fold")
    for row in rows:
        made.add_row(*(Text(visible(cell)) for cell in row))
    return made


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]], words: int = 1) -> str:
    """The same as a Markdown table."""
    ruled = [*["---"] * words, *["--:"] * (len(head) - words)]
    lines = [
        [name.replace("\n", " ") for name in head],
        ruled,
        *([visible(cell).replace("|", "\\|") for cell in row] for row in rows),
    ]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
