"""The outlines of street names in plain Python, as `outline` has them in SQL."""

from __future__ import annotations

from typing import Any

from comity.linkage.outline import LETTERS

Address = dict[str, Any]


def might_agree(a: Address, b: Address) -> bool:
    """No unit against another, and the streets no more apart than a slip, one of them with or without a last word that
    may be a misspelt street type; or neither has a street."""
    if a["a_unit"] is not None and b["a_unit"] is not None and a["a_unit"] != b["a_unit"]:
        return False
    if a["a_name"] is None or b["a_name"] is None:
        return bool(a["a_name"] == b["a_name"])
    return _alike(a["a_name"], b["a_name"]) or _one_typed(a, b) or _one_typed(b, a)


def _one_typed(bare: Address, typed: Address) -> bool:
    if bare["a_suffix"] is not None or typed["a_suffix"] is None or " " not in bare["a_name"]:
        return False
    return _alike(bare["a_name"].rsplit(" ", 1)[0], typed["a_name"])


def _alike(a: str, b: str) -> bool:
    shorter = min(len(a.replace(" ", "")), len(b.replace(" ", "")))
    allowed = 0 if shorter < 4 else 2 if shorter < 7 else 4 if shorter < 11 else 6
    return len(_letters(a) ^ _letters(b)) <= allowed


def _letters(text: str) -> set[str]:
    return set(text) & set(LETTERS)
