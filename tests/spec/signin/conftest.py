"""A console on which officers sign in, and a browser without a browser: Django's test client, and an authenticator."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache.backends import db
from django.test import Client

from comity.console.opened import Console, the_console
from comity.office.admitting import offer_sign_in
from comity.signin.codes import draw
from comity.signin.entrance import SignIn
from comity.signin.opening import open_accounts
from comity.signin.parameters import read_parameters
from comity.site.serving import prepare
from tests.spec.console.conftest import BATCH, compared, compared_template, mixed_template, ruled
from tests.world import World

__all__ = ["BATCH", "compared", "compared_template", "mixed_template", "ruled"]

PASSWORD = "nine gates and a quiet harbour"
PERIOD = 30


class Clock:
    """The hour as codes and sessions read it; moved by hand, so that no test waits and none depends on the hour."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of sign-in, for a test that lets time pass."""
    moved = Clock()
    monkeypatch.setattr(time, "time", moved)
    # What is kept for a while, a code that was used or a count, ends by the same clock.
    monkeypatch.setattr(db, "tz_now", lambda: datetime.fromtimestamp(moved.at, UTC))
    for where in ("console.entry", "signin.entrance", "signin.setting_up"):
        monkeypatch.setattr(f"comity.{where}.time", moved)
    return moved


def opened(world: World) -> Console:
    """The console with sign-in on a world, its pages set up as the server sets them up; one for each world."""
    if getattr(settings, "COMITY_CONSOLE", None):
        console = the_console()
        if console.office is world.office and console.entrance is not None:
            return console
    home = world.place / "home"
    console = Console(world.office, entrance=SignIn(read_parameters(home)))
    world.office.progress = console.running.tell
    open_accounts(home, "")
    prepare(console)
    return console


def browser(world: World) -> Client:
    """A browser of nobody yet."""
    opened(world)
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def code_of(world: World, officer: str) -> str:
    """A one-time code that the officer drew."""
    opened(world)
    until = offer_sign_in(world.office, world.actor(officer))
    return draw(officer, until)


class Person:
    """An officer with a browser, a password, and an authenticator that was given the secret of the page."""

    def __init__(self, world: World, officer: str, clock: Clock) -> None:
        self.officer, self.clock, self.secret = officer, clock, ""
        self.world, self.browser = world, browser(world)

    def code(self) -> str:
        """The digits of now; each works once, so time passes before the next."""
        self.clock.pass_(PERIOD)
        return self.digits()

    def digits(self) -> str:
        """What the authenticator shows."""
        return format_hotp_value(hotp_value(self.secret, int(self.clock.at) // PERIOD))

    def set_up(self) -> None:
        """Set up a password with codes, by a one-time code."""
        said = {"officer": self.officer, "code": code_of(self.world, self.officer)}
        assert self.browser.post("/set-up", said)["Location"] == "/set-up/ways"
        self.secret = self.shown()
        typed = {"password": PASSWORD, "again": PASSWORD, "code": self.code()}
        assert self.browser.post("/set-up/ways", typed)["Location"] == "/set-up/ways"
        assert self.browser.post("/set-up/finish")["Location"] == "/sign-in"

    def shown(self) -> str:
        """The secret of the codes, as the page of a set-up shows it."""
        found = re.search(r"secret: <code>([A-Z2-7 ]+)</code>", self.browser.get("/set-up/ways").content.decode())
        assert found
        return found[1].replace(" ", "")

    def password(self, password: str = PASSWORD):
        """Give id and password."""
        return self.browser.post("/sign-in", {"login": self.officer, "password": password})

    def sign_in(self) -> Client:
        """Sign in with both factors."""
        assert self.password()["Location"] == "/sign-in/code"
        assert self.browser.post("/sign-in/code", {"code": self.code()})["Location"] == "/"
        return self.browser


@pytest.fixture
def person(clock: Clock) -> Callable[[World, str], Person]:
    """Officers who have set up their sign-in."""

    def ready(world: World, officer: str) -> Person:
        made = Person(world, officer, clock)
        made.set_up()
        return made

    return ready
