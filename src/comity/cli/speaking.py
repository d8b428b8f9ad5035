"""What commands say: tables and sentences on a terminal, or one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from comity.case.errors import ComityError

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


def tell(words: str) -> None:
    """Progress, on standard error, so that output can be piped."""
    _err.print(f"[dim]·[/dim] {words}")


def say(facts: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """The result of a command: `facts` as JSON, or `sentence` for people."""
    if as_json:
        _out.print_json(json.dumps(facts, default=str, sort_keys=True))
    else:
        _out.print(sentence, markup=False, soft_wrap=True)


def say_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool, empty: str = "None."
) -> None:
    """Rows as a table, or as a JSON object with the list under `rows`."""
    listed = [list(row) for row in rows]
    if as_json:
        _out.print_json(json.dumps({"rows": [dict(zip(columns, row, strict=True)) for row in listed]}, default=str))
    elif not listed:
        _out.print(empty, markup=False)
    else:
        table = Table(*columns, title=title, title_justify="left")
        for row in listed:
            table.add_row(*(str(cell) for cell in row))
        _out.print(table)


def say_error(error: ComityError, *, as_json: bool) -> None:
    """What did not happen, why, and what to do next."""
    if as_json:
        body = {"code": error.code, "says": error.says, "next": error.next, "exit": error.exit_code}
        _out.print_json(json.dumps({"error": body}))
    else:
        _err.print(f"[bold red]{error.code}[/bold red]  ", end="")
        _err.print(error.says, markup=False)
        _err.print(f"Next: {error.next}", markup=False)
