"""Every place that cannot be read stands in a file that somebody can work through, and no value stands in it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from comity import requester
from comity.case.errors import Usage
from comity.intake import MEANINGS


@pytest.fixture
def refused(agency):
    """What the desk says of two requests with three faults."""
    agency.write_requests({"reason": "one\ntwo", "date_of_birth": "Canary"}, {"tax_years": "Canary", "request_id": "?"})
    with pytest.raises(requester.UnreadableTable) as refusal:
        agency.prepare()
    return refusal.value


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_fault_has_file_line_column_code_what_and_next(agency, refused):
    path = requester.beside(agency.folder / "requests.csv")
    requester.write_faults(agency.folder / "requests.csv", refused, path)
    assert path.name == "requests.csv.errors.csv"
    assert [(row["file"], row["line"], row["column"], row["code"]) for row in rows(path)] == [
        ("requests.csv", "2", "date_of_birth", "VALUE_UNREADABLE"),
        ("requests.csv", "4", "request_id", "REQUEST_ID_FORM"),
        ("requests.csv", "4", "tax_years", "VALUE_UNREADABLE"),
    ]
    for row in rows(path):
        assert (row["what"], row["next"]) == (MEANINGS[row["code"]].says, MEANINGS[row["code"]].next)
    assert "Canary" not in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


def test_every_fault_is_written_however_many(agency, tmp_path):
    agency.write_requests(*({"request_id": f"R-{place}", "tax_years": "soon"} for place in range(2_000)))
    with pytest.raises(requester.UnreadableTable) as refusal:
        agency.prepare()
    requester.write_faults(agency.folder / "requests.csv", refusal.value, tmp_path / "errors.csv")
    assert [row["line"] for row in rows(tmp_path / "errors.csv")] == [str(line) for line in range(2, 2_002)]


def test_the_list_of_an_earlier_try_goes_when_nothing_is_wrong_any_more_and_no_other_file(agency, refused, tmp_path):
    path = tmp_path / "errors.csv"
    requester.drop_faults(path)
    requester.write_faults(agency.folder / "requests.csv", refused, path)
    requester.drop_faults(path)
    assert not path.exists()
    path.write_text("mine")
    with pytest.raises(Usage, match="ERRORS_FILE_TAKEN"):
        requester.drop_faults(path)
    assert path.read_text() == "mine"


def test_the_list_of_an_earlier_try_is_replaced_and_no_other_file(agency, refused, tmp_path):
    requests, path = agency.folder / "requests.csv", tmp_path / "errors.csv"
    requester.write_faults(requests, refused, path)
    before = path.read_bytes()
    requester.write_faults(requests, refused, path)
    assert path.read_bytes() == before
    path.write_text("mine")
    with pytest.raises(Usage, match="ERRORS_FILE_TAKEN"):
        requester.write_faults(requests, refused, path)
    assert path.read_text() == "mine"
    path.unlink()
    path.symlink_to(requests)
    with pytest.raises(Usage, match="ERRORS_FILE_TAKEN"):
        requester.write_faults(requests, refused, path)
    assert not list(tmp_path.glob(".errors*"))


def test_a_files_name_is_no_formula(agency, refused, tmp_path):
    requester.write_faults(tmp_path / "=HYPERLINK(1).csv", refused, tmp_path / "errors.csv")
    assert {row["file"] for row in rows(tmp_path / "errors.csv")} == {"'=HYPERLINK(1).csv"}


def test_no_more_are_named_than_asked_for(refused):
    told = refused.listed("errors.csv", 1)
    assert (len(told.faults), told.count, told.code) == (1, 3, refused.code)
    assert told.says.count("(") - told.says.count("(s)") == 1
    assert "errors.csv lists all" in told.says
    assert refused.listed("errors.csv", 0).faults == ()
