"""The rule-set as a whole: its version, and every step of it in order."""

from __future__ import annotations

from comity.standard.addresses import address_passes
from comity.standard.names import name_steps
from comity.standard.steps import Step

# Raised with every change that can give another result for the same input; an index built under another is not used.
VERSION = "2026.3"


def steps() -> list[Step]:
    """Every step, addresses first, for a reader to print."""
    return [*(step for steps in address_passes().values() for step in steps), *name_steps()]
