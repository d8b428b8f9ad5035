"""Addresses compared in plain Python, as `addresses` compares them in SQL."""

from __future__ import annotations

import re
from typing import Any

from comity.linkage.addresses import ABBREVIATED, COMPASS, FIGURES, LONG_TYPE, LONGER_TYPE, MISREAD, street_types
from comity.linkage.edits import edits
from comity.linkage.reasons import ADDRESS_LEVELS, REASONS
from comity.standard.lists import known_streets

Address = dict[str, Any]


def address_reasons(q: Address, r: Address, *, misspelt: bool | None = None) -> list[str]:
    """The reasons that set two standardised addresses apart, in the order of the one list's use; none when equal.

    `misspelt`: whether one side's street type is only misspelt; worked out when not given.
    """
    misspelt = _type_misspelt(q, r) if misspelt is None else misspelt
    reasons = []
    if q["a_kind"] != r["a_kind"]:
        reasons.append("form_differs")
    if q["a_number"] is None or q["a_number"] != r["a_number"]:
        reasons.append("number_differs")
    reasons += _part("directional", _direction(q), _direction(r)) + _part("unit", q["a_unit"], r["a_unit"])
    if not misspelt:
        reasons += _part("street_type", q["a_suffix"], r["a_suffix"])
    return reasons + _street(q, r, misspelt=misspelt) + _place(q, r)


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
    return _ends_in_type(q, r) or _ends_in_type(r, q)


def _ends_in_type(bare: Address, typed: Address) -> bool:
    if bare["a_suffix"] is not None or typed["a_suffix"] is None or bare["a_name"] is None or typed["a_name"] is None:
        return False
    rest, space, last = bare["a_name"].rpartition(" ")
    return bool(space) and _like_type(last, typed["a_suffix"]) and _slip(rest, typed["a_name"])


def _like_type(word: str, standard: str) -> bool:
    whole = street_types().get(standard, standard)
    allowed = 0 if len(whole) < LONG_TYPE else 1 if len(whole) < LONGER_TYPE else 2
    begins = word[0] == standard[0] or re.fullmatch(ABBREVIATED, word)
    return bool(begins and edits(word, standard) <= 1) or edits(word, whole) <= allowed


def _street(q: Address, r: Address, *, misspelt: bool) -> list[str]:
    a, b = q["a_name"], r["a_name"]
    if a == b:
        return []
    if a is None or b is None:
        return ["street_figures_differ", "street_differs"]
    figures = ["street_figures_differ"] if _telling_parts_differ(a, b) else []
    near = (_slip(a.replace(" ", ""), b.replace(" ", "")) and not {a, b} <= known_streets()) or misspelt
    return [*figures, "street_slip" if near else "street_differs"]


def _telling_parts_differ(a: str, b: str) -> bool:
    x, y = (re.findall(COMPASS, name) for name in (a, b))
    return any(part(a) != part(b) for part in (_figures, _letters)) or bool(x and y and x != y)


def _figures(name: str) -> list[str]:
    return re.findall(FIGURES, re.sub(MISREAD, " ", name))


def _letters(name: str) -> list[str]:
    return [word for word in name.split(" ") if len(word) == 1]


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
