"""A hold about persons: nothing is confirmed of whom it names, outside nobody can tell, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity import review
from comity.accounting.leaf import HoldLeaf, read_leaf
from comity.case import batch_decisions
from comity.case.batch_events import AnswersMade
from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.case.outcomes import CONFIRMED, NO_DISCLOSURE
from comity.case.retention import require_free
from comity.demo.stage import AGREEMENT
from comity.office import acts, intending, reading, replaying, reviewing, story
from comity.office.working import Worker
from comity.oversight import lookback
from comity.oversight.verify import verify_log
from comity.review import compose_answers
from tests.world import START, World

ORDER = {"court": "D. Rehearsal", "docket": "1:26-cv-00001", "ordered_on": "2026-03-01", "says": "Not these."}


def table(world: World, kind: str, columns: str) -> list[tuple]:
    """Those columns of an artefact of the batch, by row."""
    named = [named for named in world.office.batch(world.batch).named if named["kind"] == kind][-1]
    path = world.office.vault.artefact(world.batch, named).path
    with duckdb.connect() as con:
        return con.execute(f"SELECT {columns} FROM '{path}' ORDER BY row_number").fetchall()


def answers(world: World) -> dict[int, str]:
    return dict(table(world, "answers", "row_number, answer"))


def names_of(world: World, *rows: int) -> bytes:
    """The list of an order about the persons in those rows, as they stand in the requests."""
    asked = {row: said for row, *said in table(world, "requests", "row_number, given_name, family_name, date_of_birth")}
    lines = [",".join(str(value or "") for value in asked[row]) for row in rows]
    return "\n".join(["given_name,family_name,date_of_birth", *lines]).encode()


def hold(world: World, persons: bytes, id_: str = "P1") -> int:
    officer = world.actor("hold-officer")
    return acts.place_hold(world.office, officer, id_, AGREEMENT, "disclose", ORDER, b"An order, made up.", persons)


def refused(kind: type[ComityError], code: str, act: Callable, *given: object) -> None:
    with pytest.raises(kind) as raised:
        act(*given)
    assert raised.value.code == code


def signed_again(world: World) -> None:
    assert world.work_alone() == "SIGNATURES_MISSING"
    for officer in ("approver-1", "approver-2"):
        world.sign_answers(officer)


def found_by(world: World) -> str:
    """What verification finds once the office's events of the day are closed; '' if nothing."""
    world.stage.calendar.move_to(world.office.now() + timedelta(days=1))
    world.granted("operator", "auditor")
    try:
        verify_log(world.place / "home")
    except Integrity as error:
        return error.code
    return ""


def test_who_is_named_gets_a_no_like_any_other_and_everybody_else_is_answered_as_before(signed: World) -> None:
    before = answers(signed)
    [held, *others] = [row for row, answer in before.items() if answer == CONFIRMED]
    assert hold(signed, names_of(signed, held)) == 1
    signed_again(signed)
    after = answers(signed)
    assert after[held] == NO_DISCLOSURE
    assert after == before | {held: NO_DISCLOSURE}
    assert others
    signed.release()
    signed.collect("ICE-R001", signed.place / "reply")
    assert found_by(signed) == ""


def test_a_batch_received_under_the_hold_is_ruled_on_linked_and_answered(prepared: World) -> None:
    hold(prepared, b"given_name,family_name\nNobody,Whosoever\n")
    prepared.receive()
    prepared.to_signed()
    prepared.release()
    assert found_by(prepared) == ""


def test_answers_made_before_the_order_do_not_leave(signed: World) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    refused(Refused, "HOLD_ACTIVE", signed.release)


def test_new_answers_void_the_signatures_on_those_from_before(signed: World) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    assert signed.work_alone() == "SIGNATURES_MISSING"
    assert signed.office.batch(signed.batch).answers.holds == ["P1"]
    assert CONFIRMED not in answers(signed).values()


def test_an_order_after_the_intent_stops_it_until_it_is_abandoned_and_answered_anew(signed: World) -> None:
    intending.intend(signed.office, signed.actor("transmitter"), signed.office.batch(signed.batch))
    hold(signed, names_of(signed, *signed.confirmed()))
    refused(Refused, "HOLD_ACTIVE", signed.release)
    story.abandon(signed.office, signed.actor("transmitter"), signed.batch, "An order names persons.")
    signed_again(signed)
    signed.release()
    assert found_by(signed) == ""


