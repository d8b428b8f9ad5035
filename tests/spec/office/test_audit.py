"""The audit of a batch in the office: drawn when it is determined, read blind, and a condition of every yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comity import review
from comity.case.errors import BadInput, Refused
from comity.demo.cast import REVIEWERS
from comity.demo.stage import AGREEMENT
from comity.office import assigning, reviewing, story
from comity.office.explaining import explain_row
from tests.world import START, World


def refused(kind, code, act, *given):
    with pytest.raises(kind) as raised:
        act(*given)
    assert raised.value.code == code


@pytest.fixture
def determined(prepared: World) -> World:
    prepared.receive()
    if prepared.work() == "RULINGS_OPEN":
        prepared.settle()
        prepared.work()
    return prepared


def vote(world: World, said) -> None:
    """Two reviewers vote on every open case what `said` gives for its row."""
    for reviewer in REVIEWERS[:2]:
        world.cast(reviewer, said)


def test_the_sample_can_be_drawn_again_from_what_the_office_published(determined: World, tmp_path) -> None:
    opened = next(stored for stored in determined.office.store.read("office") if stored.type == "office_opened")
    event = determined.office.batch(determined.batch).determined
    determinations = determined.office.vault.artefact(determined.batch, event.determinations)
    signature = bytes.fromhex(event.sampling)
    published = Ed25519PublicKey.from_public_bytes(bytes.fromhex(opened.body["sampling_key"]))
    published.verify(signature, review.sampling_statement(determined.batch, determinations))
    again = review.draw_sample(determinations.path.parent, determinations, review.draw_on_record(event))
    assert again.digest == event.sample["digest"]


def test_no_answer_before_the_sample_is_read_even_at_its_hour(determined: World) -> None:
    assert determined.work() == "VOTES_OPEN"
    determined.stage.calendar.move_to(START + timedelta(days=40))
    assert determined.work() == "AUDIT_OPEN"
    determined.vote_no()
    assert determined.work() == "SIGNATURES_MISSING"


def test_a_confirmation_that_its_readers_do_not_share_is_a_no_and_counts_against_the_rule(determined: World) -> None:
    persons = determined.confirmed()
    wrong = min(persons)
    vote(determined, lambda row: ("same", persons[row]) if row in persons and row != wrong else ("not_same", ""))
    assert determined.work() == "SIGNATURES_MISSING"
    answers = determined.office.batch(determined.batch).answers
    assert answers.counts["CONFIRMED"] == len(persons) - 1
    assert answers.audit["confirmed"]["found"] == 1


def test_the_bound_is_shown_as_it_tightens_and_not_to_those_who_vote(determined: World) -> None:
    def wrong() -> int:
        return reviewing.audit(determined.office, determined.actor("counsel"), determined.batch).wrong_at_most[0]

    everything = wrong()
    assert everything == len(determined.confirmed())
    determined.vote_no()
    assert wrong() == 0
    refused(
        Refused, "RIGHT_MISSING", reviewing.audit, determined.office, determined.actor("reviewer-1"), determined.batch
    )


def test_counsel_closes_a_batch_with_noes_and_it_is_not_stuck(determined: World) -> None:
    office, batch = determined.office, determined.batch
    refused(Refused, "RIGHT_MISSING", reviewing.forgo, office, determined.actor("operator"), batch, "No.")
    refused(BadInput, "REASON_NEEDED", reviewing.forgo, office, determined.actor("counsel"), batch, " ")
    reviewing.forgo(office, determined.actor("counsel"), batch, "The sample could not be read.")
    refused(Refused, "DONE_BEFORE", reviewing.forgo, office, determined.actor("counsel"), batch, "Again.")
    assert determined.work() == "SIGNATURES_MISSING"
    assert "CONFIRMED" not in office.batch(batch).answers.counts
    determined.sign_answers("approver-1")
    determined.sign_answers("approver-2")
    determined.stage.calendar.move_to(START + timedelta(days=40))
    assert determined.release() > 0


def test_what_rules_a_batch_compares_it(prepared: World) -> None:
    """Strict terms at the gates, lax ones at the comparison, strict ones at the release: refused in the middle."""
    prepared.receive()
    story.gates(prepared.office, prepared.actor("operator"), prepared.batch)
    term = (START.date(), START.date() + timedelta(days=365))
    prepared.agreed(AGREEMENT, term, {"evidence": "names"})
    refused(Refused, "AGREEMENT_CHANGED", story.linkage, prepared.office, prepared.actor("operator"), prepared.batch)


def test_who_was_shown_what_the_rule_said_of_a_request_does_not_vote(determined: World) -> None:
    determined.granted("reviewer-1", "auditor")
    [(row, _), *_] = reviewing.open_cases(determined.office, determined.batch)
    explain_row(determined.office, determined.actor("reviewer-1"), determined.batch, row)
    cast = [(row, "not_same", "")]
    actor = determined.actor("reviewer-1")
    refused(Refused, "SOD_VIOLATION", assigning.vote, determined.office, actor, determined.batch, cast)


def test_counsel_closes_with_noes_also_after_the_answers_and_both_signatures_are_void(determined: World) -> None:
    determined.vote_no()
    determined.work()
    determined.sign_answers("approver-1")
    determined.sign_answers("approver-2")
    reviewing.forgo(determined.office, determined.actor("counsel"), determined.batch, "The signatory's term has ended.")
    assert determined.office.batch(determined.batch).countersigned == ()
    assert determined.work() == "SIGNATURES_MISSING"
    assert "CONFIRMED" not in determined.office.batch(determined.batch).answers.counts
