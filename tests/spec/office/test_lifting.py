"""A hold ends when counsel and a hold officer have read the court's later order; nothing else comes back to life."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.accounting.leaf import HoldLeaf, read_leaf
from comity.case import batch_decisions
from comity.case.envelope import OFFICE, envelope
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.office_events import HoldLifted, SafeguardsProposed
from comity.office import acts, handing, outbox, recalling, story
from comity.office.desk import Actor
from comity.oversight.verify import verify_log
from tests.spec.oversight.test_verify import hand_all_over, small
from tests.world import World

PAPER = b"An order that ends the first, for rehearsal."


def propose(world: World, officer: str = "hold-officer", hold: str = "H1", paper: bytes = PAPER) -> int:
    day = world.office.now().date().isoformat()
    order = {"court": "D. Rehearsal", "order": "1:26-cv-00001, No. 61", "ordered_on": day}
    return acts.propose_lift(world.office, world.actor(officer), hold, order, paper)


def confirm(world: World, number: int = 1, officer: str = "counsel", paper: bytes = PAPER) -> None:
    acts.confirm_lift(world.office, world.actor(officer), "H1", number, paper)


def lifted(world: World) -> None:
    confirm(world, propose(world))


def refused(kind: type[Exception], code: str, call, *arguments, **named) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments, **named)
    assert caught.value.code == code


def found_by(world: World) -> str:
    """What verification finds once the office's events of the day are closed; '' if nothing."""
    world.stage.calendar.move_to(world.office.now() + timedelta(days=1))
    world.granted("operator", "auditor")
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


def holds_in_clear(world: World) -> list[str]:
    leaves = (read_leaf(data) for data in world.office.log.entries(0, world.office.log.checkpoint().size))
    return [leaf.act for leaf in leaves if isinstance(leaf, HoldLeaf)]


def test_a_batch_goes_on_after_the_lift_and_the_log_shows_the_span(signed: World) -> None:
    signed.hold()
    refused(Refused, "HOLD_ACTIVE", signed.release)
    number = propose(signed)
    refused(Refused, "HOLD_ACTIVE", signed.release)
    signed.reopen()
    refused(Refused, "HOLD_ACTIVE", signed.release)
    confirm(signed, number)
    signed.release()
    signed.collect("ICE-R001", signed.place / "reply")
    assert holds_in_clear(signed) == ["placed", "lift-proposed", "lifted"]
    assert found_by(signed) == ""


def test_another_hold_stops_on_when_one_is_lifted(signed: World) -> None:
    signed.hold()
    signed.hold("H2", "*")
    lifted(signed)
    refused(Refused, "HOLD_ACTIVE", signed.release)


def test_two_hold_officers_do_not_lift_and_neither_does_one_person(signed: World) -> None:
    signed.hold()
    signed.granted("examiner", "hold_officer")
    number = propose(signed)
    refused(Refused, "SOD_VIOLATION", confirm, signed, number, "hold-officer")
    refused(Refused, "SAME_ROLE", confirm, signed, number, "examiner")
    refused(Refused, "RIGHT_MISSING", confirm, signed, number, "operator")


def test_whoever_holds_both_roles_gives_the_one_that_lacks(signed: World) -> None:
    signed.hold()
    signed.granted("examiner", "hold_officer")
    signed.granted("examiner", "counsel")
    number = propose(signed)
    confirm(signed, number, "examiner")
    [event] = [stored for stored in signed.office.store.read("office") if stored.type == "hold_lifted"]
    assert event.role == "counsel"


def test_an_approver_does_not_lift(signed: World) -> None:
    signed.hold()
    signed.granted("approver-1", "counsel")
    number = propose(signed)
    refused(Refused, "IN_RELEASE_CHAIN", confirm, signed, number, "approver-1")


def test_an_order_without_a_paper_lifts_nothing(signed: World) -> None:
    signed.hold()
    refused(BadInput, "ORDER_MISSING", propose, signed, paper=b"")
    refused(BadInput, "ORDER_UNFIT", propose, signed, paper=b"An order, for rehearsal.")
    refused(BadInput, "ORDER_DIFFERS", confirm, signed, propose(signed), paper=b"Another paper.")


def test_a_confirmation_counts_once(signed: World) -> None:
    signed.hold()
    number = propose(signed)
    confirm(signed, number)
    refused(Refused, "HOLD_LIFTED", confirm, signed, number)
    refused(Refused, "HOLD_LIFTED", propose, signed)


def test_whoever_lifted_a_hold_signs_and_releases_no_batch_that_it_stood_over(answered: World) -> None:
    answered.hold()
    lifted(answered)
    for officer in ("hold-officer", "counsel"):
        answered.granted(officer, "approver", by="counsel") if officer != "counsel" else None
    refused(Refused, "SOD_VIOLATION", answered.sign_answers, "hold-officer")
    answered.granted("hold-officer", "transmitter")
    answered.to_signed()
    with pytest.raises(Refused) as caught:
        story.release(answered.office, answered.actor("hold-officer"), answered.batch)
    assert caught.value.code == "SOD_VIOLATION"