def test_replies_that_lie_sealed_wait_until_the_hold_is_lifted(signed: World, tmp_path: Path) -> None:
    signed.release()
    hold(signed, names_of(signed, *signed.confirmed()))
    refused(Refused, "HOLD_ACTIVE", signed.collect, "ICE-R001", tmp_path / "reply")
    day = signed.office.now().date().isoformat()
    later = {"court": "D. Rehearsal", "order": "1:26-cv-00001, No. 61", "ordered_on": day}
    number = acts.propose_lift(signed.office, signed.actor("hold-officer"), "P1", later, b"It ends.")
    acts.confirm_lift(signed.office, signed.actor("counsel"), "P1", number, b"It ends.")
    signed.collect("ICE-R001", tmp_path / "reply")
    assert found_by(signed) == ""


def test_the_log_says_in_clear_that_there_is_a_list_and_nothing_of_who_is_on_it(signed: World) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    leaves = [*signed.office.log.entries(0, signed.office.log.checkpoint().size)]
    [leaf] = [leaf for leaf in map(read_leaf, leaves) if isinstance(leaf, HoldLeaf)]
    assert leaf.scope == "person list"
    family = table(signed, "requests", "family_name")[0][0].encode()
    assert not [data for data in leaves if family in data]


def test_no_text_of_the_hold_names_anybody(signed: World) -> None:
    hold(signed, b"given_name,family_name\nAurelia,Quillfeather\n")
    assert "Quillfeather" not in repr(signed.office.state())
    assert "Quillfeather" not in repr(signed.office.state().holds["P1"])
    assert "Quillfeather" not in repr(signed.office.store.read("office")[-1])


def test_the_accounting_says_of_exactly_those_named_that_a_hold_was_in_the_way(signed: World) -> None:
    held = min(signed.confirmed())
    hold(signed, names_of(signed, held))
    signed_again(signed)
    signed.release()
    said = dict(table(signed, "accounting", "row_number, json_extract_string(inner_body, '$.withheld')"))
    assert {row for row, why in said.items() if why == "HOLD_ACTIVE"} == {held}


def test_a_named_person_who_is_confirmed_regardless_is_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))

    def careless(*given, listed, **named):
        return compose_answers(*given, **named)

    monkeypatch.setattr(review, "compose_answers", careless)
    signed_again(signed)
    monkeypatch.undo()
    signed.release()
    assert found_by(signed) == "WITHHOLDING_DIFFERS"


def test_answers_that_name_no_hold_are_found_to_have_left_under_one(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    monkeypatch.setattr(batch_decisions, "require_applied", lambda *_: None)
    signed.release()
    monkeypatch.undo()
    assert found_by(signed) == "INTENDED_UNDER_HOLD"


def test_answers_are_not_made_by_other_holds_than_those_that_bind(signed: World) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    batch, state = signed.office.batch(signed.batch), signed.office.state()
    before = batch.answers
    without = AnswersMade(before.answers, before.verdicts, before.counts, before.audit, [], {}, "")
    refused(Refused, "HOLD_ACTIVE", batch_decisions.make_answers, batch, state, without)


def test_a_replay_comes_to_the_same_answers(signed: World) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    signed_again(signed)
    signed.granted("operator", "auditor")
    replayed = replaying.replay_batch(signed.office, signed.actor("operator"), signed.batch)
    assert replayed.rows["answers"] == len(answers(signed))


def test_a_look_back_confirms_nobody_whom_the_order_names(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    signed_again(signed)
    otherwise = lookback._COMPARED.replace("n.person IS NOT DISTINCT FROM o.person", "FALSE")
    monkeypatch.setattr(lookback, "_COMPARED", otherwise)
    reading = replaying.Reading(as_of=START.date() + timedelta(days=1))
    [looked] = replaying.look_back_at(signed.office, signed.actor("auditor"), [signed.batch], reading)
    assert CONFIRMED not in {now for _, now in looked.changes}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "PERSONS_UNREADABLE"),
        (b"given_name,family_name\n", "PERSONS_UNREADABLE"),
        (b"given_name\nAna\n", "PERSONS_UNREADABLE"),
        (b"given_name,family_name,address\nAna,Silva,1 Elm St\n", "PERSONS_UNREADABLE"),
        (b"given_name,family_name\nAna\n", "PERSONS_UNREADABLE"),
        (b'given_name,family_name\n"Ana,Silva\n', "PERSONS_UNREADABLE"),
        (b"given_name,family_name\nAn\xe1,Silva\n", "PERSONS_UNREADABLE"),
        (b"given_name,family_name\n , \n", "PERSON_UNNAMED"),
        (b"given_name,family_name\n-,.\n", "PERSON_UNNAMED"),
        (b"given_name,family_name\n,Ana Silva\n", "PERSON_UNNAMED"),
        (b"given_name,family_name\nAna," + b"x" * 201 + b"\n", "PERSON_UNNAMED"),
        (b"given_name,family_name,date_of_birth\nAna,Silva,4 March\n", "DAY_UNFIT"),
        (b"given_name,family_name\nAn\x00a,Silva\n", "TEXT_UNPRINTABLE"),
        (b"given_name,family_name\n" + b"Ana,Silva\n" * 20_001, "PERSONS_TOO_MANY"),
    ],
)
def test_a_list_that_cannot_be_read_places_no_hold_and_shows_no_name(
    prepared: World, content: bytes, code: str
) -> None:
    with pytest.raises(BadInput) as raised:
        hold(prepared, content)
    assert raised.value.code == code
    assert not prepared.office.state().holds
    assert not {"Ana", "Silva"} & set(f"{raised.value.says} {raised.value.next}".replace(",", " ").split())


