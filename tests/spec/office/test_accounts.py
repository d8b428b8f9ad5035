"""Counsel accounts to one person: what was asked and answered about that person, and nothing of anybody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity.case import accounting_decisions as decide
from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.case.office_events import EmbargoPlaced
from comity.office import accounts, recalling, subjects
from comity.oversight import accounts as found_accounts
from comity.oversight.receipt import verify_one
from comity.oversight.verify import verify_log
from comity.synthetic.recipients import officers
from tests.accounted import REFERENCE, account, answered, embargo, papers, person_at, table
from tests.world import World


def refused(kind: type[ComityError], code: str, act, *given) -> None:
    with pytest.raises(kind) as raised:
        act(*given)
    assert raised.value.code == code


def somebody(world: World) -> dict[str, str]:
    """The person of the first confirmed request."""
    return person_at(world, world.batch, answered(world, world.batch)[0])


def next_day(world: World) -> None:
    """Another event on another day, which closes the office's segment."""
    world.stage.calendar.move_to(world.office.now() + timedelta(days=1))
    world.hold()


def test_a_person_whose_record_was_confirmed_is_told_by_whom_when_on_what_ground_and_what_left(sealed: World) -> None:
    [row, *_] = answered(sealed, sealed.batch)
    made, said = account(sealed, person_at(sealed, sealed.batch, row))
    assert (made.entries, made.embargoed) == (1, 0)
    [entry] = said["entries"]
    assert (entry["batch"], entry["row_number"], entry["agency"]) == (sealed.batch, row, "ICE")
    assert entry["answer"] == "confirmed"
    assert entry["left"].startswith("Nothing so far")
    assert "8 USC" in entry["ground"]
    assert entry["law"] == "26 USC 6103(i)(2)(A)"
    assert entry["left_on"] == []
    assert entry["to"]


def test_the_day_on_which_a_reply_left_and_a_recall_are_told(sealed: World) -> None:
    [row, *_] = answered(sealed, sealed.batch)
    person = person_at(sealed, sealed.batch, row)
    with duckdb.connect() as con:
        sql = f"SELECT recipients[1] FROM {table(sealed, sealed.batch, 'answers')} WHERE row_number = ?"
        [(recipient,)] = con.execute(sql, [row]).fetchall()
    sealed.collect(recipient, sealed.place / "reply", sealed.batch)
    recalling.order(sealed.office, sealed.actor("counsel"), sealed.batch, [row], "Read wrongly.")
    [entry] = account(sealed, person)[1]["entries"]
    assert "for a year asked about" in entry["left"]
    assert entry["left_on"] == [sealed.office.now().date().isoformat()]
    assert entry["recalled"].endswith("not all certified.")


def test_each_entry_has_a_receipt_that_verifies_and_opens_nothing(sealed: World) -> None:
    _, said = account(sealed, somebody(sealed))
    receipt = (sealed.place / "accounting" / "1.receipt").read_bytes()
    proven = verify_one(receipt, sealed.office.home.note_key().vkey)
    assert (proven.about, proven.indexes) == ("entry", (said["entries"][0]["leaf"],))
    assert [leaf["opened"] for leaf in json.loads(receipt)["leaves"]] == [{}]


def test_nothing_of_a_third_person_is_in_the_papers(sealed: World) -> None:
    """No officer of the agency by name, no narrative and no matter, and no other request's people."""
    [row, *_] = answered(sealed, sealed.batch)
    person = person_at(sealed, sealed.batch, row)
    account(sealed, person)
    said = papers(sealed.place / "accounting").upper()
    with duckdb.connect() as con:
        sql = "SELECT row_number, given_name, family_name, street_line, case_id, reason, request_id FROM {}"
        rows = con.execute(sql.format(table(sealed, sealed.batch, "requests"))).fetchall()
    private = {cell.upper() for at, *cells in rows for cell in cells[3 if at == row else 0 :] if len(cell or "") > 5}
    assert len(private) > 100
    own = {cell.upper() for cell in person.values()}
    assert [cell for cell in private - own if cell in said] == []
    assert [who.name for who in officers() if who.name.upper() in said] == []


