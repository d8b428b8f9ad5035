"""The whole way of a request by commands alone, from two CSV files to an acknowledged reply."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from comity.case.tables import REQUESTS, as_text
from comity.office.rehearsal import rehearsal_authority, rehearsal_certificate
from comity.requester import RECIPIENT_COLUMNS
from comity.synthetic.recipients import officers
from tests.spec.cli.terminal import Terminal, error_of, typed
from tests.world import START, World

DIRECTOR = ("--agency", "ICE", "--signatory", "signatory", "--office", "HEAD_OF_AGENCY")
VOUCHED = ("--synthetic", "--vouched-by", "the tests")


@pytest.fixture
def terminal(prepared: World, at: Callable[[World], Terminal]) -> Terminal:
    """An office, and a requester with a table of eight people, three of whose requests need somebody."""
    write_requests(prepared.place)
    write_recipients(prepared.place / "recipients.csv")
    return at(prepared)


def write_requests(place: Path) -> None:
    cells = ", ".join(f"{as_text(column.name, column.type)} AS {column.name}" for column in REQUESTS.columns)
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE asked AS SELECT {cells} FROM '{place}/requests.parquet' ORDER BY request_id LIMIT 8")
        con.execute("UPDATE asked SET order_final_on = NULL WHERE request_id = 'SMALL-00001'")
        con.execute("UPDATE asked SET street_line = 'PO Box 12' WHERE request_id = 'SMALL-00002'")
        con.execute("UPDATE asked SET date_of_birth = NULL WHERE request_id = 'SMALL-00003'")
        con.execute("UPDATE asked SET recipients = 'ICE-R001'")
        con.execute(f"COPY asked TO '{place}/requests.csv'")


def write_recipients(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RECIPIENT_COLUMNS)
        writer.writerows((r.id, r.name, r.agency, r.role, 3, r.office_address) for r in officers()[:2])


def prepare(terminal: Terminal) -> tuple[Path, str]:
    """A signed package and the id of its submission."""
    place, agency = terminal.world.place, terminal.world.stage.cast.agency
    files = (place / "requests.csv", "--recipients", place / "recipients.csv", "--certificates", agency)
    made = typed("request", "new", place / "asked", *files, *DIRECTOR, *VOUCHED, "--json")
    assert made.exit_code == 0, made.output
    own = ("--key", agency / "signatory.key", "--certificate", agency / "signatory.pem")
    assert typed("request", "sign", place / "asked", *own).exit_code == 0
    return place / "asked", json.loads(made.stdout)["submission"]


def to_answers(terminal: Terminal, batch: str) -> None:
    """From the package through the two places where people are awaited."""
    assert terminal.office("work", batch, officer="operator").exit_code == 4
    [waiting] = terminal.done("review", "queue", batch)["rows"]
    assert (waiting["row"], waiting["waits for"], waiting["because"]) == (2, "examiner", "ADDRESS_PO_BOX")
    terminal.done("review", "settle", batch, 2, "return", "--reason", "A box is no residence.", officer="examiner")
    assert terminal.office("work", batch, officer="operator").exit_code == 4
    waiting = [(item["row"], item["because"]) for item in terminal.done("review", "queue", batch)["rows"]]
    assert waiting == [("", "5 audit cases"), ("", "1 clerical case")]
    for reviewer in ("reviewer-1", "reviewer-2"):
        while (shown := terminal.done("review", "next", batch, officer=reviewer))["case"]:
            person = shown["candidates"][0]["person"]
            terminal.done("review", "vote", batch, shown["case"], "same", "--person", person, officer=reviewer)
    audited = terminal.done("review", "audit", batch, officer="counsel")
    assert (audited["may_leave"], audited["wrong_at_most"]) == (5, 0)
    waits = terminal.office("work", batch, "--json", officer="operator")
    assert (waits.exit_code, error_of(waits)["code"]) == (4, "SCREEN_OUTSTANDING")
    subjects = terminal.world.place / "subjects.ndjson"
    terminal.done("screen", "show", batch, "--out", subjects, officer="screener")
    subjects.write_text(subjects.read_text().replace('"screen":""', '"screen":"clear"'))
    terminal.done("screen", "enter", batch, subjects, officer="screener")
    assert terminal.office("work", batch, officer="operator").exit_code == 4


def opened(terminal: Terminal, package: Path, batch: str, recipient: str) -> list[list[str]]:
    """The rows of a reply, collected, opened by its recipient and acknowledged."""
    place, cast = terminal.world.place, terminal.world.stage.cast
    reply, out, signed = (place / f"{recipient}.{kind}" for kind in ("reply", "csv", "signed"))
    terminal.done("collect", batch, "--recipient", recipient, "--out", reply, officer="transmitter")
    own = ("--key", cast.agency / f"{recipient}.key", "--certificate", cast.agency / f"{recipient}.pem")
    roots = ("--authority", cast.custodian_authority / "authority.pem")
    files = ("--package", package, *own, *roots, "--out", out, "--acknowledge", signed)
    assert typed("request", "open", reply, *files).exit_code == 0
    return list(csv.reader(out.read_text().splitlines()))[1:]


def test_a_table_of_requests_becomes_an_acknowledged_reply(terminal: Terminal) -> None:
    package, batch = prepare(terminal)
    assert terminal.done("receive", package, officer="operator")["requests"] == 8
    to_answers(terminal, batch)
    for approver in ("approver-1", "approver-2"):
        terminal.done("review", "sign", batch, officer=approver)
    terminal.done("work", batch, officer="operator")
    terminal.world.stage.calendar.move_to(START + timedelta(days=40))
    assert terminal.done("release", batch, officer="transmitter")["replies"] == 2

    rows = opened(terminal, package, batch, "ICE-R001")
    assert rows == [[f"SMALL-{number:05}", "CONFIRMED", ""] for number in range(3, 9)]
    signed = terminal.world.place / "ICE-R001.signed"
    terminal.done("acknowledge", batch, signed, "--recipient", "ICE-R001", officer="transmitter")
    terminal.world.stage.calendar.move_to(START + timedelta(days=42))
    assert opened(terminal, package, batch, "signatory") == [
        ["SMALL-00001", "RETURNED", "REMOVAL_ORDER_DATE_MISSING"],
        ["SMALL-00002", "RETURNED", "ADDRESS_PO_BOX"],
    ]
    verified = json.loads(typed("log", "verify", terminal.home, "--json").stdout)
    assert (verified["verified"], verified["requests"], verified["sealed"]) == (True, 8, 1)


def test_the_requester_learns_at_the_desk_what_would_come_back(terminal: Terminal) -> None:
    package, _ = prepare(terminal)

    found = json.loads(typed("request", "check", package, "--on", "2026-03-02", "--json").stdout)
    assert (found["requests"], found["passed"], found["returned"], found["review"]) == (8, 6, 1, 1)
    assert found["by_code"] == {"ADDRESS_PO_BOX": 1, "REMOVAL_ORDER_DATE_MISSING": 1}
    assert "G-05 SIGNATORY_NOT_AUTHORISED" in found["not_checked"]

    shown = typed("request", "check", package, "--on", "2026-03-02", "--first", 1).stdout
    assert "REMOVAL_ORDER_DATE_MISSING" in shown
    assert "6 pass here, 1 would come back, 1 would wait for an examiner" in shown
    assert "G-05" in shown


def test_a_hold_is_placed_confirmed_and_listed(terminal: Terminal) -> None:
    paper = terminal.world.place / "order.txt"
    paper.write_text("An order, for rehearsal.")
    order = ("--court", "D. Rehearsal", "--docket", "1:26-cv-1", "--ordered-on", "2026-03-01", "--paper", paper)
    terminal.done("hold", "place", "H1", "--agreement", "irs_ice_2025", *order, officer="examiner")
    [hold] = terminal.done("hold", "list")["rows"]
    assert hold["confirmed by"] == "not yet confirmed"
    terminal.done("hold", "confirm", "H1", officer="counsel")
    [hold] = terminal.done("hold", "list")["rows"]
    assert (hold["hold"], hold["confirmed by"]) == ("H1", "counsel")


def test_a_hold_about_persons_is_placed_from_a_list_and_listed_by_their_number(terminal: Terminal) -> None:
    paper, persons = terminal.world.place / "order.txt", terminal.world.place / "plaintiffs.csv"
    paper.write_text("An order, for rehearsal.")
    persons.write_text("given_name,family_name,date_of_birth\nAurelia,Quillfeather,1980-03-04\nOtis,Quillfeather,\n")
    order = ("--court", "D. Rehearsal", "--docket", "1:26-cv-2", "--ordered-on", "2026-03-01", "--paper", paper)
    place = ("hold", "place", "P1", "--agreement", "irs_ice_2025", *order, "--persons")
    assert terminal.done(*place, persons, officer="examiner") == {"hold": "P1", "binding": True, "persons": 2}
    [hold] = terminal.done("hold", "list")["rows"]
    assert (hold["hold"], hold["about"]) == ("P1", "2 persons")
    persons.write_text("given_name\nAurelia\n")
    assert terminal.refused(*place, persons, officer="examiner") == (5, "PERSONS_UNREADABLE")


def test_a_hold_is_lifted_by_two_officers_who_read_the_order_that_ends_it(terminal: Terminal) -> None:
    terminal.world.hold()
    paper, other = terminal.world.place / "vacated.txt", terminal.world.place / "other.txt"
    paper.write_text("An order that ends the first, for rehearsal.")
    other.write_text("Another.")
    order = ("--court", "D. Rehearsal", "--order", "1:26-cv-1, No. 61", "--ordered-on", "2026-03-02", "--paper", paper)
    assert terminal.refused("hold", "lift", "H2", *order, officer="hold-officer") == (5, "HOLD_UNKNOWN")
    found = terminal.done("hold", "lift", "H1", *order, officer="hold-officer")
    assert found == {"hold": "H1", "lift": 1, "binding": True}
    assert "waits for the other role" in terminal.done("hold", "list")["rows"][0]["lift"]
    confirm = ("hold", "confirm-lift", "H1", 1, "--paper")
    assert terminal.refused(*confirm, paper, officer="hold-officer") == (3, "SOD_VIOLATION")
    assert terminal.refused(*confirm, other, officer="counsel") == (5, "ORDER_DIFFERS")
    assert not terminal.done(*confirm, paper, officer="counsel")["binding"]
    assert "lifted 2026" in terminal.done("hold", "list")["rows"][0]["lift"]
    receipt = terminal.world.place / "hold.receipt"
    terminal.done("log", "receipt", "--hold", "H1", "--out", receipt, officer="counsel")
    acts = json.loads(typed("verify-receipt", receipt, "--json").stdout)["says"]["acts"]
    assert [act.split()[0] for act in acts] == ["placed", "lift-proposed", "lifted"]


def test_a_role_is_struck_off_by_two_officers_with_a_reason(terminal: Terminal) -> None:
    words = ("strike", "propose", "officer", "operator", "--reason")
    assert terminal.refused(*words, " ", officer="registrar") == (5, "REASON_NEEDED")
    assert terminal.refused(*words, "Left.", officer="counsel") == (3, "RIGHT_MISSING")
    past = ("--since", "2026-01-01")
    assert terminal.refused(*words, "Left.", *past, officer="registrar") == (3, "NOT_PROSPECTIVE")
    found = terminal.done(*words, "Left.", "--role", "operator", officer="registrar")
    assert found == {"register": "strike", "subject": "operator", "version": 1, "approved": False}
    terminal.done("strike", "approve", "operator", 1, officer="counsel")
    [row] = terminal.done("strike", "show")["rows"]
    assert (row["register"], row["role or root"], row["approved by"]) == ("officer", "operator", "counsel")
    assert terminal.refused("receive", terminal.world.package, officer="operator") == (3, "OFFICER_STRUCK_OFF")
    assert terminal.refused("strike", "propose", "officer", "counsel", "--reason", "Left.", officer="registrar") == (
        3,
        "LAST_OF_ITS_ROLE",
    )


def test_the_register_reads_the_list_that_a_submission_names_its_recipients_with(terminal: Terminal) -> None:
    place, agency = terminal.world.place, terminal.world.stage.cast.agency
    text = (place / "recipients.csv").read_text()
    (place / "wrong.csv").write_text(text.replace("matters", "caseload"))
    words = ("recipient", "add", place / "wrong.csv", "--certificates", agency, "--system", "ICE-CASES")
    assert terminal.refused(*words, officer="registrar") == (5, "RECIPIENTS_UNREADABLE")
    words = ("recipient", "add", place / "recipients.csv", "--certificates", agency, "--system", "ICE-CASES")
    assert terminal.refused(*words, officer="registrar") == (3, "TAKEN")


def test_a_list_of_recipients_a_signatory_an_authority_and_an_officer_are_entered_by_two(terminal: Terminal) -> None:
    place, cast = terminal.world.place, terminal.world.stage.cast
    other = rehearsal_authority(place / "cbp", "CBP", START)
    rehearsal_certificate(cast.custodian, place, "ann", "ann", START)
    for person in ("head", "ICE-R901", "ICE-R902"):
        rehearsal_certificate(other, place, person, person, START)
    with (place / "list.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(f"ICE-R90{number}", "Name", "CBP", "Agent", 3, "1 Main St") for number in (1, 2)]
        csv.writer(file).writerows([RECIPIENT_COLUMNS, *rows])
    agency, own = ("--agency", "CBP"), ("--certificate", place / "head.pem")
    entries = (
        ("authority", "trust", "CBP", place / "cbp" / "authority.pem", *agency),
        ("signatory", "add", "head", "head", *agency, "--office", "HEAD_OF_AGENCY", *own),
        ("recipient", "add", "S", place / "list.csv", "--certificates", place, "--system", "S"),
        ("officer", "add", "ann", "ann", "--role", "operator", "--certificate", place / "ann.pem"),
    )
    for register, act, subject, *said in entries:
        made = terminal.done(register, act, *said, officer="registrar")
        assert made == {"register": register, "subject": subject, "version": 1, "approved": False}
        assert terminal.refused(register, "approve", subject, 1, officer="registrar") == (3, "RIGHT_MISSING")
        assert terminal.done(register, "approve", subject, 1, officer="counsel")["approved"] is True
        [shown] = terminal.done(register, "show", subject)["rows"]
        assert (shown["proposed by"], shown["approved by"]) == ("registrar", "counsel")
    listed = terminal.done("recipient", "show", "S", "--list", 1)["rows"]
    assert [row["recipient"] for row in listed] == ["ICE-R901", "ICE-R902"]
    assert terminal.refused("recipient", "show", "S", "--list", 2) == (5, "ENTRY_UNKNOWN")
    terminal.done("officer", "grant", "ann", "auditor", officer="registrar")
    terminal.done("officer", "approve", "ann", 2, officer="counsel")
    assert terminal.done("officer", "show", "ann")["rows"][-1]["roles"] == ["auditor", "operator"]


def test_an_agreement_is_proposed_shown_and_approved(terminal: Terminal) -> None:
    said = ("irs_ice_2025", "--set", "answer_days=45")
    assert terminal.refused("agreement", "propose", *said, officer="counsel") == (3, "RIGHT_MISSING")
    made = terminal.done("agreement", "propose", *said, officer="registrar")
    assert (made["subject"], made["version"]) == ("irs_ice_2025", 2)
    versions = terminal.done("agreement", "versions", "irs_ice_2025")["rows"]
    assert [(row["settings"], row["approved by"]) for row in versions] == [
        ({}, "counsel"),
        ({"answer_days": 45}, "nobody yet"),
    ]
    assert terminal.done("agreement", "approve", "irs_ice_2025", 2, officer="counsel")["approved"] is True


def test_an_agency_its_safeguards_and_its_system_are_entered_by_two_officers_and_shown(terminal: Terminal) -> None:
    entries = (
        ("agency", "CBP", "--federal", "--basis", "5 USC 551(1)", "--name", "Customs"),
        ("safeguards", "CBP", "--not-suspended", "--report", "SSR-7", "--good-until", "2027-01-31"),
        ("system", "CBP-CASES", "--agency", "CBP", "--sort", "case_system"),
    )
    for register, subject, *said in entries:
        act = "set" if register == "safeguards" else "add"
        made = terminal.done(register, act, subject, *said, officer="registrar")
        assert made == {"register": register, "subject": subject, "version": 1, "approved": False}
        [before] = terminal.done(register, "show", subject)["rows"]
        assert (before["from"], before["approved by"]) == ("2026-03-02", "nobody yet")
        assert terminal.refused(register, "approve", subject, 1, officer="registrar") == (3, "RIGHT_MISSING")
        assert terminal.done(register, "approve", subject, 1, officer="counsel")["approved"] is True
        [shown] = terminal.done(register, "show", subject)["rows"]
        assert (shown["proposed by"], shown["approved by"]) == ("registrar", "counsel")


def test_an_entry_for_a_day_that_is_over_is_refused_at_the_terminal(terminal: Terminal) -> None:
    said = ("--federal", "--basis", "5 USC 551(1)", "--since", "2026-03-01")
    assert terminal.refused("agency", "add", "CBP", *said, officer="registrar") == (3, "NOT_PROSPECTIVE")
    assert terminal.office("agency", "add", "CBP", *said[:1], officer="registrar").exit_code == 2
