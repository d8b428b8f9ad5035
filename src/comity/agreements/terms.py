"""The values of an agreement: those that Comity's own code needs, typed, and those that its rules alone speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from comity.agreements.entries import Basis, read_basis, read_day, require_keys, require_type
from comity.agreements.faults import Faults, invalid
from comity.agreements.kinds import (
    CLOSED_LIST,
    DAY,
    PATTERN,
    TEXT,
    WHOLE_NUMBER,
    WORDINGS,
    WORDS,
    ClosedList,
    kind_of,
    read_as,
)
from comity.agreements.law import Passage

FORMS = ("1040", "W2", "1099")
EVIDENCE = ("names", "third_identifier", "date_of_birth")
NAMESAKE_YEARS = ("any", "stated")
SCREENS = ("none", "tax_investigations")


@dataclass(frozen=True)
class Terms:
    """The values that linkage, review, disclosure and the office take from every agreement; each has to have them.

    in_force_from: the day from which it is in force when counsel names no other. address_of_record: forms whose address
    counts, out of 1040, W2, 1099. evidence: what a confirmation demands beside names and address. namesake_years:
    in which rows a second person is looked for. audit_confirmed and audit_noes: how many of a batch people read
    again. audit_wrong_limit: how many of a thousand confirmations may be wrong at most, by that sample.
    known_cases: for every hundred cases that people decide, how many with a known answer are mixed in. screen: what
    every subject is screened for before an answer, or none. answer_days
    and release_hour: the answer leaves on the day of receipt plus so many days, at that hour UTC.
    destroy_after_days: days from the answer to the latest day on which a reply is destroyed. recall_days: days from
    a recall to the last on which it is certified. embargo_days: for how many days what was asked may be kept out of
    an accounting to a person. contest_days: days from a contest to the last on which it is closed. use_restriction:
    a sentence that every reply states. asks_window_days: how many days back an agency's earlier asks are looked at.
    attestations: wording by version. invoked: the provisions that a request may rest on, with their
    spellings; a cover is prepared with the first.
    """

    in_force_from: date
    address_of_record: tuple[str, ...]
    evidence: str
    namesake_years: str
    audit_confirmed: int
    audit_noes: int
    audit_wrong_limit: int
    known_cases: int
    screen: str
    answer_days: int
    release_hour: int
    destroy_after_days: int
    recall_days: int
    embargo_days: int
    contest_days: int
    use_restriction: str
    asks_window_days: int
    attestations: Mapping[str, str]
    invoked: ClosedList

    def determining(self) -> dict[str, object]:
        """Those that a determination and its audit are made under, as an event states them."""
        return {
            "evidence": self.evidence,
            "forms": list(self.address_of_record),
            "namesake_years": self.namesake_years,
            "audit_confirmed": self.audit_confirmed,
            "audit_noes": self.audit_noes,
            "audit_wrong_limit": self.audit_wrong_limit,
            "known_cases": self.known_cases,
            "screen": self.screen,
        }


@dataclass(frozen=True)
class Value:
    """One value with its source.

    `value` is as in the file, `meant` the same read as its `kind` has it; `says` is a sentence. `least` and `most`
    bound a whole number; `among` names the closed list that a list of words is drawn from; `column` is the coded column
    of the requests, or the fact, whose words a closed list lists. `readings` are its other entries, of other
    days.
    """

    name: str
    value: object
    meant: object
    kind: str
    basis: Basis
    starts: date
    says: str
    least: int | None = None
    most: int | None = None
    column: str = ""
    among: str = ""
    readings: tuple[Value, ...] = field(default=(), repr=False)

    def dated(self) -> tuple[Value, ...]:
        """Every entry of the value by the day it starts, without the others."""
        alone = (replace(each, readings=()) for each in (self, *self.readings))
        return tuple(sorted(alone, key=lambda each: each.starts))

    def on(self, day: date) -> Value:
        """The value of `day`: of its entries the latest that has started, or the first where none has."""
        entries = self.dated()
        binding = max((place for place, entry in enumerate(entries) if entry.starts <= day), default=0)
        return replace(entries[binding], readings=(*entries[:binding], *entries[binding + 1 :]))

    def read_as(self, value: object, day: date) -> Value:
        """The same with the reading `value` from `day` on, in the place of one of that day; raises as `set_to`."""
        new = replace(self.on(day), starts=day).set_to(value)
        first, *rest = sorted((new, *(e for e in self.dated() if e.starts != day)), key=lambda entry: entry.starts)
        return replace(first, readings=tuple(rest))

    def set_to(self, value: object) -> Value:
        """The same with `value` in its place; raises Integrity `AGREEMENT_INVALID` when it is not one it can have."""
        meant = read_as(self.kind, value)
        if meant is None or not self._bears(meant):
            raise invalid(
                f"terms.toml, {self.name}", f"the value is not one that this term can have: {self._fitting()}"
            )
        return replace(self, value=value, meant=meant, readings=())

    def _bears(self, meant: object) -> bool:
        demand = _DEMANDS.get(self.name)
        if isinstance(meant, int) and not (self.least is None or self.least <= meant):
            return False
        if isinstance(meant, int) and not (self.most is None or meant <= self.most):
            return False
        return demand is None or (demand.kind == self.kind and demand.allows(meant))

    def _fitting(self) -> str:
        """In words, what the value may be."""
        if self.name in _DEMANDS:
            return _DEMANDS[self.name].says
        bounds = [f"{word} {bound}" for word, bound in (("from", self.least), ("to", self.most)) if bound is not None]
        return " ".join((self.kind, *bounds))


def read_values(tables: Mapping[str, Any], law: Mapping[str, Passage], faults: Faults) -> tuple[Value, ...]:
    """The entries of terms.toml; the faults go to `faults`.

    A fault is a term that code needs and that is missing, and a value that has no source, has an unknown key, is of no
    kind or not within its bounds.
    """
    faults.each(fields(Terms), lambda field: require_keys("terms.toml", tables, (field.name,), tables))
    return faults.each(tables.items(), lambda entry: _value(*entry, law))


_ONE_MEANING = "Leave each spelling in one list only: a cell has to mean one word."


def terms_of(values: Iterable[Value]) -> Terms:
    """The typed terms among `values`."""
    meant: dict[str, Any] = {value.name: value.meant for value in values}
    return Terms(**{field.name: meant[field.name] for field in fields(Terms)})


def coded_of(values: Iterable[Value]) -> Mapping[str, ClosedList]:
    """The closed list of each coded column, several of one column as one.

    Raises Integrity `AGREEMENT_INVALID` when two lists of one column share a spelling: a cell has to mean one word.
    """
    coded: dict[str, dict[str, tuple[str, ...]]] = {}
    for value in values:
        if value.kind == CLOSED_LIST and isinstance(value.meant, Mapping):
            listed = coded.setdefault(value.column, {})
            taken = {spelling for spellings in listed.values() for spelling in spellings}
            if any(taken & set(spellings) for spellings in value.meant.values()):
                raise invalid(
                    f"terms.toml, {value.name}", f"another list of {value.column} has the same spelling", _ONE_MEANING
                )
            listed.update(value.meant)
    return coded


def require_among(values: Iterable[Value]) -> None:
    """Raises Integrity `AGREEMENT_INVALID` when a list has a word that the closed list it is drawn from has not."""
    known = {value.name: value.meant for value in values if isinstance(value.meant, Mapping)}
    for value in values:
        if value.among and not (isinstance(value.meant, tuple) and set(value.meant) <= set(known.get(value.among, ()))):
            raise invalid(f"terms.toml, {value.name}", f"a word of it is not among {value.among}")


def needed_by_code(name: str) -> bool:
    """Whether the value of that name is one that Comity's own code takes, whether rules speak of it or not."""
    return name in _DEMANDS


