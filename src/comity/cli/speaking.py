"""What commands say: tables and sentences on a terminal, or one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from comity.case.errors import ComityError

if TYPE_CHECKING:
    from rich.console import Console


# What is longer, as a digest, may be broken anywhere.
LONGEST_WORD = 32
# What a column of sentences needs at least, and what a column costs beside its text.
NARROWEST, RULED = 16, 3


@cache
def _console(*, stderr: bool = False) -> Console:
    """The terminal. Rich is loaded where something is said, not where help is asked for."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def visible(value: object) -> str:
    """`value` as text that only shows: a stranger's file must not steer the terminal it is shown on."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in str(value))


def tell(words: str) -> None:
    """Progress, on standard error, so that output can be piped."""
    _console(stderr=True).print(f"· {words}", markup=False, style="dim")


def say(facts: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """The result of a command: `facts` as JSON, or `sentence` for people."""
    if as_json:
        _console().print_json(json.dumps(facts, default=str, sort_keys=True))
    else:
        _console().print(visible(sentence), markup=False, soft_wrap=True)


def say_line(facts: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """One of many results of a command that goes on: `facts` as a line of JSON, or `sentence` for people."""
    line = json.dumps(facts, default=str, sort_keys=True) if as_json else sentence
    _console().print(visible(line), markup=False, soft_wrap=True)


def say_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool, empty: str = "None."
) -> None:
    """Rows as a table, or as a JSON object with the list under `rows`."""
    from rich.table import Table
    from rich.text import Text

    listed = [list(row) for row in rows]
    if as_json:
        _console().print_json(
            json.dumps({"rows": [dict(zip(columns, row, strict=True)) for row in listed]}, default=str)
        )
    elif not listed:
        _console().print(empty, markup=False)
    else:
        shown = [[visible(cell) for cell in row] for row in listed]
        table = Table(title=Text(title), title_justify="left")
        for column, whole in zip(columns, _kept_whole([columns, *shown]), strict=True):
            table.add_column(column, no_wrap=whole)
        for row in shown:
            table.add_row(*map(Text, row))
        _console().print(table)


def _kept_whole(rows: Sequence[Sequence[str]]) -> list[bool]:
    """Which columns are not broken: those of codes and numbers, of which a part is none, where all of them fit beside
    what the others need.
    """
    cells = [[line for cell in column for line in cell.split("\n")] for column in zip(*rows, strict=True)]
    words = [all(len(line) <= LONGEST_WORD and " " not in line for line in lines[1:]) for lines in cells]
    needed = sum(max(map(len, lines)) if whole else NARROWEST for lines, whole in zip(cells, words, strict=True))
    fits = needed + RULED * len(cells) < _console().width
    return [whole and fits for whole in words]


def say_error(error: ComityError, *, as_json: bool) -> None:
    """What did not happen, why, and what to do next; as JSON, with every place that could not be read."""
    if as_json:
        body = {"code": error.code, "says": error.says, "next": error.next, "exit": error.exit_code}
        _console().print_json(json.dumps({"error": body | _places(error)}))
    else:
        _console(stderr=True).print(error.code, style="bold red", end="  ")
        _console(stderr=True).print(visible(error.says), markup=False, soft_wrap=True)
        _console(stderr=True).print(f"Next: {visible(error.next)}", markup=False, soft_wrap=True)


def _places(error: ComityError) -> dict[str, object]:
    """The faults of a table that cannot be read (`intake.UnreadableTable`): places and codes, never values."""
    faults = getattr(error, "faults", None)
    if faults is None:
        return {}
    listed = [{"line": fault.line, "column": fault.column, "code": fault.code} for fault in faults]
    listed_in = getattr(error, "listed_in", "")
    where = {"listed_in": listed_in} if listed_in else {}
    return {"faults": listed, "count": getattr(error, "count", len(listed)), **where}
