"""Signing in at an agency's identity provider: npm's `oidc-provider`, a certified one, run beside the test."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from comity.signin.models import Account, Binding
from tests.spec.console.test_rules import code, text
from tests.spec.signin.conftest import BATCH, Clock, browser, code_of
from tests.world import World

NODE = shutil.which("node")
# The module of the npm package oidc-provider, which is not kept here.
PROVIDER = Path(os.environ.get("OIDC_PROVIDER", "node_modules/oidc-provider/lib/index.js"))

pytestmark = [
    pytest.mark.skipif(not NODE, reason="no Node.js on this machine"),
    pytest.mark.skipif(not PROVIDER.exists(), reason="OIDC_PROVIDER names no module of oidc-provider"),
]

BACK = "http://localhost/sign-in/provider/agency/callback"
ASSURED = "mfa"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider."""
    with socket.socket() as found:
        found.bind(("localhost", 0))
        port = found.getsockname()[1]
    command = [str(NODE), str(Path(__file__).with_name("provider.mjs")), str(port), BACK]
    environment = {**os.environ, "OIDC_PROVIDER": PROVIDER.resolve().as_uri()}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip() == "ready"
        yield f"http://localhost:{port}"
        run.terminate()


@pytest.fixture
def agency(ruled: World, issuer: str) -> World:
    """A world whose home names the provider."""
    lines = (
        "[provider]",
        'name = "The agency"',
        f'issuer = "{issuer}"',
        'application = "comity"',
        'secret_file = "keys/provider.secret"',
        f'assurance = ["{ASSURED}"]',
    )
    home = ruled.place / "home"
    (home / "console.toml").write_text("\n".join(lines))
    (home / "keys" / "provider.secret").write_text("a secret for the tests of an issuer\n")
    return ruled


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows the provider's own redirects, and none that leads back to the console."""

    def redirect_request(self, request, file, number, message, headers, where):
        return (
            None if where.startswith(BACK) else super().redirect_request(request, file, number, message, headers, where)
        )


class Person:
    """Somebody at a browser: the console's pages in one hand, the provider's in the other."""

    def __init__(self, world: World) -> None:
        self.pages: Client = browser(world)
        self.outside = urllib.request.build_opener(Stay(), urllib.request.HTTPCookieProcessor(CookieJar()))

    def departs(self, back: str = "") -> str:
        """Leave the console; the address at the provider."""
        return self.pages.get("/sign-in/provider", {"next": back} if back else {})["Location"]

    def comes_back(self, address: str, subject: str, way: str = ASSURED) -> str:
        """Sign in at the provider as `subject`; the address at the console that it leads to."""
        try:
            asked = self.outside.open(address)
            self.outside.open(f"{asked.url}/{subject}/{way}")
        except HTTPError as stopped:
            return stopped.headers["Location"].removeprefix("http://localhost")
        raise AssertionError("the provider led nowhere")

    def goes(self, subject: str, way: str = ASSURED, back: str = ""):
        """There and back again; the console's answer."""
        return self.pages.get(self.comes_back(self.departs(back), subject, way))

    def set_up(self, world: World, officer: str, subject: str):
        """Bind the subject with a one-time code, and finish."""
        self.pages.post("/set-up", {"officer": officer, "code": code_of(world, officer)})
        bound = self.goes(subject)
        return bound if bound.status_code != 302 else self.pages.post("/set-up/finish")


def test_an_officer_binds_an_account_at_the_provider_and_signs_in_there(agency: World) -> None:
    someone = Person(agency)
    assert someone.set_up(agency, "auditor", "auditor-there")["Location"] == "/sign-in"

    assert someone.pages.get("/")["Location"] == "/sign-in"
    assert someone.goes("auditor-there")["Location"] == "/"
    assert "You act as auditor" in text(someone.pages.get(f"/b/{BATCH}/"))
    assert Binding.objects.get().officer == "auditor"