def _value(name: str, table: object, law: Mapping[str, Passage]) -> Value:
    place = f"terms.toml, {name}"
    if not isinstance(table, dict):
        raise invalid(place, "the value has no clause")
    require_keys(place, table, _EVERY_ENTRY, ("quote", "later", *_SOME_HAVE))
    require_type(place, "says", table["says"], str)
    kind = kind_of(table["value"], pattern=table.get("pattern") is True)
    _require_own_keys(place, table, kind)
    basis = read_basis(place, table, law)
    own = {key: table[key] for key in ("least", "most", "column", "among") if key in table}
    bare = Value(name, None, None, kind, basis, read_day(place, table["from"]), table["says"], **own)
    first = bare.set_to(table["value"])
    require_type(place, "later", table.get("later", []), list)
    later = tuple(_reading(first, entry, law) for entry in table.get("later", []))
    days = [entry.starts for entry in (first, *later)]
    if days != sorted(set(days)):
        raise invalid(place, "its later readings do not each start after the one before", _LATER)
    return replace(first, readings=later)


def _reading(first: Value, table: object, law: Mapping[str, Passage]) -> Value:
    """A later reading of the value, from a day of its own, with what it rests on."""
    place = f"terms.toml, {first.name}"
    if not isinstance(table, dict):
        raise invalid(place, "a later reading is no table", _LATER)
    require_keys(place, table, _EVERY_ENTRY, ("quote",))
    require_type(place, "says", table["says"], str)
    own = {"basis": read_basis(place, table, law), "starts": read_day(place, table["from"]), "says": table["says"]}
    return replace(first, **own).set_to(table["value"])


