"""Events become leaves: stages at their end, the office's own once a day, before an intent, and never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounting.leaf import OfficeSegmentLeaf, StageLeaf, read_leaf
from comity.accounting.log import Log
from comity.case.batch_events import RecordsRead
from comity.case.envelope import batch_stream, envelope, stamp
from comity.demo.cast import REVIEWERS
from comity.oversight.verify import verify_log
from comity.store.events import EventStore
from tests.world import START, World


def leaves(world: World) -> list[object]:
    log = world.office.log
    return [read_leaf(data) for data in log.entries(0, log.checkpoint().size)]


def test_the_first_leaf_says_whose_log_it_is(prepared: World) -> None:
    assert leaves(prepared)[0] == replace(leaves(prepared)[0], first_version=1, last_version=1)
    assert verify_log(prepared.place / "home").origin == "comity.example/rehearsal-revenue"


def test_what_the_office_does_within_a_day_has_no_leaf_of_its_own_until_midnight(prepared: World) -> None:
    before = len(leaves(prepared))
    prepared.granted("operator", "auditor")
    assert len(leaves(prepared)) == before
    prepared.stage.calendar.move_to(START + timedelta(days=1))
    prepared.granted("examiner", "auditor")
    [closed] = leaves(prepared)[before:]
    assert isinstance(closed, OfficeSegmentLeaf)
    assert closed.last_version == prepared.office.state().version - 2
    assert verify_log(prepared.place / "home").office_events == closed.last_version


def test_an_event_that_was_stamped_before_midnight_and_appended_after_it_is_in_a_segment(prepared: World) -> None:
    office = prepared.office
    batch = prepared.receive()
    late = office.act(prepared.actor(REVIEWERS[0]), "reviewer", "review queue")
    prepared.stage.calendar.move_to(START + timedelta(days=1))
    prepared.granted("examiner", "auditor")
    version, stream = office.batch(batch).version, batch_stream(batch)
    office.append([envelope(RecordsRead((1,)), late, stream, version + 1)], {stream: version})
    assert late.at < stamp(START + timedelta(days=1))
    before = office.state().version
    prepared.stage.calendar.move_to(START + timedelta(days=2))
    prepared.granted("transmitter", "auditor")
    assert verify_log(prepared.place / "home").office_events == before


def test_the_stages_of_a_batch_stand_in_their_order_and_the_office_closes_before_the_intent(sealed: World) -> None:
    stages = [leaf for leaf in leaves(sealed) if isinstance(leaf, StageLeaf | OfficeSegmentLeaf)]
    names = [leaf.stage if isinstance(leaf, StageLeaf) else "office" for leaf in stages]
    assert names == ["office", "received", "ruled", "determined", "countersigned", "office", "intended"]


def test_events_without_a_leaf_are_recorded_at_once_and_the_log_is_left_alone(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, batch, recorded = prepared.office, prepared.receive(), []
    real = EventStore.mark_fed
    monkeypatch.setattr(EventStore, "mark_fed", lambda *given: recorded.append(list(given[2])) or real(*given))
    monkeypatch.delattr(Log, "append")
    version, stream = office.batch(batch).version, batch_stream(batch)
    act = office.act(prepared.actor(REVIEWERS[0]), "reviewer", "review queue")
    read = [envelope(RecordsRead((row,)), act, stream, version + row) for row in range(1, 4)]
    office.append(read, {stream: version})
    assert [len(events) for events in recorded] == [3]
    assert office.store.fed().position == office.store.position_of(read[-1])


def test_feeding_again_changes_nothing(sealed: World) -> None:
    before = sealed.office.log.checkpoint()
    sealed.office.follow()
    sealed.reopen()
    assert sealed.office.log.checkpoint() == before
