"""What every page owes whoever reads it: its address, its headers, its errors, and where its numbers lead."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comity.case.errors import Refused, Usage
from comity.console import entry
from comity.console.opened import IDLE_SECONDS, LONGEST_SECONDS, Console
from comity.office.locks import alone
from comity.office.working import Worker
from comity.site.serving import open_console, serve
from tests.spec.console.conftest import BATCH, console_of, session
from tests.spec.console.test_rules import code, text
from tests.world import World


def test_a_number_leads_to_its_requests(ruled: World) -> None:
    browser = session(ruled, "auditor")

    codes = dict(
        re.findall(r'class="figure">(\d+)</span> <a href="[^"]*\?code=(\w+)"', text(browser.get(f"/b/{BATCH}/")))
    )
    assert codes
    for number, name in codes.items():
        assert f"<h1>{number} requests</h1>" in text(browser.get(f"/b/{BATCH}/requests?code={name}"))


def test_what_a_worker_is_at_and_what_stopped_it_is_on_the_page_of_the_batch(ruled: World) -> None:
    browser = session(ruled, "operator")
    list(Worker(ruled.office, ruled.actor("operator")).round())
    assert "It waits: <code>RULINGS_OPEN</code>" in text(browser.get(f"/b/{BATCH}/"))

    word = ruled.office.home.directory / ".work" / f"{BATCH}.json"
    word.write_text(word.read_text().replace('"done": true', '"done": false'))
    with alone(ruled.office.home.directory, f"batch-{BATCH}", wait=False):
        page = text(browser.get(f"/b/{BATCH}/"))
    assert "At work for" in page
    assert "Work the batch" not in page


def test_a_list_of_many_requests_is_paged(ruled: World) -> None:
    browser = session(ruled, "auditor")

    last = text(browser.get(f"/b/{BATCH}/requests?page=3"))
    assert "101 to 120" in last
    assert "Page 3 of 3" in last
    assert "Page 3 of 3" in text(browser.get(f"/b/{BATCH}/requests?page=999"))


def test_a_request_is_found_by_its_id_and_its_address_shows_the_row_alone(ruled: World) -> None:
    browser = session(ruled, "auditor")

    found = browser.post(f"/b/{BATCH}/find", {"request_id": "small-00007"})
    assert found["Location"] == f"/b/{BATCH}/r/7/"
    assert code(browser.post(f"/b/{BATCH}/find", {"request_id": "NOBODY"})) == "REQUEST_UNKNOWN"


def test_each_ruling_stands_beside_the_words_of_its_clause(ruled: World) -> None:
    page = text(session(ruled, "auditor").get(f"/b/{BATCH}/r/10/"))

    assert re.search(r"<blockquote>.{20,}?</blockquote>", page, re.DOTALL)
    assert "The requester is told:" in page


@pytest.mark.parametrize(
    ("officer", "page", "status", "said"),
    [
        ("counsel", "/nowhere", 404, "PAGE_UNKNOWN"),
        ("counsel", "/b/NOBATCH/", 404, "BATCH_UNKNOWN"),
        ("counsel", f"/b/{BATCH}/r/9999/", 404, "ROW_UNKNOWN"),
        ("counsel", f"/b/{BATCH}/sign", 403, "RIGHT_MISSING"),
        ("approver-1", f"/b/{BATCH}/sign", 403, "OUT_OF_ORDER"),
        ("counsel", "/agreements/none/", 404, "AGREEMENT_UNKNOWN"),
    ],
)
def test_a_page_that_is_stopped_says_a_code_and_a_next_step(
    ruled: World, officer: str, page: str, status: int, said: str
) -> None:
    response = session(ruled, officer).get(page)

    assert (response.status_code, code(response)) == (status, said)
    assert "<strong>Next:</strong>" in text(response)


def test_a_defect_says_its_place_and_nothing_of_what_was_read(ruled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Canary Person, 1 Canary Street")

    browser = session(ruled, "auditor")
    monkeypatch.setattr("comity.console.batches.reading.batches", broken)
    response = browser.get("/")

    assert (response.status_code, code(response)) == (500, "DEFECT_FOUND")
    assert "Canary" not in text(response)


def test_every_answer_is_guarded_and_kept_nowhere(ruled: World) -> None:
    browser = session(ruled, "auditor")

    for page in ("/", f"/b/{BATCH}/r/1/", "/nowhere", "/agreements/irs_ice_2025/"):
        response = browser.get(page)
        assert "default-src 'none'" in response["Content-Security-Policy"], page
        assert "script" not in response["Content-Security-Policy"]
        assert response["Cache-Control"] == "no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in text(response)
    assert "Strict-Transport-Security" not in browser.get("/")
    assert "Strict-Transport-Security" in browser.get("/", secure=True)


def test_a_form_of_another_site_does_nothing(ruled: World) -> None:
    console_of(ruled)
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"})

    response = browser.post("/sign-in", {"officer": "counsel"})
    assert (response.status_code, code(response)) == (403, "FORM_EXPIRED")


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_page(
    ruled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = session(ruled, "auditor")
    now = entry.time()
    monkeypatch.setattr(entry, "time", lambda: now + IDLE_SECONDS + 2)

    assert browser.get("/")["Location"] == "/sign-in"


def test_a_page_that_loads_itself_again_keeps_no_session_open(ruled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = session(ruled, "auditor")
    begun = entry.time()
    for seconds in range(0, IDLE_SECONDS, 300):
        monkeypatch.setattr(entry, "time", lambda passed=seconds: begun + passed)
        assert browser.get("/?again=1").status_code == 200
    monkeypatch.setattr(entry, "time", lambda: begun + IDLE_SECONDS + 2)

    assert browser.get("/?again=1")["Location"] == "/sign-in"


def test_a_session_ends_with_the_day_however_busy(ruled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = session(ruled, "auditor")
    begun = entry.time()
    for seconds in range(0, LONGEST_SECONDS + 1, IDLE_SECONDS - 60):
        monkeypatch.setattr(entry, "time", lambda passed=seconds: begun + passed)
        assert browser.get("/holds/").status_code == 200
    monkeypatch.setattr(entry, "time", lambda: begun + LONGEST_SECONDS + 2)

    assert browser.get("/holds/")["Location"] == "/sign-in"


def test_no_role_is_chosen_from_another_machine(ruled: World) -> None:
    browser = session(ruled)

    response = browser.post("/sign-in", {"officer": "counsel"}, REMOTE_ADDR="192.0.2.7")
    assert (response.status_code, code(response)) == (403, "PICKER_NOT_LOCAL")
    assert code(browser.get("/sign-in", REMOTE_ADDR="192.0.2.7")) == "PICKER_NOT_LOCAL"


@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"]
)
def test_no_role_is_chosen_or_kept_through_a_server_that_hands_on_from_elsewhere(ruled: World, header: str) -> None:
    browser = session(ruled, "counsel")

    for answer in (
        browser.get("/", headers={header: "192.0.2.7"}),
        browser.get("/sign-in", headers={header: "192.0.2.7"}),
        browser.post("/sign-in", {"officer": "counsel"}, headers={header: "192.0.2.7"}),
    ):
        assert code(answer) == "PICKER_NOT_LOCAL"
    assert browser.get("/").status_code == 200


def test_another_name_for_this_machine_is_not_answered(ruled: World) -> None:
    response = session(ruled).get("/sign-in", headers={"host": "rebound.example"})

    assert (response.status_code, code(response)) == (403, "HOST_UNKNOWN")


def test_the_picker_is_not_served_to_other_machines(ruled: World) -> None:
    with pytest.raises(Refused, match="PICKER_NOT_LOCAL"):
        serve(Console(ruled.office, ruled.stage.cast.officers), "0.0.0.0", 0, print)


def test_a_console_without_keys_is_not_opened(ruled: World) -> None:
    with pytest.raises(Usage, match="KEYS_MISSING"):
        open_console(ruled.place / "home", ruled.place / "nowhere")
