"""Reads cases.toml and holds.toml: what each gate must answer, and the orders a live home starts with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from comity.agreements.entries import (
    Basis,
    read_basis,
    read_day,
    require_keys,
    require_listed_texts,
    require_texts,
    require_type,
)
from comity.agreements.faults import Faults, invalid
from comity.agreements.gates import Gate
from comity.agreements.law import Passage

PASSES = "pass"
DIRECTIONS = ("disclose", "use")


@dataclass(frozen=True)
class Case:
    """One made-up request tried on one gate.

    `gate` is the gate's name, `what` a phrase for the reader, `given` what differs from the lawful request, `absent`
    the columns taken out of it, `gives` the code expected, or `pass`.
    """

    gate: str
    what: str
    given: Mapping[str, Any] = field(repr=False)
    absent: tuple[str, ...]
    gives: str


@dataclass(frozen=True)
class CourtOrder:
    """An order in force when a live home starts: court, docket, day, direction (disclose or use), basis, sentence."""

    id: str
    court: str
    docket: str
    ordered_on: date
    direction: str
    basis: Basis
    says: str


def read_cases(
    tables: Mapping[str, Any], gates: Iterable[Gate], faults: Faults
) -> tuple[Mapping[str, Any], tuple[Case, ...]]:
    """The lawful request that every case starts from, and the cases.

    A fault, which goes to `faults`, is a gate that has no case that passes or none that fails, a case of no gate, and a
    lawful request without its day of receipt.
    """
    by_name = {gate.name: gate for gate in gates}
    faults.each([("lawful", *by_name)], lambda names: require_keys("cases.toml", tables, names))
    faults.each([tables.get("lawful")], _require_lawful)
    rows = [(gate, row) for name, gate in by_name.items() if name in tables for row in _rows(tables[name])]
    cases = faults.each(rows, lambda row: _case(*row))
    faults.each([name for name in by_name if name in tables], lambda name: _require_both(name, cases))
    return tables.get("lawful", {}), cases


def _require_lawful(lawful: object) -> None:
    if not isinstance(lawful, dict) or type(lawful.get("received_on")) is not date:
        raise invalid("cases.toml, lawful", "the lawful request has no day of receipt", "Give it `received_on`.")


def _rows(rows: object) -> list[Any]:
    return rows if isinstance(rows, list) else [rows]


def _require_both(name: str, cases: Iterable[Case]) -> None:
    gives = {case.gives == PASSES for case in cases if case.gate == name}
    if gives != {True, False}:
        raise invalid(f"cases.toml, {name}", "there is no case that passes, or none that fails")


def _case(gate: Gate, row: object) -> Case:
    place = f"cases.toml, {gate.name}"
    if not isinstance(row, dict):
        raise invalid(place, "a case is no table", 'Write each case under `[["ID CODE"]]`.')
    require_keys(place, row, ("what", "gives"), ("given", "absent"))
    require_texts(place, row, ("what", "gives"))
    require_type(place, "given", row.get("given", {}), dict)
    require_listed_texts(place, "absent", row.get("absent", []))
    if row["gives"] not in (PASSES, *gate.codes()):
        raise invalid(place, "a case expects a code that the gate never says")
    return Case(gate.name, row["what"], row.get("given", {}), tuple(row.get("absent", ())), row["gives"])


def read_orders(tables: Mapping[str, Any], law: Mapping[str, Passage], faults: Faults) -> tuple[CourtOrder, ...]:
    """The court orders of holds.toml; the faults go to `faults`."""
    faults.each([tables], lambda whole: require_keys("holds.toml", whole, (), ("order",)))
    return faults.each(tables.get("order", ()), lambda table: _order(table, law))


def _order(table: Mapping[str, Any], law: Mapping[str, Passage]) -> CourtOrder:
    place = f"holds.toml, {table.get('id', 'an order without id')}"
    require_keys(place, table, ("id", "court", "docket", "from", "direction", "level", "clause", "quote", "says"))
    require_texts(place, table, ("id", "court", "docket", "says"))
    if table["direction"] not in DIRECTIONS:
        raise invalid(place, "the direction is neither disclose nor use")
    return CourtOrder(
        table["id"],
        table["court"],
        table["docket"],
        read_day(place, table["from"]),
        table["direction"],
        read_basis(place, table, law),
        table["says"],
    )
