"""A request and a record side by side: field by field, with a word and a sign for each, so that no colour is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comity.office.browsing import reason_says
from comity.oversight.explaining import Explained
from comity.review import Case

_FIELDS = {
    "given_name": "Given name",
    "middle_name": "Middle name",
    "family_name": "Family name",
    "name_suffix": "Suffix",
    "street_line": "Street",
    "unit_line": "Unit",
    "city": "City",
    "state": "State",
    "zip": "ZIP",
    "date_of_birth": "Birth date",
}
_SAME, _DIFFERS, _ONE_SIDE, _NEITHER = "same", "differs", "one side", "neither"
SIGNS = {_SAME: "=", _DIFFERS: "≠", _ONE_SIDE: "◐", _NEITHER: "–"}


@dataclass(frozen=True)
class Compared:
    """One field of a comparison: as sent, as recorded, and whether the words are the same (a word and a sign)."""

    name: str
    sent: str = field(repr=False)
    recorded: str = field(repr=False)
    word: str

    @property
    def sign(self) -> str:
        """The sign beside the word."""
        return SIGNS[self.word]


@dataclass(frozen=True)
class Beside:
    """One record beside the request: its `number` among the candidates' persons, its fields, and what was found."""

    number: int
    person: str = field(repr=False)
    role: str
    years: str
    forms: str
    in_stated_year: bool
    levels: tuple[tuple[str, str], ...]
    says: tuple[str, ...]
    fields: tuple[Compared, ...]


@dataclass(frozen=True)
class Sheet:
    """A comparison on one screen: what came of it and why, in words, and each record beside the request.

    `address_text` and `tax_years` are the request's own; `missing` what would have made it a yes.
    """

    determination: str
    reason: str
    says: str
    address_text: str = field(repr=False)
    tax_years: str
    missing: tuple[str, ...]
    records: tuple[Beside, ...]


def sheet_of(found: Explained) -> Sheet | None:
    """The sheet of a request that was explained; None for one that was returned and never looked up."""
    explanation = found.explanation
    if explanation is None:
        return None
    records = tuple(
        Beside(
            weighed.number,
            weighed.person,
            weighed.role,
            _words(weighed.tax_years),
            _words(weighed.source_forms),
            weighed.in_stated_year,
            _levels(weighed.name_level, weighed.address_level, weighed.birth_level),
            weighed.says,
            _fields(explanation.request, weighed.record),
        )
        for weighed in explanation.candidates
    )
    missing = tuple(f"{what.evidence}, for candidate {what.candidate}" for what in explanation.missing)
    return Sheet(
        explanation.determination, explanation.reason, explanation.rule, *_own(explanation.request), missing, records
    )


def sheet_of_case(case: Case) -> Sheet:
    """The sheet of an open case as a reviewer may see it."""
    numbers = {person: number for number, person in enumerate(dict.fromkeys(c["person"] for c in case.candidates), 1)}
    records = tuple(_beside(case.request, candidate, numbers[candidate["person"]]) for candidate in case.candidates)
    ordered = tuple(sorted(records, key=lambda record: record.number))
    return Sheet(case.determination, case.reason, reason_says(case.reason), *_own(case.request), (), ordered)


def _beside(request: Mapping[str, Any], candidate: Mapping[str, Any], number: int) -> Beside:
    return Beside(
        number,
        candidate["person"],
        candidate["role"],
        _words(candidate["tax_years"]),
        _words(candidate["source_forms"]),
        bool(candidate["in_stated_year"]),
        _levels(candidate["name_level"], candidate["address_level"], candidate["birth_level"]),
        tuple(filter(None, map(reason_says, candidate["reasons"]))),
        _fields(request, {name: candidate.get(f"record_{name}") for name in _FIELDS}),
    )


def _own(request: Mapping[str, Any]) -> tuple[str, str]:
    return str(request.get("address_text") or ""), _words(request.get("tax_years") or ())


def _levels(name: str, address: str, birth: str) -> tuple[tuple[str, str], ...]:
    said = {"name": name, "address": address, "birth date": birth}
    return tuple((about, level.replace("_", " ")) for about, level in said.items())


def _fields(request: Mapping[str, Any], record: Mapping[str, Any]) -> tuple[Compared, ...]:
    pairs = ((says, _text(request.get(name)), _text(record.get(name))) for name, says in _FIELDS.items())
    return tuple(Compared(says, sent, kept, _word(sent, kept)) for says, sent, kept in pairs if sent or kept)


def _word(sent: str, recorded: str) -> str:
    """Whether two cells are the same but for case, blanks and points: a help for the eye, and not the comparison."""
    if not (sent and recorded):
        return _ONE_SIDE if sent or recorded else _NEITHER
    return _SAME if _bare(sent) == _bare(recorded) else _DIFFERS


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _words(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))


def _text(value: object) -> str:
    return "" if value is None else str(value)
