"""An agreement as one value: law, terms, gates, cases and orders, and what counsel may set otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from comity.agreements.cases import Case, CourtOrder
from comity.agreements.entries import POLICY_LEVEL
from comity.agreements.gates import Gate, OfficeCode
from comity.agreements.kinds import ClosedList
from comity.agreements.law import Passage
from comity.agreements.terms import Terms, Value, coded_of, require_among, terms_of
from comity.case.errors import BadInput, Refused


@dataclass(frozen=True)
class Attestation:
    """The sole-use wording that a signatory attests: version, text, and the hex SHA-256 of the text as UTF-8."""

    version: str
    text: str

    @property
    def digest(self) -> str:
        """What a cover names beside the version."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Agreement:
    """An agreement that may be worked under; two are the same when they are one object, digests are for comparing.

    `digest` is the hex SHA-256 over the folder's files, and over what counsel set otherwise if anything. `law` are the
    passages, `values` every value with its source, `terms` those of them that code takes, typed, `gates` the rules,
    `codes` every reply code in the order of the reply's bitmap, `sufficiency` the ids of the gates that say whether a
    request holds enough to be looked up at all, `lawful` and `cases` what the rules are tried on, `orders` the court
    orders that a live home starts with.
    """

    name: str
    version: str
    title: str
    digest: str
    law: tuple[Passage, ...] = field(repr=False)
    values: tuple[Value, ...] = field(repr=False)
    terms: Terms = field(repr=False)
    gates: tuple[Gate, ...] = field(repr=False)
    office_codes: tuple[OfficeCode, ...] = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)
    sufficiency: tuple[str, ...] = field(repr=False)
    lawful: Mapping[str, Any] = field(repr=False)
    cases: tuple[Case, ...] = field(repr=False)
    orders: tuple[CourtOrder, ...] = field(repr=False)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of law.md in their order."""
        return tuple(passage.clause for passage in self.law)

    @property
    def coded(self) -> Mapping[str, ClosedList]:
        """The closed list of each coded column of the requests, and of each coded fact of the submission."""
        return coded_of(self.values)

    def value(self, name: str) -> Value | None:
        """The value that rules call `:name`, or None when there is none."""
        return next((value for value in self.values if value.name == name), None)

    def passage(self, clause: str) -> Passage:
        """The passage that a ruling cites as `clause`; raises BadInput `CLAUSE_UNKNOWN`."""
        for passage in self.law:
            if passage.clause == clause:
                return passage
        raise BadInput("CLAUSE_UNKNOWN", "The agreement has no such clause.", "See `comity agreement show`.")

    def attestation(self, version: str | None = None) -> Attestation:
        """The wording of `version`, the newest by default; raises BadInput `ATTESTATION_UNKNOWN`."""
        wanted = version if version is not None else max(self.terms.attestations)
        if wanted not in self.terms.attestations:
            raise BadInput(
                "ATTESTATION_UNKNOWN",
                "The agreement has no attestation wording of that version.",
                "Prepare the submission again with the wording that `comity agreement show` prints.",
            )
        return Attestation(wanted, self.terms.attestations[wanted])

    def sentence(self, code: str) -> tuple[str, str]:
        """What a reply code says and what to do next; raises BadInput `CODE_UNKNOWN`."""
        sentences: tuple[Gate | OfficeCode, ...] = (*reversed(self.gates), *self.office_codes)
        for spoken in sentences:
            if spoken.code == code:
                return spoken.says, spoken.next
        raise BadInput("CODE_UNKNOWN", "The agreement has no such reply code.", "See `comity agreement show`.")

    def with_terms(self, settings: Mapping[str, Any]) -> Agreement:
        """The agreement as counsel activates it, some policy-level values set otherwise; the digest changes with them.

        Values are those of TOML or JSON. Raises Refused `TERM_UNKNOWN` or `TERM_NOT_POLICY`, and Integrity
        `AGREEMENT_INVALID` for a value that the term cannot have.
        """
        if not settings:
            return self
        _require_settable(self.values, settings)
        values = tuple(value.set_to(settings[value.name]) if value.name in settings else value for value in self.values)
        coded_of(values)
        require_among(values)
        said = json.dumps(dict(settings), sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(f"{self.digest}\n{said}".encode()).hexdigest()
        return replace(self, values=values, terms=terms_of(values), digest=digest)


def _require_settable(values: tuple[Value, ...], settings: Mapping[str, Any]) -> None:
    levels = {value.name: value.basis.level for value in values}
    if not set(settings) <= set(levels):
        raise Refused(
            "TERM_UNKNOWN", "The agreement has no such term.", "See `comity agreement show` for the names of its terms."
        )
    if any(levels[name] != POLICY_LEVEL for name in settings):
        raise Refused(
            "TERM_NOT_POLICY",
            "A value that rests on a statute, the agreement or a court is not for counsel to set.",
            "Set policy-level terms only; a new reading of the law is a new entry in the agreement's folder.",
        )
