"""Slips of the pen: a letter left out, doubled, swapped with the next or replaced by its neighbour on the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.synthetic.nation.draws import Draws

_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM"
_NEIGHBOURS = "WERTYUIOPLSDFGHJKLOXCVBNMJ"


def slip(draws: Draws, salt: str, text: str, key: str) -> str:
    """SQL for `text` with one slip behind its first letter, of one of four kinds; `key` names the row."""
    at = f"(2 + {draws.below(f'{salt} at', key, f'greatest(1, length({text}) - 1)')})::INTEGER"
    head, letter, rest = f"left({text}, {at} - 1)", f"substr({text}, {at}, 1)", f"substr({text}, {at} + 1)"
    return f"""CASE {draws.below(f"{salt} kind", key, 4)}
        WHEN 0 THEN {head} || {rest} WHEN 1 THEN {head} || {letter} || {letter} || {rest}
        WHEN 2 THEN {head} || left({rest}, 1) || {letter} || substr({text}, {at} + 2)
        ELSE {head} || translate({letter}, '{_KEYS}', '{_NEIGHBOURS}') || {rest} END"""


def slipped_name(draws: Draws, salt: str, text: str, rate: float) -> str:
    """SQL for the name `text` as the row `row_key` has it, with a slip at `rate`."""
    return f"CASE WHEN {draws.happens(f'{salt} slips', 'row_key', rate)} THEN {slip(draws, salt, text, 'row_key')} ELSE {text} END"


def slipped_street(draws: Draws, text: str, rate: float) -> str:
    """SQL for the street `text` as the row `row_key` has it, with a slip at `rate`."""
    return slipped_name(draws, "street", text, rate)
