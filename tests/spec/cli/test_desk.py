"""The requester's desk at a terminal: any format in, every fault in a file, a copy with codes out."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from comity.crypto import P256Key, Purpose, issue, make_authority
from tests.spec.cli.terminal import error_of, typed
from tests.spec.intake.writing import ROW, as_csv, as_ndjson, as_niem, as_parquet
from tests.world import START

LATER = START.replace(year=START.year + 1)
GOOD = dict(ROW) | {
    "statute": "8 USC 1253(a)(1)",
    "removal_ground": "8 USC 1227(a)(2)",
    "prong": "A",
    "order_final_on": ROW["case_opened_on"],
    "reason": "The address is to be put before the grand jury that hears the matter on 3 June",
    "recipients": ["agent-1"],
}


@pytest.fixture
def new(tmp_path: Path) -> Callable[..., Result]:
    """`comity request new` of a file with these bytes."""
    authority = make_authority("ICE", rehearsal=True, not_before=START, not_after=LATER)
    key = P256Key.generate()
    purposes = Purpose.SIGNING | Purpose.SEALING
    issue(authority, "agent-1", "ICE", key.public_key, purposes, START, LATER).save(tmp_path / "agent-1.pem")
    head = "recipient,name,agency,role,matters,office_address\n"
    (tmp_path / "recipients.csv").write_text(f"{head}agent-1,Agent One,ICE,OFFICER,2,1 Made Up Plaza\n")

    def run(name: str, content: bytes, *words: object) -> Result:
        (tmp_path / name).write_bytes(content)
        files = ("--recipients", tmp_path / "recipients.csv", "--certificates", tmp_path)
        said = ("--agency", "ICE", "--signatory", "director", "--office", "HEAD_OF_AGENCY", "--synthetic")
        return typed(
            "request", "new", tmp_path / "package", tmp_path / name, *files, *said, "--vouched-by", "us", *words
        )

    return run


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("r.csv", as_csv, ()),
        ("r.csv", lambda rows: as_csv(rows, ";"), ()),
        ("r.txt", lambda rows: as_csv(rows, "|", "utf-16"), ("--format", "csv", "--encoding", "utf-16")),
        (
            "r.tsv",
            lambda rows: as_csv(rows, "\t", "windows-1252"),
            ("--delimiter", "tab", "--encoding", "windows-1252"),
        ),
        ("r.ndjson", as_ndjson, ()),
        ("r.json", as_niem, ()),
    ],
)
def test_every_format_becomes_a_package_that_passes(new, tmp_path, name, make, words):
    done = new(name, make([GOOD]), *words, "--json")
    assert (done.exit_code, json.loads(done.stdout)["requests"]) == (0, 1), done.output
    checked = json.loads(typed("request", "check", tmp_path / "package", "--on", "2026-05-01", "--json").stdout)
    assert (checked["requests"], checked["passed"], checked["returned"], checked["review"]) == (1, 1, 0, 0), checked
    assert checked["by_code"] == {}


def test_parquet_too(new, tmp_path):
    assert new("r.parquet", as_parquet([GOOD], tmp_path)).exit_code == 0


def faulty(count: int) -> list[dict[str, object]]:
    return [dict(GOOD) | {"request_id": f"R-{place}", "reason": "Canary\u0085"} for place in range(count)]


@pytest.mark.parametrize(("name", "make"), [("r.csv", as_csv), ("r.ndjson", as_ndjson), ("r.json", as_niem)])
def test_all_faults_are_in_the_file_and_no_more_on_the_screen_than_asked_for(new, tmp_path, name, make):
    done = new(name, make(faulty(300)), "--first", "7")
    assert done.exit_code == 5
    assert done.stderr.count("(CONTROL_CHARACTER)") == 7
    listing = tmp_path / f"{name}.errors.csv"
    assert f"300 place(s) of the requests cannot be read; {listing} lists all." in done.stderr
    assert len(listing.read_text("utf-8").splitlines()) == 301
    assert "Canary" not in done.output + listing.read_text("utf-8")
    assert not (tmp_path / "package").exists()
    assert not list(tmp_path.glob(".*"))

    error = error_of(new(name, make(faulty(300)), "--first", "7", "--json"))
    assert (error["count"], len(error["faults"]), error["listed_in"]) == (300, 7, str(listing))


def test_the_list_of_faults_lies_where_it_is_wanted(new, tmp_path):
    assert new("r.csv", as_csv(faulty(2)), "--errors", tmp_path / "list.csv").exit_code == 5
    with (tmp_path / "list.csv").open(newline="", encoding="utf-8") as file:
        assert [(row["line"], row["column"]) for row in csv.DictReader(file)] == [("2", "reason"), ("3", "reason")]
    (tmp_path / "mine.csv").write_text("mine")
    refused = new("r.csv", as_csv(faulty(2)), "--errors", tmp_path / "mine.csv", "--json")
    assert (refused.exit_code, error_of(refused)["code"]) == (2, "ERRORS_FILE_TAKEN")


@pytest.mark.parametrize(
    ("name", "content", "words", "exit_code", "code"),
    [
        (
            "r.csv",
            as_csv([GOOD]).replace(b"request_id,given_name", b"request_id,given_name;zip;"),
            (),
            5,
            "DELIMITER_UNCLEAR",
        ),
        ("r.csv", as_csv([GOOD], ";"), ("--delimiter", ","), 5, "COLUMN_UNKNOWN"),
        ("r.csv", as_csv([GOOD]), ("--delimiter", "::"), 2, "DELIMITER_UNFIT"),
        ("r.csv", as_csv([GOOD]), ("--encoding", "base64"), 2, "ENCODING_UNKNOWN"),
        ("r.csv", as_csv([GOOD], ",", "utf-16"), (), 5, "ENCODING_INVALID"),
        ("r.csv", as_csv([GOOD]).replace(b",OPEN,", b',"OPEN,'), (), 5, "CELL_UNREADABLE"),
        ("r.csv", as_csv([GOOD]) + b"\0", (), 5, "CONTROL_CHARACTER"),
        ("r.csv", as_csv([GOOD, GOOD], end="\r\n").replace(b"\r\n", b"\n", 1), (), 5, "REQUESTS_UNREADABLE"),
        ("r.txt", as_csv([GOOD]), (), 2, "REQUESTS_FORMAT_UNKNOWN"),
        ("r.csv", as_csv([GOOD]), ("--format", "xml"), 2, "REQUESTS_FORMAT_UNKNOWN"),
        ("r.ndjson", as_ndjson([GOOD])[:-20], (), 5, "JSON_INVALID"),
        ("r.ndjson", b"[" * 50_000, (), 5, "JSON_INVALID"),
        ("r.ndjson", as_csv([GOOD]), (), 5, "JSON_INVALID"),
        ("r.json", as_niem([GOOD])[:-2], (), 5, "JSON_INVALID"),
        ("r.json", as_ndjson([GOOD]), (), 5, "NIEM_CONTEXT"),
        ("r.json", as_niem([GOOD]).replace(b"nc:PersonSurName", b"nc:PersonSurname"), (), 5, "MEMBER_UNKNOWN"),
        ("r.parquet", as_csv([GOOD]), (), 5, "REQUESTS_UNREADABLE"),
    ],
)
def test_bad_input_gets_a_code_and_leaves_no_package(new, tmp_path, name, content, words, exit_code, code):
    refused = new(name, content, *words, "--json")
    assert (refused.exit_code, error_of(refused)["code"]) == (exit_code, code)
    assert "Canary" not in refused.output
    assert not (tmp_path / "package").exists()


def test_a_check_writes_a_copy_with_codes(new, tmp_path):
    rows = [
        dict(GOOD),
        dict(GOOD) | {"request_id": "R-2", "order_final_on": None, "case_id": "=1+1", "family_name": "Other"},
    ]
    assert new("r.csv", as_csv(rows)).exit_code == 0
    words = ("request", "check", tmp_path / "package", "--on", "2026-05-01", "--copy", tmp_path / "marked.csv")
    shown = typed(*words)
    assert shown.exit_code == 0, shown.output
    assert f"lies in {tmp_path / 'marked.csv'}" in shown.stdout
    with (tmp_path / "marked.csv").open(newline="", encoding="utf-8") as file:
        marked = [(row["case_id"], row["codes"], row["ruling"]) for row in csv.DictReader(file)]
    assert marked == [("C-1", "", "pass"), ("'=1+1", "REMOVAL_ORDER_DATE_MISSING", "return")]
    again = typed(*words, "--json")
    assert (again.exit_code, error_of(again)["code"]) == (2, "FILE_EXISTS")


@pytest.mark.parametrize(
    ("option", "begun", "offered"),
    [("--format", "nd", "ndjson"), ("--encoding", "windows", "windows-1252"), ("--delimiter", "t", "tab")],
)
def test_the_shell_completes_what_has_fixed_values(option, begun, offered):
    words = f"comity request new out table {option} {begun}"
    asked = {"_COMITY_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    program = str(Path(sys.executable).with_name("comity"))
    done = subprocess.run([program], env=os.environ | asked, capture_output=True, text=True, check=False)
    assert offered in done.stdout.split()
