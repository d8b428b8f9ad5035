"""What is wrong with an agreement's folder: one error for each fault, and a list of those found so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from comity.case.errors import Integrity

Entry = TypeVar("Entry")
Read = TypeVar("Read")

_MEND = {
    "law.md": "A passage is `## 1. Clause`, then `- Mark:`, `- Source:`, a date if verbatim, and the text after `>`.",
    "terms.toml": "An entry has value, level, clause, from and says, and below level policy the quote that bears it.",
    "gates.toml": "Compare the entry with those of an agreement that loads.",
    "cases.toml": "Each gate has cases under its id and code, one that passes and one that fails at least.",
    "holds.toml": "An order has id, court, docket, from, direction, level, clause, quote and says.",
}
_MEND_FOLDER = "The folder holds these five files, each UTF-8 text, and no others."


class Invalid(Integrity):
    """One fault: `place` is a file of the folder or an entry in one, `mend` what to do about it."""

    def __init__(self, place: str, fault: str, mend: str) -> None:
        super().__init__(
            "AGREEMENT_INVALID",
            f"The agreement does not load: in {place}, {fault}.",
            "Nothing runs under it. Restore the folder that counsel approved, or mend it and have it approved again; "
            "`comity agreement check` lists every fault.",
        )
        self.place = place
        self.fault = fault
        self.mend = mend

    @property
    def file(self) -> str:
        """The file in which the fault is."""
        return self.place.partition(", ")[0]

    @property
    def entry(self) -> str:
        """The entry of the file, or '' for the file as a whole."""
        return self.place.partition(", ")[2]


def invalid(place: str, fault: str, mend: str = "") -> Invalid:
    """`AGREEMENT_INVALID` at `place`; without `mend`, what is said is how an entry of that file is made."""
    return Invalid(place, fault, mend or _MEND.get(place.partition(", ")[0], _MEND_FOLDER))


@dataclass
class Faults:
    """The faults found so far: entries are read one by one, and one that is wrong does not hide the next."""

    found: list[Invalid] = field(default_factory=list)

    def each(self, entries: Iterable[Entry], read: Callable[[Entry], Read]) -> tuple[Read, ...]:
        """What `read` makes of each entry; a fault is kept and its entry left out."""
        made: list[Read] = []
        for entry in entries:
            try:
                made.append(read(entry))
            except Invalid as fault:
                self.found.append(fault)
        return tuple(made)

    def raise_first(self) -> None:
        """End here if anything was found: what comes next stands on what was read."""
        if self.found:
            raise self.found[0]
