"""Reads the TOML files of an agreement strictly: every key is known, every value has a clause, a level and a day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.agreements.faults import invalid
from comity.agreements.law import POLICY, REPORTED, VERBATIM, Passage

STATUTE = "statute"
AGREEMENT = "agreement"
COURT = "court"
POLICY_LEVEL = "policy"
LEVELS = (STATUTE, AGREEMENT, COURT, POLICY_LEVEL)

# A statute speaks only in its own words; an agreement or a court may be known through a named secondary source; what
# rests on neither is policy and says so.
_MAY_REST_ON = {
    STATUTE: (VERBATIM,),
    AGREEMENT: (VERBATIM, REPORTED),
    COURT: (VERBATIM, REPORTED),
    POLICY_LEVEL: (POLICY,),
}


@dataclass(frozen=True)
class Basis:
    """What a rule or a value rests on: a clause of law.md at a level, and the words of it that bear the rule."""

    level: str
    clause: str
    quote: str


def parse_toml(name: str, text: str) -> dict[str, Any]:
    """The tables of one file; raises Integrity `AGREEMENT_INVALID` when it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise invalid(name, "the text is no TOML") from None


def require_keys(place: str, table: Mapping[str, Any], must: Iterable[str], may: Iterable[str] = ()) -> None:
    """Refuse a table that lacks a key or carries one that nobody knows: a misspelt rule must not become no rule."""
    missing = set(must) - set(table)
    unknown = set(table) - set(must) - set(may)
    if missing:
        raise invalid(place, f"{', '.join(sorted(missing))} is missing")
    if unknown:
        raise invalid(place, f"{', '.join(sorted(unknown))} is not a key that is known here")


def require_type(place: str, key: str, value: object, expected: type) -> None:
    """Refuse a value of another type (TOML's true is no number)."""
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        raise invalid(place, f"{key} is not of the type it must have")


def require_texts(place: str, table: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Refuse a table in which one of `keys` that is there is no text."""
    for key in keys:
        require_type(place, key, table.get(key, ""), str)


def require_listed_texts(place: str, key: str, values: object) -> None:
    """Refuse what is no list, or no table, of texts."""
    texts = values.values() if isinstance(values, dict) else values
    if isinstance(texts, str) or not isinstance(texts, Iterable) or not all(isinstance(text, str) for text in texts):
        raise invalid(place, f"{key} is not of the type it must have")


def read_basis(place: str, table: Mapping[str, Any], law: Mapping[str, Passage]) -> Basis:
    """A basis whose quote stands in the passage it cites, at a level which that passage can bear."""
    require_texts(place, table, ("level", "clause", "quote"))
    basis = Basis(table["level"], table["clause"], table.get("quote", ""))
    if basis.level not in LEVELS:
        raise invalid(place, "the level is none of statute, agreement, court and policy")
    passage = law.get(basis.clause)
    if passage is None:
        raise invalid(place, "the clause it cites is not in law.md", "Cite a passage by the words of its heading.")
    if passage.mark not in _MAY_REST_ON[basis.level]:
        raise invalid(place, f"a {basis.level}-level basis cites a passage marked {passage.mark}")
    if basis.level != POLICY_LEVEL and not basis.quote.strip():
        raise invalid(place, f"a {basis.level}-level basis quotes nothing")
    if not passage.says(basis.quote):
        raise invalid(place, "its quote is not in the passage it cites", "Quote the passage word for word.")
    return basis


def read_day(place: str, value: object) -> date:
    """A TOML date."""
    if type(value) is not date:
        raise invalid(place, "`from` is not a day")
    return value
