"""The one exception of this package: a code, a plain sentence and a next step, without a value of anybody's."""

from __future__ import annotations


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
