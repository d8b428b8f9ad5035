"""Reading a stranger's JSON object member by member: nothing missing, nothing more, nothing of another kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from comity.case.errors import BadInput
from comity.crypto.errors import refusing

MAXIMUM_TEXT = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")

# Makes the refusal out of the place that is not as the contract has it, named in words of the contract.
Refuse = Callable[[str], BadInput]


@dataclass(frozen=True)
class Members:
    """The members of one object, read one by one; every method raises what `refuse` makes."""

    name: str
    values: Mapping[str, Any] = field(repr=False)
    refuse: Refuse

    def require_names(self, *names: str) -> None:
        """Refuse unless the object has exactly these members; names that are not ours are not repeated."""
        missing = [name for name in names if name not in self.values]
        if missing:
            raise self.refuse(f"{self.name} lacks {', '.join(missing)}")
        if len(self.values) != len(names):
            raise self.refuse(f"{self.name} says more than it may")

    def inner(self, name: str, *names: str) -> Members:
        """The object under `name`, which has exactly the members `names`."""
        value = self.values[name]
        if not isinstance(value, dict):
            raise self.refuse(name)
        members = Members(name, value, self.refuse)
        members.require_names(*names)
        return members

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """A text of at most 200 characters without control characters."""
        value = self.values[name]
        if not isinstance(value, str) or len(value) > MAXIMUM_TEXT or _UNSEEN.search(value):
            raise self.refuse(name)
        if not may_be_empty and not value.strip():
            raise self.refuse(name)
        return value

    def matching(self, name: str, form: re.Pattern[str]) -> str:
        """A text that `form` matches whole."""
        value = self.text(name)
        if not form.fullmatch(value):
            raise self.refuse(name)
        return value

    def one_of(self, name: str, *allowed: str) -> str:
        """One of the texts `allowed`."""
        value = self.text(name)
        if value not in allowed:
            raise self.refuse(name)
        return value

    def count(self, name: str) -> int:
        """An integer from 0 on."""
        value = self.values[name]
        if type(value) is not int or not 0 <= value < 2**31:
            raise self.refuse(name)
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.values[name]
        if type(value) is not bool:
            raise self.refuse(name)
        return value

    def moment(self, name: str) -> datetime:
        """A moment in UTC, to the second, as 2025-04-07T09:30:00Z."""
        with refusing(lambda: self.refuse(name), ValueError):
            return datetime.strptime(self.text(name), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_object(content: bytes, refuse: Refuse) -> Members:
    """The members of the JSON object in `content` (UTF-8); a name given twice is refused."""
    with refusing(lambda: refuse("it is no JSON object"), ValueError, RecursionError):
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    if not isinstance(value, dict):
        raise refuse("it is no JSON object")
    return Members("it", value, refuse)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)