_EVERY_ENTRY = ("value", "level", "clause", "from", "says")
_LATER = "Write each under `[[NAME.later]]`, with value, level, clause, from and says, in the order of their days."


_SOME_HAVE: Mapping[str, tuple[str, ...]] = {
    "least": (WHOLE_NUMBER,),
    "most": (WHOLE_NUMBER,),
    "column": (CLOSED_LIST,),
    "pattern": (PATTERN,),
    "among": (WORDS,),
}
"""The keys that only entries of some kinds have."""
_OWN_KEYS = (
    "`least` and `most` bound a whole number, `among` is for a list of words, `column` for a closed list, `pattern` for"
    " a text."
)


def _require_own_keys(place: str, table: Mapping[str, Any], kind: str) -> None:
    if not kind:
        raise invalid(place, "the value is not one that this term can have: it is of no kind that a term can be of")
    foreign = sorted(key for key, kinds in _SOME_HAVE.items() if key in table and kind not in kinds)
    if foreign:
        raise invalid(place, f"{', '.join(foreign)} is not a key that is known for {kind}", _OWN_KEYS)
    if kind == CLOSED_LIST and not (isinstance(table.get("column"), str) and table["column"]):
        raise invalid(place, "the closed list does not say of which column of the requests it is")
    bounds = [table[key] for key in ("least", "most") if key in table]
    if any(type(bound) is not int for bound in bounds) or bounds != sorted(bounds):
        raise invalid(place, "least and most are not whole numbers, the smaller first")


@dataclass(frozen=True)
class _Demand:
    """What a value that code takes has to be: its kind, the same in words, and which values of the kind will do."""

    kind: str
    says: str
    allows: Callable[[Any], bool]


def _between(least: int, most: int) -> _Demand:
    return _Demand(WHOLE_NUMBER, f"a whole number from {least} to {most}", lambda number: least <= number <= most)


def _one_of(words: tuple[str, ...]) -> _Demand:
    return _Demand(TEXT, f"one of {', '.join(words)}", lambda word: word in words)


_DEMANDS: Mapping[str, _Demand] = {
    "in_force_from": _Demand(DAY, "a day", lambda _: True),
    "address_of_record": _Demand(WORDS, f"some of {', '.join(FORMS)}", lambda forms: set(forms) <= set(FORMS)),
    "evidence": _one_of(EVIDENCE),
    "namesake_years": _one_of(NAMESAKE_YEARS),
    "audit_confirmed": _between(1, 10_000),
    "audit_noes": _between(0, 10_000),
    "audit_wrong_limit": _between(0, 1_000),
    "known_cases": _between(0, 100),
    "screen": _one_of(SCREENS),
    "answer_days": _between(0, 366),
    "release_hour": _between(0, 23),
    "destroy_after_days": _between(1, 36_525),
    "recall_days": _between(0, 366),
    "embargo_days": _between(0, 3_650),
    "contest_days": _between(0, 366),
    "asks_window_days": _between(1, 3_650),
    "use_restriction": _Demand(TEXT, "a sentence in ASCII", lambda _: True),
    "attestations": _Demand(WORDINGS, "a text for each version", lambda _: True),
    "invoked": _Demand(CLOSED_LIST, "a closed list with at least one word", bool),
}
