"""Two approvers sign by passkey as they meet it: a real server, a real Chromium, an authenticator for each of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from comity.bench.serving import served
from comity.oversight.verify import verify_log
from tests.browser.test_console import NEEDED, PHONE, WITH_AXE, barriers
from tests.browser.test_signing_in import COMITY, _page, _set_up
from tests.world import World

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = NEEDED


@pytest.fixture(scope="module")
def world(answered_template: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """An office whose batch waits for two signatures."""
    world = answered_template.copied(tmp_path_factory.mktemp("to-sign"))
    world.office.store.close()
    return world


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """Where `comity console --sign-in` serves it."""
    with served(world.place / "home", "--sign-in") as found:
        yield found


def said(world: World, officer: str, *words: object) -> str:
    """What the command line says to an officer."""
    named = ["--home", world.place / "home", "--as", officer, "--keys", world.place / "keys" / "officers"]
    done = subprocess.run([*COMITY, *map(str, [*words, *named])], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def signed_in(chromium, world: World, address: str, officer: str, **how):
    """A page of an officer who has set up a passkey to sign in with."""
    page = _page(chromium, **how)
    _set_up(page, world.place, address, officer)
    page.click("text=Use a passkey")
    page.wait_for_url(f"{address}/")
    return page


def enrolled(page, world: World, address: str, officer: str) -> None:
    """The officer makes a passkey to sign with, vouches for it, and two others enter it."""
    page.goto(f"{address}/account/signing-passkey")
    page.click("text=Make a passkey for signing")
    page.wait_for_selector("text=Made, and not entered yet")
    with page.expect_download() as downloaded:
        page.click(f"text={officer}.passkey >> nth=0")
    file = world.place / f"{officer}.passkey"
    downloaded.value.save_as(file)
    assert "is yours" in said(world, officer, "passkey", "vouch", file)
    assert "waits for another officer" in said(world, "registrar", "passkey", "add", file)
    assert "binds from now on" in said(world, "counsel", "passkey", "approve", officer, 1)


def sign(page, world: World, address: str, officer: str) -> None:
    page.goto(f"{address}/b/{world.batch}/sign")
    page.check("input[name=read]")
    page.fill("#officer", officer)
    page.click("text=Sign with your passkey")


def test_two_approvers_sign_by_passkey_and_a_stranger_verifies_it(chromium, world: World, address: str) -> None:
    complained: list[str] = []
    for number, officer in enumerate(("approver-1", "approver-2"), 1):
        page = signed_in(chromium, world, address, officer)
        page.on("console", lambda message: complained.append(message.text))
        enrolled(page, world, address, officer)
        sign(page, world, address, officer)
        page.wait_for_url(f"{address}/b/{world.batch}/")
        assert f"{number} of 2" in page.text_content("main")
    assert not [line for line in complained if "Content Security Policy" in line]

    assert "replies lie sealed" in said(world, "transmitter", "release", world.batch)
    home = world.place / "home"
    told = "".join(file.read_text() for file in (home / "batches" / world.batch).glob("segment-*.json"))
    assert told.count('"alg":"WebAuthn-ES256"') == 2
    assert verify_log(home).sealed == 1


def test_whoever_has_no_passkey_for_signing_is_not_offered_to_sign(chromium, world: World, address: str) -> None:
    page = signed_in(chromium, world, address, "auditor")
    page.goto(f"{address}/b/{world.batch}/sign")
    assert page.locator("text=Sign with your passkey").count() == 0


@WITH_AXE
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_no_page_of_signing_has_a_barrier_that_axe_finds(
    chromium, world: World, address: str, size: dict[str, int]
) -> None:
    page = signed_in(chromium, world, address, "approver-1", bypass_csp=True, viewport=size)
    found: list[str] = []
    for where in ("/account/signing-passkey", f"/b/{world.batch}/sign", f"/b/{world.batch}/release"):
        page.goto(address + where)
        found += barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], where
    page.goto(f"{address}/account/signing-passkey")
    page.click("text=Make a passkey for signing")
    page.wait_for_selector("text=Made, and not entered yet")
    found += barriers(page)
    assert found == []
