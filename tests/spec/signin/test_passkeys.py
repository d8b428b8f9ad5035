"""A passkey signs in at this console's own address, and nowhere beside it."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from html import unescape

import pytest
from django.test import Client

from comity.signin.models import Account
from tests.authenticator import Authenticator
from tests.spec.console.test_rules import text
from tests.spec.signin.conftest import BATCH, browser, code_of
from tests.world import World

HERE = "http://localhost"
BESIDE = ["http://localhost:9999", "https://localhost", "http://console.localhost", "https://elsewhere.example"]


def asked(pages: Client, page: str) -> str:
    """The challenge that a page holds."""
    options = re.search(r'data-options="([^"]+)"', text(pages.get(page)))
    assert options
    return json.loads(unescape(options[1]))["publicKey"]["challenge"]


def made(world: World, passkey: Authenticator, **said: str) -> Client:
    """A set-up of the auditor with a passkey, up to its end."""
    pages = browser(world)
    pages.post("/set-up", {"officer": "auditor", "code": code_of(world, "auditor")})
    pages.post("/set-up/ways", {"name": "", "credential": passkey.made(asked(pages, "/set-up/ways"), **said)})
    pages.post("/set-up/finish")
    return pages


def used(pages: Client, passkey: Authenticator, page: str, to: str, **said: str):
    answer = json.loads(passkey.used(asked(pages, page), **said))
    account = Account.objects.get(officer="auditor").pk
    answer["response"]["userHandle"] = urlsafe_b64encode(str(account).encode()).decode().rstrip("=")
    return pages.post(to, {"credential": json.dumps(answer)})


def test_an_officer_signs_in_and_proves_with_a_passkey(ruled: World) -> None:
    passkey = Authenticator(rp_id="localhost", origin=HERE)
    pages = made(ruled, passkey)

    assert used(pages, passkey, "/sign-in", "/sign-in/passkey")["Location"] == "/"
    assert "You act as auditor" in text(pages.get(f"/b/{BATCH}/"))
    assert used(pages, passkey, "/prove", "/prove")["Location"] == "/"


@pytest.mark.parametrize("origin", BESIDE)
def test_what_a_browser_answered_to_another_page_signs_nobody_in(ruled: World, origin: str) -> None:
    passkey = Authenticator(rp_id="localhost", origin=HERE)
    pages = made(ruled, passkey)

    assert used(pages, passkey, "/sign-in", "/sign-in/passkey", origin=origin)["Location"] == "/sign-in"
    assert pages.get("/")["Location"] == "/sign-in"
    used(pages, passkey, "/sign-in", "/sign-in/passkey")
    assert "That did not sign anybody in." in text(used(pages, passkey, "/prove", "/prove", origin=origin))


def test_a_passkey_that_was_made_on_another_page_is_not_taken(ruled: World) -> None:
    passkey = Authenticator(rp_id="localhost", origin=HERE)
    made(ruled, passkey, origin=BESIDE[0])

    assert not Account.objects.get(officer="auditor").is_active
