"""Officers sign in to accounts of their own, with a second factor, for a while; and what was tried is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from comity.case.errors import Refused
from comity.case.office_events import StrikeProposed
from comity.office.admitting import bar_sign_in
from comity.signin.models import Account, Noted
from tests.spec.console.test_rules import code, text
from tests.spec.signin.conftest import BATCH, PASSWORD, Clock, Person, browser, code_of, opened
from tests.world import World

Ready = Callable[[World, str], Person]
GUESSES = 12


def noted() -> list[tuple[str, str]]:
    return list(Noted.objects.order_by("pk").values_list("what", "officer"))


def office_events(world: World, kind: str) -> list:
    return [stored for stored in world.office.store.read("office") if stored.type == kind]


def test_an_officer_signs_in_with_password_and_code_and_acts_under_that_name(ruled: World, person: Ready) -> None:
    pages = person(ruled, "examiner").sign_in()

    shown = text(pages.get(f"/b/{BATCH}/"))
    assert "You act as examiner" in shown
    assert "Officers sign in as they would for real." in shown
    said = {"ruling": "return", "reason": "A box is no residence."}
    assert pages.post(f"/b/{BATCH}/examine/7/", said).status_code == 302
    assert sorted(ruled.office.batch(BATCH).examined) == [7]


def test_no_page_opens_without_the_second_factor(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")

    assert someone.password()["Location"] == "/sign-in/code"
    for page in ("/", f"/b/{BATCH}/", "/log/", "/account", "/prove", "/sign-ins"):
        assert someone.browser.get(page)["Location"] == "/sign-in", page
    assert someone.browser.get("/set-up/ways")["Location"] == "/set-up"


def test_whoever_gave_a_password_may_begin_again(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    someone.password()

    assert "Begin again" in text(someone.browser.get("/sign-in/code"))
    someone.browser.post("/sign-out")
    assert "Use a passkey" in text(someone.browser.get("/sign-in"))


def test_nobody_chooses_a_role_where_officers_sign_in(ruled: World) -> None:
    pages = browser(ruled)

    page = text(pages.get("/sign-in"))
    assert "Choose a role" not in page
    assert 'name="officer"' not in page
    pages.post("/sign-in", {"officer": "counsel"})
    assert pages.get("/")["Location"] == "/sign-in"


def test_which_of_id_and_password_was_wrong_is_not_told(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")

    wrong = text(someone.password("not the password at all"))
    someone.officer = "nobody"
    assert "That did not sign anybody in." in wrong
    assert "That did not sign anybody in." in text(someone.password())
    assert noted()[1:] == [("failed", ""), ("failed", "")]


def test_a_code_of_an_authenticator_is_used_once(ruled: World, person: Ready) -> None:
    first = person(ruled, "auditor")
    first.password()
    digits = first.code()
    assert first.browser.post("/sign-in/code", {"code": digits})["Location"] == "/"

    second = browser(ruled)
    second.post("/sign-in", {"login": "auditor", "password": PASSWORD})
    assert "That did not sign anybody in." in text(second.post("/sign-in/code", {"code": digits}))
    assert second.get("/")["Location"] == "/sign-in"


@pytest.mark.parametrize("seconds", [1, 31, 59])
def test_a_code_that_somebody_saw_is_not_good_for_as_long_as_it_would_be_right(
    ruled: World, person: Ready, clock: Clock, seconds: int
) -> None:
    first = person(ruled, "auditor")
    first.password()
    digits = first.code()
    assert first.browser.post("/sign-in/code", {"code": digits})["Location"] == "/"

    clock.pass_(seconds)
    thief = browser(ruled)
    thief.post("/sign-in", {"login": "auditor", "password": PASSWORD})
    assert "That did not sign anybody in." in text(thief.post("/sign-in/code", {"code": f" {digits}"}))
    assert thief.get("/")["Location"] == "/sign-in"


def test_the_code_that_a_password_was_set_up_with_signs_nobody_in(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    shown = someone.digits()

    someone.password()
    assert "That did not sign anybody in." in text(someone.browser.post("/sign-in/code", {"code": shown}))


def test_of_many_who_guess_at_the_same_moment_no_more_than_five_are_compared(ruled: World, person: Ready) -> None:
    person(ruled, "auditor")
    together = threading.Barrier(GUESSES)

    def guess(_: int) -> None:
        pages = browser(ruled)
        pages.get("/sign-in")
        together.wait()
        pages.post("/sign-in", {"login": "auditor", "password": "not the password at all"})
        connections.close_all()

    with ThreadPoolExecutor(GUESSES) as many:
        list(many.map(guess, range(GUESSES)))
    assert 1 <= noted().count(("failed", "")) <= 5


def test_an_account_locks_after_five_failures_and_opens_again_with_time(
    ruled: World, person: Ready, clock: Clock
) -> None:
    someone = person(ruled, "auditor")
    for _ in range(5):
        someone.password("not the password at all")

    assert "Too many attempts failed." in text(someone.password())
    assert noted()[-1] == ("locked_out", "auditor")
    clock.pass_(15 * 60)
    someone.sign_in()


def test_a_second_factor_locks_after_five_failures(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    someone.password()
    for _ in range(5):
        someone.browser.post("/sign-in/code", {"code": "000000"})

    assert "Too many attempts failed." in text(someone.browser.post("/sign-in/code", {"code": someone.code()}))
    assert someone.browser.get("/")["Location"] == "/sign-in"


def test_a_lock_holds_for_every_process_on_the_home(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    for _ in range(5):
        someone.password("not the password at all")

    # What another process knows is what the database holds: the connections of this one are closed and made anew.
    from comity.signin.opening import open_accounts

    open_accounts(ruled.place / "home", "")
    assert "Too many attempts failed." in text(someone.password())


def test_what_was_typed_is_kept_nowhere(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    typed = "canary-password-of-somebody"
    someone.officer = "canary-id"
    someone.password(typed)

    kept = (ruled.place / "home" / "accounts.sqlite3").read_bytes()
    kept += (ruled.place / "home" / "accounts.sqlite3-wal").read_bytes()
    assert typed.encode() not in kept
    assert b"canary-id" not in kept
    assert PASSWORD.encode() not in kept
    assert someone.secret.encode() not in kept


def test_every_sign_in_failure_and_set_up_is_kept_and_shown_to_the_auditor_alone(ruled: World, person: Ready) -> None:
    examiner, auditor = person(ruled, "examiner"), person(ruled, "auditor")
    examiner.password("not the password at all")
    examiner.sign_in()

    assert noted() == [
        ("set_up", "examiner"),
        ("set_up", "auditor"),
        ("failed", ""),
        ("signed_in", "examiner"),
    ]
    assert code(examiner.browser.get("/sign-ins")) == "RIGHT_MISSING"
    assert "An attempt failed" in text(auditor.sign_in().get("/sign-ins"))
    assert "Signed in" in text(examiner.browser.get("/account"))


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_page(ruled: World, person: Ready, clock: Clock) -> None:
    pages = person(ruled, "auditor").sign_in()

    clock.pass_(15 * 60)
    assert pages.get("/").status_code == 200
    clock.pass_(15 * 60 + 1)
    assert pages.get("/")["Location"] == "/sign-in"
    assert "Sign in" in text(pages.get("/sign-in"))


def test_a_session_ends_with_the_day_however_busy(ruled: World, person: Ready, clock: Clock) -> None:
    pages = person(ruled, "auditor").sign_in()

    for _ in range(8 * 5):
        clock.pass_(12 * 60 - 1)
        assert pages.get("/holds/").status_code == 200
    clock.pass_(12 * 60)
    assert pages.get("/holds/")["Location"] == "/sign-in"


def test_signing_out_ends_the_session_on_the_server(ruled: World, person: Ready) -> None:
    pages = person(ruled, "auditor").sign_in()
    kept = pages.cookies["sessionid"].value

    pages.post("/sign-out")
    pages.cookies["sessionid"] = kept
    assert pages.get("/")["Location"] == "/sign-in"


def test_signing_out_everywhere_ends_every_session_of_the_officer(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    here = someone.sign_in()
    someone.browser = there = browser(ruled)
    someone.sign_in()

    there.post("/account/end")
    assert here.get("/")["Location"] == "/sign-in"
    assert there.get("/")["Location"] == "/sign-in"
    someone.sign_in()


def test_a_session_is_another_after_signing_in(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    someone.password()
    before = someone.browser.cookies["sessionid"].value
    someone.browser.post("/sign-in/code", {"code": someone.code()})

    assert someone.browser.cookies["sessionid"].value != before


def test_a_session_and_a_password_end_with_the_strike_of_the_officer(ruled: World, person: Ready) -> None:
    someone = person(ruled, "examiner")
    pages = someone.sign_in()
    assert pages.get(f"/b/{BATCH}/").status_code == 200

    today = ruled.office.now().date().isoformat()
    ruled.entered(StrikeProposed("examiner", "officer", "", "Left the office.", today))
    assert code(pages.get(f"/b/{BATCH}/")) == "OFFICER_STRUCK_OFF"
    pages.post("/sign-out")
    assert code(someone.password()) == "OFFICER_STRUCK_OFF"
    with pytest.raises(Refused, match="OFFICER_STRUCK_OFF"):
        code_of(ruled, "examiner")


def test_an_officer_who_is_barred_is_refused_at_once_and_again_after_the_bar_is_lifted_is_not(
    ruled: World, person: Ready
) -> None:
    someone = person(ruled, "examiner")
    other = someone.sign_in()
    someone.browser = browser(ruled)
    pages = someone.sign_in()

    bar_sign_in(ruled.office, ruled.actor("registrar"), "examiner", "Left the office.")
    assert code(pages.get("/")) == "SIGN_IN_BARRED"
    pages.post("/sign-out")
    assert code(someone.password()) == "SIGN_IN_BARRED"
    assert pages.get("/sign-in/code")["Location"] == "/sign-in"
    with pytest.raises(Refused, match="SIGN_IN_BARRED"):
        code_of(ruled, "examiner")
    assert other.get("/").status_code == 403
    bar_sign_in(ruled.office, ruled.actor("counsel"), "examiner", "Is back.", barred=False)
    assert other.get("/")["Location"] == "/sign-in"
    someone.browser = browser(ruled)
    someone.sign_in()


def test_nobody_lifts_a_bar_on_themselves_and_only_two_roles_bar_at_all(ruled: World) -> None:
    opened(ruled)
    bar_sign_in(ruled.office, ruled.actor("counsel"), "registrar", "A key was lost.")

    with pytest.raises(Refused, match="SOD_VIOLATION"):
        bar_sign_in(ruled.office, ruled.actor("registrar"), "registrar", "Found it.", barred=False)
    with pytest.raises(Refused, match="RIGHT_MISSING"):
        bar_sign_in(ruled.office, ruled.actor("operator"), "examiner", "A quarrel.")
    with pytest.raises(Refused, match="DONE_BEFORE"):
        bar_sign_in(ruled.office, ruled.actor("counsel"), "registrar", "Once more.")


def test_an_account_without_an_officer_opens_nothing(ruled: World, person: Ready) -> None:
    someone = person(ruled, "auditor")
    pages = someone.sign_in()

    Account.objects.filter(officer="auditor").update(officer="stranger")
    assert pages.get("/")["Location"] == "/sign-in"
    someone.officer = "stranger"
    assert code(someone.password()) == "OFFICER_UNKNOWN"


def test_an_officer_whose_certificate_is_out_of_term_does_not_sign_in(ruled: World, person: Ready) -> None:
    pages = person(ruled, "auditor").sign_in()

    ruled.stage.calendar.move_to(ruled.office.now().replace(year=2060))
    assert code(pages.get("/")) == "CERTIFICATE_OUT_OF_TERM"


def test_setting_up_is_an_event_of_the_office_by_the_officer_and_tells_no_secret(ruled: World, person: Ready) -> None:
    someone = person(ruled, "examiner")

    [offered], [done] = office_events(ruled, "sign_in_offered"), office_events(ruled, "sign_in_set_up")
    assert (offered.actor, done.actor, done.body["ways"]) == ("examiner", "examiner", ["password_and_code"])
    assert someone.secret not in str(done) + str(offered)
