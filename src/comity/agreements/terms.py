"""The values of an agreement, typed, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from comity.agreements.entries import Basis, read_basis, read_day, require_keys
from comity.agreements.faults import invalid
from comity.agreements.law import Passage

FORMS = ("1040", "W2", "1099")
EVIDENCE = ("names", "third_identifier", "date_of_birth")
NAMESAKE_YEARS = ("any", "stated")

ClosedList = Mapping[str, tuple[str, ...]]
Reader = Callable[[object], object]


@dataclass(frozen=True)
class Terms:
    """Every value that rules, linkage, review and disclosure take from the agreement.

    address_of_record: forms whose address counts, out of 1040, W2, 1099. evidence: what a confirmation demands beside
    names and address. namesake_years: in which rows a second person is looked for. answer_days and release_hour: the
    answer leaves on the day of receipt plus so many days, at that hour UTC.
    destroy_after_days: days from the answer to the latest day on which a reply is destroyed. use_restriction: a
    sentence that every reply states.
    The limits are counts that still pass. The closed lists map each value of a coded column to its accepted
    spellings, folded. attestations: wording by version.
    """

    in_force_from: date
    address_of_record: tuple[str, ...]
    evidence: str
    namesake_years: str
    answer_days: int
    release_hour: int
    asks_limit: int
    addresses_limit: int
    mass_reuse_limit: int
    same_reason_limit: int
    adult_age: int
    earliest_tax_year: int
    tax_years_limit: int
    destroy_after_days: int
    use_restriction: str
    removal_ground_pattern: str
    reason_words_least: int
    reason_placeholders: tuple[str, ...]
    statutes: ClosedList
    civil_provisions: ClosedList
    purposes: ClosedList
    prongs: ClosedList
    bars: ClosedList
    case_statuses: ClosedList
    elements: ClosedList
    signatory_offices: ClosedList
    attestations: Mapping[str, str]

    def coded(self) -> Mapping[str, ClosedList]:
        """The closed list of each coded column of the requests and of the submission's facts."""
        return {
            "statute": {**self.statutes, **self.civil_provisions},
            "purpose": self.purposes,
            "prong": self.prongs,
            "bars": self.bars,
            "case_status": self.case_statuses,
            "elements": self.elements,
            "signatory_office": self.signatory_offices,
        }


@dataclass(frozen=True)
class Value:
    """One value with its source: name, value as in the file, basis, day it starts, and what it says in a sentence."""

    name: str
    value: object
    basis: Basis
    starts: date
    says: str


def folded(text: str) -> str:
    """A coded word without case, spaces and punctuation: `8 U.S.C. § 1253(a)(1)` is `8USC1253A1`.

    Signs outside of ASCII stay, but for that of a section: a word with one that does not belong there is another word.
    """
    return re.sub("[^0-9A-Z\x80-\U0010ffff]", "", text.upper().replace("§", ""))


def read_values(tables: Mapping[str, Any], law: Mapping[str, Passage]) -> tuple[Value, ...]:
    """The entries of terms.toml; raises Integrity `AGREEMENT_INVALID` on an unknown, missing or sourceless value."""
    require_keys("terms.toml", tables, [field.name for field in fields(Terms)])
    return tuple(_value(name, table, law) for name, table in tables.items())


def terms_of(values: tuple[Value, ...]) -> Terms:
    """The typed terms; raises Integrity `AGREEMENT_INVALID` when a value is not one that its term can have."""
    return Terms(**{value.name: _checked(value.name, value.value) for value in values})


def _value(name: str, table: object, law: Mapping[str, Passage]) -> Value:
    place = f"terms.toml, {name}"
    if not isinstance(table, dict):
        raise invalid(place, "the value has no clause")
    require_keys(place, table, ("value", "level", "clause", "from", "says"), ("quote",))
    basis = read_basis(place, table, law)
    return Value(name, table["value"], basis, read_day(place, table["from"]), table["says"])


def _checked(name: str, value: object) -> Any:  # noqa: ANN401 -- the reader of the term says which type
    read: Reader = _READERS.get(name, _words)
    result = read(value)
    if result is None:
        raise invalid(f"terms.toml, {name}", "the value is not one that this term can have")
    return result


def _count(lowest: int, highest: int) -> Reader:
    return lambda value: value if type(value) is int and lowest <= value <= highest else None


def _one_of(allowed: tuple[str, ...]) -> Reader:
    return lambda value: value if isinstance(value, str) and value in allowed else None


def _words(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
        return None
    return tuple(value)


def _forms(value: object) -> tuple[str, ...] | None:
    forms = _words(value)
    return forms if forms and set(forms) <= set(FORMS) else None


def _pattern(value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        re.compile(value)
    except re.error:
        return None
    return value


def _sentence(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() and value.isascii() else None


def _day(value: object) -> date | None:
    return value if type(value) is date else None


def _closed_list(value: object) -> ClosedList | None:
    if not isinstance(value, dict) or not value or not all(_words(spellings) for spellings in value.values()):
        return None
    lists = {word: tuple(dict.fromkeys(map(folded, (word, *spellings)))) for word, spellings in value.items()}
    every = [spelling for spellings in lists.values() for spelling in spellings]
    return lists if all(every) and len(set(every)) == len(every) else None


def _wordings(value: object) -> Mapping[str, str] | None:
    if not isinstance(value, dict) or not value or not all(isinstance(text, str) and text for text in value.values()):
        return None
    return dict(value)


_READERS: Mapping[str, Reader] = {
    "in_force_from": _day,
    "address_of_record": _forms,
    "evidence": _one_of(EVIDENCE),
    "namesake_years": _one_of(NAMESAKE_YEARS),
    "answer_days": _count(0, 366),
    "release_hour": _count(0, 23),
    "asks_limit": _count(1, 1000),
    "addresses_limit": _count(1, 1000),
    "mass_reuse_limit": _count(1, 1_000_000),
    "same_reason_limit": _count(1, 1_000_000),
    "adult_age": _count(1, 150),
    "earliest_tax_year": _count(1913, 2100),
    "tax_years_limit": _count(1, 100),
    "destroy_after_days": _count(1, 36_525),
    "use_restriction": _sentence,
    "removal_ground_pattern": _pattern,
    "reason_words_least": _count(1, 100),
    "statutes": _closed_list,
    "civil_provisions": _closed_list,
    "purposes": _closed_list,
    "prongs": _closed_list,
    "bars": _closed_list,
    "case_statuses": _closed_list,
    "elements": _closed_list,
    "signatory_offices": _closed_list,
    "attestations": _wordings,
}
