"""What the log refuses: one exception with a stable code; the callers translate it into their own family."""

from __future__ import annotations


class LogError(Exception):
    """The log, a note, a proof or a receipt is not what it claims to be, or an act on the log did not happen.

    Takes `code` (UPPER_SNAKE, stable) and `says` (one plain sentence; positions and sizes only, never an entry).
    """

    def __init__(self, code: str, says: str) -> None:
        super().__init__(f"{code}: {says}")
        self.code = code
        self.says = says
