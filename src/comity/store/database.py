"""Opening the event store of a home: SQLite inside it, or the PostgreSQL that a URL names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from comity.case.errors import Usage

if TYPE_CHECKING:
    from comity.store.events import EventStore

URL_VARIABLE = "DATABASE_URL"
FILE = "comity.sqlite3"


def database_url(environment: Mapping[str, str] = os.environ) -> str:
    """The URL of a PostgreSQL database, or '' for SQLite inside the home."""
    return environment.get(URL_VARIABLE, "")


def connect(home: Path, url: str = "") -> EventStore:
    """The event store of `home`, its tables made if they are new.

    `url` is `postgresql://name:secret@host:port/database` (the folder of a socket as `?host=`), or '' for
    `comity.sqlite3` in the home. Raises Usage `DATABASE_URL_UNREADABLE`.
    """
    alias = "home_" + hashlib.sha256(f"{home.resolve()} {url}".encode()).hexdigest()[:16]
    if alias not in connections.databases:
        connections.databases[alias] = _settings(home, url)
        call_command("migrate", database=alias, verbosity=0)
    from comity.store.events import EventStore

    return EventStore(alias)


def configure() -> None:
    """Set Django up for the store alone, unless a site has set it up already."""
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=["comity.store"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            USE_TZ=True,
            TIME_ZONE="UTC",
        )
        django.setup()


def _settings(home: Path, url: str) -> dict[str, Any]:
    chosen = _postgresql(url) if url else _sqlite(home)
    # Django completes the settings it is given in place.
    connections.configure_settings({"default": connections.databases["default"], "home": chosen})
    return chosen


def _sqlite(home: Path) -> dict[str, Any]:
    # IMMEDIATE takes the write lock before anything is read: the state a command was decided on is the state it joins.
    options = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / FILE), "OPTIONS": options}


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise Usage(
            "DATABASE_URL_UNREADABLE",
            f"{URL_VARIABLE} does not name a PostgreSQL database.",
            "Write it as postgresql://officer:secret@host:port/name, or unset it to use SQLite.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": str(parts.port or ""),
    }
