"""Who may sign in to the console: what of it stands in the log. Passwords, passkeys and codes stand elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.case import office_events as e
from comity.case.envelope import OFFICE, Act, Event, stamp
from comity.case.errors import BadInput, Refused
from comity.case.office_state import OfficeState
from comity.case.wording import require_printable
from comity.office.acts import decide_and_record
from comity.office.desk import Actor, Office

# How long a one-time code can be used: long enough to walk to a browser, too short to be found later.
CODE_LASTS = timedelta(minutes=15)


def offer_sign_in(office: Office, actor: Actor) -> datetime:
    """Let an officer, proved by key, draw a one-time code for nobody else; gives the hour it ends.

    Nobody draws a code for another: whoever could would be able to act as two. Raises as `Office.admit` and `require`.
    """
    office.admit(actor.officer)
    until = office.now() + CODE_LASTS
    decide_and_record(office, actor, "set_up_sign_in", lambda *_: e.SignInOffered(actor.officer, stamp(until)))
    return until


def set_up_sign_in(office: Office, actor: Actor, ways: Sequence[str]) -> None:
    """Record that an officer used the code, and the ways in which the officer signs in from now on."""
    if not ways:
        raise BadInput("WAY_MISSING", "No way to sign in is set up yet.", "Add a passkey, or a password with codes.")
    decide_and_record(office, actor, "set_up_sign_in", lambda *_: e.SignInSetUp(actor.officer, list(ways)))


@dataclass(frozen=True)
class SetUp:
    """How an officer set sign-in up last, as the log tells it: the ways, and when it was finished (ISO, UTC)."""

    ways: Sequence[str]
    at: str


def set_ups(office: Office, actor: Actor) -> dict[str, SetUp]:
    """Each officer's newest set-up. Raises Refused `RIGHT_MISSING` for whoever does not oversee sign-ins."""
    office.require(actor, "read_sign_ins")
    told = (stored for stored in office.store.read(OFFICE) if stored.type == e.SignInSetUp.kind())
    return {stored.body["officer"]: SetUp(stored.body["ways"], stored.at) for stored in told}


def bar_sign_in(office: Office, actor: Actor, officer: str, reason: str, *, barred: bool = True) -> None:
    """Bar an officer's sign-in, or lift the bar; open sessions end with their next page.

    Raises Refused `OFFICER_UNKNOWN`, `DONE_BEFORE`, `SOD_VIOLATION` for the officer's own, BadInput `REASON_NEEDED`.
    """
    require_printable(reason)
    if not reason.strip():
        raise BadInput("REASON_NEEDED", "A reason is needed.", "Say why: --reason 'Left the office.'")

    def decided(state: OfficeState, _: Act) -> Event:
        state.officer(officer)
        if (officer in state.barred) == barred:
            raise Refused("DONE_BEFORE", "It stands so already.", "There is nothing to do.")
        return e.SignInBarred(officer, barred, reason.strip())

    decide_and_record(office, actor, "bar_sign_in", decided, officer)
