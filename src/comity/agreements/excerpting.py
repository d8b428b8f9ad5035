"""A part of an agreement, for whoever has one question: what it says about that, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

from comity.agreements.base import Agreement
from comity.agreements.beside import said_beside, values_beside
from comity.agreements.gates import Gate
from comity.agreements.law import Passage
from comity.case.errors import BadInput


def excerpt(agreement: Agreement, about: str, *, cases: bool = True) -> Agreement:
    """The agreement with the passages and rules in which the words `about` stand, in small letters or capitals, and
    every passage on which such a rule rests; with or without `cases`. For showing alone: nothing is ruled by a part.

    A rule is found by its gate, code, sentences and conditions, a passage by its clause, its text, and the values and
    codes beside it. No words find everything. Raises BadInput `NOTHING_ABOUT`.
    """
    sought = about.casefold()
    rules = [gate for gate in agreement.gates if sought in _words_of(gate)]
    found = {passage.clause for passage in agreement.law if sought in _words_beside(agreement, passage)}
    rules += [gate for gate in agreement.gates if gate.basis[0].clause in found and gate not in rules]
    if not (rules or found):
        raise BadInput(
            "NOTHING_ABOUT",
            "No passage and no rule of the agreement has these words.",
            "Name a gate (G-30), a code, a section (1325) or a word of the text; `comity agreement show` lists all.",
        )
    rests = found | {basis.clause for gate in rules for basis in gate.basis}
    return replace(
        agreement,
        law=tuple(passage for passage in agreement.law if passage.clause in rests),
        gates=tuple(gate for gate in agreement.gates if gate in rules),
        cases=tuple(case for case in agreement.cases if cases and case.gate in {gate.name for gate in rules}),
    )


def _words_of(gate: Gate) -> str:
    return f"{gate.name} {gate.says} {gate.next} {gate.applies} {gate.unless}".casefold()


def _words_beside(agreement: Agreement, passage: Passage) -> str:
    values = " ".join(f"{value.name} {value.says}" for value in values_beside(agreement, passage))
    said = " ".join(f"{name} {says}" for name, says in said_beside(agreement, passage))
    return f"{passage.clause} {passage.text} {values} {said}".casefold()
