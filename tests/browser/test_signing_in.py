"""Signing in as officers meet it: a real server, a real Chromium, and an authenticator that Chromium plays itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.bench.serving import served
from tests.browser.test_console import NEEDED, PHONE, WITH_AXE, barriers
from tests.world import World

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = NEEDED

COMITY = [sys.executable, "-c", "from comity.cli import main; main()"]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def place(prepared_template: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office and its people's keys."""
    world = prepared_template.copied(tmp_path_factory.mktemp("signed-in"))
    world.office.store.close()
    return world.place


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """Where `comity console --sign-in` serves it."""
    with served(place / "home", "--sign-in") as found:
        yield found


def _page(chromium, **how):
    """A page of a browser that has an authenticator of its own."""
    page = chromium.new_context(**how).new_page()
    page.set_default_timeout(60_000)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def _code(place: Path, officer: str) -> str:
    command = ["sign-in", "open", "--home", place / "home", "--as", officer, "--keys", place / "keys" / "officers"]
    done = subprocess.run([*COMITY, *map(str, command), "--json"], capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["code"])


def _setting_up(page, place: Path, address: str, officer: str) -> None:
    page.goto(f"{address}/set-up")
    page.fill("#officer", officer)
    page.fill("#code", _code(place, officer))
    page.click("text=Go on")
    page.wait_for_url("**/set-up/ways")


def _set_up(page, place: Path, address: str, officer: str) -> None:
    _setting_up(page, place, address, officer)
    page.click("text=Add a passkey")
    page.click("text=Finish, and sign in")
    page.wait_for_url("**/sign-in")


def test_an_officer_sets_up_a_passkey_signs_in_with_it_and_shows_it_again(chromium, place: Path, address: str) -> None:
    page = _page(chromium)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    _set_up(page, place, address, "auditor")

    page.click("text=Use a passkey")
    page.wait_for_url(f"{address}/")
    assert "You act as auditor" in page.text_content("footer")
    page.goto(f"{address}/prove?next=/log/")
    page.click("text=Use a passkey")
    page.wait_for_url(f"{address}/log/")
    page.goto(f"{address}/account")
    assert "A passkey" in page.text_content("main")
    assert "Showed the second factor again" in page.text_content("main")
    assert not [line for line in said if "Content Security Policy" in line]


def test_another_browsers_passkey_signs_nobody_in(chromium, place: Path, address: str) -> None:
    _set_up(_page(chromium), place, address, "counsel")
    stranger = _page(chromium)
    stranger.goto(f"{address}/sign-in")
    stranger.click("text=Use a passkey")

    stranger.wait_for_selector("text=No passkey was used")
    stranger.goto(f"{address}/")
    assert stranger.url == f"{address}/sign-in"


def test_a_passkey_ends_with_a_new_code(chromium, place: Path, address: str) -> None:
    page = _page(chromium)
    _set_up(page, place, address, "transmitter")
    _setting_up(_page(chromium), place, address, "transmitter")

    page.click("text=Use a passkey")
    page.wait_for_selector("[role=alert]")
    assert "That did not sign anybody in." in page.text_content("main")


@WITH_AXE
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_no_page_of_signing_in_has_a_barrier_that_axe_finds(
    chromium, place: Path, address: str, size: dict[str, int]
) -> None:
    page = _page(chromium, bypass_csp=True, viewport=size)
    found: list[str] = []
    for where in ("/sign-in", "/set-up"):
        page.goto(address + where)
        found += barriers(page)
    _setting_up(page, place, address, "registrar")
    found += barriers(page)
    page.click("text=Add a passkey")
    page.wait_for_selector("text=Set up so far")
    found += barriers(page)
    page.click("text=Finish, and sign in")
    page.click("text=Use a passkey")
    page.wait_for_url(f"{address}/")
    for where in ("/", "/account", "/prove", "/sign-ins"):
        page.goto(address + where)
        found += barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], where
    assert found == []


def test_the_way_to_a_password_needs_no_script(chromium, place: Path, address: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    _setting_up(page, place, address, "operator")

    page.fill("#password", "nine gates and a quiet harbour")
    page.fill("#again", "nine gates and a quiet harbour")
    page.fill("input[inputmode=numeric]", "000000")
    page.click("text=Add the password")
    assert "That did not sign anybody in." in page.text_content("[role=alert]")
