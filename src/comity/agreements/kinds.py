"""The kinds of value that an agreement may have, how each is read, and what a closed list folds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

WHOLE_NUMBER = "a whole number"
DAY = "a day"
SWITCH = "on or off"
TEXT = "a text"
PATTERN = "a pattern"
WORDS = "a list of words"
CLOSED_LIST = "a closed list"
WORDINGS = "texts by name"

# What the database compares as an INTEGER: a larger one would become another type, which a rule cannot be tried with.
_LARGEST = 2**31 - 1

ClosedList = Mapping[str, tuple[str, ...]]


def folded(text: str) -> str:
    """A coded word without case, spaces and punctuation: `8 U.S.C. § 1253(a)(1)` is `8USC1253A1`.

    Signs outside of ASCII stay, but for that of a section: a word with one that does not belong there is another word.
    """
    return re.sub("[^0-9A-Z\x80-\U0010ffff]", "", text.upper().replace("§", ""))


def kind_of(value: object, *, pattern: bool) -> str:
    """The kind of a value as TOML writes it, '' for what is of none; a text is a pattern when its entry says so."""
    kinds = {int: WHOLE_NUMBER, bool: SWITCH, date: DAY, str: PATTERN if pattern else TEXT, list: WORDS}
    if type(value) is dict:
        return WORDINGS if all(isinstance(text, str) for text in value.values()) else CLOSED_LIST
    return kinds.get(type(value), "")


def read_as(kind: str, value: object) -> object | None:
    """`value` as its kind has it, or None when it is none of that kind.

    A closed list maps each word to its accepted spellings, folded, itself among them.
    """
    return _READERS[kind](value)


def _number(value: object) -> int | None:
    return value if type(value) is int and abs(value) <= _LARGEST else None


def _day(value: object) -> date | None:
    """A day, or its ISO text: counsel's settings are kept as JSON, which has no days."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if type(value) is date else None


def _switch(value: object) -> bool | None:
    return value if type(value) is bool else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() and value.isascii() else None


def _pattern(value: object) -> str | None:
    text = _text(value)
    try:
        return text if text and re.compile(text) else None
    except re.error:
        return None


def _words(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
        return None
    return tuple(value)


def _closed_list(value: object) -> ClosedList | None:
    if not isinstance(value, dict) or not value or not all(_words(spellings) for spellings in value.values()):
        return None
    lists = {word: tuple(dict.fromkeys(map(folded, (word, *spellings)))) for word, spellings in value.items()}
    every = [spelling for spellings in lists.values() for spelling in spellings]
    return lists if all(every) and len(set(every)) == len(every) else None


def _wordings(value: object) -> Mapping[str, str] | None:
    if not isinstance(value, dict) or not value or not all(isinstance(text, str) and text for text in value.values()):
        return None
    return dict(value)


_READERS: Mapping[str, Callable[[object], object | None]] = {
    WHOLE_NUMBER: _number,
    DAY: _day,
    SWITCH: _switch,
    TEXT: _text,
    PATTERN: _pattern,
    WORDS: _words,
    CLOSED_LIST: _closed_list,
    WORDINGS: _wordings,
}
