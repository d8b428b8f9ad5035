"""The office that a console serves, with what its pages need beside it: the rehearsal's keys and what runs now."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from comity.case.errors import Refused
from comity.console.running import Running
from comity.crypto import P256Key
from comity.office.desk import Actor, Office


@dataclass(frozen=True)
class Console:
    """A console at work on `office`.

    `keys` is the folder of a rehearsal with the key of every made-up officer (`<id>.key`). They are read in one place,
    `act_as`, and only because the people they belong to do not exist: nobody else's key comes into a console.
    """

    office: Office
    keys: Path = field(repr=False)
    running: Running = field(default_factory=Running)

    def officers(self) -> Sequence[str]:
        """The ids of the registered officers whose keys the rehearsal has, in the order of the register."""
        return [officer for officer in self.office.state().officers if (self.keys / f"{officer}.key").exists()]

    def key_of(self, officer: str) -> P256Key:
        """The key of a made-up officer. Raises Refused `OFFICER_UNKNOWN` for anybody who is not of the rehearsal."""
        if officer not in self.officers():
            raise Refused(
                "OFFICER_UNKNOWN",
                "The rehearsal has no such officer.",
                "Choose one of those that the sign-in page lists.",
            )
        return P256Key.load(self.keys / f"{officer}.key")

    def act_as(self, officer: str) -> Actor:
        """The officer, proved by key as on the command line. Raises as `key_of` and `Office.identify`."""
        return self.office.identify(officer, self.key_of(officer))


def the_console() -> Console:
    """The console of this process, which its settings hold."""
    console: Console = settings.COMITY_CONSOLE
    return console


def fresh_secret() -> str:
    """What signs the cookies of one process: no session outlives it."""
    return secrets.token_urlsafe(48)
