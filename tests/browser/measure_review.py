"""Measures the console's queue in a Chromium by the keyboard alone: key presses and seconds for each case.

    python -m tests.browser.measure_review [CASES] [SCREENSHOT]

It makes a rehearsal office with a batch that waits for reviewers, serves it with `comity console`, signs in as a
reviewer and votes, case after case. The seconds are the machine's, from the key to the next case in
sight; what a person needs to read one is not in them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from comity.bench.serving import served
from comity.case.outcomes import NOT_SAME
from tests.browser.conftest import CHROMIUM
from tests.world import make_world, submission_id

if TYPE_CHECKING:
    from playwright.sync_api import Page

CASES = 50
SCREEN = {"width": 1000, "height": 720}
BATCH = submission_id(2)
# Initials are for reviewers to weigh; all else is of the audit sample.
MIXED = "CASE WHEN request_id <= 'SMALL-00020' THEN left(given_name, 1) ELSE given_name END AS given_name"
WORKING_DAY_SECONDS = 8 * 3600
A_DAY = 1_000
READY = "() => document.readyState === 'complete' && document.querySelector('.vote') !== null"


def measure(cases: int, screenshot: str) -> dict[str, object]:
    """Vote on `cases` cases; gives keys and seconds for each case, and what a thousand a day leave for reading one."""
    with tempfile.TemporaryDirectory() as place:
        world = make_world(Path(place))
        world.receive(world.sent(2, changed=MIXED))
        if world.work(BATCH) == "RULINGS_OPEN":
            world.settle(BATCH)
            world.work(BATCH)
        world.office.store.close()
        with served(world.place / "home") as address:
            seconds, keys = _voted(address, cases, screenshot)
    spent = median(seconds)
    return {
        "cases": cases,
        "keys_per_case": keys / cases,
        "seconds_per_case": round(spent, 3),
        "seconds_range": [round(min(seconds), 3), round(max(seconds), 3)],
        "seconds_left_to_read_one_at_a_thousand_a_day": round(WORKING_DAY_SECONDS / A_DAY - spent, 1),
    }


def _voted(address: str, cases: int, screenshot: str) -> tuple[list[float], int]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SCREEN)
        page.set_default_timeout(60_000)
        page.goto(f"{address}/sign-in")
        page.click("button[value=reviewer-1]")
        page.goto(f"{address}/b/{BATCH}/review/")
        page.wait_for_selector(":focus")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if screenshot:
            page.screenshot(path=screenshot)
        seconds, keys = [], 0
        for _ in range(cases):
            page.wait_for_selector(":focus")
            began = time.perf_counter()
            keys += _not_the_same(page)
            page.wait_for_function(READY)
            seconds.append(time.perf_counter() - began)
        assert page.text_content("[role=status]") == "Your vote is cast. This is the next case."
        browser.close()
    return seconds, keys


def _not_the_same(page: Page) -> int:
    """Say that it is nobody here, with the tabulator and Enter; gives the keys that it took.

    An access key does it in one stroke; a browser without a window takes none.
    """
    keys = 0
    while page.evaluate("document.activeElement.value") != NOT_SAME:
        page.keyboard.press("Tab")
        keys += 1
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return keys + 1


if __name__ == "__main__":
    given = sys.argv[1:]
    found = measure(int(given[0]) if given else CASES, given[1] if given[1:] else "")
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
