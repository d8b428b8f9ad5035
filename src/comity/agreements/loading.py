"""Loads an agreement from its folder, whole or not at all: one that ships by its name, any other by its folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from comity.agreements.base import Agreement
from comity.agreements.cases import read_cases, read_orders
from comity.agreements.entries import parse_toml, require_keys
from comity.agreements.faults import invalid
from comity.agreements.gates import read_codes, read_gates, read_office_codes, read_sufficiency
from comity.agreements.law import read_law
from comity.agreements.terms import coded_of, needed_by_code, read_values, terms_of
from comity.case.errors import BadInput

FOLDERS = Path(__file__).parent
FILES = ("law.md", "terms.toml", "gates.toml", "cases.toml", "holds.toml")


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
            f"Name one of: {', '.join(names())}; where a folder will do, the path of one that is there.",
        )
    return load_folder(FOLDERS / name)


def find(named: str) -> Agreement:
    """The agreement of that name if one ships, or else the one in the folder of that path.

    Raises BadInput `AGREEMENT_UNKNOWN`, Integrity `AGREEMENT_INVALID`.
    """
    if named and named not in names() and Path(named).is_dir():
        return load_folder(Path(named))
    return load(named)


def load_folder(folder: Path) -> Agreement:
    """The agreement in `folder`, whole or not at all.

    Raises Integrity `AGREEMENT_INVALID` on a file that is missing or unreadable, an unknown key, a value or rule
    without a clause, a quote that is not in the passage it cites, a level that the passage cannot bear, an empty list
    of gates, a gate without cases, a value that no rule and no code uses, or a statutory clause that neither a rule nor
    an officer carries out.
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
        sufficiency=read_sufficiency(tables["gates.toml"], gates),
        lawful=lawful,
        cases=cases,
        orders=read_orders(tables["holds.toml"], clauses),
    )
    _require_carried_out(agreement)
    _require_used(agreement)
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


def _require_used(agreement: Agreement) -> None:
    """Refuse a dead value: whoever reads it would take it to bind."""
    words = {word for gate in agreement.gates for word in gate.words()}
    coded_of(agreement.values)
    for value in agreement.values:
        if not needed_by_code(value.name) and not {f":{value.name}", value.column} & words:
            raise invalid(f"terms.toml, {value.name}", "no rule and no code uses the value")
