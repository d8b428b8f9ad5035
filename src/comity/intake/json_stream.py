"""A long JSON document read from the front: the requests in it one after the other, each with where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from comity.intake.json_cells import Whole, decode_at

# In characters; so much lies ahead whenever a value is read, so that none is cut.
MAXIMUM_OBJECT = 1_000_000
_PIECE = 4 * MAXIMUM_OBJECT
_SPACE = re.compile(r"[ \t\n\r]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s{}\[\],:"]+')


class Malformed(Exception):
    """What stands at `line` is no JSON, or (`too_long`) too much of it."""

    def __init__(self, line: int, *, too_long: bool = False) -> None:
        super().__init__(line)
        self.line = line
        self.too_long = too_long


@dataclass(frozen=True)
class Value:
    """One value of a document: `name` of the member it belongs to, `index` in its array (None: in none), the line at
    which it begins, its text and what that says.
    """

    name: str
    index: int | None
    line: int
    text: str = field(repr=False)
    said: object = field(repr=False)


def values(path: Path) -> Iterator[Value]:
    """The members of the one object in the UTF-8 file at `path`, those that are arrays item by item.

    Raises Malformed.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        cursor = _Cursor(file)
        cursor.expect("{")
        while not cursor.skip("}"):
            name = cursor.value("", None).said
            if not isinstance(name, str) or isinstance(name, Whole):
                raise Malformed(cursor.line)
            cursor.expect(":")
            yield from _items(cursor, name)
            cursor.separate("}")
        cursor.expect("")


def _items(cursor: _Cursor, name: str) -> Iterator[Value]:
    if not cursor.skip("["):
        yield cursor.value(name, None)
        return
    index = 0
    while not cursor.skip("]"):
        yield cursor.value(name, index)
        index += 1
        cursor.separate("]")


class _Cursor:
    """A place in a file of which the next piece lies in memory."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.ahead = ""
        self.place = 0
        self.line = 1

    def skip(self, char: str) -> bool:
        """Go past `char` if it comes next."""
        if not self.is_next(char):
            return False
        self.place += len(char)
        return True

    def is_next(self, char: str) -> bool:
        """Go past spaces; whether `char` comes next, or the end of the file if it is empty."""
        self._go_past_space()
        while self._fill():
            self._go_past_space()
        return self.ahead[self.place : self.place + 1] == char

    def expect(self, char: str) -> None:
        """Go past `char`, or be at the end of the file if it is empty; raises Malformed."""
        if not self.skip(char):
            raise Malformed(self.line)

    def separate(self, closing: str) -> None:
        """Go past a comma that something follows, or stand before `closing`; raises Malformed."""
        if self.skip(",") is self.is_next(closing):
            raise Malformed(self.line)

    def value(self, name: str, index: int | None) -> Value:
        """The value that comes next; raises Malformed."""
        if self.is_next(""):
            raise Malformed(self.line)
        begin, line = self.place, self.line
        said, end = self._decoded()
        if end - begin > MAXIMUM_OBJECT:
            raise Malformed(line, too_long=True)
        self._go(end)
        return Value(name, index, line, self.ahead[begin:end], said)

    def _decoded(self) -> tuple[object, int]:
        try:
            return decode_at(self.ahead, self.place)
        except json.JSONDecodeError as error:
            cut = error.pos - self.place > MAXIMUM_OBJECT or error.msg.startswith("Unterminated")
            failed = Malformed(
                self.line + self.ahead.count("\n", self.place, error.pos),
                too_long=cut and len(self.ahead) - self.place > MAXIMUM_OBJECT,
            )
        except (ValueError, RecursionError):
            failed = Malformed(self.line)
        raise failed

    def _go(self, place: int) -> None:
        self.line += self.ahead.count("\n", self.place, place)
        self.place = place

    def _go_past_space(self) -> None:
        spaces = _SPACE.match(self.ahead, self.place)
        self._go(spaces.end() if spaces else self.place)

    def _fill(self) -> bool:
        """See that a whole value lies ahead, or the rest of the file; gives whether anything was read."""
        read = False
        while len(self.ahead) - self.place <= MAXIMUM_OBJECT and (more := self.file.read(_PIECE)):
            self.ahead, self.place, read = self.ahead[self.place :] + more, 0, True
        return read


def lines_of_members(text: str, line: int) -> dict[tuple[int, ...], int]:
    """Where the members and items of the JSON value `text` begin that stands at `line`.

    Each is named by the places that lead to it, counted from 1: (2, 1) is the first within the second.
    """
    lines: dict[tuple[int, ...], int] = {}
    path: list[int] = []
    seen = 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        seen = token.start()
        if token[0] in "}]":
            path.pop()
        elif token[0] == ",":
            path[-1] += 1
        else:
            lines.setdefault(tuple(path), line)
        if token[0] in "{[":
            path.append(1)
    return lines