def test_the_look_up_is_an_event_that_says_who_when_how_many_and_of_nobody(sealed: World) -> None:
    person = somebody(sealed)
    account(sealed, person)
    stored = sealed.office.store.read("office")[-1]
    assert (stored.type, stored.actor, stored.role) == ("person_accounted", "counsel", "counsel")
    assert (stored.body["entries"], stored.body["reference"]) == (1, REFERENCE)
    assert stored.body["looked_at"] == [sealed.batch]
    written = json.dumps(stored.stored()).upper()
    assert [cell for cell in person.values() if cell.upper() in written and len(cell) > 2] == []


def test_two_accountings_to_one_person_commit_to_that_person_in_two_ways(sealed: World) -> None:
    person = somebody(sealed)
    for out in ("one", "two"):
        account(sealed, person, out)
    told = [stored.body for stored in sealed.office.store.read("office") if stored.type == "person_accounted"]
    assert [body["accounting"] for body in told] == [1, 2]
    assert len({body["subject"]["digest"] for body in told}) == 2


def test_whoever_was_not_asked_about_is_told_so_and_the_look_up_counts_all_the_same(sealed: World) -> None:
    made, said = account(sealed, somebody(sealed) | {"given_name": "Nobody"})
    assert (made.entries, said["entries"]) == (0, [])
    assert "Nothing was asked" in papers(sealed.place / "accounting")
    assert sealed.office.state().accountings == 1


def test_a_namesake_of_another_birth_date_is_told_nothing(sealed: World) -> None:
    assert account(sealed, somebody(sealed) | {"date_of_birth": "1899-01-01"})[0].entries == 0


def test_counsel_alone_accounts(sealed: World) -> None:
    given = subjects.read_given(json.dumps(somebody(sealed)).encode())
    for officer in ("auditor", "operator", "transmitter"):
        place = sealed.place / "accounting"
        refused(
            Refused, "RIGHT_MISSING", accounts.account, sealed.office, sealed.actor(officer), given, REFERENCE, place
        )
    assert sealed.office.state().accountings == 0


def test_what_could_not_be_written_was_not_accounted_and_leaves_nothing_of_the_person(sealed: World) -> None:
    person = somebody(sealed)
    (sealed.place / "accounting").mkdir()
    refused(BadInput, "OUT_NOT_WRITABLE", account, sealed, person)
    office = sealed.place / "home" / "batches" / "office"
    assert [path.name for path in office.iterdir() if path.suffix == ".parquet"] == []
    assert sealed.office.state().accountings == 0
    assert not list(sealed.place.glob(".*.accounting"))


def test_an_embargoed_entry_is_left_out_and_the_papers_say_of_all_how_many_there_are(sealed: World) -> None:
    placed = embargo(sealed)
    assert (placed.embargo, placed.covered) == (1, 120)
    made, said = account(sealed, somebody(sealed))
    assert (made.entries, made.embargoed) == (0, 1)
    assert (said["entries"], said["embargoes_in_force"], said["entries_embargoed"]) == ([], 1, 120)
    _, nobody = account(sealed, somebody(sealed) | {"given_name": "Nobody"}, "other")
    apart = ("accounting", "reference", "on")
    assert {k: v for k, v in said.items() if k not in apart} == {k: v for k, v in nobody.items() if k not in apart}


@pytest.mark.parametrize(("days", "entries"), [(29, 0), (30, 0), (31, 1)])
def test_an_embargo_binds_on_its_last_day_and_not_past_it(sealed: World, days: int, entries: int) -> None:
    until = (sealed.office.now() + timedelta(days=30)).date().isoformat()
    embargo(sealed, until=until)
    sealed.stage.calendar.move_to(sealed.office.now() + timedelta(days=days))
    made, said = account(sealed, somebody(sealed))
    assert (made.entries, said["embargoes_in_force"]) == (entries, 1 - entries)


def test_an_embargo_on_another_batch_keeps_nothing_of_this_one_back(sealed: World) -> None:
    second = sealed.receive(sealed.sent(2, rows="request_id = 'SMALL-00009'"))
    assert embargo(sealed, batch=second).covered == 0
    assert account(sealed, somebody(sealed))[0].entries == 1


