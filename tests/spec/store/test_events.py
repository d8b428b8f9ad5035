"""Events are appended at an expected version, or not at all; on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from comity.case.envelope import Act, Envelope, envelope
from comity.case.errors import Integrity
from comity.case.office_events import EntryApproved, HoldConfirmed
from comity.store.events import EventStore, FedUpTo, StateMoved

ACT = Act("ann", "registrar", "approve_entry", "2026-01-01T00:00:00Z")
Opened = Callable[[], EventStore]


def granted(version: int, stream: str = "office") -> Envelope:
    return envelope(EntryApproved("officer", "bob", 1), ACT, stream, version)


def test_what_was_appended_is_read_back_the_same_by_whoever_opens_the_store(opened: Opened) -> None:
    events = [granted(1), granted(2)]
    opened().append(events, {"office": 0})
    assert opened().read("office") == events
    assert opened().read("office", after=1) == events[1:]
    assert opened().version("office") == 2
    assert opened().last_at() == ACT.at


def test_an_append_on_a_state_that_has_moved_writes_nothing(opened: Opened) -> None:
    store = opened()
    store.append([granted(1)], {"office": 0})
    with pytest.raises(StateMoved):
        store.append([granted(1)], {"office": 0})
    assert store.version("office") == 1


def test_an_act_on_a_batch_fails_when_the_office_has_moved_since_it_was_read(opened: Opened) -> None:
    store = opened()
    store.append([granted(1)], {"office": 0})
    hold = envelope(HoldConfirmed("H1"), ACT, "office", 2)
    store.append([hold], {"office": 1})
    with pytest.raises(StateMoved):
        store.append([granted(1, "batch/B1")], {"office": 1, "batch/B1": 0})
    assert store.read("batch/B1") == []


def test_appending_nothing_still_compares_the_versions(opened: Opened) -> None:
    with pytest.raises(StateMoved):
        opened().append([], {"office": 3})


@pytest.mark.parametrize("version", [2, 0])
def test_an_event_that_does_not_continue_its_stream_is_refused(opened: Opened, version: int) -> None:
    with pytest.raises(Integrity) as caught:
        opened().append([granted(version)], {"office": 0})
    assert caught.value.code == "EVENT_OUT_OF_LINE"


def test_all_events_have_one_order_across_streams(opened: Opened) -> None:
    store = opened()
    store.append([granted(1)], {"office": 0})
    store.append([granted(1, "batch/B1"), granted(2, "batch/B1")], {"office": 1, "batch/B1": 0})
    store.append([granted(2)], {"office": 1})
    items = list(store.read_from(0))
    assert [item.envelope.stream for item in items] == ["office", "batch/B1", "batch/B1", "office"]
    assert [item.position for item in items] == sorted(item.position for item in items)
    assert store.streams() == ["office", "batch/B1"]
    assert store.position_of(items[2].envelope) == items[2].position


def test_the_feed_remembers_which_leaves_an_event_became(opened: Opened) -> None:
    store = opened()
    assert store.fed() == FedUpTo(0, 0, 0)
    store.mark_fed(0, [FedUpTo(1, 3, 1), FedUpTo(2, 3, 4)])
    assert opened().fed() == FedUpTo(2, 3, 4)
    assert store.leaves_of(1) == (0, 3)
    assert store.leaves_of(9) is None


def test_the_store_knows_where_a_stream_stood_before_an_event(opened: Opened) -> None:
    store = opened()
    store.append([granted(1)], {"office": 0})
    store.append([granted(1, "batch/B1")], {"office": 1, "batch/B1": 0})
    store.append([granted(2)], {"office": 1})
    positions = [item.position for item in store.read_from(0)]
    assert [store.version_before("office", position) for position in positions] == [0, 1, 1]


def test_of_two_who_append_at_once_exactly_one_succeeds(opened: Opened) -> None:
    opened()
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def appender() -> None:
        store = opened()
        start.wait()
        try:
            store.append([granted(1)], {"office": 0})
            outcomes.append("appended")
        except StateMoved:
            outcomes.append("moved")
        finally:
            store.close()

    threads = [threading.Thread(target=appender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["appended", "moved", "moved", "moved"]
    assert opened().version("office") == 1
