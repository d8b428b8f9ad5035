"""Every agreement that ships, with the cases that its own file cannot write, and every gate of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from comity.agreements import Agreement, Case, load, names

# TOML has no word for an absent one, and a list may hold such.
_BESIDE: Mapping[str, tuple[Case, ...]] = {
    "irs_ice_2025": (
        Case(
            "G-28 TAXABLE_PERIOD_MISSING", "a year that is absent", {"tax_years": [None]}, (), "TAXABLE_PERIOD_MISSING"
        ),
        Case(
            "G-28 TAXABLE_PERIOD_INVALID", "a year that is absent", {"tax_years": [None]}, (), "TAXABLE_PERIOD_INVALID"
        ),
        Case(
            "G-28 TAXABLE_PERIOD_INVALID",
            "a year that is absent beside one that is not",
            {"tax_years": [2023, None]},
            (),
            "TAXABLE_PERIOD_INVALID",
        ),
        Case(
            "G-36 ORDER_NOT_FINAL_OR_STAYED", "a bar that is absent", {"bars": [None]}, (), "ORDER_NOT_FINAL_OR_STAYED"
        ),
        Case("G-35 ELEMENT_MISSING", "an element that is absent", {"elements": [None]}, (), "ELEMENT_MISSING"),
        Case(
            "G-35 ELEMENT_OUT_OF_SCOPE",
            "an element that is absent beside the confirmation",
            {"elements": ["address_confirmation", None]},
            (),
            "ELEMENT_OUT_OF_SCOPE",
        ),
        Case(
            "G-35 ELEMENT_OUT_OF_SCOPE", "an element that is absent", {"elements": [None]}, (), "ELEMENT_OUT_OF_SCOPE"
        ),
    )
}


def _with_cases_beside(name: str) -> Agreement:
    shipped = load(name)
    return replace(shipped, cases=(*shipped.cases, *_BESIDE.get(name, ())))


AGREEMENTS = [_with_cases_beside(name) for name in names()]
GATES = [pytest.param(a, gate, id=f"{a.name} {gate.key}") for a in AGREEMENTS for gate in a.gates]
