"""An agreement as one value: law, terms, gates, cases and orders of one folder, loaded only if they hold together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from comity.agreements.cases import Case, CourtOrder, read_cases, read_orders
from comity.agreements.entries import POLICY_LEVEL, parse_toml, require_keys
from comity.agreements.faults import invalid
from comity.agreements.gates import Gate, OfficeCode, read_codes, read_gates, read_office_codes
from comity.agreements.law import Passage, read_law
from comity.agreements.terms import Terms, Value, read_values, terms_of
from comity.case.errors import BadInput, Refused

FOLDERS = Path(__file__).parent
FILES = ("law.md", "terms.toml", "gates.toml", "cases.toml", "holds.toml")


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
    passages, `values` the terms with their sources, `terms` the same typed, `gates` the rules, `codes` every reply code
    in the order of the reply's bitmap, `lawful` and `cases` what the rules are tried on, `orders` the court orders that
    a live home starts with.
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
    lawful: Mapping[str, Any] = field(repr=False)
    cases: tuple[Case, ...] = field(repr=False)
    orders: tuple[CourtOrder, ...] = field(repr=False)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of law.md in their order."""
        return tuple(passage.clause for passage in self.law)

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
        values = tuple(
            replace(value, value=settings[value.name]) if value.name in settings else value for value in self.values
        )
        said = json.dumps(dict(settings), sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(f"{self.digest}\n{said}".encode()).hexdigest()
        return replace(self, values=values, terms=terms_of(values), digest=digest)


def names() -> tuple[str, ...]:
    """The agreements that ship, by folder name."""
    return tuple(sorted(path.parent.name for path in FOLDERS.glob("*/law.md")))


@cache
def load(name: str) -> Agreement:
    """The shipped agreement of that name, read once in a process.

    Raises BadInput `AGREEMENT_UNKNOWN`, Integrity `AGREEMENT_INVALID`.
    """
    if name not in names():
        raise BadInput(
            "AGREEMENT_UNKNOWN",
            "No agreement of that name is known here.",
            f"Name one of: {', '.join(names())}.",
        )
    return load_folder(FOLDERS / name)


def load_folder(folder: Path) -> Agreement:
    """The agreement in `folder`, whole or not at all.

    Raises Integrity `AGREEMENT_INVALID` on a file that is missing or unreadable, an unknown key, a value or rule
    without a clause, a quote that is not in the passage it cites, a level that the passage cannot bear, an empty list
    of gates, a gate without cases, or a statutory clause that neither a rule nor an officer carries out.
    """
    texts = _texts(folder)
    law = read_law(texts["law.md"])
    clauses = {passage.clause: passage for passage in law}
    tables = {name: parse_toml(name, text) for name, text in texts.items() if name.endswith(".toml")}
    head = _head(tables["terms.toml"])
    values = read_values(tables["terms.toml"], clauses)
    gates = read_gates(tables["gates.toml"], clauses)
    lawful, cases = read_cases(tables["cases.toml"], gates)
    agreement = Agreement(
        **head,
        digest=_digest(texts),
        law=law,
        values=values,
        terms=terms_of(values),
        gates=gates,
        office_codes=read_office_codes(tables["gates.toml"], clauses),
        codes=read_codes(tables["gates.toml"], gates, clauses),
        lawful=lawful,
        cases=cases,
        orders=read_orders(tables["holds.toml"], clauses),
    )
    _require_carried_out(agreement)
    return agreement


def _texts(folder: Path) -> dict[str, str]:
    found = (
        sorted(path.name for path in folder.iterdir() if not path.name.startswith((".", "__")))
        if folder.is_dir()
        else []
    )
    if found != sorted(FILES):
        raise invalid("the folder", f"the files are not exactly {', '.join(FILES)}")
    try:
        return {name: (folder / name).read_text("utf-8") for name in sorted(FILES)}
    except UnicodeDecodeError:
        raise invalid("the folder", "a file is not UTF-8 text") from None


def _head(tables: dict[str, Any]) -> dict[str, str]:
    head = tables.pop("agreement", {})
    require_keys("terms.toml, agreement", head, ("name", "version", "title"))
    return {key: str(value) for key, value in head.items()}


def _digest(texts: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name in sorted(texts):
        whole.update(f"{name} {hashlib.sha256(texts[name].encode()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _require_carried_out(agreement: Agreement) -> None:
    cited = {basis.clause for gate in agreement.gates for basis in gate.basis}
    cited |= {value.basis.clause for value in agreement.values}
    cited |= {office.basis.clause for office in agreement.office_codes}
    cited |= {order.basis.clause for order in agreement.orders}
    for passage in agreement.law:
        if passage.clause not in cited and not passage.duty:
            raise invalid("law.md", f"passage {passage.number} has neither a rule nor a named officer's duty")


def _require_settable(values: tuple[Value, ...], settings: Mapping[str, Any]) -> None:
    levels = {value.name: value.basis.level for value in values}
    if not set(settings) <= {field.name for field in fields(Terms)}:
        raise Refused(
            "TERM_UNKNOWN", "The agreement has no such term.", "See `comity agreement show` for the names of its terms."
        )
    if any(levels[name] != POLICY_LEVEL for name in settings):
        raise Refused(
            "TERM_NOT_POLICY",
            "A value that rests on a statute, the agreement or a court is not for counsel to set.",
            "Set policy-level terms only; a new reading of the law is a new entry in the agreement's folder.",
        )
