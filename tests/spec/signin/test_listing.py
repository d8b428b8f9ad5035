"""Who oversees sign-ins lists which means each officer has, and sees what the log does not tell of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.case.errors import Refused
from comity.case.office_events import StrikeProposed
from comity.office.admitting import bar_sign_in
from comity.signin.models import Account, Binding
from comity.site.accounts import Means, list_means
from tests.spec.signin.conftest import Person, browser, code_of
from tests.world import World

Ready = Callable[[World, str], Person]


def listed(world: World, reader: str = "auditor") -> dict[str, Means]:
    return {means.officer: means for means in list_means(world.office, world.actor(reader))}


def test_the_means_of_every_officer_are_listed_with_their_day_and_how_they_stand(ruled: World, person: Ready) -> None:
    for officer in ("auditor", "examiner", "operator"):
        person(ruled, officer)
    bar_sign_in(ruled.office, ruled.actor("registrar"), "examiner", "A key was lost.")
    today = ruled.office.now().date().isoformat()
    ruled.entered(StrikeProposed("operator", "officer", "", "Left the office.", today))
    browser(ruled).post("/set-up", {"officer": "auditor", "code": code_of(ruled, "auditor")})

    found = listed(ruled)
    assert found.keys() == ruled.office.state().officers.keys()
    assert found["examiner"].ways == ("password_and_code",)
    assert found["examiner"].since.startswith(today)
    stands = {officer: means.stands for officer, means in found.items()}
    assert (stands["examiner"], stands["operator"]) == ("barred", "struck off")
    # A new code emptied what was there.
    assert (found["auditor"].ways, found["auditor"].since, stands["auditor"]) == ((), "", "not set up")
    assert stands["counsel"] == "not set up"


def test_what_somebody_put_beside_the_log_shows(ruled: World, person: Ready) -> None:
    person(ruled, "examiner")
    person(ruled, "auditor")
    assert {means.stands for means in listed(ruled).values()} <= {"open", "not set up"}

    Binding.objects.create(officer="examiner", issuer="https://id.example", subject="CANARY")
    Account.objects.create(officer="counsel", is_active=True)
    Account.objects.create(officer="stranger", is_active=True)
    stands = {officer: means.stands for officer, means in listed(ruled, "counsel").items()}
    assert {officer for officer, how in stands.items() if how == "not as the log says"} == {
        "examiner",
        "counsel",
        "stranger",
    }
    assert stands["auditor"] == "open"


def test_the_list_holds_no_secret_and_is_for_whoever_oversees_sign_ins(ruled: World, person: Ready) -> None:
    someone = person(ruled, "examiner")
    kept = Account.objects.get(officer="examiner").password

    found = repr(list_means(ruled.office, ruled.actor("registrar")))
    assert someone.secret not in found
    assert kept not in found
    for reader in ("examiner", "operator"):
        with pytest.raises(Refused, match="RIGHT_MISSING"):
            list_means(ruled.office, ruled.actor(reader))
