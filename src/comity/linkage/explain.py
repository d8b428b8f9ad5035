"""One comparison in words: the request step by step, each candidate, the rule that decided, and what was missing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.case.artefact import Artefact
from comity.linkage.index import Index
from comity.linkage.link import Linked, link
from comity.linkage.reasons import ADDRESS_LEVELS, AGREEING_ADDRESSES, NAME_LEVELS, REASONS
from comity.linkage.retrace import Standing, retrace
from comity.linkage.spells import RECORD
from comity.linkage.terms import LinkageTerms
from comity.workspace import workspace

Row = Mapping[str, Any]

# What one more piece of evidence in the request would be: its words, and the columns that it fills.
_EVIDENCE = {
    "an agreeing birth date": ("date_of_birth",),
    "an agreeing middle name": ("middle_name",),
    "an agreeing generational suffix": ("name_suffix",),
    "the given name in full": ("given_name",),
    "the family name in full": ("family_name",),
    "the unit, directional or street type": ("street_line", "unit_line"),
}
_ADDRESS_PARTS = "the unit, directional or street type"


@dataclass(frozen=True)
class Weighed:
    """A record as it was weighed: the `number` of its person, the levels, and what was found, in sentences."""

    number: int
    person: str = field(repr=False)
    role: str
    tax_years: tuple[int, ...]
    source_forms: tuple[str, ...]
    in_stated_year: bool
    name_level: str
    address_level: str
    birth_level: str
    says: tuple[str, ...]
    record: Row = field(repr=False)


@dataclass(frozen=True)
class Missing:
    """A single piece of evidence that the request lacks, with which it would have been confirmed for a candidate."""

    evidence: str
    candidate: int


@dataclass(frozen=True)
class Explanation:
    """How one request came to its determination.

    `request` is as sent, `standing` its way to the standard form; `determination` and `reason` are those of linkage,
    `rule` the reason in words; `missing` is worked out by determining again with that one piece added.
    """

    request: Row = field(repr=False)
    standing: Standing = field(repr=False)
    candidates: tuple[Weighed, ...]
    determination: str
    reason: str
    rule: str
    evidence: str
    missing: tuple[Missing, ...]


def explain(directory: Path, requests: Artefact, row_number: int, index: Index, terms: LinkageTerms) -> Explanation:
    """Link the request at `row_number` of `requests` alone, as `link` does under `terms`, and say how it came out.

    Whether the request may be looked up at all is the caller's to ask. Works in a folder of its own under `directory`,
    which is removed. Raises what `link` raises, and Integrity `STEP_FAILED` when there is no such row.
    """
    with tempfile.TemporaryDirectory(dir=directory, prefix=".explain-") as place:
        home = Path(place)
        sent, one = _single(home, requests, row_number)
        with workspace(home, reads=[one.path]) as ws:
            ws.view("request", one)
            standing = retrace(ws.con, "request")
        linked = _linked(home, one, index, terms)
        candidates = _candidates(_rows(home, linked.candidates))
        [determined] = _rows(home, linked.determinations)
        variants = list(_variants(sent, candidates)) if determined["determination"] != "confirmed" else []
        missing = _missing(home, one, variants, index, terms)
    return Explanation(
        sent,
        standing,
        candidates,
        determined["determination"],
        determined["reason"],
        REASONS[determined["reason"]].says,
        terms.evidence,
        missing,
    )


def _single(home: Path, requests: Artefact, row_number: int) -> tuple[Row, Artefact]:
    with workspace(home, reads=[requests.path]) as ws:
        ws.view("requests", requests)
        one = ws.write("requests", f"SELECT * FROM requests WHERE row_number = {int(row_number)}", "row_number")
    [sent] = _rows(home, one)
    return sent, one


def _linked(home: Path, requests: Artefact, index: Index, terms: LinkageTerms) -> Linked:
    with workspace(home, reads=[requests.path]) as ws:
        ws.view("requests", requests)
        settled = ws.write("settled", "SELECT row_number, 'pass' AS ruling FROM requests", "row_number")
    return link(home, requests, settled, index, terms)


def _rows(home: Path, artefact: Artefact) -> list[dict[str, Any]]:
    with workspace(home) as ws:
        ws.view("shown", artefact)
        return ws.records("SELECT * FROM shown")


def _candidates(rows: Sequence[Row]) -> tuple[Weighed, ...]:
    """The records, those of one person under one number, the person who agrees best first."""
    by_person: dict[str, list[Row]] = {}
    for row in sorted(rows, key=_distance):
        by_person.setdefault(row["person"], []).append(row)
    return tuple(_weighed(number, row) for number, rows in enumerate(by_person.values(), 1) for row in rows)


def _distance(row: Row) -> tuple[int, int, bool]:
    name, address = NAME_LEVELS.index(row["name_level"]), ADDRESS_LEVELS.index(row["address_level"])
    return name, address, not row["in_stated_year"]


_BIRTH = {
    "agrees": "The birth dates agree.",
    "slip": "The birth dates differ by one figure or one day, or have day and month in each other's place.",
    "absent": "The birth date is missing on one side.",
}


def _weighed(number: int, row: Row) -> Weighed:
    years = ", ".join(map(str, sorted(row["tax_years"])))
    of_record = "a stated year and form" if row["in_stated_year"] else "no stated year"
    said = [f"Listed as {row['role']} in {years} ({', '.join(row['source_forms'])}): {of_record}."]
    said += [REASONS[reason].says for reason in row["reasons"]]
    said += ["The addresses are the same."] if row["address_level"] == "equal" else []
    said += [_BIRTH[row["birth_level"]]] if row["birth_level"] in _BIRTH else []
    return Weighed(
        number,
        row["person"],
        row["role"],
        tuple(row["tax_years"]),
        tuple(row["source_forms"]),
        row["in_stated_year"],
        row["name_level"],
        row["address_level"],
        row["birth_level"],
        tuple(said),
        {name: row[f"record_{name}"] for name in RECORD},
    )


@dataclass(frozen=True)
class _Variant:
    """The request with one piece of evidence taken from a candidate's record: the columns set, and their values."""

    evidence: str
    candidate: Weighed
    columns: Mapping[str, Any] = field(repr=False)


