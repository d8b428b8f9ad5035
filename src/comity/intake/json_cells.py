"""JSON as strict as RFC 8259 and as small as the contract: what an object says, and what of it is a cell."""

from __future__ import annotations

import json
from typing import Any

from comity.case.tables import Column


class Members(list[tuple[str, Any]]):
    """The members of an object in their order, repeated names and all."""


class Whole(str):
    """A whole number as it was written."""

    __slots__ = ()


def _constant(name: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=Members, parse_int=Whole, parse_constant=_constant)


def decode(text: str) -> object:
    """The value that `text` is: Members, list, str, Whole, float, bool or None. Raises ValueError, RecursionError."""
    return _DECODER.decode(text)


def decode_at(text: str, place: int) -> tuple[object, int]:
    """The value that begins at `place` of `text`, and where it ends. Raises ValueError, RecursionError."""
    return _DECODER.raw_decode(text, place)


def cell(column: Column, value: object) -> str:
    """The text of `value` in `column`, the items of a list with semicolons between them, absence as nothing.

    Raises ValueError when the value is of another type than the contract has.
    """
    if value is None:
        return ""
    if column.is_list:
        return ";".join(_item(column, item) for item in value) if isinstance(value, list) else _item(column, value)
    return _text(value)


def _item(column: Column, value: object) -> str:
    if column.type == "INTEGER[]":
        if not isinstance(value, Whole):
            raise ValueError
        return str(value)
    text = _text(value)
    if ";" in text:
        raise ValueError
    return text


def _text(value: object) -> str:
    if not isinstance(value, str) or isinstance(value, Whole):
        raise ValueError  # noqa: TRY004 -- one kind for all that is no cell
    # Half a surrogate pair can be escaped in JSON and is no text.
    value.encode("utf-8")
    return value
