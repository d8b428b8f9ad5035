"""What an office could do to the audit of a batch behind its own rules, and a stranger finds in its files alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity import review
from comity.agreements.terms import Terms
from comity.case import batch_decisions
from comity.case.batch_state import Vote
from comity.case.errors import Integrity, Waiting
from comity.demo.cast import APPROVERS, REVIEWERS
from comity.office import reviewing, story
from comity.oversight.verify import verify_log
from tests.world import START, World


def released(world: World) -> str:
    """The code with which verification refuses the batch of this world, released; or ''."""
    world.to_signed()
    world.release()
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


def test_an_audited_batch_verifies(prepared: World) -> None:
    prepared.receive()
    assert released(prepared) == ""


def test_a_sample_that_somebody_chose_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = review.draw_sample
    monkeypatch.setattr(
        review, "draw_sample", lambda folder, made, _: drawn(folder, made, review.Draw(b"chosen", 3, 3))
    )
    monkeypatch.setattr(review, "require_within", lambda *_: None)
    prepared.receive()
    assert released(prepared) == "SAMPLE_DIFFERS"


def test_a_sample_drawn_by_another_key_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "sampling_statement", lambda *_: b"another statement")
    prepared.receive()
    assert released(prepared) == "SAMPLE_DIFFERS"


def test_a_verdict_without_its_votes_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.receive()
    fold = review.fold_votes

    def one_more(folder, votes):
        row = min(vote.row_number for vote in votes)
        return fold(folder, [*(vote for vote in votes if vote.row_number != row), *invented(row)])

    def invented(row):
        return [Vote(row, officer, "not_same", "") for officer in REVIEWERS[:2]]

    monkeypatch.setattr(review, "fold_votes", one_more)
    assert released(prepared) == "VERDICTS_DIFFER"


def test_answers_before_anybody_read_the_sample_are_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "require_votes_in", lambda *_, **__: None)
    monkeypatch.setattr(review, "require_within", lambda *_: None)
    prepared.receive()
    prepared.stage.calendar.move_to(START + timedelta(days=40))
    assert released(prepared) == "AUDIT_DIFFERS"


def test_a_sample_of_which_only_a_part_was_read_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "require_votes_in", lambda *_, **__: None)
    queue = review.queue
    monkeypatch.setattr(review, "queue", lambda on, votes, officer="": queue(on, votes, officer)[:-1])
    monkeypatch.setattr(review, "require_within", lambda *_: None)
    answer = reviewing.answer
    monkeypatch.setattr(reviewing, "answer", lambda *given: answer(*given) if prepared_votes(prepared) else waits())
    prepared.receive()
    assert released(prepared) == "AUDIT_DIFFERS"


def prepared_votes(world: World) -> bool:
    return bool(world.office.batch(world.batch).votes)


def waits() -> None:
    raise Waiting("VOTES_OPEN", "Nobody has voted yet.", "Vote.")


def test_a_batch_compared_by_other_terms_than_it_was_ruled_by_is_found(
    prepared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = Terms.determining
    monkeypatch.setattr(Terms, "determining", lambda terms: stated(terms) | {"audit_wrong_limit": 1000})
    prepared.receive()
    prepared.work()
    monkeypatch.undo()
    assert released(prepared) == "TERMS_DIFFER"


def test_a_release_before_its_hour_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.receive()
    prepared.to_answers()
    for approver in APPROVERS:
        prepared.sign_answers(approver)
    monkeypatch.setattr(batch_decisions, "require_answer_hour", lambda *_: None)
    story.accounting(prepared.office, prepared.actor("transmitter"), prepared.batch)
    monkeypatch.undo()
    with pytest.raises(Integrity, match="ANSWER_HOUR_NOT_REACHED"):
        verify_log(prepared.place / "home")