def test_nothing_of_a_batch_is_removed_while_an_order_about_persons_binds(signed: World) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    day = signed.office.now().date().isoformat()
    refused(Refused, "HOLD_ACTIVE", require_free, signed.office.batch(signed.batch), signed.office.state(), day)


def test_whoever_looks_at_the_batch_is_told_that_the_operator_has_to_work_it_again(signed: World) -> None:
    assert not reading.waiting(signed.office, signed.batch)
    hold(signed, names_of(signed, *signed.confirmed()))
    [item] = reading.waiting(signed.office, signed.batch)
    assert (item.waits_for, item.because) == ("operator", "the answers were made before an order about persons")


def test_a_worker_takes_a_signed_batch_up_again_when_an_order_about_persons_comes(signed: World) -> None:
    worker = Worker(signed.office, signed.actor("operator"))
    assert not list(worker.round())
    hold(signed, names_of(signed, *signed.confirmed()))
    [tried] = worker.round()
    assert tried.stopped is not None
    assert tried.stopped.code == "SIGNATURES_MISSING"
    assert CONFIRMED not in answers(signed).values()


def test_what_waits_says_what_an_intended_and_a_sealed_disclosure_wait_for(signed: World) -> None:
    intending.intend(signed.office, signed.actor("transmitter"), signed.office.batch(signed.batch))
    hold(signed, names_of(signed, *signed.confirmed()))
    [item] = reading.waiting(signed.office, signed.batch)
    assert "abandon it" in item.because


def test_replies_sealed_before_an_order_about_persons_wait_for_the_court(signed: World) -> None:
    signed.release()
    hold(signed, names_of(signed, *signed.confirmed()))
    [item] = reading.waiting(signed.office, signed.batch)
    assert item.waits_for == "court"


def test_a_hold_that_is_placed_twice_is_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    monkeypatch.setattr(acts.decide, "place", lambda _, placed, __: placed)
    hold(signed, b"given_name,family_name\nNobody,Whosoever\n")
    monkeypatch.undo()
    signed_again(signed)
    signed.release()
    assert found_by(signed) != ""


def test_other_requests_than_those_that_the_list_names_are_found(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(signed, names_of(signed, *signed.confirmed()))
    found = reviewing.find_listed
    monkeypatch.setattr(reviewing, "find_listed", lambda folder, compared, _: found(folder, compared, []))
    signed_again(signed)
    monkeypatch.undo()
    signed.release()
    assert found_by(signed) == "LISTED_DIFFERS"


@pytest.mark.parametrize("said", [{"id_": "Quillfeather"}, {"docket": "26-cv-2, Quillfeather v. IRS"}])
def test_no_name_of_the_list_comes_into_the_log_by_the_words_beside_it(prepared: World, said: dict[str, str]) -> None:
    persons = b"given_name,family_name\nAurelia,Quillfeather\n"
    order = ORDER | {key: value for key, value in said.items() if key == "docket"}
    officer = prepared.actor("hold-officer")
    given = (said.get("id_", "P1"), AGREEMENT, "disclose", order, b"An order, made up.", persons)
    refused(BadInput, "NAME_IN_CLEAR", acts.place_hold, prepared.office, officer, *given)
