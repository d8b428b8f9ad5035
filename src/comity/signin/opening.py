"""The database of the accounts: a file of its own in the home, or tables of their own in the PostgreSQL of a URL."""

from __future__ import annotations

from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from comity.store.database import database_url, settings_for

FILE = "accounts.sqlite3"
# In the order in which their tables rest on one another.
_APPLICATIONS = ("contenttypes", "auth", "signin", "sessions", "account", "mfa", "socialaccount")


def open_accounts(home: Path, url: str | None = None) -> None:
    """Let this process work on the accounts of `home`, their tables made if they are new.

    `url` is as for the store of events, and taken from the environment if not given.
    """
    connections[DEFAULT_DB_ALIAS].close()
    connections.databases[DEFAULT_DB_ALIAS] = settings_for(home, database_url() if url is None else url, FILE)
    del connections[DEFAULT_DB_ALIAS]
    for application in _APPLICATIONS:
        call_command("migrate", application, database=DEFAULT_DB_ALIAS, verbosity=0)
    call_command("createcachetable", database=DEFAULT_DB_ALIAS, verbosity=0)
    # Sessions that ended by themselves leave a row behind.
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
