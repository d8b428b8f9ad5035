"""Checks the folder of an agreement before anybody puts it into force: every fault, and what was tried of each gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.agreements import Agreement, Faults, Invalid, look_into
from comity.gates import Examined, examine


@dataclass(frozen=True)
class Checked:
    """What came of a check: the agreement if its folder loads, the gates in order, and every fault that was found."""

    agreement: Agreement | None
    gates: tuple[Examined, ...]
    faults: tuple[Invalid, ...]


def check_folder(folder: Path) -> Checked:
    """Load the agreement in `folder`, compile its rules, try its cases and take away what each rule demands."""
    agreement, wrong = look_into(folder)
    faults = Faults(list(wrong))
    examined = examine(agreement, faults) if agreement else ()
    return Checked(agreement, examined, tuple(faults.found))
