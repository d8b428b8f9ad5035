"""What stands beside a passage of law when an agreement is shown: the values, sentences, rules and cases made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from comity.agreements.base import Agreement
from comity.agreements.cases import Case
from comity.agreements.gates import Gate
from comity.agreements.law import Passage
from comity.agreements.terms import Value


def values_beside(agreement: Agreement, passage: Passage) -> list[Value]:
    """The values of which a reading rests on `passage`."""
    return [
        value
        for value in agreement.values
        if passage.clause in (entry.basis.clause for entry in (value, *value.readings))
    ]


def gates_beside(agreement: Agreement, passage: Passage) -> list[Gate]:
    """The gates shown under `passage`: those that cite it first."""
    return [gate for gate in agreement.gates if gate.basis[0].clause == passage.clause]


def cases_of(agreement: Agreement, gate: Gate) -> list[Case]:
    """The cases that `gate` is tried on."""
    return [case for case in agreement.cases if case.gate == gate.name]


def said_beside(agreement: Agreement, passage: Passage) -> Iterator[tuple[str, str]]:
    """The office's own codes and the court orders that rest on `passage`: what each is called, and what it says."""
    for office in agreement.office_codes:
        if office.basis.clause == passage.clause:
            yield office.code, f"{office.says} {office.next}"
    for order in agreement.orders:
        if order.basis.clause == passage.clause:
            yield f"{order.court}, No. {order.docket}, {order.ordered_on} ({order.direction})", order.says


def spoken_by(agreement: Agreement, gate: Gate) -> list[Value]:
    """The values of which the conditions of `gate` speak as `:name`."""
    return [value for value in agreement.values if f":{value.name}" in gate.words()]


def plain(value: object) -> str:
    """A value of a file on one line: texts in quotation marks, so that a blank one is seen, and days as they are."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)


def written(value: Value) -> str:
    """A value as the file has it, on one line, with its bounds; one that has several readings with the day of each."""
    if value.readings:
        return "; ".join(f"from {entry.starts}: {written(entry)}" for entry in value.dated())
    bounds = [f"{word} {bound}" for word, bound in (("least", value.least), ("most", value.most)) if bound is not None]
    shown = " ".join(plain(value.value).replace("\\n", " ").split())
    return f"{shown} ({', '.join(bounds)})" if bounds else shown
