"""The console of a live home: officers sign in as themselves, no key lies there, and every page says LIVE.

Everybody here is made up: see `tests.live`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.case.errors import Refused
from comity.console.opened import Console
from comity.signin.entrance import SignIn
from comity.signin.parameters import read_parameters
from comity.site.serving import open_console, open_console_with_sign_in
from tests.live import LiveWorld
from tests.spec.cli.terminal import typed
from tests.spec.console.test_rules import text
from tests.spec.signin.conftest import Person, browser
from tests.world import World

Ready = Callable[[World, str], Person]


def test_nobody_chooses_a_role_in_a_live_home(live: LiveWorld) -> None:
    live.office.store.close()
    home, keys = live.place / "home", live.stage.cast.officers
    with pytest.raises(Refused, match="LIVE_WITHOUT_SIGN_IN"):
        open_console(home, keys)
    with pytest.raises(Refused, match="LIVE_WITHOUT_SIGN_IN"):
        Console(live.office, keys, SignIn(read_parameters(home)))
    for more in ((), ("--sign-in",)):
        result = typed("console", home, "--keys", keys, *more)
        assert result.exit_code == 3
        assert "LIVE_WITHOUT_SIGN_IN" in result.output


def test_the_console_of_a_live_home_has_nobodys_key(live: LiveWorld) -> None:
    live.office.store.close()
    console = open_console_with_sign_in(live.place / "home")
    assert console.keys is None
    with pytest.raises(Refused, match="KEY_NOT_HERE"):
        console.key_of("counsel")
    console.office.store.close()


def test_every_page_of_a_live_home_says_live_and_none_says_rehearsal(live: LiveWorld, person: Ready) -> None:
    assert "LIVE." in text(browser(live).get("/sign-in"))
    pages = person(live, "counsel").sign_in()
    for page in ("/", "/holds/", "/agreements/", "/registers/", "/log/", "/account"):
        shown = text(pages.get(page))
        assert "LIVE." in shown, page
        assert "REHEARSAL" not in shown, page
        assert "synthetic" not in shown, page
    assert "irs_ice_2025.ddc-2025-11-21" in text(pages.get("/holds/"))
