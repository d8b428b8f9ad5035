"""What the cases of a gate owe each column that its rule reads: a table by kind of column, and how a case meets it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from duckdb import DuckDBPyConnection
from sqlglot import exp

from comity.agreements import SUBMISSION, Agreement, Case, Gate, folded
from comity.gates.derive import FACTS, REQUEST_COLUMNS
from comity.gates.expressions import admit_expression
from comity.standard import ADDRESS, NAME

# What a case must show of each kind of column. "Trickery" that intake takes out of a request's cell before a gate sees
# it is tried from the cell on, in test_from_the_cell; a fact of the submission comes by no intake.
DEMANDS: Mapping[str, tuple[str, ...]] = {
    "truth": ("absent", "true", "false"),
    "presence": ("absent", "given"),
    "day": ("absent",),
    "number": ("absent",),
    "numbers": ("absent", "no word"),
    "words": ("absent", "no word", "blank", "each value", "on no list", "another script"),
    "coded": ("absent", "blank", "each value", "on no list", "wrong type", "another script"),
    "text": ("absent", "blank", "wrong type", "another script"),
    "class": ("absent", "blank", "placeholder", "another script"),
    "fact": ("absent", "blank", "wrong type", "another script", "zero-width", "right to left"),
}
# What a column is derived from, where it is not the request's own.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "a_class": tuple(ADDRESS),
    "n_class": tuple(NAME),
    "reason_words": ("reason",),
    "reason_length": ("reason",),
    "age": ("date_of_birth",),
}
_OF_TYPE = {"BOOLEAN": "truth", "DATE": "day", "BIGINT": "number", "INTEGER[]": "numbers", "VARCHAR[]": "words"}
_EDGES = {-1: "below or before", 0: "at or on", 1: "above or after"}


@dataclass(frozen=True)
class Reading:
    """A column that a gate reads, and the agreement it does so under."""

    agreement: Agreement
    gate: Gate
    column: str

    @property
    def kind(self) -> str:
        """Which line of DEMANDS it falls under."""
        columns = FACTS if self.gate.scope == SUBMISSION else REQUEST_COLUMNS
        if all(isinstance(node.parent, exp.Is) for node in _trees(self.gate, self.column)):
            return "presence"
        if columns[self.column] != "VARCHAR":
            return _OF_TYPE[columns[self.column]]
        if self.gate.scope == SUBMISSION:
            return "fact"
        if self.column.endswith("_class"):
            return "class"
        return "coded" if self.column in self.agreement.coded else "text"

    def missing(self) -> Iterator[str]:
        """What the cases of the gate do not show of the column."""
        cases = [case for case in self.agreement.cases if case.gate == self.gate.name]
        for demand in self._demands():
            if not any(_MEETS.get(demand, _gives_value)(self, case, demand) for case in cases):
                yield demand

    def _demands(self) -> Iterator[str]:
        listed = self.agreement.coded.get(self.column, {})
        for demand in DEMANDS[self.kind]:
            yield from listed if demand == "each value" else (demand,)
        if self.kind == "text" and self.placeholders():
            yield "placeholder"

    def placeholders(self) -> tuple[str, ...]:
        value = self.agreement.value(f"{self.column.split('_')[0]}_placeholders")
        return value.meant if value is not None and isinstance(value.meant, tuple) else ()

    def given(self, case: Case) -> Mapping[str, Any]:
        """What `case` sends in the cells behind the column."""
        whole = {**self.agreement.lawful, **case.given}
        sources = SOURCES.get(self.column, (self.column,))
        return {name: whole[name] for name in sources if name in whole and name not in case.absent}

    def changed(self, case: Case) -> list[str]:
        """The words of those cells that `case` sends otherwise than the lawful request."""
        cells = [value for name, value in self.given(case).items() if name in case.given]
        return [str(word) for cell in cells for word in (cell if isinstance(cell, list) else [cell])]


def readings(agreement: Agreement, gate: Gate) -> Iterator[Reading]:
    """Every column that `gate` reads."""
    columns = FACTS if gate.scope == SUBMISSION else REQUEST_COLUMNS
    spoken = [admit_expression(gate, text, columns, agreement).columns for text in (gate.applies, gate.unless)]
    yield from (Reading(agreement, gate, column) for column in dict.fromkeys((*spoken[0], *spoken[1])))


def missing_edges(con: DuckDBPyConnection, agreement: Agreement, gate: Gate) -> Iterator[str]:
    """Each number or day that `gate` compares, and on which side of the edge no case stands; `con` holds the cases."""
    columns, table = (FACTS, "fact_cases") if gate.scope == SUBMISSION else (REQUEST_COLUMNS, "asked_cases")
    numbers = [number for number, case in enumerate(agreement.cases) if case.gate == gate.name]
    for text in (gate.applies, gate.unless):
        filled = sqlglot.parse_one(admit_expression(gate, text, columns, agreement).sql, dialect="duckdb")
        for found in filled.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ):
            left, right = (side.sql(dialect="duckdb") for side in (found.this, found.expression))
            kind = con.execute(f"SELECT typeof({left}) FROM {table}").fetchone()
            if kind[0] in ("BIGINT", "INTEGER", "DATE", "TIMESTAMP"):
                apart = _apart(left, right, days=kind[0] in ("DATE", "TIMESTAMP"))
                sql = f"SELECT DISTINCT {apart} FROM {table} WHERE list_contains(?::INTEGER[], row_number)"
                seen = {row[0] for row in con.execute(sql, [numbers]).fetchall()}
                yield from (f"{found.sql()}: {_EDGES[edge]}" for edge in _edges(found) if edge not in seen)


def _apart(left: str, right: str, *, days: bool) -> str:
    return f"date_diff('day', CAST({right} AS DATE), CAST({left} AS DATE))" if days else f"({left}) - ({right})"


def _edges(comparison: exp.Expr) -> Iterator[int]:
    """The edges that there are: no list or text is shorter than nought, or has more words than it is long."""
    of_length = isinstance(comparison.this, exp.Length)
    if not (of_length and comparison.expression.name == "0"):
        yield -1
    yield 0
    if not isinstance(comparison.this, exp.Anonymous):
        yield 1


def _trees(gate: Gate, column: str) -> list[exp.Expr]:
    trees = [sqlglot.parse_one(text, dialect="duckdb") for text in (gate.applies, gate.unless)]
    return [node for tree in trees for node in tree.find_all(exp.Column) if node.name == column]


def _absent(reading: Reading, case: Case, demand: str) -> bool:
    return reading.column in case.absent or not reading.given(case)


def _is_on_no_list(reading: Reading, case: Case, demand: str) -> bool:
    listed = reading.agreement.coded[reading.column].values()
    spellings = {spelling for words in listed for spelling in words}
    return any(word.isascii() and folded(word) and folded(word) not in spellings for word in reading.changed(case))


def _gives_value(reading: Reading, case: Case, demand: str) -> bool:
    given = [word for cell in reading.given(case).values() for word in (cell if isinstance(cell, list) else [cell])]
    return any(folded(word) in reading.agreement.coded[reading.column][demand] for word in given)


def _is_placeholder(reading: Reading, case: Case, demand: str) -> bool:
    words = reading.placeholders() or FORMS_OF_NOTHING
    return any(folded(word) in words for word in reading.changed(case))


def _of_words(matches: Callable[[str], object]) -> Callable[[Reading, Case, str], bool]:
    return lambda reading, case, demand: any(matches(word) for word in reading.changed(case))


def _another_script(word: str) -> bool:
    return any(sign.isalpha() and not unicodedata.name(sign).startswith("LATIN") for sign in word)


FORMS_OF_NOTHING = ("UNKNOWN", "FAILEDTOPROVIDE", "NA")
_MEETS: Mapping[str, Callable[[Reading, Case, str], bool]] = {
    "absent": _absent,
    "given": lambda reading, case, demand: not _absent(reading, case, demand),
    "true": lambda reading, case, demand: True in reading.given(case).values(),
    "false": lambda reading, case, demand: False in reading.given(case).values(),
    "no word": lambda reading, case, demand: [] in reading.given(case).values(),
    "blank": _of_words(lambda word: not word.strip()),
    "wrong type": _of_words(lambda word: re.fullmatch(r"[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}", word)),
    "another script": _of_words(_another_script),
    "zero-width": _of_words(lambda word: "\u200b" in word),
    "right to left": _of_words(lambda word: "\u202e" in word),
    "on no list": _is_on_no_list,
    "placeholder": _is_placeholder,
}