def _variants(sent: Row, candidates: Sequence[Weighed]) -> Iterator[_Variant]:
    """Every single piece that the request lacks and the record of a candidate who could be confirmed has."""
    for candidate in candidates:
        could = candidate.in_stated_year and candidate.role != "dependent"
        if could and candidate.address_level in AGREEING_ADDRESSES:
            for evidence, columns in _EVIDENCE.items():
                if _lacks(sent, candidate, evidence, columns):
                    yield _Variant(evidence, candidate, {name: candidate.record[name] for name in columns})


def _lacks(sent: Row, candidate: Weighed, evidence: str, columns: Sequence[str]) -> bool:
    if evidence == _ADDRESS_PARTS:
        return candidate.address_level == "one_sided"
    [column] = columns
    return len(str(sent[column] or "").strip(". ")) < _shortest(column) and candidate.record[column] is not None


def _shortest(column: str) -> int:
    """A given or family name of one letter is an initial: it is there, and not in full."""
    return 2 if column in ("given_name", "family_name") else 1


def _missing(
    home: Path, one: Artefact, variants: Sequence[_Variant], index: Index, terms: LinkageTerms
) -> tuple[Missing, ...]:
    """The variants that are confirmed for their candidate when determined, each said once."""
    if not variants:
        return ()
    with workspace(home, reads=[one.path]) as ws:
        ws.view("request", one)
        for number, variant in enumerate(variants, 1):
            changed = ", ".join(f"?::{kind} AS {name}" for name, kind in _typed(variant))
            into = "INSERT INTO varied" if number > 1 else "CREATE TEMP TABLE varied AS"
            ws.con.execute(
                f"{into} SELECT * REPLACE ({number}::INTEGER AS row_number, {changed}) FROM request",
                list(variant.columns.values()),
            )
        asked = ws.write("requests", "SELECT * FROM varied", "row_number")
    determined = _rows(home, _linked(home, asked, index, terms).determinations)
    confirmed = {row["row_number"]: row["person"] for row in determined if row["determination"] == "confirmed"}
    found = (v for number, v in enumerate(variants, 1) if confirmed.get(number) == v.candidate.person)
    return tuple(dict.fromkeys(Missing(v.evidence, v.candidate.number) for v in found))


def _typed(variant: _Variant) -> list[tuple[str, str]]:
    return [(name, "DATE" if name == "date_of_birth" else "VARCHAR") for name in variant.columns]
