"""The word table: what a word of a street line may be as a directional, as a street type, and inside a name."""

from __future__ import annotations

from functools import cache

from comity.standard.lists import groups, table


@cache
def word_table() -> str:
    """SQL: the table (word, direction, suffix, inside); each but the word may be NULL."""
    directions = _spelled("directionals")
    suffixes = _spelled("suffixes")
    inside = {word: group[1] for group in groups("suffixes") for word in group if word != group[1]}
    inside |= {word: group[1] for group in groups("directionals") for word in group if word != group[1]}
    for name, *spellings in groups("street_words"):
        inside |= dict.fromkeys((name, *spellings), name)
    known = sorted(directions.keys() | suffixes.keys() | inside.keys())
    rows = [(word, directions.get(word), suffixes.get(word), inside.get(word)) for word in known]
    return table("word, direction, suffix, inside", rows)


def _spelled(name: str) -> dict[str, str]:
    return {word: group[0] for group in groups(name) for word in group}
