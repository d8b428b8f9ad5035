"""A one-time code is drawn by the officer with the officer's own key, and opens one account, once, soon."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest

from comity.office.admitting import CODE_LASTS
from comity.signin import codes, setting_up
from comity.signin.models import Account, Noted
from tests.spec.console.test_rules import code, text
from tests.spec.signin.conftest import PASSWORD, Clock, Person, browser, code_of
from tests.world import World

Ready = Callable[[World, str], Person]


def used(world: World, officer: str, given: str):
    return browser(world).post("/set-up", {"officer": officer, "code": given})


def test_a_code_is_used_once(ruled: World) -> None:
    given = code_of(ruled, "examiner")

    assert used(ruled, "examiner", given)["Location"] == "/set-up/ways"
    assert "not good, or not any more" in text(used(ruled, "examiner", given))


def test_a_code_is_read_without_its_lines_and_in_small_letters(ruled: World) -> None:
    given = code_of(ruled, "examiner")

    assert used(ruled, " examiner ", given.lower().replace("-", " "))["Location"] == "/set-up/ways"


def test_a_code_opens_no_other_account_and_a_newer_one_takes_its_place(ruled: World) -> None:
    older, newer = code_of(ruled, "examiner"), code_of(ruled, "examiner")

    assert "not good" in text(used(ruled, "auditor", newer))
    assert "not good" in text(used(ruled, "examiner", older))
    assert used(ruled, "examiner", newer)["Location"] == "/set-up/ways"


def test_a_code_is_good_for_a_quarter_of_an_hour(ruled: World) -> None:
    given = code_of(ruled, "examiner")

    ruled.stage.calendar.move_to(ruled.office.now() + CODE_LASTS + timedelta(seconds=1))
    assert "not good, or not any more" in text(used(ruled, "examiner", given))


def test_a_stranger_who_knows_an_officers_name_keeps_the_officer_out_of_nothing(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    given = code_of(ruled, "examiner")
    for officer in ("examiner", "auditor"):
        for _ in range(35):
            assert "not good" in text(used(ruled, officer, "AAAA-AAAA-AAAA-AAAA-AAAA"))

    assert Noted.objects.filter(what="failed", way="code").count() == 60
    assert used(ruled, "examiner", given)["Location"] == "/set-up/ways"
    someone.sign_in()


def test_a_one_time_code_is_too_long_to_be_guessed_in_its_quarter_of_an_hour(ruled: World) -> None:
    given = code_of(ruled, "examiner").replace("-", "")
    assert len(given) * math.log2(len(codes._LETTERS)) > 96


def replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the officer use a newer code in the moment after a page looked whose account it sets up."""
    looked = setting_up.setting_up

    def late(request: HttpRequest) -> Account | None:
        account = looked(request)
        monkeypatch.setattr(setting_up, "setting_up", looked)
        assert codes.redeem("examiner", code_of(world, "examiner"), world.office.now())
        return account

    monkeypatch.setattr(setting_up, "setting_up", late)


def test_nothing_is_added_by_an_earlier_code_in_the_moment_that_a_newer_one_is_used(
    ruled: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = Person(ruled, "examiner", clock)
    thief.browser.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})
    thief.secret = thief.shown()
    typed = {"password": PASSWORD, "again": PASSWORD, "code": thief.code()}
    replaced(ruled, monkeypatch)

    assert code(thief.browser.post("/set-up/ways", typed)) == "CODE_REPLACED"
    assert not codes.ways(Account.objects.get(officer="examiner"))
    assert not Account.objects.get(officer="examiner").has_usable_password()


def test_an_account_is_not_finished_by_an_earlier_code_in_that_moment(
    ruled: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = Person(ruled, "examiner", clock)
    thief.browser.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})
    thief.secret = thief.shown()
    thief.browser.post("/set-up/ways", {"password": PASSWORD, "again": PASSWORD, "code": thief.code()})
    replaced(ruled, monkeypatch)

    assert code(thief.browser.post("/set-up/finish")) == "CODE_REPLACED"
    assert not Account.objects.get(officer="examiner").is_active


def test_a_session_that_sets_up_opens_no_page_and_lasts_a_quarter_of_an_hour(ruled: World, clock: Clock) -> None:
    pages = browser(ruled)
    pages.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})

    assert pages.get("/")["Location"] == "/sign-in"
    assert pages.get("/set-up/ways").status_code == 200
    clock.pass_(15 * 60 + 1)
    assert pages.get("/set-up/ways")["Location"] == "/set-up"
    assert pages.post("/set-up/finish")["Location"] == "/set-up"


def test_a_new_code_ends_a_set_up_that_an_earlier_code_began(ruled: World) -> None:
    """Who took the first code could else add a passkey of the own to what the officer sets up with the second."""
    thief, officer = browser(ruled), browser(ruled)
    for session in (thief, officer):
        session.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})
    assert officer.get("/set-up/ways").status_code == 200
    assert thief.get("/set-up/ways")["Location"] == "/set-up"
    assert thief.post("/set-up/finish")["Location"] == "/set-up"


def test_nothing_is_good_before_a_second_factor_is_there(ruled: World) -> None:
    pages = browser(ruled)
    pages.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})

    assert code(pages.post("/set-up/finish")) == "WAY_MISSING"
    assert not Account.objects.get(officer="examiner").is_active


def test_a_password_is_not_taken_without_a_right_code(ruled: World) -> None:
    pages = browser(ruled)
    pages.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})
    pages.get("/set-up/ways")

    typed = {"password": PASSWORD, "again": PASSWORD, "code": "000000"}
    assert "That did not sign anybody in." in text(pages.post("/set-up/ways", typed))
    assert not Account.objects.get(officer="examiner").has_usable_password()


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("fourteen chars", "fourteen chars", "too short"),
        ("123456789987654321", "123456789987654321", "too common"),
        (PASSWORD, PASSWORD + " ", "not the same"),
    ],
)
def test_a_weak_or_mistyped_password_is_not_taken(ruled: World, password: str, again: str, said: str) -> None:
    pages = browser(ruled)
    pages.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})
    pages.get("/set-up/ways")

    page = text(pages.post("/set-up/ways", {"password": password, "again": again, "code": "000000"}))
    assert said in page
    assert password not in page


def test_an_account_that_is_not_set_up_to_its_end_opens_nothing(ruled: World, person: Ready) -> None:
    someone = person(ruled, "examiner")
    Account.objects.filter(officer="examiner").update(is_active=False)

    assert someone.browser.get(someone.password()["Location"])["Location"] == "/sign-in"
    assert "That did not sign anybody in." in text(someone.browser.get("/sign-in"))


def test_a_new_code_ends_what_was_set_up_before_and_every_session(ruled: World, person: Ready) -> None:
    someone = person(ruled, "examiner")
    open_session = someone.sign_in()

    used(ruled, "examiner", code_of(ruled, "examiner"))
    assert open_session.get("/")["Location"] == "/sign-in"
    assert "That did not sign anybody in." in text(someone.password())


def test_the_picture_for_an_authenticator_is_shown_to_who_sets_up_alone(ruled: World) -> None:
    pages = browser(ruled)
    assert pages.get("/set-up/picture")["Location"] == "/set-up"
    pages.post("/set-up", {"officer": "examiner", "code": code_of(ruled, "examiner")})
    page = text(pages.get("/set-up/ways"))

    drawn = pages.get("/set-up/picture")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn["Cache-Control"] == "no-store"
    again = text(pages.get("/set-up/ways"))
    secret = re.compile(r"secret: <code>([A-Z2-7 ]+)</code>")
    assert secret.search(page)
    assert secret.search(again)
