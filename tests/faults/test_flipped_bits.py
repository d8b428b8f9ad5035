"""A bit that changes in any file of a home is found by `comity log verify`, but for those listed with reasons."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from comity.case.errors import ComityError
from comity.office.homecheck import NOT_COVERED, verify_home
from comity.oversight.verify import verify_log
from comity.signin.opening import open_accounts
from comity.signin.secret import console_secret
from tests.world import World

# A bit of every file, and one more for so many bytes.
AT_EVERY = 1 << 20
DRAWN = 12


def verify(home: Path) -> None:
    """What `comity log verify HOME` does."""
    verify_log(home)
    verify_home(home)


def covered(home: Path) -> Iterator[Path]:
    """Every file of the home that is evidence."""
    for path in sorted(path for path in home.rglob("*") if path.is_file() and path.stat().st_size):
        name = str(path.relative_to(home))
        if not any(fnmatch(name, listed) or name.startswith(listed) for listed in NOT_COVERED):
            yield path


def flipped(path: Path, position: int, bit: int) -> Callable[[], None]:
    """Flip one bit of the file; gives what puts it back."""
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[position] ^= 1 << bit
    path.write_bytes(bytes(changed))
    return lambda: path.write_bytes(whole) and None


def found(home: Path) -> bool:
    try:
        verify(home)
    except ComityError:
        return True
    return False


@pytest.fixture
def small(prepared: World) -> Path:
    """A home in which three requests were answered, and the replies sealed."""
    batch = prepared.receive(prepared.sent(2, rows="request_id <= 'SMALL-00003'"))
    prepared.to_signed(batch)
    prepared.release(batch)
    prepared.office.store.close()
    return prepared.place / "home"


def test_a_flipped_bit_in_any_file_of_a_small_home_is_found(small: Path) -> None:
    verify(small)
    draw = random.Random(8)
    missed = []
    for path in covered(small):
        for start in range(0, path.stat().st_size, AT_EVERY):
            position = draw.randrange(start, min(start + AT_EVERY, path.stat().st_size))
            restore = flipped(path, position, draw.randrange(8))
            if not found(small):
                missed.append((str(path.relative_to(small)), position))
            restore()
    assert missed == []
    verify(small)


def test_a_flipped_bit_drawn_anywhere_in_a_larger_home_is_found(sealed: World) -> None:
    sealed.office.store.close()
    home, draw = sealed.place / "home", random.Random()
    files = list(covered(home))
    sizes = [path.stat().st_size for path in files]
    for _ in range(DRAWN):
        [path] = draw.choices(files, sizes)
        place = (draw.randrange(path.stat().st_size), draw.randrange(8))
        restore = flipped(path, *place)
        assert found(home), (path.relative_to(home), place)
        restore()


@pytest.mark.parametrize("column", ["stream", "version", "type", "at", "actor", "role", "command", "body", "position"])
def test_a_row_of_an_event_that_changed_is_found(small: Path, column: str) -> None:
    database = small / "comity.sqlite3"
    with sqlite3.connect(database) as con:
        [events] = con.execute("SELECT max(position) FROM store_storedevent").fetchone()
    for position in (1, events // 3, 2 * events // 3):
        changed = "+ 1000" if column in ("version", "position") else "|| 'x'"
        with sqlite3.connect(database) as con:
            [before] = con.execute(f"SELECT {column} FROM store_storedevent WHERE position = {position}").fetchone()
            con.execute(f"UPDATE store_storedevent SET {column} = {column} {changed} WHERE position = {position}")
            [now] = con.execute("SELECT max(position) FROM store_storedevent").fetchone()
        assert found(small)
        place = now if column == "position" else position
        with sqlite3.connect(database) as con:
            con.execute(f"UPDATE store_storedevent SET {column} = ? WHERE position = {place}", [before])
    verify(small)


@pytest.mark.parametrize("column", ["first_leaf", "leaves", "office_closed"])
def test_an_outbox_that_says_something_else_is_found(small: Path, column: str) -> None:
    with sqlite3.connect(small / "comity.sqlite3") as con:
        last = "SELECT max(position) FROM store_fed"
        con.execute(f"UPDATE store_fed SET {column} = {column} + 1 WHERE position = ({last})")
    with pytest.raises(ComityError, match=r"OUTBOX_DIFFERS|LOG_OLDER_THAN_EVENTS"):
        verify(small)


def test_a_database_that_lacks_an_event_of_the_log_is_found(small: Path) -> None:
    with sqlite3.connect(small / "comity.sqlite3") as con:
        con.execute("DELETE FROM store_storedevent WHERE stream = 'office' AND version = 7")
    with pytest.raises(ComityError, match="EVENTS_MISSING"):
        verify(small)


def test_what_is_not_covered_is_there_and_says_why(small: Path) -> None:
    open_accounts(small, "")
    console_secret(small)
    (small / "console.toml").write_text("idle_minutes = 10\n")
    (small / ".work").mkdir()
    (small / ".work" / "BATCH.json").write_text("{}")
    files = [str(path.relative_to(small)) for path in small.rglob("*") if path.is_file()]
    for listed, why in NOT_COVERED.items():
        assert any(fnmatch(name, listed) or name.startswith(listed) for name in files), listed
        assert why.endswith(".")
