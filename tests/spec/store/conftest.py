"""A real SQLite file and a real PostgreSQL server: every rule of the store is held on both."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comity.store import connect
from comity.store.events import EventStore

ENGINES = ("sqlite", "postgresql")


def _server() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _unprivileged() -> list[str]:
    """PostgreSQL does not run as root; its Debian package brings an account that it does run as."""
    if os.geteuid():
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server that this test run started, on a Unix socket of its own."""
    binaries = _server()
    if binaries is None:
        pytest.skip("no PostgreSQL server on this machine")
    # Not below pytest's own folder, into which another account cannot look.
    place = Path(tempfile.mkdtemp(prefix="comity-postgresql-"))
    place.chmod(0o755)
    data = place / "data"
    data.mkdir(mode=0o700)
    as_other = _unprivileged()
    if as_other:
        account = pwd.getpwnam("postgres")
        os.chown(data, account.pw_uid, account.pw_gid)
        os.chown(place, account.pw_uid, account.pw_gid)
    run = [*as_other, str(binaries / "initdb"), "-D", str(data), "-U", "comity", "--auth=trust", "--no-sync"]
    subprocess.run(run, check=True, capture_output=True, cwd=place)
    options = f"-k {place} -c listen_addresses='' -c fsync=off"
    control = [*as_other, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run(
        [*control, "-l", str(place / "log"), "-o", options, "start"], check=True, capture_output=True, cwd=place
    )
    yield str(place)
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=place)
    shutil.rmtree(place)


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], EventStore]]:
    """A function that opens the same, at first empty, store again."""
    url = ""
    if request.param == "postgresql":
        socket = request.getfixturevalue("postgresql")
        name = "".join(c for c in tmp_path.name if c.isalnum()).lower()
        subprocess.run(["createdb", "-h", socket, "-U", "comity", name], check=True, capture_output=True)
        url = f"postgresql://comity@/{name}?host={socket}"
    stores: list[EventStore] = []

    def again() -> EventStore:
        stores.append(connect(tmp_path, url))
        return stores[-1]

    yield again
    for store in stores:
        store.close()
