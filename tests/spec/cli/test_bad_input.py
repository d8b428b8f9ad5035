"""What bad input gets at the terminal: a code, the right exit code, and an office in which nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity.cli import options
from comity.intake import Cover
from comity.office import story
from comity.workspace import file_digest
from tests.spec.cli.terminal import Terminal, error_of
from tests.world import START, World, submission_id

BAD, REFUSED, WAITING = 5, 3, 4
DATES = """CASE request_id WHEN 'SMALL-00002' THEN '31/12/1980' WHEN 'SMALL-00004' THEN 'Canary' END AS date_of_birth"""


@pytest.fixture(scope="module")
def office(prepared_template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """One office for all that is refused: nothing of it changes."""
    world = prepared_template.copied(tmp_path_factory.mktemp("refusing"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(options, "now", world.stage.calendar)
        yield Terminal(world)
    world.office.store.close()


def received(office: Terminal, package: Path) -> tuple[int, str]:
    return office.refused("receive", package, officer="operator")


def test_an_unsigned_package(office: Terminal) -> None:
    package = office.world.sent(2)
    (package / "cover.jws").unlink()
    assert received(office, package) == (BAD, "SUBMISSION_UNSIGNED")


def test_a_cover_changed_after_it_was_signed(office: Terminal) -> None:
    package = office.world.sent(3)
    cover = (package / "cover.json").read_bytes()
    (package / "cover.json").write_bytes(cover.replace(b'"statute"', b'"statuTe"'))
    assert received(office, package) == (BAD, "SIGNATURE_INVALID")


def test_requests_changed_after_the_cover_was_signed(office: Terminal) -> None:
    package = office.world.sent(4)
    with (package / "requests.parquet").open("ab") as file:
        file.write(b"\0")
    assert received(office, package) == (BAD, "DIGEST_DIFFERS")


def test_another_number_of_rows_than_the_cover_says(office: Terminal) -> None:
    package = office.world.sent(5)
    cover = Cover.from_bytes((package / "cover.json").read_bytes())
    office.world.sign(package, replace(cover, requests=replace(cover.requests, rows=119)))
    assert received(office, package) == (BAD, "COUNT_DIFFERS")


def test_a_missing_column(office: Terminal) -> None:
    package = office.world.sent(6)
    requests = package / "requests.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE asked AS SELECT * EXCLUDE (reason) FROM '{requests}'")
        con.execute(f"COPY asked TO '{requests}'")
    cover = Cover.from_bytes((package / "cover.json").read_bytes())
    office.world.sign(package, replace(cover, requests=replace(cover.requests, digest=file_digest(requests))))
    assert received(office, package) == (BAD, "COLUMN_MISSING")


def test_dates_that_cannot_be_read_are_named_by_place_and_never_by_value(office: Terminal) -> None:
    package = office.world.sent(7, changed=DATES)
    assert received(office, package) == (BAD, "VALUE_UNREADABLE")
    result = office.office("receive", package, "--json", officer="operator")
    assert error_of(result)["count"] == 2
    assert error_of(result)["faults"] == [
        {"line": line, "column": "date_of_birth", "code": "VALUE_UNREADABLE"} for line in (2, 4)
    ]
    shown = office.office("receive", package, officer="operator").stderr
    assert "line 2, date_of_birth" in shown
    assert "Canary" not in shown + result.output
    assert "1980" not in shown + result.output


def test_no_more_than_ten_places_on_the_screen_and_all_that_are_listed_as_json(office: Terminal) -> None:
    package = office.world.sent(8, changed="'soon' AS date_of_birth")
    shown = office.office("receive", package, officer="operator").stderr
    assert shown.count("(VALUE_UNREADABLE)") == 10
    result = office.office("receive", package, "--json", officer="operator")
    assert (len(error_of(result)["faults"]), error_of(result)["count"]) == (100, 120)


def test_request_ids_that_repeat(office: Terminal) -> None:
    package = office.world.sent(9, changed="'SMALL-1' AS request_id")
    assert received(office, package) == (BAD, "REQUEST_ID_REPEATED")


def test_an_agreement_that_nobody_knows(office: Terminal) -> None:
    assert received(office, office.world.sent(10, agreement="nobody_2099")) == (BAD, "AGREEMENT_UNKNOWN")


@pytest.mark.parametrize("said", [{"synthetic": False}, {"vouched_by": ""}], ids=["not synthetic", "nobody vouches"])
def test_a_submission_that_nobody_vouches_for(office: Terminal, said: dict[str, object]) -> None:
    package = office.world.sent(11 if "synthetic" in said else 12, **said)
    assert received(office, package) == (REFUSED, "NOT_VOUCHED_SYNTHETIC")


@pytest.mark.parametrize("words", [(), ("--synthetic",), ("--vouched-by", "the tests")])
def test_a_registry_that_nobody_vouches_for(office: Terminal, words: tuple[str, ...]) -> None:
    records = office.world.place / "registry.parquet"
    assert office.refused("registry", "build", records, *words, officer="operator") == (
        REFUSED,
        "NOT_VOUCHED_SYNTHETIC",
    )


def test_a_package_that_is_not_there(office: Terminal) -> None:
    assert received(office, office.world.place / "nowhere") == (2, "WRONG_USAGE")


def test_an_act_without_the_key_of_the_officer(office: Terminal) -> None:
    assert office.refused("receive", office.world.package) == (2, "OFFICER_NEEDED")
    assert office.refused("receive", office.world.package, officer="nobody") == (2, "KEY_MISSING")
    words = ("receive", office.world.package, "--as", "operator", "--keys", office.world.stage.cast.agency)
    assert office.refused(*words) == (2, "KEY_MISSING")
    assert office.refused("work", "NO-SUCH-BATCH", officer="operator") == (BAD, "BATCH_UNKNOWN")


def test_a_second_submission_with_the_same_id(received: World, at: Callable[[World], Terminal]) -> None:
    assert at(received).refused("receive", received.package, officer="operator") == (BAD, "REPLAY")


def release(terminal: Terminal, batch: str = "") -> tuple[int, str]:
    terminal.world.stage.calendar.move_to(START + timedelta(days=40))
    return terminal.refused("release", batch or terminal.world.batch, officer="transmitter")


def test_a_release_without_two_signatures_or_with_one_twice(answered: World, at: Callable[[World], Terminal]) -> None:
    terminal = at(answered)
    assert release(terminal) == (WAITING, "SIGNATURES_MISSING")
    terminal.done("review", "sign", answered.batch, officer="approver-1")
    assert release(terminal) == (WAITING, "SIGNATURES_MISSING")
    words = ("review", "sign", answered.batch)
    assert terminal.refused(*words, officer="approver-1") == (REFUSED, "SAME_OFFICER")


def test_a_signature_by_someone_who_voted(prepared: World, at: Callable[[World], Terminal]) -> None:
    batch = prepared.receive(prepared.sent(2, "request_id <= 'SMALL-00020'", "NULL::DATE AS date_of_birth"))
    prepared.to_answers(batch)
    prepared.granted("reviewer-1", "approver")
    terminal = at(prepared)
    assert terminal.refused("review", "sign", batch, officer="reviewer-1") == (REFUSED, "SOD_VIOLATION")


def test_signatures_made_for_another_batch(answered: World, at: Callable[[World], Terminal]) -> None:
    other = answered.receive(answered.sent(2, rows="request_id <= 'SMALL-00050'"))
    answered.to_answers(other)
    for officer in ("approver-1", "approver-2"):
        answered.sign_answers(officer, other)
    ours, theirs = answered.office.batch(answered.batch), answered.office.batch(other)
    act = answered.office.act(answered.actor("approver-1"), "approver", "review sign")
    answered.office.record(act, theirs.countersigned, answered.office.state(), ours)
    answered.stage.calendar.move_to(START + timedelta(days=40))
    result = at(answered).office("release", answered.batch, "--json", officer="transmitter")
    assert (result.exit_code, error_of(result)["code"]) == (REFUSED, "SIGNATURE_OF_ANOTHER_BATCH")
    assert not list((answered.place / "home" / "batches" / answered.batch).glob("replies*"))


def test_a_release_after_the_answers_changed(signed: World, at: Callable[[World], Terminal]) -> None:
    state = signed.office.batch(signed.batch)
    act = signed.office.act(signed.actor("operator"), "operator", "work")
    signed.office.record(act, [state.answers], signed.office.state(), state)
    assert release(at(signed)) == (WAITING, "SIGNATURES_MISSING")


def test_a_release_under_a_hold_placed_a_moment_before(signed: World, at: Callable[[World], Terminal]) -> None:
    signed.hold()
    assert release(at(signed)) == (REFUSED, "HOLD_ACTIVE")


def test_a_submission_under_a_hold(prepared: World, at: Callable[[World], Terminal]) -> None:
    prepared.hold()
    words = ("receive", prepared.package)
    assert at(prepared).refused(*words, officer="operator") == (REFUSED, "HOLD_ACTIVE")


def test_a_submission_says_nothing_but_its_result_on_standard_output(
    prepared: World, at: Callable[[World], Terminal]
) -> None:
    result = at(prepared).office("receive", prepared.package, officer="operator")
    assert result.stdout == (
        f"Batch {submission_id()}: 120 requests. Answer on 2026-04-01T16:00:00Z.\nNext: comity work {submission_id()}\n"
    )
    assert "1 intake" in result.stderr


def test_an_intent_is_given_up_with_a_reason_and_only_while_there_is_one(
    signed: World, at: Callable[[World], Terminal]
) -> None:
    terminal = at(signed)
    words = ("abandon", signed.batch, "--reason", "A recipient has left.")
    assert terminal.refused(*words, officer="transmitter")[0] == REFUSED
    story.accounting(signed.office, signed.actor("transmitter"), signed.batch)
    assert terminal.refused(*words, officer="operator") == (REFUSED, "RIGHT_MISSING")
    assert terminal.refused("abandon", signed.batch, officer="transmitter") == (2, "WRONG_USAGE")
    assert terminal.done(*words, officer="transmitter") == {"batch": signed.batch, "abandoned": True}
    assert signed.office.batch(signed.batch).intended is None
