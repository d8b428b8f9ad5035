"""Events and outbox are copied out of one database and into another, each at its place, and it goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from comity.case.envelope import OFFICE, Envelope
from comity.case.errors import BadInput, Usage
from comity.store import connect
from comity.store.copying import EVENTS, filled_store, write_store
from comity.store.events import EventStore, FedUpTo

Opened = Callable[[], EventStore]


def event(version: int) -> Envelope:
    body = {"officer": "réviseur", "role_granted": "auditor"}
    return Envelope(OFFICE, version, "role_granted", 1, "2026-03-02T09:00:00Z", "a", "registrar", "grant", body)


def filled(place: Path) -> EventStore:
    store = connect(place)
    for version in range(1, 4):
        store.append([event(version)], {OFFICE: version - 1})
    store.mark_fed(0, [FedUpTo(1, 1, 1), FedUpTo(2, 5, 2)])
    return store


def test_a_copy_holds_what_was_there_and_goes_on_after_it(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    store = filled(folder)
    assert write_store(store, tmp_path) == 3
    again = opened()
    with filled_store(again, tmp_path):
        assert again.count() == 3
    assert list(again.read_from(0)) == list(store.read_from(0))
    assert (again.fed(), list(again.outbox())) == (store.fed(), list(store.outbox()))
    assert again.leaves_of(2) == (1, 5)
    again.append([event(4)], {OFFICE: 3})
    assert again.position_of(event(4)) == 4
    store.close()


def test_a_copy_is_not_laid_over_events(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    store = filled(folder)
    write_store(store, tmp_path)
    with pytest.raises(Usage, match="DATABASE_NOT_EMPTY"), filled_store(store, tmp_path):
        pass
    assert store.count() == 3
    store.close()
    again = opened()
    lines = (tmp_path / EVENTS).read_text().splitlines()
    (tmp_path / EVENTS).write_text("\n".join([*lines[:2], lines[2][:30]]))
    with pytest.raises(BadInput, match="BACKUP_UNREADABLE"), filled_store(again, tmp_path):
        pass
    # All of a copy is taken over, or nothing.
    assert again.count() == 0


def test_a_copy_that_is_found_wanting_afterwards_leaves_nothing_behind(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    store = filled(folder)
    write_store(store, tmp_path)
    store.close()
    again = opened()
    with pytest.raises(ZeroDivisionError), filled_store(again, tmp_path):
        assert again.count() == 3 / 0
    assert (again.count(), again.fed().position) == (0, 0)
    with filled_store(again, tmp_path):
        pass
    assert again.count() == 3
