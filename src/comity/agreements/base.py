"""An agreement as one value: law, terms, gates, cases and orders, and what counsel may set otherwise."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from comity.agreements.cases import Case, CourtOrder
from comity.agreements.entries import COURT, POLICY_LEVEL
from comity.agreements.faults import invalid
from comity.agreements.gates import Gate, OfficeCode
from comity.agreements.kinds import SWITCH, ClosedList
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

    def on(self, day: date) -> Agreement:
        """The agreement with the values of `day`, each of its latest reading that has started; the digest is the same.

        Between two days on which no reading starts it is one object, so that its rules are compiled once.
        """
        started = max((start for start in self.days() if start <= day), default=None)
        return _with_values_of(self, started) if started else self

    def destroy_by(self, answered: date) -> date:
        """The last day of a reply that was answered on that day, by the terms in force."""
        return answered + timedelta(days=self.terms.destroy_after_days)

    def answer_hour(self, received: datetime) -> datetime:
        """The hour of the answer to what was `received` then (UTC): so many days on, at the release hour (P6)."""
        day = received.date() + timedelta(days=self.terms.answer_days)
        return max(received, datetime.combine(day, time(self.terms.release_hour), tzinfo=UTC))

    def days(self) -> tuple[date, ...]:
        """The days on which a later reading of a value starts, in their order."""
        return tuple(sorted({entry.starts for value in self.values for entry in value.dated()[1:]}))

    def readings(self) -> tuple[Agreement, ...]:
        """The agreement as it reads before the first of its `days`, and from each of them on."""
        return (self, *(self.on(day) for day in self.days()))

    def passage(self, clause: str) -> Passage:
        """The passage of law.md under `clause`; raises BadInput `CLAUSE_UNKNOWN`."""
        for passage in self.law:
            if passage.clause == clause:
                return passage
        raise _no_such_clause()

    def cited_gate(self, id_: str, code: str, clause: str) -> Gate:
        """The gate behind a ruling, which names its id, what it said and all that it rests on.

        Raises BadInput `CLAUSE_UNKNOWN`.
        """
        for gate in self.gates:
            if (gate.id, gate.clause) == (id_, clause) and code in gate.codes():
                return gate
        raise _no_such_clause()

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
        """The agreement as it is proposed, some values set otherwise; the digest changes with them.

        A setting `name` takes the place of every reading of a policy-level value; `name@2026-09-01` is a reading from
        that day on, of a policy-level value or of a court's that is on or off. Values are those of TOML or JSON. Raises
        Refused `TERM_UNKNOWN` or `TERM_NOT_POLICY`, and Integrity `AGREEMENT_INVALID` for a value that the term cannot
        have, or a day that is none.
        """
        if not settings:
            return self
        _require_settable(self.values, settings)
        values = tuple(_as_set(value, settings) for value in self.values)
        said = json.dumps(dict(settings), sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(f"{self.digest}\n{said}".encode()).hexdigest()
        agreement = replace(self, values=values, terms=terms_of(values), digest=digest)
        for each in agreement.readings():
            coded_of(each.values)
            require_among(each.values)
        return agreement


@lru_cache(maxsize=32)
def _with_values_of(agreement: Agreement, day: date) -> Agreement:
    values = tuple(value.on(day) for value in agreement.values)
    return replace(agreement, values=values, terms=terms_of(values))


def _as_set(value: Value, settings: Mapping[str, Any]) -> Value:
    """The value as counsel set it: as a whole first, then from each day that was named."""
    made = value.set_to(settings[value.name]) if value.name in settings else value
    for name, day in sorted(map(_of_day, settings)):
        if day and name == value.name:
            made = made.read_as(settings[f"{name}{_AT}{day}"], _day(name, day))
    return made


_AT = "@"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _of_day(setting: str) -> tuple[str, str]:
    """The name of a setting and the day from which it binds, '' for the whole."""
    name, _, day = setting.partition(_AT)
    return name, day


def _day(name: str, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise invalid(f"terms.toml, {name}", "the day of a setting is none", "Write it YYYY-MM-DD.") from None


def _require_settable(values: tuple[Value, ...], settings: Mapping[str, Any]) -> None:
    known = {value.name: value for value in values}
    for setting in settings:
        if _AT in setting and not _DAY.fullmatch(_of_day(setting)[1]):
            raise invalid(f"terms.toml, {_of_day(setting)[0]}", "the day of a setting is none", "Write it YYYY-MM-DD.")
    if any(_of_day(setting)[0] not in known for setting in settings):
        raise Refused(
            "TERM_UNKNOWN", "The agreement has no such term.", "See `comity agreement show` for the names of its terms."
        )
    if not all(_is_counsels(known[name], day) for name, day in map(_of_day, settings)):
        raise Refused(
            "TERM_NOT_POLICY",
            "A value that rests on a statute, the agreement or a court is not for counsel to set.",
            "Set policy-level terms, or turn a court's reading on or off from a day: --set NAME@YYYY-MM-DD=false. "
            "A new reading of the law is a new entry in the agreement's folder.",
        )


def _is_counsels(value: Value, day: str) -> bool:
    """Whether counsel sets `value` (from `day`): a choice of policy, or which of two courts' readings is followed."""
    levels = {entry.basis.level for entry in value.dated()}
    return levels == {POLICY_LEVEL} or (bool(day) and value.kind == SWITCH and levels <= {POLICY_LEVEL, COURT})


def _no_such_clause() -> BadInput:
    return BadInput("CLAUSE_UNKNOWN", "The agreement has no such clause.", "See `comity agreement show`.")
