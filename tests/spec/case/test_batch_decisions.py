"""What may happen to a batch, and when: every command is a decision on folded state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from comity.case import batch_decisions as decide
from comity.case import batch_events as e
from comity.case import office_events as o
from comity.case.batch_state import APPLIED, BatchState, fold_batch
from comity.case.envelope import Act, envelope
from comity.case.errors import BadInput, Refused, Waiting
from comity.case.holds import Hold
from comity.case.office_state import OfficeState

NAMED = {"kind": "answers", "digest": "a" * 64, "rows": 3}
OTHER = {**NAMED, "digest": "b" * 64}
RECEIVED = e.SubmissionReceived(
    submission="B1",
    supersedes="",
    agreement="agreed",
    agreement_version="1",
    agency="ICE",
    signatory="head",
    certificate="",
    package_digest="",
    cover="",
    requests=NAMED,
    recipients=NAMED,
    facts={},
    received_on="2026-01-01",
    answer_at="2026-01-11T14:00:00Z",
    synthetic=True,
    vouched_by="somebody",
    salt="",
)
RULED = e.RequestsRuled(NAMED, NAMED, NAMED, NAMED, (), "1", "", 2, 0, 1, {}, "")
DETERMINED = e.RequestsDetermined(NAMED, NAMED, NAMED, "", "", "", {"screen": "none"}, {}, "")
ANSWERED = e.AnswersMade(NAMED, NAMED, {"CONFIRMED": 3}, {}, [], {}, "")
INTENDED = e.DisclosureIntended(1, NAMED, NAMED, NAMED, 1, "")
SEALED = e.RepliesSealed(1, NAMED, 1)
HANDED = e.ReplyHandedOver("R1", "", 1)
ACTIVE = o.AgreementProposed("agreed", "1", "", {}, "2025-01-01", "2027-01-01")
HEAD = o.SignatoryProposed("head", "ICE", "", "", "statute", "", "PEM", "", "", "2025-01-01", "2027-01-01")
OFFICE = OfficeState(version=1, agreements={"agreed": ACTIVE}, signatories={"head": HEAD})
HOLD = Hold("H1", "agreed", "disclose", "D. Example", "1:26-cv-1", "2026-01-02", "", "", "somebody", "2026-01-02")
HELD = replace(OFFICE, holds={"H1": HOLD})
OTHER_TERMS = replace(OFFICE, agreements={"agreed": replace(ACTIVE, digest="other terms")})


def signed(officer: str, digest: str = NAMED["digest"]) -> e.Countersigned:
    return e.Countersigned(officer, {"digest": digest}, "JWS ES256", "", "", "")


def after(*events: object, actor: str = "somebody") -> BatchState:
    act = Act(actor, "role", "command", "2026-01-01T00:00:00Z")
    return fold_batch("B1", [envelope(event, act, "batch/B1", at) for at, event in enumerate(events, 1)])


LINKED = (RECEIVED, RULED, e.RulingsSettled(NAMED, 3, 0), DETERMINED)
SIGNED = (*LINKED, ANSWERED, signed("ann"), signed("bob"))


def refusal(code: str, call, *arguments) -> None:
    with pytest.raises((Refused, BadInput, Waiting)) as caught:
        call(*arguments)
    assert caught.value.code == code


def test_every_kind_of_event_of_a_batch_changes_a_state() -> None:
    assert set(APPLIED) | {"vote_cast", "ruling_settled"} == set(e.BATCH_EVENTS)


def test_a_submission_is_received_once() -> None:
    assert decide.receive(BatchState("B1"), OFFICE, RECEIVED) == RECEIVED
    refusal("REPLAY", decide.receive, after(RECEIVED), OFFICE, RECEIVED)


def test_a_submission_under_an_agreement_that_nobody_approved_is_refused() -> None:
    refusal("AGREEMENT_UNKNOWN", decide.receive, BatchState("B1"), OfficeState(), RECEIVED)


@pytest.mark.parametrize("said", [{"synthetic": False}, {"vouched_by": ""}])
def test_a_submission_that_nobody_vouches_is_synthetic_is_refused(said: dict[str, object]) -> None:
    refusal("NOT_VOUCHED_SYNTHETIC", decide.receive, BatchState("B1"), OFFICE, replace(RECEIVED, **said))


@pytest.mark.parametrize(
    ("decided", "state", "event"),
    [
        (decide.receive, BatchState("B1"), RECEIVED),
        (decide.determine, after(*LINKED[:3]), DETERMINED),
        (decide.intend, after(*SIGNED), INTENDED),
        (decide.seal, after(*SIGNED, INTENDED), SEALED),
        (decide.hand_over, after(*SIGNED, INTENDED, SEALED), HANDED),
        (decide.hand_over, after(*SIGNED, INTENDED, SEALED, HANDED), HANDED),
    ],
)
def test_a_hold_stops_intake_linkage_intent_sealing_and_every_handing_over(decided, state, event) -> None:
    decided(state, OFFICE, event)
    refusal("HOLD_ACTIVE", decided, state, HELD, event)


@pytest.mark.parametrize("hold", [replace(HOLD, agreement="*"), replace(HOLD, direction="use")])
def test_a_hold_on_everything_or_on_use_stops_a_disclosure_too(hold: Hold) -> None:
    refusal("HOLD_ACTIVE", decide.intend, after(*SIGNED), replace(OFFICE, holds={"H1": hold}), INTENDED)


def test_a_hold_on_another_agreement_stops_nothing_here() -> None:
    elsewhere = replace(OFFICE, holds={"H1": replace(HOLD, agreement="other")})
    assert decide.intend(after(*SIGNED), elsewhere, INTENDED) == INTENDED


def test_the_steps_come_in_their_order_and_once() -> None:
    refusal("OUT_OF_ORDER", decide.rule, BatchState("B1"), RULED)
    refusal("DONE_BEFORE", decide.rule, after(RECEIVED, RULED), RULED)
    refusal("OUT_OF_ORDER", decide.determine, after(RECEIVED, RULED), OFFICE, DETERMINED)
    refusal("OUT_OF_ORDER", decide.make_answers, after(RECEIVED), OFFICE, ANSWERED)
    refusal("OUT_OF_ORDER", decide.seal, after(*SIGNED), OFFICE, SEALED)
    refusal("OUT_OF_ORDER", decide.hand_over, after(*SIGNED, INTENDED), OFFICE, HANDED)


def test_an_examiner_settles_only_what_waits_once_and_with_a_reason() -> None:
    state, settled = after(RECEIVED, RULED), e.RulingSettled(7, "pass", "Seen the paper.")
    assert decide.settle_ruling(state, {7}, settled) == settled
    refusal("RULING_NOT_OPEN", decide.settle_ruling, state, {8}, settled)
    refusal("RULING_NOT_OPEN", decide.settle_ruling, after(RECEIVED, RULED, settled), {7}, settled)
    refusal("RULING_UNKNOWN", decide.settle_ruling, state, {7}, replace(settled, ruling="review"))
    refusal("REASON_NEEDED", decide.settle_ruling, state, {7}, replace(settled, reason=" "))


def test_a_vote_names_a_person_exactly_when_it_says_same() -> None:
    state = after(*LINKED)
    assert decide.vote(state, 7, "same", "p1") == e.VoteCast(7, "same", "p1")
    refusal("VERDICT_UNKNOWN", decide.vote, state, 7, "same", "")
    refusal("VERDICT_UNKNOWN", decide.vote, state, 7, "not_same", "p1")
    refusal("VERDICT_UNKNOWN", decide.vote, state, 7, "perhaps", "")
    refusal("DONE_BEFORE", decide.vote, after(*LINKED, ANSWERED), 7, "same", "p1")


def test_two_officers_sign_the_answers_in_force_and_not_one_twice() -> None:
    answered = (*LINKED, ANSWERED)
    assert decide.countersign(after(*answered), signed("ann")) == signed("ann")
    refusal("OUT_OF_ORDER", decide.countersign, after(*LINKED), signed("ann"))
    refusal("SAME_OFFICER", decide.countersign, after(*answered, signed("ann")), signed("ann"))
    refusal("ANSWERS_CHANGED", decide.countersign, after(*answered), signed("ann", "b" * 64))
    refusal("DONE_BEFORE", decide.countersign, after(*SIGNED), signed("cid"))


def test_new_answers_void_both_signatures() -> None:
    renewed = after(*SIGNED, replace(ANSWERED, answers=OTHER))
    assert renewed.countersigned == ()
    refusal("SIGNATURES_MISSING", decide.intend, renewed, OFFICE, replace(INTENDED, answers=OTHER))


def test_nothing_is_intended_without_two_signatures_or_for_other_answers() -> None:
    refusal("SIGNATURES_MISSING", decide.intend, after(*LINKED, ANSWERED, signed("ann")), OFFICE, INTENDED)
    refusal("ANSWERS_CHANGED", decide.intend, after(*SIGNED), OFFICE, replace(INTENDED, answers=OTHER))
    refusal("DONE_BEFORE", decide.intend, after(*SIGNED, INTENDED), OFFICE, replace(INTENDED, intent=2))


def test_after_an_abandoned_intent_only_new_answers_may_follow() -> None:
    given_up = e.DisclosureAbandoned(1, "Wrong recipients.", 1)
    assert decide.abandon(after(*SIGNED, INTENDED), given_up) == given_up
    refusal("REASON_NEEDED", decide.abandon, after(*SIGNED, INTENDED), replace(given_up, reason=""))
    abandoned = after(*SIGNED, INTENDED, given_up)
    refusal("OUT_OF_ORDER", decide.intend, abandoned, OFFICE, replace(INTENDED, intent=2))
    assert decide.make_answers(abandoned, OFFICE, ANSWERED) == ANSWERED


def test_a_sealed_intent_is_not_abandoned_and_an_intent_in_force_takes_no_new_answers() -> None:
    refusal(
        "DONE_BEFORE", decide.abandon, after(*SIGNED, INTENDED, SEALED), e.DisclosureAbandoned(1, "Second thought.", 1)
    )
    refusal("INTENT_IN_FORCE", decide.make_answers, after(*SIGNED, INTENDED), OFFICE, ANSWERED)


def test_a_reply_fetched_twice_is_one_disclosure() -> None:
    assert decide.hand_over(after(*SIGNED, INTENDED, SEALED), OFFICE, HANDED) == [HANDED]
    assert decide.hand_over(after(*SIGNED, INTENDED, SEALED, HANDED), OFFICE, HANDED) == []


def test_the_last_acknowledgement_closes_the_batch() -> None:
    state = after(*SIGNED, INTENDED, SEALED, HANDED)
    heard = e.ReplyAcknowledged("R1", "", "")
    assert decide.acknowledge(state, heard, ["R1", "R2"], "00") == [heard]
    assert decide.acknowledge(state, heard, ["R1"], "00") == [heard, e.BatchClosed("00")]
    refusal("NOT_HANDED_OVER", decide.acknowledge, after(*SIGNED, INTENDED, SEALED), heard, ["R1"], "00")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"holds": {"H1": HOLD}}, "HOLD_ACTIVE"),
        ({"agreements": {"agreed": replace(ACTIVE, version="2")}}, "AGREEMENT_NOT_IN_FORCE"),
        ({"agreements": {"agreed": replace(ACTIVE, valid_to="2026-01-04")}}, "AGREEMENT_NOT_IN_FORCE"),
        ({"signatories": {}}, "SIGNATORY_NOT_AUTHORISED"),
        ({"signatories": {"head": replace(HEAD, valid_to="2026-01-04")}}, "SIGNATORY_NOT_AUTHORISED"),
    ],
)
def test_what_may_have_lapsed_since_intake_is_read_again_at_release(changed: dict[str, object], code: str) -> None:
    decide.require_still_allowed(after(*SIGNED), OFFICE, "2026-01-05")
    refusal(code, decide.require_still_allowed, after(*SIGNED), replace(OFFICE, **changed), "2026-01-05")


def test_what_is_returned_goes_back_whatever_lapsed_except_under_a_hold_or_other_rules() -> None:
    returned = after(*LINKED, replace(ANSWERED, counts={"RETURNED": 3, "CONFIRMED": 0}))
    ended = replace(ACTIVE, version="2", valid_to="2026-01-04")
    lapsed = replace(OFFICE, agreements={"agreed": ended}, signatories={}, entries={})
    decide.require_still_allowed(returned, lapsed, "2026-01-05")
    refusal("HOLD_ACTIVE", decide.require_still_allowed, returned, HELD, "2026-01-05")
    other = replace(lapsed, agreements={"agreed": replace(ended, digest="other terms")})
    refusal("AGREEMENT_CHANGED", decide.require_still_allowed, returned, other, "2026-01-05")


def test_answers_to_a_signatory_whom_nobody_registered_do_not_leave() -> None:
    state = after(replace(RECEIVED, signatory=""), *SIGNED[1:])
    refusal("SIGNATORY_NOT_AUTHORISED", decide.require_still_allowed, state, OFFICE, "2026-01-05")


def test_terms_that_changed_after_the_gates_ruled_stop_the_release() -> None:
    refusal("AGREEMENT_CHANGED", decide.require_still_allowed, after(*SIGNED), OTHER_TERMS, "2026-01-05")


def test_requests_are_compared_by_the_terms_that_ruled_on_them() -> None:
    ruled = after(*SIGNED[: SIGNED.index(DETERMINED)])
    assert decide.determine(ruled, OFFICE, DETERMINED) == DETERMINED
    refusal("AGREEMENT_CHANGED", decide.determine, ruled, OTHER_TERMS, DETERMINED)


def test_a_third_officer_signs_only_in_the_place_of_one_whose_signature_has_lapsed() -> None:
    refusal("DONE_BEFORE", decide.countersign, after(*SIGNED), signed("cyd"))
    assert decide.countersign(after(*SIGNED), signed("cyd"), {"ann"}) == signed("cyd")
    refusal("DONE_BEFORE", decide.countersign, after(*SIGNED, signed("cyd")), signed("dan"), {"ann"})
    refusal("SAME_OFFICER", decide.countersign, after(*SIGNED), signed("ann"), {"ann"})


def test_a_blank_voucher_vouches_for_nothing() -> None:
    refusal("NOT_VOUCHED_SYNTHETIC", decide.receive, BatchState("B1"), OFFICE, replace(RECEIVED, vouched_by=" "))


def test_a_reason_that_cannot_be_shown_is_no_reason() -> None:
    given_up = e.DisclosureAbandoned(1, "caf\udce9", 1)
    refusal("TEXT_UNPRINTABLE", decide.abandon, after(*SIGNED, INTENDED), given_up)
    settled = e.RulingSettled(1, "pass", "caf\udce9")
    refusal("TEXT_UNPRINTABLE", decide.settle_ruling, after(RECEIVED, RULED), {1}, settled)


def test_nothing_that_names_a_person_or_is_a_certificate_shows_when_a_submission_is_printed() -> None:
    shown = repr(replace(RECEIVED, certificate="CANARY", cover="CANARY", vouched_by="CANARY"))
    assert "CANARY" not in shown


def test_no_answer_leaves_before_the_hour_that_intake_fixed() -> None:
    before, on = (datetime(2026, 1, 11, hour, minute, tzinfo=UTC) for hour, minute in ((13, 59), (14, 0)))
    refusal("ANSWER_HOUR_NOT_REACHED", decide.require_answer_hour, after(RECEIVED), before)
    decide.require_answer_hour(after(RECEIVED), on)


def test_the_state_knows_who_had_which_part() -> None:
    act = Act("ann", "reviewer", "vote", "2026-01-01T00:00:00Z")
    state = fold_batch("B1", [envelope(e.VoteCast(1, "same", "p"), act, "batch/B1", 1)])
    assert state.involvement.voted == {"ann"}
    assert state.votes[0].officer == "ann"
    assert state.version == 1


def test_a_batch_closed_with_noes_discloses_nothing_only_if_its_answers_are() -> None:
    closed = after(*LINKED, e.DisclosureForgone("No."), replace(ANSWERED, counts={"RETURNED": 1, "NO_DISCLOSURE": 2}))
    assert decide.discloses_nothing(closed)
    assert not decide.discloses_nothing(after(*LINKED, e.DisclosureForgone("No."), ANSWERED))
    assert not decide.discloses_nothing(after(*LINKED, replace(ANSWERED, counts={"NO_DISCLOSURE": 3})))
