"""How text is folded before anything is read from it: upper case, no accents, plain signs; and words for such SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.standard.lists import literal
from comity.standard.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

_FULL_WIDTH = "".join(chr(0xFF01 + i) for i in range(94))
_ASCII = "".join(chr(0x21 + i) for i in range(94))
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# Signs that have a plain spelling; the unseen ones, at the end, have none on the right and are dropped.
_SIGNS = (
    "–—‐‑‒−№º°ª’‘ʼʻʹ‛′´“”" + _FULL_WIDTH + _SPACES + _UNSEEN,
    "------#   ''''''''\"\"" + _ASCII + " " * len(_SPACES),
)
_TWO = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "ﬁ": "FI", "ﬂ": "FL"} | dict.fromkeys(("Nº", "nº", "N°", "n°"), "#")

# Latin letters that have no accent to strip but an accepted plain spelling.
_LETTERS = ("ØŁĐÐıĦŦ", "OLDDIHT")
_LETTERS_TWO = {"ß": "SS", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Þ": "TH"}

# Cyrillic and Greek capitals that look like Latin ones; read as these only in a text that else is Latin throughout.
_ALIKE = ("АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYX")
_OTHER_SCRIPT = r"[^\p{Latin}\P{L}]"


def clean(column: str) -> str:
    """SQL: whether `column` is plain words and single spaces, as most are; then folding is upper case and no more."""
    return f"regexp_full_match({column}, '[A-Za-z0-9#/-]+(?: [A-Za-z0-9#/-]+)*')"


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
    joined = f"translate({text}, chr(39) || chr(96), '')"
    return f"nullif(trim({every(joined, f'[^{kept}]+', ' ')}), '')"


def one_of(column: str, words: Iterable[str]) -> str:
    """SQL: whether `column` is one of a few words; as a list, for DuckDB makes a join of a long IN."""
    return f"list_contains([{', '.join(map(literal, words))}], {column})"


def _translated(text: str, letters: tuple[str, str], longer: dict[str, str] | None = None) -> str:
    for sign, spelled in (longer or {}).items():
        text = f"replace({text}, {literal(sign)}, {literal(spelled)})"
    return f"translate({text}, {literal(letters[0])}, {literal(letters[1])})"


_RAISED = f"upper({_translated('nfc_normalize(sent)', _SIGNS, _TWO)})"
_IS_OTHER = f"regexp_matches(raised, '{_OTHER_SCRIPT}')"
_LATIN = _translated("strip_accents(latin)", _LETTERS, _LETTERS_TWO)


def fold_steps(texts: str) -> list[Step]:
    """The steps from the column `sent` of the query `texts` to `folded`; ASCII, nearly all, is put in upper case alone.

    Accents are folded in Latin script alone: in others a mark makes another letter, and another name.
    """
    raised = f"SELECT sent, {when('strlen(sent) = length(sent)', 'upper(sent)', _RAISED)} AS raised FROM texts"
    alike = f"SELECT *, {when(_IS_OTHER, _translated('raised', _ALIKE))} AS alike"
    masked = f"regexp_matches(raised, '[A-Z]') AND NOT regexp_matches(alike, '{_OTHER_SCRIPT}')"
    latin = f"SELECT *, CASE WHEN alike IS NULL THEN raised WHEN {masked} THEN alike END AS latin FROM likened"
    folded = f"SELECT sent, CASE WHEN strlen(raised) = length(raised) THEN raised ELSE coalesce({_LATIN}, raised) END"
    return [
        Step("texts", "each distinct text once", texts),
        Step("raised", "upper case, signs in their plain spelling", raised),
        Step("likened", "letters of another script read as the Latin ones they look like", f"{alike} FROM raised"),
        Step("latinised", "where that leaves Latin letters alone; else the text is of another script", latin),
        Step("folded", "accents folded in Latin script", f"{folded} AS folded FROM latinised"),
    ]
