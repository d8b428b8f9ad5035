"""The screener's page: nobody is shown unasked, each has a word, and the same act stands behind form and file."""

from __future__ import annotations

import json
import re

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.case.batch_events import CasesAssigned, VoteCast
from comity.case.outcomes import NO_DISCLOSURE
from comity.console import screening
from comity.review import answers as answering
from tests.spec.console.conftest import BATCH, session
from tests.spec.console.test_rules import code, events, text
from tests.world import World

PAGE = f"/b/{BATCH}/screen/"


@pytest.fixture
def voted(compared: World) -> World:
    """A world whose batch `BATCH` waits for the screener."""
    compared.vote_no(BATCH)
    assert compared.work_alone(BATCH) == "SCREEN_OUTSTANDING"
    return compared


def chosen(page: str, withheld: tuple[int, ...] = ()) -> dict[str, object]:
    """What a browser sends of the form on `page`, where everybody but `withheld` is cleared."""
    rows = re.findall(r'name="row" value="(\d+)"', page)
    words = {f"word-{row}": "withhold" if int(row) in withheld else "clear" for row in rows}
    return {"row": rows, **words}


def answers(world: World) -> dict[int, str]:
    world.work_alone(BATCH)
    made = world.office.batch(BATCH).answers
    path = world.office.vault.artefact(BATCH, made.answers).path
    with duckdb.connect() as con:
        return dict(con.execute(f"SELECT row_number, answer FROM '{path}'").fetchall())


def listed(browser: Client) -> list[dict]:
    sent = browser.post(f"{PAGE}list")
    assert sent["Content-Disposition"] == f'attachment; filename="{BATCH}-subjects.ndjson"'
    return [json.loads(line) for line in sent.content.decode().splitlines()]


def entered(browser: Client, lines: list[dict]):
    file = SimpleUploadedFile("subjects.ndjson", "".join(json.dumps(line) + "\n" for line in lines).encode())
    return browser.post(f"{PAGE}enter", {"list": file})


def test_the_batch_leads_the_screener_to_its_screen_and_tells_others_whom_it_waits_for(voted: World) -> None:
    assert f'href="{PAGE}">Screen the subjects' in text(session(voted, "screener").get(f"/b/{BATCH}/"))
    page = text(session(voted, "auditor").get(f"/b/{BATCH}/"))
    assert "The (i)(6) screen of the subjects is missing" in page
    assert PAGE not in page


def test_while_votes_are_open_nothing_leads_to_the_screen(compared: World) -> None:
    assert PAGE not in text(session(compared, "screener").get(f"/b/{BATCH}/"))


def test_opening_the_page_shows_nobody_and_is_no_event(voted: World) -> None:
    page = text(session(voted, "screener").get(PAGE))

    assert "<blockquote>identify a confidential informant" in page
    assert "word-" not in page
    assert events(voted, "subjects_shown") == []


def test_a_screener_is_shown_the_subjects_after_the_look_was_recorded_and_says_a_word_of_each(voted: World) -> None:
    browser, confirmed = session(voted, "screener"), sorted(voted.confirmed(BATCH))
    page = text(browser.post(f"{PAGE}show"))
    assert events(voted, "subjects_shown") == ["screener"]
    assert "checked" not in page
    form = chosen(page, (confirmed[0],))
    assert [int(row) for row in form["row"]] == confirmed

    assert browser.post(f"{PAGE}enter", form).status_code == 302
    assert "Every subject of this batch as it stands now has its word" in text(browser.get(PAGE))
    assert answers(voted)[confirmed[0]] == NO_DISCLOSURE


def test_a_form_that_leaves_somebody_without_a_word_is_refused_whole(voted: World) -> None:
    browser = session(voted, "screener")
    form = chosen(text(browser.post(f"{PAGE}show")))
    form.pop(f"word-{form['row'][0]}")

    refused = browser.post(f"{PAGE}enter", form)
    assert (refused.status_code, code(refused)) == (400, "SCREEN_WORD_UNKNOWN")
    assert code(browser.post(f"{PAGE}enter", {})) == "SCREEN_FILE_UNREADABLE"
    assert code(browser.post(f"{PAGE}enter", chosen("") | {"nobody": "1"})) == "SCREEN_OUTDATED"
    assert events(voted, "subjects_screened") == []


def test_a_list_that_was_taken_is_entered_as_a_file(voted: World) -> None:
    browser = session(voted, "screener")
    lines = [line | {"screen": "clear"} for line in listed(browser)]

    assert code(entered(browser, lines[1:])) == "SCREEN_OUTDATED"
    assert entered(browser, lines).status_code == 302
    assert voted.work_alone(BATCH) == "SIGNATURES_MISSING"


def test_a_list_too_long_for_a_page_goes_as_a_file(voted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "ON_A_PAGE", 3)
    browser = session(voted, "screener")

    assert code(browser.post(f"{PAGE}show")) == "SCREEN_TOO_LONG"
    assert events(voted, "subjects_shown") == []
    assert len(listed(browser)) == len(voted.confirmed(BATCH))


def test_who_is_withheld_is_read_by_screener_and_approver_alone_and_the_look_is_an_event(voted: World) -> None:
    first = min(voted.confirmed(BATCH))
    browser = session(voted, "screener")
    browser.post(f"{PAGE}enter", chosen(text(browser.post(f"{PAGE}show")), (first,)))

    approver = session(voted, "approver-1")
    assert "word-" not in text(approver.get(PAGE))
    assert f'href="/b/{BATCH}/r/{first}/">Row {first}</a>' in text(approver.post(f"{PAGE}withheld"))
    assert events(voted, "withholdings_read") == ["approver-1"]


@pytest.mark.parametrize("officer", ["operator", "examiner", "reviewer-1", "counsel", "auditor", "transmitter"])
def test_nobody_else_sees_the_page_or_does_its_acts(voted: World, officer: str) -> None:
    browser = session(voted, officer)

    answers = [browser.get(PAGE), *(browser.post(PAGE + act) for act in ("show", "list", "withheld"))]
    answers.append(browser.post(f"{PAGE}enter", {"nobody": "1"}))
    assert {code(answer) for answer in answers} == {"RIGHT_MISSING"}


def test_a_vote_after_the_screen_makes_the_page_ask_for_it_again(voted: World) -> None:
    browser = session(voted, "screener")
    browser.post(f"{PAGE}enter", chosen(text(browser.post(f"{PAGE}show"))))
    office, row = voted.office, min(voted.confirmed(BATCH))
    given = [CasesAssigned((row,), "2027-01-01T00:00:00Z"), VoteCast(row, "not_same", "")]
    act = office.act(voted.actor("reviewer-3"), "reviewer", "review vote")
    office.record(act, given, office.state(), office.batch(BATCH))

    assert "The screen is missing" in text(browser.get(PAGE))


def test_where_the_answers_would_confirm_nobody_that_is_entered(voted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.review.answers._SUBJECTS", f"{answering._SUBJECTS} HAVING FALSE")
    browser = session(voted, "screener")
    page = text(browser.post(f"{PAGE}show"))

    assert 'name="nobody"' in page
    assert browser.post(f"{PAGE}enter", {"nobody": "1"}).status_code == 302
