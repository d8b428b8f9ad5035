"""Accounts in PostgreSQL: tables of their own beside the events, in one database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from comity.signin.models import Account
from comity.signin.opening import open_accounts
from comity.store import connect
from tests.spec.console.test_rules import text
from tests.spec.signin.conftest import Person, opened
from tests.spec.store.conftest import postgresql
from tests.world import World

__all__ = ["postgresql"]


def test_an_officer_signs_in_by_accounts_beside_the_events_and_a_lock_holds_there(
    ruled: World, person: Callable[[World, str], Person], postgresql: str, tmp_path: Path
) -> None:
    subprocess.run(["createdb", "-h", postgresql, "-U", "comity", "accounts"], check=True, capture_output=True)
    url = f"postgresql://comity@/accounts?host={postgresql}"
    connect(tmp_path, url).close()
    opened(ruled)
    open_accounts(ruled.place / "home", url)

    someone = person(ruled, "auditor")
    assert someone.sign_in().get("/").status_code == 200
    assert connection.vendor == "postgresql"
    assert {"store_storedevent", "signin_account"} <= set(connection.introspection.table_names())
    someone.browser.post("/sign-out")
    for _ in range(5):
        someone.password("not the password at all")
    open_accounts(ruled.place / "home", url)
    assert "Too many attempts failed." in text(someone.password())

    open_accounts(ruled.place / "home", "")
    assert not Account.objects.exists()
