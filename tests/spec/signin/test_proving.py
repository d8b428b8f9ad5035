"""Acts that sign take a second factor shown a moment ago; the console holds nobody's key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.spec.console.test_rules import ordered, text
from tests.spec.signin.conftest import BATCH, Clock, Person
from tests.world import World

Ready = Callable[[World, str], Person]
LATER = 5 * 60 + 1


def test_to_confirm_a_hold_takes_the_second_factor_again(ruled: World, person: Ready, clock: Clock) -> None:
    person(ruled, "hold-officer").sign_in().post("/holds/", ordered())
    someone = person(ruled, "counsel")
    pages = someone.sign_in()

    clock.pass_(LATER)
    assert pages.post("/holds/H-1/confirm")["Location"] == "/prove?next=%2Fholds%2F"
    assert not ruled.office.state().holds["H-1"].confirmed_by
    assert 'value="/holds/"' in text(pages.get("/prove?next=/holds/"))
    assert pages.post("/prove", {"next": "/holds/", "code": someone.code()})["Location"] == "/holds/"
    assert pages.post("/holds/H-1/confirm")["Location"] == "/holds/"
    assert ruled.office.state().holds["H-1"].confirmed_by == "counsel"


@pytest.mark.parametrize("page", ["release", "recall", "forgo", "replies", "abandon", "files/take"])
def test_every_act_on_a_batch_that_signs_takes_it_again(ruled: World, person: Ready, clock: Clock, page: str) -> None:
    pages = person(ruled, "auditor").sign_in()

    assert not pages.post(f"/b/{BATCH}/{page}").get("Location", "").startswith("/prove")
    clock.pass_(LATER)
    assert pages.post(f"/b/{BATCH}/{page}")["Location"].startswith("/prove?next=%2Fb%2F")


def test_to_approve_an_entry_takes_it_again(ruled: World, person: Ready, clock: Clock) -> None:
    pages = person(ruled, "counsel").sign_in()

    clock.pass_(LATER)
    assert pages.post("/registers/", {"number": "1"})["Location"] == "/prove?next=%2Fregisters%2F"


def test_to_place_a_hold_takes_no_more_than_a_session(ruled: World, person: Ready, clock: Clock) -> None:
    pages = person(ruled, "hold-officer").sign_in()

    clock.pass_(LATER)
    assert pages.post("/holds/", ordered())["Location"] == "/holds/"


def test_a_wrong_code_proves_nothing_and_locks_after_five(ruled: World, person: Ready, clock: Clock) -> None:
    someone = person(ruled, "counsel")
    pages = someone.sign_in()
    clock.pass_(LATER)

    for _ in range(5):
        assert "That did not sign anybody in." in text(pages.post("/prove", {"code": "000000"}))
    assert "Too many attempts failed." in text(pages.post("/prove", {"code": someone.code()}))
    assert pages.post("/registers/", {"number": "1"})["Location"].startswith("/prove")


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1", "holds/"])
def test_proving_leads_to_pages_of_this_console_alone(ruled: World, person: Ready, where: str) -> None:
    someone = person(ruled, "counsel")
    pages = someone.sign_in()

    assert pages.post("/prove", {"next": where, "code": someone.code()})["Location"] == "/"
