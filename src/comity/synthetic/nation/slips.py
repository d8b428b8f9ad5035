"""Slips of the pen: a letter left out, doubled, swapped with the next or replaced by its neighbour on the keyboard."""

from __future__ import annotations

_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM"
_NEIGHBOURS = "WERTYUIOPLSDFGHJKLOXCVBNMJ"
_KINDS = 4


def slip(text: str, drawn: str) -> str:
    """SQL for `text` with one slip behind its first letter; `drawn` is a column with a whole number drawn for it.

    Place and kind both come of the one number: this stands inside a CASE that is seldom entered, and there every
    further expression costs more than the few rows it serves.
    """
    at = f"(2 + ({drawn} // {_KINDS}) % greatest(1, length({text}) - 1))::INTEGER"
    head, letter, rest = f"left({text}, {at} - 1)", f"substr({text}, {at}, 1)", f"substr({text}, {at} + 1)"
    return f"""CASE {drawn} % {_KINDS} WHEN 0 THEN {head} || {rest} WHEN 1 THEN {head} || {letter} || {letter} || {rest}
        WHEN 2 THEN {head} || left({rest}, 1) || {letter} || substr({text}, {at} + 2)
        ELSE {head} || translate({letter}, '{_KEYS}', '{_NEIGHBOURS}') || {rest} END"""


def slipped(text: str, drawn: str, rate: float) -> str:
    """SQL for `text`, with a slip at `rate`; `drawn` is a column with a whole number in [0, 2^31) drawn for it."""
    return f"CASE WHEN {drawn} < {round(rate * (1 << 31))} THEN {slip(text, drawn)} ELSE {text} END"
