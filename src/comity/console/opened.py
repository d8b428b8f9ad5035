"""The office that a console serves, with what its pages need beside it: the rehearsal's keys and what runs now."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from comity.case.errors import Refused
from comity.case.homes import LIVE
from comity.console.running import Running
from comity.crypto import P256Key
from comity.office.desk import Actor, Office

# IRS Publication 1075, AC-11 and AC-12: a session locks after fifteen minutes without a page, and ends with the day.
IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 8 * 60 * 60


class Entrance(Protocol):
    """A real sign-in in front of a console: what it has to say of the session behind a request."""

    @property
    def idle_seconds(self) -> int:
        """How long a session lasts without a page."""

    @property
    def longest_seconds(self) -> int:
        """How long a session lasts however busy it is."""

    def vouches(self, request: HttpRequest, officer: str) -> bool:
        """Whether it was this officer who signed in, with a second factor."""

    def is_fresh(self, request: HttpRequest) -> bool:
        """Whether that second factor was shown a moment ago."""


@dataclass(frozen=True)
class Console:
    """A console at work on `office`.

    Without an `entrance` it is the console of a rehearsal on one machine: `keys` is the folder with the key of every
    made-up officer (`<id>.key`). They are read in one place, `key_of`, and only because the people they belong to do
    not exist: nobody else's key comes into a console, and one with an entrance has no keys. Of a live home every
    console has an entrance.
    """

    office: Office
    keys: Path | None = field(default=None, repr=False)
    entrance: Entrance | None = None
    running: Running = field(default_factory=Running)

    def __post_init__(self) -> None:
        """Refuse `LIVE_WITHOUT_SIGN_IN`: nobody chooses a role in a live home, and no officer's key comes near it."""
        if self.is_live and (self.entrance is None or self.keys is not None):
            raise Refused(
                "LIVE_WITHOUT_SIGN_IN",
                "In a live home officers sign in as themselves; nobody chooses a role, and no keys are handed over.",
                "Open it without --keys: every officer signs in; docs/how-to/console.md says how that is set up.",
            )

    @property
    def is_live(self) -> bool:
        """Whether its home is for real people's records."""
        return self.office.home.kind == LIVE

    @property
    def limits(self) -> tuple[int, int]:
        """How many seconds a session lasts without a page, and at most."""
        if self.entrance is None:
            return IDLE_SECONDS, LONGEST_SECONDS
        return self.entrance.idle_seconds, self.entrance.longest_seconds

    def officers(self) -> Sequence[str]:
        """The ids of the registered officers whose keys the rehearsal has, in the order of the register."""
        keys = self.keys
        return [id_ for id_ in self.office.state().officers if keys and (keys / f"{id_}.key").exists()]

    def key_of(self, officer: str) -> P256Key:
        """The key of a made-up officer.

        Raises Refused `KEY_NOT_HERE` where real officers sign in, `OFFICER_UNKNOWN` for anybody not of the rehearsal.
        """
        if self.keys is None:
            raise Refused(
                "KEY_NOT_HERE",
                "This console holds nobody's key, so it signs for nobody.",
                "Sign with your own key: `comity review sign`.",
            )
        if officer not in self.officers():
            raise Refused(
                "OFFICER_UNKNOWN",
                "The rehearsal has no such officer.",
                "Choose one of those that the sign-in page lists.",
            )
        return P256Key.load(self.keys / f"{officer}.key")

    def act_as(self, officer: str) -> Actor:
        """The officer who signed in, or one proved by a rehearsal's key as on the command line.

        Raises as `Office.admit`, or as `key_of` and `Office.identify`.
        """
        if self.entrance is not None:
            return self.office.admit(officer)
        return self.office.identify(officer, self.key_of(officer))


def kind_of_home(_: HttpRequest) -> dict[str, bool]:
    """What every page says at its head: whether the home is live, or else a rehearsal."""
    return {"live": the_console().is_live}


def the_console() -> Console:
    """The console of this process, which its settings hold."""
    console: Console = settings.COMITY_CONSOLE
    return console


def fresh_secret() -> str:
    """What signs the cookies of one process: no session outlives it."""
    return secrets.token_urlsafe(48)
