"""A page of a long list: what stands on it, and where it is in the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

SIZE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """The `items` of page `number`, counted from 1, of a list of `total`."""

    items: tuple[T, ...] = field(repr=False)
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return _pages(self.total)

    @property
    def first(self) -> int:
        """The place in the whole list, counted from 1, of what stands first here."""
        return offset(self.number) + 1

    @property
    def last(self) -> int:
        """The place in the whole list of what stands last here."""
        return offset(self.number) + len(self.items)


def there_is(wanted: int, total: int) -> int:
    """The page nearest to the `wanted` one that a list of `total` has."""
    return min(max(1, wanted), _pages(total))


def offset(number: int) -> int:
    """How many items stand on the pages before that one."""
    return (number - 1) * SIZE


def _pages(total: int) -> int:
    return max(1, -(-total // SIZE))
