"""Reads gates.toml: the rules, each with what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.agreements.entries import Basis, read_basis, read_day, require_keys, require_listed_texts, require_texts
from comity.agreements.faults import Faults, invalid
from comity.agreements.law import Passage

REQUEST = "request"
SUBMISSION = "submission"
RETURN = "return"
OUTCOMES = (RETURN, "review")
EVERYWHERE = "TRUE"
"""The condition under which a gate applies that does not say when."""
OFFICE = "office"
OFFICE_CODES = ("HOLD_ACTIVE", "NOT_SETTLED_IN_TIME")
"""The reply codes that the office says under every agreement."""

_MUST = ("id", "code", "scope", "basis", "from", "outcome", "unless", "says", "next")
_MAY = ("absent", "applies", "may_be_absent", "needs")
_NO_TEXT = ("basis", "from", "absent", "may_be_absent")
_QUOTED = re.compile("'(?:[^']|'')*'")
_WORD = re.compile(r":?[A-Za-z_]\w*")


@dataclass(frozen=True)
class Gate:
    """One rule; its key is (id, code, starts).

    A request for which `applies` is true and `unless` is not fails it. `absent` maps a demanded column to the code
    said when the column is absent; `may_be_absent` names the columns that are not demanded. `needs` is `office` for a
    rule that the requester's desk cannot check.
    """

    id: str
    code: str
    scope: str
    basis: tuple[Basis, ...]
    starts: date
    outcome: str
    applies: str
    unless: str
    absent: Mapping[str, str]
    may_be_absent: tuple[str, ...]
    needs: str
    says: str
    next: str

    @property
    def name(self) -> str:
        """How cases.toml names it: id and code."""
        return f"{self.id} {self.code}"

    @property
    def key(self) -> str:
        """What tells it from every other entry: id, code and the day it starts."""
        return f"{self.name} {self.starts}"

    @property
    def clause(self) -> str:
        """The clauses it rests on, as a ruling cites them."""
        return "; ".join(basis.clause for basis in self.basis)

    def words(self) -> frozenset[str]:
        """The words of its conditions outside of quoted texts: columns, functions, and `:name` of each value."""
        return frozenset(_WORD.findall(_QUOTED.sub(" ", f"{self.applies} {self.unless}")))

    def codes(self) -> tuple[str, ...]:
        """Every code it can say, its own first."""
        return tuple(dict.fromkeys((self.code, *self.absent.values())))


@dataclass(frozen=True)
class OfficeCode:
    """A reply code that no gate says but the office does, with its basis and its sentences."""

    code: str
    basis: Basis
    says: str
    next: str


def read_gates(tables: Mapping[str, Any], law: Mapping[str, Passage], faults: Faults) -> tuple[Gate, ...]:
    """The gates in the order of the file.

    A fault, which goes to `faults`, is a gate that has an unknown key or no basis. Raises Integrity `AGREEMENT_INVALID`
    when there is no gate, when two share a key, or when a code that an absence says has no gate, hence no sentence, of
    its own.
    """
    require_keys("gates.toml", tables, ("codes", "gate"), ("office_code", "sufficiency"))
    if not isinstance(tables["gate"], list) or not tables["gate"]:
        raise invalid("gates.toml", "there is no gate", "Write each rule under `[[gate]]`.")
    before = len(faults.found)
    gates = faults.each(tables["gate"], lambda table: _gate(table, law))
    if len({gate.key for gate in gates}) != len(gates):
        raise invalid("gates.toml", "two gates share id, code and day", "A later reading has a later `from`.")
    # The code of a gate that could not be read may be the one that is missed.
    if len(faults.found) == before:
        faults.each(gates, lambda gate: _require_sentences(gate, gates))
    return gates


def read_codes(tables: Mapping[str, Any], gates: tuple[Gate, ...], law: Mapping[str, Passage]) -> tuple[str, ...]:
    """Every reply code in the order of the reply's bitmap; raises Integrity `AGREEMENT_INVALID` if one is left out."""
    require_listed_texts("gates.toml", "codes", tables["codes"])
    spoken = {code for gate in gates for code in gate.codes()}
    spoken |= {office.code for office in read_office_codes(tables, law)}
    codes = tuple(tables["codes"])
    if set(codes) != spoken or len(set(codes)) != len(codes):
        differ = ", ".join(sorted(set(codes) ^ spoken)) or "one is there twice"
        raise invalid(
            "gates.toml",
            "`codes` is not the list of the codes that are said, each once",
            f"Add or take out: {differ}. A code that was ever said keeps its place.",
        )
    if not set(OFFICE_CODES) <= {office.code for office in read_office_codes(tables, law)}:
        raise invalid("gates.toml", f"{' or '.join(OFFICE_CODES)}, which the office says, has no sentences")
    return codes