@pytest.mark.parametrize(("longest", "days", "fits"), [(0, 0, False), (1, 0, True), (1, 1, False), (365, 364, True)])
def test_an_embargo_lasts_as_many_days_as_the_agreement_allows_and_none_where_it_allows_none(
    sealed: World, longest: int, days: int, fits: bool
) -> None:
    office, today = sealed.office.state(), sealed.office.now().date()
    ends_on = (today + timedelta(days=days)).isoformat()
    placed = EmbargoPlaced(1, "irs_ice_2025", "", "5 USC 552a(c)(3)", ends_on, 0)
    if fits:
        assert decide.embargo(office, placed, None, today.isoformat(), longest) == placed
    else:
        refused(Refused, "EMBARGO_TOO_LONG", decide.embargo, office, placed, None, today.isoformat(), longest)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("EMBARGO_TOO_LONG", {"until": "2099-01-01"}),
        ("EMBARGO_OVER", {"until": "2026-01-01"}),
        ("DAY_UNFIT", {"until": "soon"}),
        ("BATCH_UNKNOWN", {"batch": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    ],
)
def test_an_embargo_has_an_end_that_the_agreement_allows(sealed: World, code: str, given: dict[str, str]) -> None:
    refused(ComityError, code, lambda: embargo(sealed, **given))


def test_verification_finds_the_same_entries_again_and_counts_them(sealed: World) -> None:
    embargo(sealed, until="2026-04-30")
    account(sealed, somebody(sealed))
    next_day(sealed)
    found = verify_log(sealed.place / "home")
    assert (found.accountings, found.embargoes, found.embargoed) == (1, 1, 120)
    assert "1 accountings to persons; 1 embargoes in force" in found.sentence()


def test_an_accounting_that_left_an_entry_out_is_found(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "read_batch", lambda *_: [])
    account(sealed, somebody(sealed))
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match="ACCOUNTING_DIFFERS"):
        verify_log(sealed.place / "home")


def test_an_accounting_that_told_of_somebody_else_is_found(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [_, other, *_] = answered(sealed, sealed.batch)
    real = found_accounts.read_batch
    stranger = person_at(sealed, sealed.batch, other)
    place = sealed.place / "stranger"
    place.mkdir()
    kept = subjects.keep_subject(place, subjects.read_given(json.dumps(stranger).encode()))
    monkeypatch.setattr(accounts, "read_batch", lambda a, b, c, _, *rest: real(a, b, c, kept, *rest))
    account(sealed, somebody(sealed))
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match="ACCOUNTING_DIFFERS"):
        verify_log(sealed.place / "home")


@pytest.mark.parametrize("kind", ["subject", "accounted"])
def test_whom_an_accounting_was_made_to_cannot_be_changed_afterwards(sealed: World, kind: str) -> None:
    account(sealed, somebody(sealed))
    next_day(sealed)
    [path] = (sealed.place / "home" / "batches" / "office").glob(f"{kind}-*.parquet")
    changed(path)
    with pytest.raises(Integrity, match="ARTEFACT_CHANGED"):
        verify_log(sealed.place / "home")


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_an_embargo_that_the_agreement_does_not_allow_is_found(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.office import contesting

    monkeypatch.setattr(contesting.decide, "embargo", lambda _, event, *__: event)
    embargo(sealed, until="2099-01-01")
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match="EMBARGO_TOO_LONG"):
        verify_log(sealed.place / "home")


def test_an_accounting_by_somebody_without_the_right_is_found(sealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = subjects.read_given(json.dumps(somebody(sealed)).encode())
    monkeypatch.setattr(type(sealed.office), "require", lambda *_, **__: "auditor")
    accounts.account(sealed.office, sealed.actor("auditor"), given, REFERENCE, sealed.place / "accounting")
    monkeypatch.undo()
    next_day(sealed)
    with pytest.raises(Integrity, match="ACT_WITHOUT_RIGHT"):
        verify_log(sealed.place / "home")


def test_an_accounting_by_another_version_of_the_standard_is_searched_again_and_said_to_differ(
    sealed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds by its own list; where today's standard finds other entries, verification says so by code."""
    person, find = somebody(sealed), accounts.read_batch
    monkeypatch.setattr(accounts, "STANDARD", "0")
    account(sealed, person)
    monkeypatch.setattr(accounts, "read_batch", lambda *given: find(*given)[1:])
    assert account(sealed, person, "shorter")[0].entries == 0
    monkeypatch.undo()
    next_day(sealed)
    found = verify_log(sealed.place / "home")
    assert (found.accountings, found.accounted_otherwise) == (2, (2,))
    assert found.facts()["warnings"] == ["ACCOUNTED_OTHERWISE"]
    assert "ACCOUNTED_OTHERWISE: The accountings 2 " in found.sentence()
