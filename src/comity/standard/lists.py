"""The knowledge that the rules rest on, kept as plain lists: one record a line, `#` for a comment."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection


@cache
def lines(name: str) -> tuple[str, ...]:
    """The records of `lists/<name>.txt`, without comments and blank lines."""
    text = files(__package__).joinpath("lists", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#"))


def groups(name: str) -> list[list[str]]:
    """The words of each line of a list, the standard one first."""
    return [[word for word in line.split() if word != "|"] for line in lines(name)]


def table(columns: str, rows: Sequence[tuple[str | None, ...]]) -> str:
    """SQL: the text `rows` as a table of `columns`; one literal, which DuckDB plans faster than a long VALUES."""
    names = columns.split(", ")
    text = "\n".join("\t".join(field or "" for field in row) for row in rows)
    fields = ", ".join(f"nullif(fields[{i}], '') AS {name}" for i, name in enumerate(names, start=1))
    records = f"unnest(string_split({literal(text)}, chr(10)))"
    return f"SELECT {fields} FROM (SELECT string_split({records}, chr(9)) AS fields)"


def literal(text: str | None) -> str:
    """SQL: a text literal, or NULL."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def phrases() -> str:
    """SQL: the table of the whole lines that say there is no address."""
    records = [(phrase, detail) for detail, phrase in (line.split(": ", 1) for line in lines("placeholders"))]
    return table("phrase, detail", records)


def load_lists(con: DuckDBPyConnection) -> None:
    """Create the tables of name knowledge in `con`, for whoever compares names.

    `std_nicknames(name, canonical_group)`, `std_variants(name, variant_group)` and `std_romanised(name,
    romanised_group)`: two names in one group may be the same name, and a name may be in several groups.
    `std_known_given(name)`, `std_known_family(name)`: frequent names, folded; two different names that are both known
    are two names, not a slip of one. `std_known_streets(name)` is the same of streets.
    """
    for name, columns, rows in (
        ("std_nicknames", "name, canonical_group", _grouped("nicknames")),
        ("std_variants", "name, variant_group", _grouped("variants")),
        ("std_romanised", "name, romanised_group", _grouped("romanised")),
        ("std_known_given", "name", _known("known_given") + _known("nicknames")),
        ("std_known_family", "name", _known("known_family")),
        ("std_known_streets", "name", [(name,) for name in sorted(known_streets())]),
    ):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT * FROM ({table(columns, rows)})")


@cache
def known_streets() -> frozenset[str]:
    """The frequent names of streets, of which two are never slips of one."""
    return frozenset(name for line in lines("known_streets") for name in line.split(", "))


def _grouped(name: str) -> list[tuple[str | None, ...]]:
    return [(word, group[0]) for group in groups(name) for word in group]


def _known(name: str) -> list[tuple[str | None, ...]]:
    return [(word,) for group in groups(name) for word in group]
