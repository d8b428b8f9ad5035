"""What lets a reply leave the office, and what stops it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from comity.case import batch_decisions as decide
from comity.case.errors import BadInput, Integrity, Refused, Waiting
from comity.office import assigning, handing, reading, reviewing, story
from comity.oversight.verify import verify_log
from tests.world import START, World, submission_id


def refused(kind: type[Exception], code: str, call, *arguments, **named) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments, **named)
    assert caught.value.code == code


def replies_of(world: World) -> list[Path]:
    return list((world.place / "home" / "batches" / world.batch).glob("replies*"))


def test_the_whole_way_ends_in_one_reply_per_recipient_and_a_log_that_verifies(sealed: World) -> None:
    named = handing.recipients(sealed.office, sealed.office.batch(sealed.batch))
    assert len(named) == 40
    found = verify_log(sealed.place / "home")
    assert (found.requests, found.intents, found.sealed) == (120, 1, 1)


def test_no_release_without_two_signatures(answered: World) -> None:
    answered.stage.calendar.move_to(START + timedelta(days=40))
    refused(Waiting, "SIGNATURES_MISSING", answered.release)
    answered.sign_answers("approver-1")
    refused(Waiting, "SIGNATURES_MISSING", answered.release)
    assert not replies_of(answered)


def test_one_officer_does_not_sign_twice(answered: World) -> None:
    answered.sign_answers("approver-1")
    refused(Refused, "SAME_OFFICER", answered.sign_answers, "approver-1")


@pytest.mark.parametrize("officer", ["operator", "examiner", "reviewer-1", "transmitter"])
def test_nobody_with_another_part_in_the_batch_signs_even_as_an_approver(answered: World, officer: str) -> None:
    answered.granted(officer, "approver")
    if officer in ("operator", "reviewer-1"):
        refused(Refused, "SOD_VIOLATION", answered.sign_answers, officer)
    else:
        answered.sign_answers(officer)
        answered.sign_answers("approver-2")
        answered.stage.calendar.move_to(START + timedelta(days=40))
        if officer == "transmitter":
            refused(Refused, "SOD_VIOLATION", answered.release)


def test_a_reviewer_who_voted_does_not_sign(prepared: World) -> None:
    batch = prepared.receive(prepared.sent(2, "request_id <= 'SMALL-00020'", "NULL::DATE AS date_of_birth"))
    assert prepared.work(batch) == "VOTES_OPEN"
    prepared.vote_no(batch)
    assert prepared.work(batch) == "SIGNATURES_MISSING"
    prepared.granted("reviewer-1", "approver")
    refused(Refused, "SOD_VIOLATION", prepared.sign_answers, "reviewer-1", batch)


def test_two_votes_for_the_person_of_record_make_a_yes_and_each_look_is_an_event(prepared: World) -> None:
    batch = prepared.receive(prepared.sent(2, "request_id <= 'SMALL-00020'", "NULL::DATE AS date_of_birth"))
    prepared.work(batch)
    for reviewer in ("reviewer-1", "reviewer-2"):
        cases = assigning.take_cases(prepared.office, prepared.actor(reviewer), batch, 100, ["clerical"])
        row = min(cases)
        votes = [(row, "same", cases[row][0][0]), *((other, "not_same", "") for other in cases if other != row)]
        assigning.vote(prepared.office, prepared.actor(reviewer), batch, votes)
    prepared.work(batch)
    assert prepared.office.batch(batch).answers.counts == {"CONFIRMED": 1, "NO_DISCLOSURE": 19}
    looks = [stored for stored in prepared.office.store.read(f"batch/{batch}") if stored.type == "records_read"]
    assert [stored.actor for stored in looks] == ["reviewer-1", "reviewer-2"]


def test_cases_without_votes_are_a_no_when_the_hour_of_the_answer_comes(prepared: World) -> None:
    batch = prepared.receive(prepared.sent(2, "request_id <= 'SMALL-00020'", "NULL::DATE AS date_of_birth"))
    assert prepared.work(batch) == "VOTES_OPEN"
    prepared.stage.calendar.move_to(START + timedelta(days=40))
    assert prepared.work(batch) == "SIGNATURES_MISSING"
    assert prepared.office.batch(batch).answers.counts == {"NO_DISCLOSURE": 20}


def test_an_officer_who_is_no_approver_does_not_sign(answered: World) -> None:
    refused(Refused, "RIGHT_MISSING", answered.sign_answers, "counsel")


def test_new_answers_need_new_signatures(signed: World) -> None:
    state = signed.office.batch(signed.batch)
    again = state.answers
    act = signed.office.act(signed.actor("operator"), "operator", "work")
    signed.office.record(act, [again], signed.office.state(), state)
    refused(Waiting, "SIGNATURES_MISSING", signed.release)


def test_signatures_for_another_batch_do_not_serve(answered: World) -> None:
    answered.sent(2, rows="request_id <= 'SMALL-00050'")
    other = answered.receive(answered.place / "package-2")
    answered.to_answers(other)
    for officer in ("approver-1", "approver-2"):
        answered.sign_answers(officer, other)
    ours, theirs = answered.office.batch(answered.batch), answered.office.batch(other)
    act = answered.office.act(answered.actor("approver-1"), "approver", "review sign")
    refused(Refused, "ANSWERS_CHANGED", decide.countersign, ours, theirs.countersigned[0])
    answered.office.record(act, theirs.countersigned, answered.office.state(), ours)
    answered.stage.calendar.move_to(START + timedelta(days=40))
    refused(Refused, "SIGNATURE_OF_ANOTHER_BATCH", answered.release)
    assert answered.office.batch(answered.batch).intended is None
    assert not replies_of(answered)


def test_no_release_before_the_hour_that_intake_fixed(answered: World) -> None:
    answered.sign_answers("approver-1")
    answered.sign_answers("approver-2")
    refused(Waiting, "ANSWER_HOUR_NOT_REACHED", answered.release)


def test_a_hold_placed_a_moment_before_stops_the_intent(signed: World) -> None:
    signed.hold()
    refused(Refused, "HOLD_ACTIVE", signed.release)
    assert signed.office.batch(signed.batch).intended is None


def test_a_hold_placed_between_intent_and_sealing_stops_the_sealing(signed: World) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    signed.hold()
    refused(Refused, "HOLD_ACTIVE", signed.release)
    assert not replies_of(signed)


def test_an_intent_under_a_hold_can_be_given_up_and_its_leaves_stay(signed: World) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    signed.hold()
    story.abandon(signed.office, signed.actor("counsel"), signed.batch, "The court has spoken.")
    assert signed.office.batch(signed.batch).intended is None
    found = verify_log(signed.place / "home")
    assert (found.intents, found.requests, found.sealed) == (1, 120, 0)
    assert signed.work() == "SIGNATURES_MISSING"
    refused(Refused, "HOLD_ACTIVE", signed.receive, signed.sent(2, "request_id <= 'SMALL-00003'"))


def test_after_an_abandoned_intent_new_answers_are_signed_and_released(signed: World) -> None:
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    story.abandon(signed.office, signed.actor("counsel"), signed.batch, "A wrong recipient was named.")
    assert signed.work() == "SIGNATURES_MISSING"
    for officer in ("approver-1", "approver-2"):
        signed.sign_answers(officer)
    assert signed.release() == 40
    found = verify_log(signed.place / "home")
    assert (found.intents, found.requests, found.sealed) == (2, 240, 1)


def test_a_hold_placed_while_replies_are_being_sealed_makes_the_sealing_count_for_nothing(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing = handing.disclosure.seal_replies

    def sealed_then_held(*arguments):
        index = sealing(*arguments)
        signed.hold()
        return index

    monkeypatch.setattr(handing.disclosure, "seal_replies", sealed_then_held)
    refused(Waiting, "STATE_MOVED", signed.release)
    assert signed.office.batch(signed.batch).sealed is None
    monkeypatch.undo()
    refused(Refused, "HOLD_ACTIVE", signed.release)


def test_a_hold_stops_the_handing_over_of_a_sealed_reply_and_of_one_fetched_before(sealed: World) -> None:
    sealed.collect("ICE-R016", sealed.place / "first")
    sealed.hold()
    for recipient in ("ICE-R016", "ICE-R019"):
        refused(Refused, "HOLD_ACTIVE", sealed.collect, recipient, sealed.place / "later")
    assert not (sealed.place / "later").exists()
    assert verify_log(sealed.place / "home").holds == 1


def test_a_reply_that_was_changed_in_the_vault_is_not_handed_over(sealed: World) -> None:
    batch = sealed.office.batch(sealed.batch)
    entry = handing.reply_entry(sealed.office, batch, "ICE-R016")
    path = sealed.office.vault.folder(sealed.batch) / entry["file"]
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    refused(Integrity, "REPLY_CHANGED", sealed.collect, "ICE-R016", sealed.place / "out")
    assert "ICE-R016" not in sealed.office.batch(sealed.batch).handed_over


@pytest.mark.parametrize("place", ["none/out", ""], ids=["no such folder", "a folder"])
def test_a_reply_that_cannot_be_written_is_not_handed_over(sealed: World, place: str) -> None:
    refused(BadInput, "OUT_NOT_WRITABLE", sealed.collect, "ICE-R016", sealed.place / place)
    assert not sealed.office.batch(sealed.batch).handed_over
    sealed.collect("ICE-R016", sealed.place / "out")
    assert list(sealed.office.batch(sealed.batch).handed_over) == ["ICE-R016"]
    assert not list(sealed.place.glob(".*.reply"))


def test_a_reply_under_a_hold_leaves_no_trace_where_it_was_to_be(sealed: World) -> None:
    sealed.hold()
    refused(Refused, "HOLD_ACTIVE", sealed.collect, "ICE-R016", sealed.place / "out")
    assert not list(sealed.place.glob("*out*")) + list(sealed.place.glob(".*.reply"))


def test_nobody_without_a_reply_gets_one(sealed: World) -> None:
    refused(BadInput, "RECIPIENT_HAS_NO_REPLY", sealed.collect, "signatory", sealed.place / "out")


def test_the_office_shows_where_a_batch_stands_and_whom_it_waits_for(answered: World) -> None:
    [standing] = reading.batches(answered.office)
    assert (standing.batch, standing.requests, standing.step) == (submission_id(), 120, "review")
    assert standing.waits == "approvers (1)"


def test_releasing_twice_seals_once(sealed: World) -> None:
    size = sealed.office.log.checkpoint().size
    assert sealed.release() == 40
    assert sealed.office.log.checkpoint().size == size


def test_a_signature_can_be_checked_without_the_office(signed: World) -> None:
    signatures = reviewing.countersignatures(signed.office.batch(signed.batch))
    assert [signature.statement.rows for signature in signatures] == [120, 120]
