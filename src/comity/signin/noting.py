"""What is kept of every sign-in, failure, lock-out and set-up; what was typed is not among it."""

from __future__ import annotations

from comity.signin.models import OFFICER, Noted

SIGNED_IN, FAILED, LOCKED_OUT, PROVED, SET_UP, ENDED = (
    "signed_in",
    "failed",
    "locked_out",
    "proved",
    "set_up",
    "ended",
)
SAYS = {
    SIGNED_IN: "Signed in",
    FAILED: "An attempt failed",
    LOCKED_OUT: "An attempt was refused: too many had failed",
    PROVED: "Showed the second factor again",
    SET_UP: "Set up sign-in",
    ENDED: "Ended every session",
}


def note(what: str, officer: str = "", way: str = "") -> None:
    """Add a row; `officer` only where it was proved, or is the one whose account is locked out."""
    Noted.objects.create(what=what, officer=officer[:OFFICER], way=way)
