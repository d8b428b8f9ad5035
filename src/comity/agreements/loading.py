"""Loads an agreement from its folder, whole or not at all: one that ships by its name, any other by its folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from comity.agreements.base import Agreement
from comity.agreements.cases import read_cases, read_orders
from comity.agreements.entries import parse_toml, require_keys, require_type
from comity.agreements.faults import Faults, Invalid, invalid
from comity.agreements.gates import read_codes, read_gates, read_office_codes, read_sufficiency
from comity.agreements.law import Passage, read_law
from comity.agreements.terms import Value, coded_of, needed_by_code, read_values, require_among, terms_of
from comity.case.errors import BadInput

FOLDERS = Path(__file__).parent
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NAMED = "Covers, holds and events call the agreement by it: give it one that can be written there."
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
        raise _unknown()
    return load_folder(FOLDERS / name)


def find(named: str) -> Agreement:
    """The agreement of that name if one ships, or else the one in the folder of that path.

    Raises BadInput `AGREEMENT_UNKNOWN`, Integrity `AGREEMENT_INVALID`.
    """
    return load(named) if named in names() else load_folder(folder_of(named))


def folder_of(named: str) -> Path:
    """The folder of the agreement of that name, or of that path; raises BadInput `AGREEMENT_UNKNOWN`."""
    folder = FOLDERS / named if named in names() else Path(named)
    if not named or not folder.is_dir():
        raise _unknown()
    return folder


def _unknown() -> BadInput:
    return BadInput(
        "AGREEMENT_UNKNOWN",
        "No agreement of that name is known here.",
        f"Name one of: {', '.join(names())}; where a folder will do, the path of one that is there.",
    )


def load_folder(folder: Path) -> Agreement:
    """The agreement in `folder`, whole or not at all.

    Raises Integrity `AGREEMENT_INVALID` on a file that is missing or unreadable, an unknown key, a value or rule
    without a clause, a quote that is not in the passage it cites, a level that the passage cannot bear, an empty list
    of gates, a gate without cases, a value that no rule and no code uses, or a statutory clause that neither a rule nor
    an officer carries out. The files are read each time; the same text is put together once in a process.
    """
    return _loaded(tuple(_texts(folder).items()))


@lru_cache(maxsize=8)
def _loaded(texts: tuple[tuple[str, str], ...]) -> Agreement:
    return _assembled(dict(texts), Faults())


def look_into(folder: Path) -> tuple[Agreement | None, tuple[Invalid, ...]]:
    """The agreement in `folder` if it loads, and else every fault that can be told apart.

    The search ends with the first kind of thing that has a fault, passages, then values, gates and orders, then cases:
    what stands on it would seem wrong as well.
    """
    faults = Faults()
    try:
        return _assembled(_texts(folder), faults), ()
    except Invalid as fault:
        return None, tuple(dict.fromkeys((*faults.found, fault)))


def _assembled(texts: Mapping[str, str], faults: Faults) -> Agreement:
    law = read_law(texts["law.md"], faults)
    clauses = {passage.clause: passage for passage in law}
    named = [name for name in FILES if name.endswith(".toml")]
    tables = dict(faults.each(named, lambda name: (name, parse_toml(name, texts[name]))))
    faults.raise_first()
    rules = tables["gates.toml"]
    faults.each([tables["terms.toml"]], _require_head)
    head = tables["terms.toml"].pop("agreement", {})
    values = read_values(tables["terms.toml"], clauses, faults)
    gates = read_gates(rules, clauses, faults)
    orders = read_orders(tables["holds.toml"], clauses, faults)
    faults.raise_first()
    lawful, cases = read_cases(tables["cases.toml"], gates, faults)
    codes = faults.each([gates], lambda read: read_codes(rules, read, clauses))
    faults.raise_first()
    agreement = Agreement(
        **{key: str(said) for key, said in head.items()},
        digest=_digest(texts),
        law=law,
        values=values,
        terms=terms_of(values),
        gates=gates,
        office_codes=read_office_codes(rules, clauses),
        codes=codes[0],
        sufficiency=read_sufficiency(rules, gates),
        lawful=lawful,
        cases=cases,
        orders=orders,
    )
    _require_nothing_idle(agreement, faults)
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


def _require_head(tables: Mapping[str, Any]) -> None:
    require_type("terms.toml", "agreement", tables.get("agreement", {}), dict)
    head = tables.get("agreement", {})
    require_keys("terms.toml, agreement", head, ("name", "version", "title"))
    if not NAME.fullmatch(str(head["name"])):
        raise invalid("terms.toml, agreement", "the name is not up to 60 of a-z, 0-9 and _, a letter first", _NAMED)


def _digest(texts: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name in sorted(texts):
        whole.update(f"{name} {hashlib.sha256(texts[name].encode()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _require_nothing_idle(agreement: Agreement, faults: Faults) -> None:
    """Refuse a passage that nobody carries out, and a dead value: whoever reads it would take it to bind."""
    cited = {basis.clause for gate in agreement.gates for basis in gate.basis}
    cited |= {entry.basis.clause for value in agreement.values for entry in value.dated()}
    cited |= {office.basis.clause for office in agreement.office_codes}
    cited |= {order.basis.clause for order in agreement.orders}
    words = {word for gate in agreement.gates for word in gate.words()}
    faults.each(agreement.law, lambda passage: _require_carried_out(passage, cited))
    faults.each([reading.values for reading in agreement.readings()], coded_of)
    faults.each([reading.values for reading in agreement.readings()], require_among)
    faults.each(agreement.values, lambda value: _require_used(value, words))
    faults.raise_first()


def _require_carried_out(passage: Passage, cited: set[str]) -> None:
    if passage.clause not in cited and not passage.duty:
        raise invalid(
            "law.md",
            f"passage {passage.number} has neither a rule nor a named officer's duty",
            "Cite it in a gate or a value, or name the officer: `- Duty: Officer: what the officer does`.",
        )


def _require_used(value: Value, words: set[str]) -> None:
    if not needed_by_code(value.name) and not {f":{value.name}", value.column} & words:
        raise invalid(
            f"terms.toml, {value.name}",
            "no rule and no code uses the value",
            f"Speak of it in a rule as `:{value.name}`, or take it out: whoever reads it would take it to bind.",
        )
