"""How text is folded before anything is read from it: upper case, no accents, plain punctuation, single spaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.lists import literal

if TYPE_CHECKING:
    from collections.abc import Iterable

# Letters and signs that have no accent to strip but an accepted plain spelling; what is longer on the left is dropped.
_FROM = "ØŁĐÐıŒ–—‐‑‒−№º°ª’‘ʼ´“”\u00a0\u200b\u200c\u200d\ufeff\u00ad"
_TO = "OLDDIO------#   ''''\"\" "
_TWO = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "ß": "SS", "ẞ": "SS", "Æ": "AE", "Þ": "TH"}


def clean(column: str) -> str:
    """SQL: whether `column` is plain words and single spaces, as most are; then folding is upper case and no more."""
    return f"regexp_full_match({column}, '[A-Za-z0-9#/-]+(?: [A-Za-z0-9#/-]+)*')"


def plain(column: str) -> str:
    """SQL: `column` in upper case with accents folded; ASCII text, nearly all, pays for the upper case alone."""
    deep = f"translate(strip_accents(upper(nfc_normalize({column}))), {literal(_FROM)}, {literal(_TO)})"
    for sign, words in _TWO.items():
        deep = f"replace({deep}, '{sign}', '{words}')"
    return when(f"strlen({column}) = length({column})", f"upper({column})", deep)


def when(test: str, then: str, otherwise: str = "NULL") -> str:
    """SQL: `then` for the rows where a cheap `test` holds, so that the others do not pay for it."""
    return f"CASE WHEN {test} THEN {then} ELSE {otherwise} END"


def every(text: str, pattern: str, by: str) -> str:
    """SQL: `text` with every match of `pattern` replaced."""
    return f"regexp_replace({text}, {literal(pattern)}, {literal(by)}, 'g')"


def first(column: str, pattern: str, *names: str) -> str:
    """SQL: the first match of `pattern` as a struct of its groups, or NULL where there is none."""
    fields = ", ".join(map(literal, names))
    found = f"regexp_extract({column}, {literal(pattern)}, [{fields}])"
    return when(f"regexp_matches({column}, {literal(pattern)})", found)


def words(text: str, kept: str) -> str:
    """SQL: `text` without apostrophes, every run of anything but the characters `kept` one space; NULL for nothing."""
    joined = f"replace({text}, chr(39), '')"
    return f"nullif(trim({every(joined, f'[^{kept}]+', ' ')}), '')"


def one_of(column: str, words: Iterable[str]) -> str:
    """SQL: whether `column` is one of a few words; as a list, for DuckDB makes a join of a long IN."""
    return f"list_contains([{', '.join(map(literal, words))}], {column})"
