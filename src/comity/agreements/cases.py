"""Reads cases.toml and holds.toml: what each gate must answer, and the orders a live home starts with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from comity.agreements.entries import Basis, read_basis, read_day, require_keys
from comity.agreements.faults import invalid
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


def read_cases(tables: Mapping[str, Any], gates: Iterable[Gate]) -> tuple[Mapping[str, Any], tuple[Case, ...]]:
    """The lawful request that every case starts from, and the cases.

    Raises Integrity `AGREEMENT_INVALID` when a gate has no case that passes or none that fails, or a case no gate.
    """
    by_name = {gate.name: gate for gate in gates}
    require_keys("cases.toml", tables, ("lawful", *by_name))
    cases = tuple(_case(by_name[name], row) for name in by_name for row in tables[name])
    for name in by_name:
        gives = {case.gives == PASSES for case in cases if case.gate == name}
        if gives != {True, False}:
            raise invalid(f"cases.toml, {name}", "there is no case that passes, or none that fails")
    return tables["lawful"], cases


def _case(gate: Gate, row: Mapping[str, Any]) -> Case:
    place = f"cases.toml, {gate.name}"
    require_keys(place, row, ("what", "gives"), ("given", "absent"))
    if row["gives"] not in (PASSES, *gate.codes()):
        raise invalid(place, "a case expects a code that the gate never says")
    return Case(gate.name, row["what"], row.get("given", {}), tuple(row.get("absent", ())), row["gives"])


def read_orders(tables: Mapping[str, Any], law: Mapping[str, Passage]) -> tuple[CourtOrder, ...]:
    """The court orders of holds.toml."""
    require_keys("holds.toml", tables, (), ("order",))
    return tuple(_order(table, law) for table in tables.get("order", ()))


def _order(table: Mapping[str, Any], law: Mapping[str, Passage]) -> CourtOrder:
    place = f"holds.toml, {table.get('id', 'an order without id')}"
    require_keys(place, table, ("id", "court", "docket", "from", "direction", "level", "clause", "quote", "says"))
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
