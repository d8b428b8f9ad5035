"""The one exception of this package: a code, a plain sentence and a next step, without a value of anybody's."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType


class CryptoError(Exception):
    """A key, certificate, signature or seal that was refused; nothing has changed.

    Takes `code` (UPPER_SNAKE, stable), `says` (one sentence) and `next` (what to do now), the three words of the
    errors of `comity.case`, so that a caller can hand them on: this package imports nothing of ours.
    """

    def __init__(self, code: str, says: str, next: str) -> None:  # noqa: A002 -- the word the gates use too
        super().__init__(f"{code}: {says} {next}")
        self.code = code
        self.says = says
        self.next = next


class refusing:  # noqa: N801 -- read as the word it is: `with refusing(_malformed, ValueError):`
    """Raise the refusal that `make` makes in place of the `kinds` raised inside, and drop those.

    The libraries' messages print values: `from None` would only hide them from a traceback, and a log that walks the
    chain of exceptions would find a person's name there.
    """

    def __init__(self, make: Callable[[], Exception], *kinds: type[Exception]) -> None:
        self._make = make
        self._kinds = kinds

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, self._kinds):
            return
        refusal = self._make()
        try:
            raise refusal from None
        finally:
            refusal.__context__ = None