def read_sufficiency(tables: Mapping[str, Any], gates: tuple[Gate, ...]) -> tuple[str, ...]:
    """The ids of the gates that say whether a request holds enough to be looked up at all.

    Raises Integrity `AGREEMENT_INVALID` when one is no gate's on a request.
    """
    require_listed_texts("gates.toml", "sufficiency", tables.get("sufficiency", []))
    ids = tuple(tables.get("sufficiency", ()))
    if not set(ids) <= {gate.id for gate in gates if gate.scope == REQUEST}:
        raise invalid("gates.toml", "`sufficiency` names something that is no gate on a request")
    return ids


def read_office_codes(tables: Mapping[str, Any], law: Mapping[str, Passage]) -> tuple[OfficeCode, ...]:
    """The codes that the office says beside the gates."""
    return tuple(_office_code(table, law) for table in tables.get("office_code", ()))


def _office_code(table: Mapping[str, Any], law: Mapping[str, Passage]) -> OfficeCode:
    place = f"gates.toml, {table.get('code', 'an office code')}"
    require_keys(place, table, ("code", "level", "clause", "says", "next"), ("quote",))
    require_texts(place, table, ("code", "says", "next"))
    return OfficeCode(table["code"], read_basis(place, table, law), table["says"], table["next"])


def _gate(table: Mapping[str, Any], law: Mapping[str, Passage]) -> Gate:
    place = f"gates.toml, {table.get('id', 'a gate without id')} {table.get('code', '')}".strip()
    require_keys(place, table, _MUST, _MAY)
    require_texts(place, table, (key for key in (*_MUST, *_MAY) if key not in _NO_TEXT))
    require_listed_texts(place, "absent", table.get("absent", {}))
    require_listed_texts(place, "may_be_absent", table.get("may_be_absent", []))
    _require_words(place, table)
    return Gate(
        id=table["id"],
        code=table["code"],
        scope=table["scope"],
        basis=tuple(_bases(place, table["basis"], law)),
        starts=read_day(place, table["from"]),
        outcome=table["outcome"],
        applies=table.get("applies", EVERYWHERE),
        unless=table["unless"],
        absent=dict(table.get("absent", {})),
        may_be_absent=tuple(table.get("may_be_absent", ())),
        needs=table.get("needs", ""),
        says=table["says"],
        next=table["next"],
    )


def _bases(place: str, tables: object, law: Mapping[str, Passage]) -> Iterator[Basis]:
    if not isinstance(tables, list) or not tables:
        raise invalid(place, "the rule has no basis")
    for table in tables:
        if not isinstance(table, dict):
            raise invalid(place, "a basis is no table")
        require_keys(place, table, ("level", "clause"), ("quote",))
        yield read_basis(place, table, law)


def _require_words(place: str, table: Mapping[str, Any]) -> None:
    if table["scope"] not in (REQUEST, SUBMISSION):
        raise invalid(place, "the scope is neither request nor submission")
    if table["outcome"] not in OUTCOMES:
        raise invalid(place, "the outcome is neither return nor review")
    if table.get("needs", OFFICE) != OFFICE:
        raise invalid(place, "it needs something other than the office")
    if not table["says"].strip() or not table["next"].strip():
        raise invalid(place, "it does not say what is wrong and what to do next")


def _require_sentences(gate: Gate, gates: tuple[Gate, ...]) -> None:
    if not set(gate.absent.values()) <= {other.code for other in gates}:
        raise invalid(f"gates.toml, {gate.name}", "a code said of an absence is no gate's own code")
