"""The screen of 26 U.S.C. 6103(i)(6): nothing is answered without it, and nobody outside can tell what it said."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity import review
from comity.accounting import entries
from comity.agreements import load
from comity.case import batch_decisions
from comity.case.batch_events import CasesAssigned, VoteCast
from comity.case.errors import BadInput, Integrity, Refused, Waiting
from comity.case.outcomes import CONFIRMED, NO_DISCLOSURE
from comity.case.withholding import withheld_sql
from comity.demo.cast import REVIEWERS
from comity.demo.stage import AGREEMENT
from comity.office import assigning, browsing, reading, replaying, reviewing, screening, story
from comity.office.browsing import Wanted
from comity.office.replaying import Reading
from comity.oversight import lookback
from comity.oversight.verify import verify_log
from comity.review import compose_answers
from tests.world import START, World, submission_id


def refused(kind, code, act, *given):
    with pytest.raises(kind) as raised:
        act(*given)
    assert raised.value.code == code


@pytest.fixture
def voted(prepared: World) -> World:
    """A batch whose votes are in, and whose subjects wait for the screener."""
    prepared.receive()
    if prepared.work_alone() == "RULINGS_OPEN":
        prepared.settle()
        prepared.work_alone()
    prepared.vote_no()
    assert prepared.work_alone() == "SCREEN_OUTSTANDING"
    return prepared


def rows(world: World, kind: str) -> list[tuple]:
    named = [named for named in world.office.batch(world.batch).named if named["kind"] == kind][-1]
    path = world.office.vault.artefact(world.batch, named).path
    with duckdb.connect() as con:
        return con.execute(f"SELECT * FROM '{path}' ORDER BY row_number").fetchall()


def answers(world: World) -> dict[int, str]:
    return {row[0]: row[2] for row in rows(world, "answers")}


def listed(world: World, place: Path) -> list[dict]:
    """The list as the screener takes it."""
    screening.show_subjects(world.office, world.actor("screener"), world.batch, place)
    return [json.loads(line) for line in place.read_text().splitlines()]


def entered(world: World, place: Path, lines: list[dict], officer: str = "screener") -> None:
    place.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with place.open("rb") as list_:
        story.screen(world.office, world.actor(officer), world.batch, list_)


def released(world: World) -> World:
    assert world.work_alone() == "SIGNATURES_MISSING"
    for officer in ("approver-1", "approver-2"):
        world.sign_answers(officer)
    world.stage.calendar.move_to(START + timedelta(days=40))
    world.release()
    return world


def test_the_screener_sees_whom_the_answers_would_confirm_and_nobody_else(voted: World, tmp_path) -> None:
    lines = listed(voted, tmp_path / "list")
    assert {line["row_number"] for line in lines} == set(voted.confirmed())
    assert all(line["taxpayer_id"] and line["screen"] == "" for line in lines)
    assert not {"reason", "purpose", "case_id", "recipients"} & set(lines[0])
    assert (tmp_path / "list").stat().st_mode & 0o777 == 0o600


def test_who_is_withheld_gets_a_no_like_any_other_and_everybody_else_is_answered_as_before(voted: World) -> None:
    confirmed = sorted(voted.confirmed())
    voted.screen(confirmed[:1])
    assert voted.work_alone() == "SIGNATURES_MISSING"
    found = answers(voted)
    assert found[confirmed[0]] == NO_DISCLOSURE
    assert [row for row, answer in found.items() if answer == CONFIRMED] == confirmed[1:]


def test_a_batch_waits_for_the_screener_and_says_so(voted: World) -> None:
    [item] = reading.waiting(voted.office, voted.batch)
    assert (item.waits_for, item.because) == ("screener", "the (i)(6) screen of the subjects is missing")


def test_not_even_the_hour_of_the_answer_makes_up_for_the_screen(voted: World) -> None:
    voted.stage.calendar.move_to(START + timedelta(days=40))
    assert voted.work_alone() == "SCREEN_OUTSTANDING"


def test_at_the_hour_of_the_answer_the_screener_is_awaited_though_votes_are_open(prepared: World) -> None:
    first, batch = "row_number() OVER (ORDER BY request_id) <= 6", submission_id(2)
    prepared.receive(
        prepared.sent(2, changed=f"CASE WHEN {first} THEN left(given_name, 1) ELSE given_name END AS given_name")
    )
    assert prepared.work_alone(batch) == "VOTES_OPEN"
    persons = prepared.confirmed(batch)
    for reviewer in REVIEWERS[:2]:
        actor = prepared.actor(reviewer)
        taken = assigning.take_cases(prepared.office, actor, batch, 10_000)
        sampled = [(row, "same", persons[row]) for row in taken if row in persons]
        assigning.vote(prepared.office, actor, batch, sampled)
    assert {item.waits_for for item in reading.waiting(prepared.office, batch)} == {"reviewers"}
    prepared.stage.calendar.move_to(START + timedelta(days=40))
    assert [item.waits_for for item in reading.waiting(prepared.office, batch)] == ["screener"]
    assert prepared.work_alone(batch) == "SCREEN_OUTSTANDING"


def test_nobody_is_screened_before_the_votes_are_in(prepared: World, tmp_path) -> None:
    prepared.receive()
    if prepared.work_alone() == "RULINGS_OPEN":
        prepared.settle()
        prepared.work_alone()
    show = screening.show_subjects
    refused(Waiting, "VOTES_OPEN", show, prepared.office, prepared.actor("screener"), prepared.batch, tmp_path / "list")


def test_a_list_with_a_subject_too_few_too_many_or_twice_is_refused(voted: World, tmp_path) -> None:
    lines = [line | {"screen": "clear"} for line in listed(voted, tmp_path / "list")]
    for wrong in (lines[1:], [*lines, {"row_number": 10_000, "screen": "clear"}], [*lines, lines[0]]):
        refused(Refused, "SCREEN_OUTDATED", entered, voted, tmp_path / "said", wrong)
    assert voted.work_alone() == "SCREEN_OUTSTANDING"


def test_a_line_without_a_word_is_refused_and_so_is_what_is_no_list(voted: World, tmp_path) -> None:
    lines = listed(voted, tmp_path / "list")
    refused(BadInput, "SCREEN_WORD_UNKNOWN", entered, voted, tmp_path / "said", lines)
    enter = (voted.office, voted.actor("screener"), voted.batch, [b"row,screen\n1,clear\n"])
    refused(BadInput, "SCREEN_FILE_UNREADABLE", story.screen, *enter)


def test_whoever_has_another_part_in_the_batch_does_not_screen_it(voted: World, tmp_path) -> None:
    for officer in ("operator", "reviewer-1"):
        voted.granted(officer, "screener")
        show = screening.show_subjects
        refused(Refused, "SOD_VIOLATION", show, voted.office, voted.actor(officer), voted.batch, tmp_path / "list")
    for officer in ("approver-1", "transmitter", "counsel", "auditor"):
        show = screening.show_subjects
        refused(Refused, "RIGHT_MISSING", show, voted.office, voted.actor(officer), voted.batch, tmp_path / "list")


def test_who_screened_a_batch_neither_signs_nor_releases_it(voted: World) -> None:
    voted.screen()
    assert voted.work_alone() == "SIGNATURES_MISSING"
    voted.granted("screener", "approver")
    voted.granted("screener", "transmitter")
    key = voted.stage.cast.officer_key("screener")
    sign = reviewing.sign
    refused(Refused, "SOD_VIOLATION", sign, voted.office, voted.actor("screener"), voted.batch, key)
    refused(Refused, "SOD_VIOLATION", story.release, voted.office, voted.actor("screener"), voted.batch)


def test_a_screen_after_the_signatures_voids_them(voted: World) -> None:
    voted.screen()
    voted.work_alone()
    voted.sign_answers("approver-1")
    voted.screen(sorted(voted.confirmed())[:1])
    state = voted.office.batch(voted.batch)
    assert (state.answers, state.countersigned) == (None, ())


def test_a_vote_after_the_screen_voids_it(voted: World) -> None:
    voted.screen()
    state = voted.office.batch(voted.batch)
    row = next(iter(voted.confirmed()))
    office, officer = voted.office, voted.actor("reviewer-3")
    act = office.act(officer, "reviewer", "review vote")
    office.record(
        act, [CasesAssigned((row,), "2027-01-01T00:00:00Z"), VoteCast(row, "not_same", "")], office.state(), state
    )
    assert voted.office.batch(voted.batch).screened is None


def test_withheld_or_not_a_released_batch_verifies_and_replays(voted: World) -> None:
    voted.screen(sorted(voted.confirmed())[:2])
    released(voted)
    assert verify_log(voted.place / "home").sealed == 1
    assert replaying.replay_batch(voted.office, voted.actor("auditor"), voted.batch).rows["answers"] == 120


def test_verification_refuses_a_yes_for_somebody_withheld(voted: World, monkeypatch) -> None:
    voted.screen(sorted(voted.confirmed())[:1])

    def careless(*given, withholdings, **named):
        return compose_answers(*given, **named)

    monkeypatch.setattr(review, "compose_answers", careless)
    released(voted)
    monkeypatch.undo()
    refused(Integrity, "WITHHOLDING_DIFFERS", verify_log, voted.place / "home")


@pytest.mark.parametrize("said", ["every", "none"])
def test_verification_refuses_an_accounting_that_tells_of_the_screen_what_it_did_not_say(
    voted: World, monkeypatch, said: str
) -> None:
    voted.screen(sorted(voted.confirmed())[:1])
    told = {"every": "SELECT row_number FROM withholdings", "none": withheld_sql(None)}
    monkeypatch.setattr(entries, "withheld_sql", lambda _: told[said])
    released(voted)
    monkeypatch.undo()
    refused(Integrity, "WITHHOLDING_DIFFERS", verify_log, voted.place / "home")


def test_a_look_back_confirms_nobody_whom_the_screen_withheld(voted: World, monkeypatch) -> None:
    first = min(voted.confirmed())
    voted.screen([first])
    released(voted)
    monkeypatch.setattr(
        lookback, "_COMPARED", lookback._COMPARED.replace("n.person IS NOT DISTINCT FROM o.person", "FALSE")
    )
    [found] = replaying.look_back_at(
        voted.office, voted.actor("auditor"), [voted.batch], Reading(as_of=START.date() + timedelta(days=1))
    )
    assert found.changes.get((NO_DISCLOSURE, CONFIRMED)) is None
    assert found.changes[CONFIRMED, CONFIRMED] == len(voted.confirmed()) - 1


def test_verification_refuses_a_batch_that_nobody_screened(voted: World, monkeypatch) -> None:
    monkeypatch.setattr(batch_decisions, "require_screened", lambda batch: None)
    released(voted)
    monkeypatch.undo()
    refused(Integrity, "SCREEN_OUTSTANDING", verify_log, voted.place / "home")


def test_two_batches_that_differ_in_who_is_withheld_look_alike_outside(voted: World, tmp_path) -> None:
    other = voted.copied(tmp_path / "other")
    other.screen(sorted(other.confirmed())[:1])
    voted.reopen()
    voted.screen()
    seen = []
    for world in (released(voted), released(other)):
        home = world.place / "home"
        events = list(world.office.store.read(f"batch/{world.batch}"))
        said = [stored for stored in events if stored.type == "subjects_screened"]
        seen.append(
            (
                [stored.type for stored in events],
                [{**stored.body["withholdings"], "digest": ""} for stored in said],
                [len(stored.body["withholdings"]["digest"]) for stored in said],
                world.office.log.checkpoint().size,
                sorted(path.stat().st_size for path in home.glob("batches/*/*.reply")),
                len(rows(world, "withholdings")),
            )
        )
    assert seen[0] == seen[1]


def test_only_screener_and_approver_read_what_is_withheld_and_the_look_is_an_event(voted: World) -> None:
    confirmed = sorted(voted.confirmed())
    voted.screen(confirmed[:1])
    voted.work_alone()
    read = screening.withheld
    for officer in ("operator", "examiner", "reviewer-1", "transmitter", "counsel", "hold-officer", "auditor"):
        refused(Refused, "RIGHT_MISSING", read, voted.office, voted.actor(officer), voted.batch)
    for officer in ("screener", "approver-1"):
        assert read(voted.office, voted.actor(officer), voted.batch) == confirmed[:1]
        last = list(voted.office.store.read(f"batch/{voted.batch}"))[-1]
        assert (last.type, last.actor, last.body) == ("withholdings_read", officer, {})


def test_nobody_else_sees_the_answers_beside_the_determinations(voted: World) -> None:
    voted.screen(sorted(voted.confirmed())[:1])
    voted.work_alone()
    for officer in ("operator", "counsel"):
        found = browsing.list_requests(voted.office, voted.actor(officer), voted.batch, Wanted())
        assert {line.answer for line in found.items} == {""}
        by_answer = (voted.office, voted.actor(officer), voted.batch, Wanted(answer=NO_DISCLOSURE))
        refused(Refused, "RIGHT_MISSING", browsing.list_requests, *by_answer)
        assert browsing.leaving(voted.office, voted.actor(officer), voted.batch) == []


def test_the_shipped_agreement_screens_by_statute_and_counsel_cannot_set_it_aside() -> None:
    value = load(AGREEMENT).value("screen")
    assert (value.value, value.basis.level, value.basis.clause) == (
        "tax_investigations",
        "statute",
        "26 USC 6103(i)(6)",
    )


def test_what_an_act_that_was_killed_left_of_the_list_is_gone_with_the_next(voted: World, tmp_path) -> None:
    home = voted.place / "home"
    left = home / ".screen-killed"
    left.mkdir()
    (left / "subjects.ndjson").write_text("{}\n")
    listed(voted, tmp_path / "subjects.ndjson")
    assert list(home.glob(".screen-*")) == []
