"""How one request came to its standard form: the steps of the standard that changed something, in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from comity.standard import ADDRESS, NAME, STANDARD_ADDRESS, STANDARD_NAME, Step, address_passes, name_passes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# One request has a few words; a step that gives more rows reads a list, and says nothing about the request.
_FEW = 12


@dataclass(frozen=True)
class Traced:
    """One step that changed something of the `name` or the `address` (`about`): what it does, and the texts it gave."""

    about: str
    says: str
    became: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """The steps from a request as sent to its standard form, and that form: column and text, absent ones left out."""

    steps: tuple[Traced, ...]
    standard: Mapping[str, str] = field(repr=False)


def retrace(con: DuckDBPyConnection, source: str) -> Standing:
    """Standardise the one row of the relation `source`, which has the name and address columns, a step at a time.

    A step changed something when it gave a text that was not there before it.
    """
    name = _Trail("name", con, source, NAME)
    name.follow(name_passes(source))
    address = _Trail("address", con, source, ADDRESS)
    address.follow(address_passes(source))
    standard = _texts(name.last, STANDARD_NAME) | _texts(address.last, STANDARD_ADDRESS)
    return Standing((*name.steps, *address.steps), standard)


class _Trail:
    """The texts met so far on the way of a name or an address, and the steps that added to them."""

    def __init__(self, about: str, con: DuckDBPyConnection, source: str, columns: Sequence[str]) -> None:
        self.about = about
        self.con = con
        self.steps: list[Traced] = []
        self.last: Mapping[str, Any] = {}
        [sent] = self._rows(f"SELECT {', '.join(columns)} FROM {source}")
        self.met = set(_texts(sent, columns).values())

    def follow(self, passes: Mapping[str, Sequence[Step]]) -> None:
        """Run the passes in order, each into a temporary table of its name for those after it; they are dropped."""
        for table, steps in passes.items():
            for step in steps:
                self._make(step.name, step.sql)
                self._look(step, self._rows(f"FROM temp.{step.name} LIMIT {_FEW + 1}"))
            if table != steps[-1].name:
                self._make(table, f"FROM temp.{steps[-1].name}")
            self._drop(step.name for step in steps if step.name != table)
        self._drop(passes)

    def _make(self, table: str, sql: str) -> None:
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")

    def _drop(self, tables: Iterable[str]) -> None:
        for table in tables:
            self.con.execute(f"DROP TABLE temp.{table}")

    def _look(self, step: Step, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the step if it gave texts that are new."""
        if not 0 < len(rows) <= _FEW:
            return
        self.last = rows[0]
        # Standard texts are in capitals; what is not names a form or a class, and the standard form says that.
        given = (text for row in rows for text in _texts(row, row).values() if text == text.upper())
        became = tuple(dict.fromkeys(text for text in given if text not in self.met))
        if became:
            self.met |= set(became)
            self.steps.append(Traced(self.about, step.says, became))

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        found = self.con.execute(sql)
        columns = [name for name, *_ in found.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _texts(row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, str]:
    """The columns of `row` that hold a text."""
    return {name: row[name] for name in columns if isinstance(row.get(name), str) and row[name]}
