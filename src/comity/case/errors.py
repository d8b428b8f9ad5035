"""One family of errors: each has a code, a plain sentence and a next step, and none holds a person's data.

The exit codes of the command line belong to the classes (design, section 12): 2 usage, 3 refused by law, right or
hold, 4 waiting for people, 5 bad input, 6 integrity.
"""

from __future__ import annotations

from typing import NoReturn


class ComityError(Exception):
    """An act that did not happen, and why.

    Takes `code` (UPPER_SNAKE, stable: it is evidence), `says` (one plain sentence without a person's data) and
    `next` (what the reader can do now). Nothing has changed when one is raised.
    """

    exit_code = 1

    def __init__(self, code: str, says: str, next: str) -> None:  # noqa: A002 -- the word the gates use too
        super().__init__(f"{code}: {says} {next}")
        self.code = code
        self.says = says
        self.next = next


class Usage(ComityError):
    """The words of the command do not fit."""

    exit_code = 2


class Refused(ComityError):
    """Refused by law, by a right that is missing, or by a hold."""

    exit_code = 3


class Waiting(ComityError):
    """Nothing is wrong: people, a day or a witness are awaited."""

    exit_code = 4


class BadInput(ComityError):
    """What came in cannot be trusted or read; no part of it was kept."""

    exit_code = 5


class Integrity(ComityError):
    """What is stored is not what was stored, or two stores disagree; nothing runs until that is resolved."""

    exit_code = 6


def raise_alone(error: ComityError) -> NoReturn:
    """Raise `error` in the place of the one that is being handled, which may quote values, and drop that (P9).

    `from None` only hides the original from a traceback; a log that walks the chain of exceptions would still print it.
    """
    try:
        raise error from None
    finally:
        error.__context__ = None
