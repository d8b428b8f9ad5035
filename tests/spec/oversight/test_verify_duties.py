"""Who acted on a batch without the right to, and what was dated otherwise than it was: found in the files alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from comity.agreements import Agreement
from comity.case import batch_decisions
from comity.case.batch_events import BATCH_EVENTS, CopyTaken
from comity.case.envelope import Act, stamp
from comity.demo.cast import REVIEWERS
from comity.office import assigning, reviewing
from comity.office.desk import Actor, Office
from comity.oversight.duties import ACTS
from comity.review import rights
from comity.review.copies import COPIES
from tests.spec.oversight.test_verify import found_by, hand_all_over, small
from tests.spec.oversight.test_verify_release import next_day
from tests.world import START, World

Forge = Callable[..., None]


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Forge:
    """Have the office, which asks nobody for a right, write down another author or hour for what one command does."""
    written = Office.act
    monkeypatch.setattr(Office, "require", in_some_role)
    monkeypatch.setattr(Office, "require_still", lambda *_: None)

    def forged(command: str, **said: str) -> None:
        def write(office, actor, role, of):
            true = written(office, actor, role, of)
            return replace(true, **said) if of == command else true

        monkeypatch.setattr(Office, "act", write)

    return forged


def in_some_role(_: Office, actor: Actor, act: str, *__: object, **___: object) -> str:
    """A role of the actor's that knows the act, whatever else rules it out."""
    return next(role for role in rights.RIGHTS[act].roles if role in actor.roles)


def released(world: World) -> World:
    world.to_signed()
    world.release()
    return world


def test_every_event_of_a_batch_is_the_outcome_of_an_act_with_a_right() -> None:
    assert ACTS.keys() | {CopyTaken.kind()} == BATCH_EVENTS.keys()
    assert {*ACTS.values(), *(copied.act for copied in COPIES.values())} <= rights.RIGHTS.keys()


@pytest.mark.parametrize(
    ("command", "officer", "role"),
    [
        ("receive", "auditor", "operator"),
        ("work", "counsel", "operator"),
        ("review next", "operator", "reviewer"),
        ("release", "counsel", "transmitter"),
        ("release", "nobody", "transmitter"),
    ],
)
def test_an_act_of_somebody_who_never_held_the_role_is_found(
    prepared: World, forge: Forge, monkeypatch: pytest.MonkeyPatch, command: str, officer: str, role: str
) -> None:
    forge(command, actor=officer, role=role)
    prepared.receive()
    if command == "review next":
        prepared.work()
        prepared.settle()
        prepared.work()
        read_one(prepared)
        monkeypatch.undo()
    assert found_by(released(prepared)) == "RIGHT_MISSING"


def read_one(world: World) -> None:
    """A reviewer looks at the first open case, which is free for others after its time."""
    assigning.next_case(world.office, world.actor(REVIEWERS[0]), world.batch)
    world.stage.calendar.move_to(world.stage.calendar.moment + assigning.HELD_FOR)


def test_an_act_in_a_role_that_does_not_allow_it_is_found(prepared: World, forge: Forge) -> None:
    forge("release", actor="operator", role="operator")
    prepared.receive()
    assert found_by(released(prepared)) == "RIGHT_MISSING"


def test_a_reply_that_its_signer_handed_over_is_found(prepared: World, forge: Forge) -> None:
    prepared.granted("approver-1", "transmitter")
    forge("collect", actor="approver-1", role="transmitter")
    batch = small(prepared)
    hand_all_over(prepared, batch)
    assert found_by(prepared) == "SOD_VIOLATION"


def test_a_vote_of_somebody_who_works_the_batch_is_found(prepared: World, forge: Forge) -> None:
    prepared.granted(REVIEWERS[0], "operator")
    forge("work", actor=REVIEWERS[0], role="operator")
    prepared.receive()
    assert found_by(released(prepared)) == "SOD_VIOLATION"


def test_a_role_that_was_granted_after_the_act_does_not_cover_it(prepared: World, forge: Forge) -> None:
    forge("receive", actor="examiner", role="operator")
    prepared.receive()
    prepared.stage.calendar.move_to(START + timedelta(hours=1))
    prepared.granted("examiner", "operator")
    assert found_by(released(prepared)) == "RIGHT_MISSING"


def test_a_reply_that_somebody_else_handed_over_is_found_once_the_day_is_told(prepared: World, forge: Forge) -> None:
    forge("collect", actor="auditor", role="transmitter")
    batch = small(prepared)
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(hours=1))
    hand_all_over(prepared, batch)
    assert found_by(prepared) == ""
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(minutes=1))
    prepared.granted("examiner", "auditor")
    next_day(prepared)
    assert found_by(prepared) == "RIGHT_MISSING"


def test_an_event_that_is_older_than_the_one_before_is_found(prepared: World, forge: Forge) -> None:
    forge("work", at=stamp(START - timedelta(days=1)))
    prepared.receive()
    assert found_by(released(prepared)) == "TIME_BACKWARDS"


def test_an_office_that_dates_a_role_back_is_found(prepared: World, forge: Forge) -> None:
    prepared.stage.calendar.move_to(START + timedelta(hours=1))
    prepared.granted("operator", "auditor")
    forge("approve_entry", at=stamp(START))
    prepared.granted("examiner", "operator")
    prepared.receive()
    assert found_by(released(prepared)) == "TIME_BACKWARDS"


@pytest.mark.parametrize("late", [timedelta(days=-5), timedelta(days=3)])
def test_an_hour_of_the_answer_that_the_agreement_does_not_give_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch, late: timedelta
) -> None:
    given = Agreement.answer_hour

    def other(agreement: Agreement, received: datetime) -> datetime:
        return given(agreement, received) + late

    monkeypatch.setattr(Agreement, "answer_hour", other)
    prepared.receive()
    monkeypatch.setattr(Agreement, "answer_hour", given)
    assert found_by(released(prepared)) == "ANSWER_HOUR_DIFFERS"


def test_a_sealing_that_names_the_registers_of_an_earlier_hour_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = batch_decisions.seal
    monkeypatch.setattr(
        batch_decisions,
        "seal",
        lambda batch, state, event: replace(seal(batch, state, event), office_version=state.version - 1),
    )
    prepared.receive()
    assert found_by(released(prepared)) == "OFFICE_VERSION_DIFFERS"


def test_a_handing_over_that_names_the_registers_of_an_earlier_hour_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = batch_decisions.hand_over
    monkeypatch.setattr(
        batch_decisions,
        "hand_over",
        lambda batch, state, event: [
            replace(one, office_version=state.version - 1) for one in hand_over(batch, state, event)
        ],
    )
    batch = small(prepared)
    hand_all_over(prepared, batch)
    assert found_by(prepared) == "OFFICE_VERSION_DIFFERS"


def test_acts_are_named_by_the_author_that_the_office_wrote_down(prepared: World) -> None:
    prepared.receive()
    assert found_by(released(prepared)) == ""
    assert isinstance(prepared.office.act(prepared.actor("operator"), "operator", "work"), Act)


def test_a_vote_on_a_case_that_the_office_gave_to_nobody_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared.receive()
    if prepared.work() == "RULINGS_OPEN":
        prepared.settle()
        prepared.work()
    [(row, _), *_] = reviewing.open_cases(prepared.office, prepared.batch)
    monkeypatch.setattr(batch_decisions, "require_in_hand", lambda *_: None)
    assigning.vote(prepared.office, prepared.actor(REVIEWERS[2]), prepared.batch, [(row, "not_same", "")])
    monkeypatch.undo()
    assert found_by(released(prepared)) == "NOT_ASSIGNED"
