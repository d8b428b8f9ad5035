""" "That is not me": a contest is open until somebody has looked, and a recall or a finding has ended it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounting.checkpoint import Checkpoint, sign_note
from comity.accounting.leaf import commit
from comity.accounting.proof import TlogProof
from comity.accounting.tree import leaf_hash
from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.crypto import Ed25519Key
from comity.office import contesting, explaining, recalling
from comity.office.homecheck import verify_home
from comity.office.receipting import entry_leaf
from comity.office.rekeying import change_key, propose_key
from comity.oversight.explaining import Explained
from comity.oversight.receipt import ENTRY, LoggedLeaf, write_receipt
from comity.oversight.verify import verify_log
from tests.accounted import account, answered, person_at
from tests.spec.office.test_accounts import next_day, refused
from tests.world import World, submission_id

LETTER = b"That is not me. I have never lived there."
FINDING = "Name, birth date and number agree."


def contest(world: World, row: int = 1, batch: str = "", reference: str = "LETTER-31"):
    batch = batch or world.batch
    return contesting.receive_contest(world.office, world.actor("counsel"), batch, row, reference, LETTER)


def look(world: World, number: int = 1):
    return contesting.look_up(world.office, world.actor("counsel"), number)


def close(world: World, number: int = 1, recall: int = 0, finding: str = ""):
    return contesting.close(world.office, world.actor("counsel"), number, recall, finding)


def test_a_contest_is_open_until_somebody_looked_and_found_why_the_answer_stands(sealed: World) -> None:
    received = contest(sealed)
    assert received.answer_by == (sealed.office.now().date() + timedelta(days=30)).isoformat()
    refused(Refused, "NOT_LOOKED_UP", close, sealed, 1, 0, FINDING)
    assert look(sealed).request_id == "SMALL-00001"
    assert close(sealed, finding=FINDING).stands() == "closed by a finding"
    refused(Refused, "DONE_BEFORE", close, sealed, 1, 0, FINDING)


def test_a_contest_is_closed_by_a_recall_of_the_contested_answer_and_by_no_other(sealed: World) -> None:
    [row, other, *_] = answered(sealed, sealed.batch)
    contest(sealed, row)
    look(sealed)
    refused(BadInput, "RECALL_OF_ANOTHER", close, sealed, 1, 1)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [other], "Read wrongly.")
    refused(BadInput, "RECALL_OF_ANOTHER", close, sealed, 1, 1)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    assert close(sealed, recall=2).stands() == "closed by recall 2"


@pytest.mark.parametrize("given", [(0, " "), (1, FINDING)])
def test_a_contest_is_closed_by_one_of_the_two(sealed: World, given: tuple[int, str]) -> None:
    contest(sealed)
    look(sealed)
    refused(BadInput, "CLOSED_BY_WHAT", close, sealed, 1, *given)


def test_a_look_at_a_contested_answer_is_an_event_of_the_batch_and_of_the_office(sealed: World) -> None:
    contest(sealed)
    look(sealed)
    look(sealed)
    read = [stored.type for stored in sealed.office.store.read(f"batch/{sealed.batch}")].count("records_read")
    looked = [stored.type for stored in sealed.office.store.read("office")].count("contest_looked_up")
    assert (read >= 2, looked) == (True, 1)


def test_a_contest_is_looked_up_under_a_hold_as_well(sealed: World) -> None:
    contest(sealed)
    sealed.hold()
    assert look(sealed).request_id == "SMALL-00001"


def test_the_letter_is_kept_as_a_salted_commitment_alone(sealed: World) -> None:
    received = contest(sealed)
    assert received.commitment == commit(bytes.fromhex(received.salt), LETTER)
    assert contest(sealed).commitment != received.commitment
    written = json.dumps([stored.stored() for stored in sealed.office.store.read("office")])
    assert LETTER.decode() not in written


def test_a_receipt_of_the_accounting_says_what_is_contested(sealed: World) -> None:
    row = answered(sealed, sealed.batch)[-1]
    account(sealed, person_at(sealed, sealed.batch, row))
    receipt = (sealed.place / "accounting" / "1.receipt").read_bytes()
    assert contesting.place_of(sealed.office, receipt) == (sealed.batch, row)


def rotate(world: World, compromised_after: int | None = None) -> None:
    propose_key(world.office, world.actor("registrar"))
    change_key(world.office, world.actor("counsel"), compromised_after)


def test_a_receipt_of_before_a_change_of_the_logs_key_says_it_as_well(sealed: World) -> None:
    row = answered(sealed, sealed.batch)[-1]
    account(sealed, person_at(sealed, sealed.batch, row))
    receipt = (sealed.place / "accounting" / "1.receipt").read_bytes()
    rotate(sealed)
    rotate(sealed)
    assert contesting.place_of(sealed.office, receipt) == (sealed.batch, row)


def test_a_receipt_that_a_stolen_key_signed_is_of_nothing(sealed: World) -> None:
    """Of before the size that is named as good it counts; of after it, or of another history, it does not."""
    row = answered(sealed, sealed.batch)[-1]
    person, good = person_at(sealed, sealed.batch, row), sealed.office.log.checkpoint().size
    account(sealed, person)
    stolen = sealed.office.home.log_key
    sealed.hold()
    account(sealed, person, "later")
    receipt, later = ((sealed.place / out / "1.receipt").read_bytes() for out in ("accounting", "later"))
    rotate(sealed, good)
    assert contesting.place_of(sealed.office, receipt) == (sealed.batch, row)
    refused(Integrity, "LOG_KEY_ENDED", contesting.place_of, sealed.office, later)
    refused(Integrity, "RECEIPT_FAILS", contesting.place_of, sealed.office, forged(sealed, stolen))
    unknown = Ed25519Key.generate()
    refused(Integrity, "LOG_KEY_CHANGED", contesting.place_of, sealed.office, forged(sealed, unknown))


def forged(world: World, key: Ed25519Key) -> bytes:
    """A receipt of a leaf in a log of one leaf, all of it by whoever has `key`."""
    [leaf] = world.office.log.entries(first_leaf(world), first_leaf(world) + 1)
    home = world.office.home
    note = sign_note(Checkpoint(home.note_key().name, 1, leaf_hash(leaf)).text, [home.signer(key)])
    return write_receipt(ENTRY, home.named(key).vkey, [LoggedLeaf(leaf.decode(), TlogProof(0, (), note).text)])


def first_leaf(world: World) -> int:
    return entry_leaf(world.office, world.office.batch(world.batch), 1)


@pytest.mark.parametrize("found", ["nothing", "another row", "another officer"])
def test_a_look_of_which_no_reading_is_told_is_found(
    sealed: World, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    [row, other, *_] = answered(sealed, sealed.batch)
    contest(sealed, row)
    if found == "another officer":
        sealed.granted("approver-1", "operator")
        read = explaining.explain_contested(sealed.office, sealed.actor("approver-1"), sealed.batch, row)
    if found == "another row":
        read = explaining.explain_contested(sealed.office, sealed.actor("counsel"), sealed.batch, other)
    version = sealed.office.batch(sealed.batch).version if found != "nothing" else 0
    explained = Explained("SMALL-00001", (), (), None) if found == "nothing" else read
    monkeypatch.setattr(contesting, "explain_contested", lambda *_: explained)
    monkeypatch.setattr(contesting, "_reading", lambda *_: version)
    look(sealed)
    monkeypatch.undo()
    next_day(sealed)
    home = sealed.place / "home"
    if version:
        # No segment opens the reading yet, and only the home itself can tell.
        verify_log(home)
        refused(Integrity, "CONTEST_NOT_LOOKED_UP", verify_home, home)
        recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    refused(Integrity, "CONTEST_NOT_LOOKED_UP", verify_log, home)


def test_a_look_at_a_request_that_was_returned_reads_no_record_and_verifies(sealed: World) -> None:
    minor = "DATE '2020-01-01' AS date_of_birth"
    batch = sealed.receive(sealed.sent(2, rows="request_id <= 'SMALL-00003'", changed=minor))
    sealed.to_answers(batch)
    sealed.sign_answers("approver-1", batch)
    sealed.sign_answers("approver-2", batch)
    sealed.stage.calendar.move_to(sealed.office.now() + timedelta(days=40))
    sealed.release(batch)
    contest(sealed, answered(sealed, batch, "RETURNED")[0], batch)
    assert look(sealed).returned
    next_day(sealed)
    verify_log(sealed.place / "home")
    verify_home(sealed.place / "home")


def test_a_look_verifies_once_the_segment_with_its_reading_is_opened(sealed: World) -> None:
    [row, *_] = answered(sealed, sealed.batch)
    contest(sealed, row)
    look(sealed)
    next_day(sealed)
    verify_home(sealed.place / "home")
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    assert verify_log(sealed.place / "home").contests == 1


@pytest.mark.parametrize(("days", "late"), [(30, False), (31, True)])
def test_a_contest_is_overdue_after_its_last_day(sealed: World, days: int, late: bool) -> None:
    contest(sealed)
    sealed.stage.calendar.move_to(sealed.office.now() + timedelta(days=days))
    [(one, stands, overdue)] = contesting.contests(sealed.office)
    assert (one.contest, stands, overdue) == (1, "waits for a look-up", late)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("ROW_UNKNOWN", {"row": 121}),
        ("ROW_UNKNOWN", {"row": 0}),
        ("BATCH_UNKNOWN", {"batch": submission_id(9)}),
        ("ID_UNFIT", {"reference": "the letter of Ada Quill"}),
    ],
)
def test_a_contest_names_an_answer_and_a_letter_and_nobody(sealed: World, code: str, given) -> None:
    refused(ComityError, code, lambda: contest(sealed, **given))


def test_what_was_not_answered_yet_is_not_contested(signed: World) -> None:
    refused(Refused, "NOTHING_SEALED", contest, signed)


@pytest.mark.parametrize("officer", ["operator", "auditor", "transmitter"])
def test_counsel_alone_hears_a_contest(sealed: World, officer: str) -> None:
    given = (sealed.office, sealed.actor(officer), sealed.batch, 1, "LETTER-31", LETTER)
    refused(Refused, "RIGHT_MISSING", contesting.receive_contest, *given)
    contest(sealed)
    refused(Refused, "RIGHT_MISSING", contesting.look_up, sealed.office, sealed.actor(officer), 1)
    refused(Refused, "RIGHT_MISSING", contesting.close, sealed.office, sealed.actor(officer), 1, 0, FINDING)


def test_verification_counts_contests_and_how_many_are_open(sealed: World) -> None:
    [row, *_] = answered(sealed, sealed.batch)
    contest(sealed, row)
    contest(sealed)
    look(sealed)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    close(sealed, recall=1)
    next_day(sealed)
    found = verify_log(sealed.place / "home")
    assert (found.contests, found.open_contests) == (2, 1)


@pytest.mark.parametrize("given", [{"recall": 7}, {"finding": FINDING}])
def test_a_contest_that_was_closed_behind_the_rules_is_found(
    sealed: World, monkeypatch: pytest.MonkeyPatch, given
) -> None:
    contest(sealed)
    if "recall" in given:
        look(sealed)
    monkeypatch.setattr(contesting.decide, "close", lambda _, event, *__: event)
    close(sealed, **given)
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match="CONTEST_CLOSED_EARLY"):
        verify_log(sealed.place / "home")


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"contest": 1}, "NUMBER_NOT_NEXT"), ({"answer_by": "9999-12-31"}, "CONTEST_MISDATED")],
)
def test_a_contest_under_the_number_of_another_or_of_another_day_is_found(
    sealed: World, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], code: str
) -> None:
    contest(sealed)
    decided = contesting.decide.contest
    monkeypatch.setattr(contesting.decide, "contest", lambda *given: replace(decided(*given), **changed))
    contest(sealed, row=2)
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match=code):
        verify_log(sealed.place / "home")
