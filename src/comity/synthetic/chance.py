"""Chance that depends on the seed and the row alone, so that neither threads nor row order change what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

_STEPS = 1_000_003


def chance(seed: int, salt: str, key: str) -> str:
    """SQL for a number in [0, 1) drawn for the row that the SQL expression `key` names.

    Draws of the same key under another `salt` are independent of it.
    """
    return f"((md5_number_lower(concat_ws('|', '{seed}', '{salt}', {key})) % {_STEPS})::DOUBLE / {_STEPS})"


def whole(seed: int, salt: str, key: str, below: str) -> str:
    """SQL for a whole number in [0, `below`), `below` being an SQL expression."""
    return f"CAST(floor({chance(seed, salt, key)} * ({below})) AS INTEGER)"


def one_of(seed: int, salt: str, key: str, values: Sequence[str]) -> str:
    """SQL for one of the texts `values`, each as likely as the others; a text given twice is twice as likely."""
    return f"{text_list(values)}[1 + {whole(seed, salt, key, str(len(values)))}]"


def text(value: str) -> str:
    """`value` as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def text_list(values: Sequence[str]) -> str:
    """`values` as an SQL list of strings."""
    return f"[{', '.join(text(value) for value in values)}]"
