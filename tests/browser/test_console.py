"""The console as people meet it: a real server, a real Chromium, no script of ours, and axe to look for barriers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.bench.serving import served
from tests.browser.conftest import CHROMIUM
from tests.spec.console.conftest import BATCH, MIXED
from tests.world import World

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

# The file axe.min.js of the npm package axe-core, which is not kept here.
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
NEEDED = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
WITH_AXE = pytest.mark.skipif(not AXE.exists(), reason="AXE_CORE names no axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 320, "height": 640}
AT_DESK_AND_ON_PHONE = pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])

pytestmark = NEEDED


@pytest.fixture(scope="module")
def addresses(prepared_template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where `comity console` serves an office with a batch that waits for reviewers, and one that waits for the
    screener; both are made before a browser runs, beside which no database is closed."""
    world = prepared_template.copied(tmp_path_factory.mktemp("served"))
    world.receive(world.sent(2, changed=MIXED))
    world.work(BATCH)
    world.settle(BATCH)
    world.work(BATCH)
    voted = world.copied(tmp_path_factory.mktemp("voted"))
    voted.vote_no(BATCH)
    assert voted.work_alone(BATCH) == "SCREEN_OUTSTANDING"
    voted.office.store.close()
    with served(world.place / "home") as found, served(voted.place / "home") as other:
        yield {"reviewers": found, "screener": other}


@pytest.fixture(scope="module")
def address(addresses: dict[str, str]) -> str:
    """Where the batch waits for reviewers."""
    return addresses["reviewers"]


@pytest.fixture(scope="module")
def voted_address(addresses: dict[str, str]) -> str:
    """Where it waits for the screener."""
    return addresses["screener"]


def _signed_in(chromium, address: str, officer: str, **how):
    """A page of a browser in which `officer` was chosen; axe needs a script, so the page's policy is passed by."""
    page = chromium.new_context(bypass_csp=True, **how).new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/sign-in")
    page.click(f"button[value={officer}]")
    return page


def barriers(page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{page.url} {broken['id']} {broken['nodes'][0]['target']}" for broken in found["violations"]]


PAGES = {
    "auditor": ("/", f"/b/{BATCH}/", f"/b/{BATCH}/requests", f"/b/{BATCH}/r/10/", "/registers/", "/log/", "/nowhere"),
    "approver-1": (f"/b/{BATCH}/files/",),
    "screener": (f"/b/{BATCH}/screen/",),
    "hold-officer": ("/holds/",),
    "counsel": ("/agreements/", "/agreements/irs_ice_2025/"),
    "operator": ("/",),
}


@WITH_AXE
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("officer", PAGES)
def test_no_page_has_a_barrier_that_axe_finds(chromium, address: str, officer: str, scheme: str) -> None:
    page = _signed_in(chromium, address, officer, color_scheme=scheme)

    found = []
    for where in PAGES[officer]:
        page.goto(address + where)
        found += barriers(page)
    assert found == []


@WITH_AXE
@AT_DESK_AND_ON_PHONE
def test_a_case_has_no_barrier(chromium, address: str, size: dict[str, int]) -> None:
    page = _signed_in(chromium, address, "reviewer-2", viewport=size)
    page.goto(f"{address}/b/{BATCH}/review/")
    page.click("text=Open the next case")

    assert barriers(page) == []


@WITH_AXE
@AT_DESK_AND_ON_PHONE
def test_the_list_of_the_screen_has_no_barrier_and_fits(chromium, voted_address: str, size: dict[str, int]) -> None:
    page = _signed_in(chromium, voted_address, "screener", viewport=size)
    page.goto(f"{voted_address}/b/{BATCH}/screen/")
    page.click("text=Show the subjects")

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_screener_says_each_word_with_the_keyboard_alone_and_without_script(chromium, voted_address: str) -> None:
    page = _signed_in(chromium, voted_address, "screener", java_script_enabled=False)
    page.goto(f"{voted_address}/b/{BATCH}/screen/")
    page.click("text=Show the subjects")
    groups = page.query_selector_all("fieldset")
    page.focus("input[type=radio]")
    for _ in groups:
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.text_content("[role=status] h2") == "Screened"


def test_a_page_at_four_hundred_per_cent_is_read_without_scrolling_sideways(chromium, address: str) -> None:
    page = _signed_in(chromium, address, "auditor", viewport=PHONE)

    for where in ("/", f"/b/{BATCH}/", f"/b/{BATCH}/requests", f"/b/{BATCH}/r/10/", "/holds/", "/log/"):
        page.goto(address + where)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], where


def test_a_reviewer_votes_with_the_keyboard_alone_and_without_script(chromium, address: str) -> None:
    page = _signed_in(chromium, address, "reviewer-1", java_script_enabled=False)
    page.goto(f"{address}/b/{BATCH}/review/")
    waiting = _waiting(page)
    _press(page, "Enter")
    assert page.text_content("h1").startswith("Is it the same person?")

    _step_on(page)
    _press(page, "Enter")
    assert page.text_content("[role=status]") == "Your vote is cast. This is the next case."
    _step_on(page)
    _press(page, "Enter")
    assert f"{waiting - 2} cases wait for you" in page.text_content(".vote")


def test_whoever_presses_enter_by_mistake_casts_no_vote(chromium, address: str) -> None:
    page = _signed_in(chromium, address, "reviewer-3", java_script_enabled=False)
    page.goto(f"{address}/b/{BATCH}/review/")
    waiting = _waiting(page)
    _press(page, "Enter")
    page.wait_for_selector(":focus")
    page.keyboard.press("Enter")

    assert page.query_selector("[role=status]") is None
    assert f"{waiting} cases wait for you" in page.text_content(".vote")


def _waiting(page) -> int:
    """How many cases the queue says are waiting."""
    return int(page.text_content("h1").split()[0])


def _step_on(page) -> None:
    """Move the focus to what stands after it; a browser gives the first focus a moment after the page is loaded."""
    page.wait_for_selector(":focus")
    page.keyboard.press("Tab")


def _press(page, keys: str) -> None:
    """Press keys that lead to another page, once this one has given something the focus, and wait for it."""
    page.wait_for_selector(":focus")
    with page.expect_navigation():
        page.keyboard.press(keys)
