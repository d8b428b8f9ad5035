"""The rule-set as a whole: its version, and every step of it in order."""

from __future__ import annotations

from comity.standard.addresses import address_passes
from comity.standard.names import name_passes
from comity.standard.steps import Step

# Raised with every change that can give another result for the same input; an index built under another is not used.
VERSION = "2026.9"


def steps() -> list[Step]:
    """Every step, addresses first, for a reader to print."""
    passes = [*address_passes().values(), *name_passes().values()]
    return [step for steps in passes for step in steps]