def test_an_account_there_that_nobody_bound_signs_nobody_in_whatever_it_is_called(agency: World) -> None:
    Person(agency).set_up(agency, "auditor", "auditor-there")
    stranger = Person(agency)

    assert stranger.goes("auditor")["Location"] == "/sign-in"
    assert "Try again" in text(stranger.pages.get("/sign-in"))
    assert stranger.pages.get("/")["Location"] == "/sign-in"
    assert not Account.objects.exclude(officer="auditor").exists()


def test_no_two_officers_share_an_account_there(agency: World) -> None:
    Person(agency).set_up(agency, "auditor", "one-there")

    assert code(Person(agency).set_up(agency, "examiner", "one-there")) == "SUBJECT_TAKEN"
    assert [bound.officer for bound in Binding.objects.all()] == ["auditor"]


def test_a_sign_in_without_a_second_factor_there_is_not_taken(agency: World) -> None:
    someone = Person(agency)
    someone.set_up(agency, "auditor", "auditor-there")
    again = Person(agency)

    assert again.goes("auditor-there", way="pwd")["Location"] == "/sign-in"
    assert again.pages.get("/")["Location"] == "/sign-in"


def test_what_another_browser_was_given_is_not_taken_and_nothing_is_taken_twice(agency: World) -> None:
    Person(agency).set_up(agency, "auditor", "auditor-there")
    one, other = Person(agency), Person(agency)
    back = one.comes_back(one.departs(), "auditor-there")

    stolen = other.pages.get(f"{back}&_redir=")
    assert stolen["Location"] == "/sign-in"
    assert one.pages.get(back)["Location"] == "/"
    one.pages.post("/sign-out")
    assert one.pages.get(f"{back}&_redir=")["Location"] == "/sign-in"
    assert one.pages.get("/")["Location"] == "/sign-in"


def test_it_asks_for_proof_of_this_exchange_alone(agency: World) -> None:
    asked = parse_qs(urlsplit(Person(agency).departs()).query)

    assert asked["scope"] == ["openid"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32
    assert asked["redirect_uri"] == [BACK]


def test_a_provider_that_does_not_answer_is_said_to(agency: World) -> None:
    settings = agency.place / "home" / "console.toml"
    settings.write_text(re.sub(r"localhost:\d+", "localhost:1", settings.read_text()))

    assert code(Person(agency).pages.get("/sign-in/provider")) == "PROVIDER_SILENT"


def test_to_sign_takes_signing_in_there_again(agency: World) -> None:
    someone = Person(agency)
    someone.set_up(agency, "counsel", "counsel-there")
    someone.goes("counsel-there")

    assert someone.pages.post("/registers/", {"number": "1"})["Location"].startswith("/prove")
    address = someone.departs("/registers/")
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    assert someone.pages.get(someone.comes_back(address, "counsel-there"))["Location"] == "/registers/"
    assert code(someone.pages.post("/registers/", {"number": "1"})) != ""


def test_another_officers_proof_proves_nothing(agency: World) -> None:
    Person(agency).set_up(agency, "auditor", "auditor-there")
    someone = Person(agency)
    someone.set_up(agency, "counsel", "counsel-there")
    someone.goes("counsel-there")

    # Whoever is signed in there as somebody else is asked to leave first; here it is a colleague's browser.
    someone.outside = Person(agency).outside
    assert someone.goes("auditor-there", back="/registers/")["Location"] == "/prove"
    assert someone.pages.post("/registers/", {"number": "1"})["Location"].startswith("/prove")


def test_to_bind_an_account_takes_signing_in_there_anew(agency: World, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = Person(agency)
    someone.pages.post("/set-up", {"officer": "counsel", "code": code_of(agency, "counsel")})
    address = someone.departs()
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    monkeypatch.setattr("comity.signin.provider.time", Clock())

    assert someone.goes("counsel-there")["Location"] == "/sign-in"
    assert not Binding.objects.exists()


def test_an_old_session_there_is_no_proof(agency: World, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = Person(agency)
    someone.set_up(agency, "counsel", "counsel-there")
    someone.goes("counsel-there")
    monkeypatch.setattr("comity.signin.provider.time", Clock())

    assert someone.goes("counsel-there", back="/registers/")["Location"] == "/prove"
