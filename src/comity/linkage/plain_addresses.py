"""Addresses compared in plain Python, as `addresses` compares them in SQL."""

from __future__ import annotations

import re
from typing import Any

from comity.linkage.edits import edits
from comity.linkage.reasons import ADDRESS_LEVELS, REASONS

Address = dict[str, Any]


def address_reasons(q: Address, r: Address) -> list[str]:
    """The reasons that set two standardised addresses apart, in the order of the one list's use; none when equal."""
    reasons = []
    if q["a_kind"] != r["a_kind"]:
        reasons.append("form_differs")
    if q["a_number"] is None or q["a_number"] != r["a_number"]:
        reasons.append("number_differs")
    reasons += _part("directional", _direction(q), _direction(r)) + _part("unit", q["a_unit"], r["a_unit"])
    if not _type_misspelt(q, r):
        reasons += _part("street_type", q["a_suffix"], r["a_suffix"])
    return reasons + _street(q, r) + _place(q, r)


def level_of_address(reasons: list[str]) -> str:
    """The worst level that any of the reasons leads to."""
    return max((REASONS[reason].level for reason in reasons), key=ADDRESS_LEVELS.index, default="equal")


def _part(name: str, a: str | None, b: str | None) -> list[str]:
    if a == b:
        return []
    return [f"{name}_one_sided" if a is None or b is None else f"{name}_differs"]


def _direction(side: Address) -> str | None:
    return (side["a_pre"] or "") + (side["a_post"] or "") or None


def _slip(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    allowed = 0 if shorter < 4 else 1 if shorter < 7 else 2 if shorter < 11 else 3
    return edits(a, b) <= allowed


def _type_misspelt(q: Address, r: Address) -> bool:
    if (q["a_suffix"] is None) == (r["a_suffix"] is None) or q["a_name"] is None or r["a_name"] is None:
        return False
    bare, typed = (q, r) if q["a_suffix"] is None else (r, q)
    longer = len(bare["a_name"]) > len(typed["a_name"])
    return longer and " " in bare["a_name"] and _slip(bare["a_name"], f"{typed['a_name']} {typed['a_suffix']}")


def _street(q: Address, r: Address) -> list[str]:
    a, b = q["a_name"], r["a_name"]
    if a == b:
        return []
    if a is None or b is None:
        return ["street_figures_differ", "street_differs"]
    figures = [] if re.findall(r"[0-9]+", a) == re.findall(r"[0-9]+", b) else ["street_figures_differ"]
    near = _slip(a.replace(" ", ""), b.replace(" ", "")) or _type_misspelt(q, r)
    return [*figures, "street_slip" if near else "street_differs"]


def _place(q: Address, r: Address) -> list[str]:
    zips, cities, states = (_agree(q[name], r[name]) for name in ("a_zip", "a_city", "a_state"))
    near_zip = None if zips is None else edits(q["a_zip"], r["a_zip"]) == 1
    near_city = None if cities is None else _near_city(q["a_city"], r["a_city"])
    reasons = []
    if zips and cities is False and near_city:
        reasons.append("city_slip")
    if zips is False and cities and near_zip:
        reasons.append("zip_slip")
    by_zip = zips and (cities or (near_city is not False and states is not False))
    by_city = cities and states and near_zip is not False
    return reasons if by_zip or by_city else [*reasons, "place_differs"]


def _agree(a: str | None, b: str | None) -> bool | None:
    return None if a is None or b is None else a == b


def _near_city(a: str, b: str) -> bool:
    return edits(a, b) <= (1 if min(len(a), len(b)) < 6 else 2)
