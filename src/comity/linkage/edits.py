"""The number of single-letter edits between two words, counted the long way."""

from __future__ import annotations


def edits(a: str, b: str) -> int:
    """The Levenshtein distance of `a` and `b`: insertions, deletions and substitutions (Levenshtein 1966).

    Letters are counted as the bytes of their UTF-8, as the SQL engines count them; only letters that standardisation
    could not bring to plain ones are longer than one.
    """
    before = list(range(len(b.encode()) + 1))
    for row, letter in enumerate(a.encode(), start=1):
        now = [row]
        for column, other in enumerate(b.encode(), start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != other)))
        before = now
    return before[-1]