def test_what_lapsed_under_the_hold_is_read_again_after_the_lift(sealed: World) -> None:
    sealed.hold()
    today = sealed.office.now().date().isoformat()
    sealed.entered(SafeguardsProposed("ICE", "", "", True, 0, 0, "", today))
    lifted(sealed)
    refused(Refused, "LAPSED_SINCE_RECEIPT", sealed.collect, "ICE-R001", sealed.place / "reply")


def test_a_lift_does_not_revive_what_was_recalled_under_the_hold(sealed: World) -> None:
    sealed.hold()
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [1], "Ordered.")
    stopped = sorted(handing.recalls.stopped_by(sealed.office.batch(sealed.batch)))
    lifted(sealed)
    assert stopped
    for recipient in stopped:
        refused(Refused, "RECALLED", sealed.collect, recipient, sealed.place / "reply")


def test_a_batch_is_not_sealed_after_the_day_on_which_its_replies_would_be_destroyed(signed: World) -> None:
    signed.hold()
    signed.stage.calendar.move_to(signed.office.now() + timedelta(days=400))
    lifted(signed)
    refused(Refused, "REPLY_OUT_OF_TERM", signed.release)


def test_a_reply_whose_day_of_destruction_passed_under_the_hold_stays(sealed: World) -> None:
    sealed.hold()
    sealed.stage.calendar.move_to(sealed.office.now() + timedelta(days=400))
    lifted(sealed)
    refused(Refused, "REPLY_OUT_OF_TERM", sealed.collect, "ICE-R001", sealed.place / "reply")


def released_under_a_hold(world: World, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """The office, which reads no hold, goes on under one as far as `act`; the hold is lifted afterwards."""
    story.accounting(world.office, world.actor("transmitter"), world.batch) if act != "intended" else None
    world.release() if act == "handed_over" else None
    world.hold()
    with monkeypatch.context() as blind:
        blind.setattr(batch_decisions, "require_no_hold", lambda *_: None)
        if act == "intended":
            story.accounting(world.office, world.actor("transmitter"), world.batch)
        elif act == "sealed":
            world.release()
    world.stage.calendar.move_to(world.office.now() + timedelta(hours=1))
    lifted(world)


@pytest.mark.parametrize("act", ["intended", "sealed"])
def test_what_was_disclosed_within_the_span_is_found_after_the_lift_as_well(
    signed: World, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    released_under_a_hold(signed, monkeypatch, act)
    assert found_by(signed) == f"{act.upper()}_UNDER_HOLD"


def test_a_reply_that_left_within_the_span_is_found_after_the_lift_as_well(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = small(prepared)
    prepared.hold()
    with monkeypatch.context() as blind:
        blind.setattr(batch_decisions, "require_no_hold", lambda *_: None)
        hand_all_over(prepared, batch)
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(hours=1))
    lifted(prepared)
    assert found_by(prepared) == "HANDED_OVER_UNDER_HOLD"


def test_replies_that_leave_after_the_lift_verify(prepared: World) -> None:
    batch = small(prepared)
    prepared.hold()
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(hours=1))
    lifted(prepared)
    hand_all_over(prepared, batch)
    assert found_by(prepared) == ""


def forged_lift(world: World, officer: str, role: str) -> None:
    """An officer alone writes down that the hold is lifted, past every check of the office."""
    state = world.office.state()
    act = world.office.act(Actor(officer, frozenset({role})), role, "confirm_lift")
    event = HoldLifted("H1", 1, state.holds["H1"].lift.order_digest)
    world.office.append([envelope(event, act, OFFICE, state.version + 1)], {OFFICE: state.version})


@pytest.mark.parametrize(
    ("officer", "role"), [("hold-officer", "counsel"), ("operator", "counsel"), ("operator", "operator")]
)
def test_a_lift_that_its_officers_could_not_make_is_found(signed: World, officer: str, role: str) -> None:
    signed.hold()
    propose(signed)
    forged_lift(signed, officer, role)
    assert found_by(signed) == "ACT_WITHOUT_RIGHT"


def test_a_lift_by_two_hold_officers_is_found(signed: World) -> None:
    signed.granted("examiner", "hold_officer")
    signed.hold()
    propose(signed)
    forged_lift(signed, "examiner", "hold_officer")
    assert found_by(signed) == "ACT_WITHOUT_RIGHT"


def test_a_lift_by_who_signed_the_batch_is_found(answered: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answered.granted("approver-1", "counsel")
    answered.sign_answers("approver-1")
    answered.sign_answers("approver-2")
    answered.hold()
    number = propose(answered)
    with monkeypatch.context() as blind:
        blind.setattr(acts.decide, "_require_outside_chain", lambda *_: None)
        confirm(answered, number, "approver-1")
        assert found_by(answered) == "LIFTED_IN_RELEASE_CHAIN"


def test_a_lift_without_its_leaf_is_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    signed.hold()
    number = propose(signed)
    made = outbox._own_leaf
    monkeypatch.setattr(outbox, "_own_leaf", lambda store, at: None if at.type == "hold_lifted" else made(store, at))
    confirm(signed, number)
    assert found_by(signed) == "HOLD_WITHOUT_LEAF"
