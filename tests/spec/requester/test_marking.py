"""A copy of the requests says of each which codes it has and how it is ruled, and a spreadsheet opens it safely."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from comity import requester
from comity.case.errors import Usage
from comity.requester import marking

TODAY = date(2026, 5, 1)
DEFECTS = {"purpose": "CIVIL_REMOVAL", "street_line": "Failed to Provide"}


def rows(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".parquet":
        found = duckdb.connect().execute(f"FROM '{path}'")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def prepared(agency):
    """Four requests: one that passes, one that comes back, one that waits, one that passes."""
    agency.write_requests(
        {"request_id": "R-4"},
        {"request_id": "R-3", "family_name": "Ashgrove", "date_of_birth": "1981-01-02"} | DEFECTS,
        {"request_id": "R-2", "family_name": "Fenwright", "date_of_birth": "1982-01-02", "street_line": "PO Box 12"},
        {"request_id": "R-1", "family_name": "Ventnor", "date_of_birth": "1983-01-02", "street_line": "7 Oak Ave"},
    )
    agency.prepare()
    return agency


@pytest.mark.parametrize("name", ["marked.csv", "marked.parquet"])
def test_every_request_stands_in_its_order_with_its_codes_and_its_ruling(prepared, tmp_path, name):
    checked = requester.check(prepared.package, TODAY, copy=tmp_path / name)
    marked = rows(tmp_path / name)
    assert [(row["request_id"], row["ruling"]) for row in marked] == [
        ("R-4", "pass"),
        ("R-3", "return"),
        ("R-2", "review"),
        ("R-1", "pass"),
    ]
    assert {"ADDRESS_PLACEHOLDER", "PURPOSE_NOT_CRIMINAL"} <= set(marked[1]["codes"].split(";"))
    assert (marked[0]["codes"], marked[2]["codes"]) == ("", "ADDRESS_PO_BOX")
    rulings = [row["ruling"] for row in marked]
    assert (checked.passed, checked.returned, checked.review) == tuple(map(rulings.count, ("pass", "return", "review")))
    with (prepared.folder / "requests.csv").open(newline="", encoding="utf-8") as file:
        sent = list(csv.DictReader(file))
    assert [{name: row[name] for name in sent[0]} for row in marked] == sent
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", " =", "\u200b=", "\u00a0@", "＝", "＠"])
def test_a_cell_that_would_be_a_formula_is_text(agency, tmp_path, begin):
    agency.write_requests({"given_name": f"{begin}HYPERLINK(1)", "case_id": "4-1", "middle_name": "Mary-Jo"})
    agency.prepare()
    requester.check(agency.package, TODAY, copy=tmp_path / "marked.csv")
    [row] = rows(tmp_path / "marked.csv")
    assert row["given_name"] == f"'{begin}HYPERLINK(1)"
    assert (row["case_id"], row["middle_name"]) == ("4-1", "Mary-Jo")
    requester.check(agency.package, TODAY, copy=tmp_path / "marked.parquet")
    assert rows(tmp_path / "marked.parquet")[0]["given_name"] == f"{begin}HYPERLINK(1)"


def test_nothing_is_written_over(prepared, tmp_path):
    taken = tmp_path / "marked.csv"
    taken.write_text("mine")
    with pytest.raises(Usage, match="FILE_EXISTS"):
        requester.check(prepared.package, TODAY, copy=taken)
    assert taken.read_text() == "mine"
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "nowhere.csv")
    with pytest.raises(Usage, match="FILE_EXISTS"):
        requester.check(prepared.package, TODAY, copy=link)
    assert not (tmp_path / "nowhere.csv").exists()


def test_a_name_taken_meanwhile_stays_whose_it_is(prepared, tmp_path, monkeypatch):
    path = tmp_path / "marked.csv"
    place = marking._place

    def late(made, at):
        at.write_text("theirs")
        place(made, at)

    monkeypatch.setattr(marking, "_place", late)
    with pytest.raises(Usage, match="FILE_EXISTS"):
        requester.check(prepared.package, TODAY, copy=path)
    assert path.read_text() == "theirs"
    assert not list(tmp_path.glob(".*"))


def test_a_copy_that_fails_leaves_nothing(prepared, tmp_path, monkeypatch):
    def full(*_):
        raise OSError

    monkeypatch.setattr(marking.os, "link", full)
    with pytest.raises(OSError):  # noqa: PT011 -- what the disk says
        requester.check(prepared.package, TODAY, copy=tmp_path / "marked.csv")
    assert not [path for path in tmp_path.iterdir() if "marked" in path.name]


@pytest.mark.parametrize("name", ["marked.xlsx", "marked", "marked.CSV.gz"])
def test_a_copy_is_csv_or_parquet(prepared, tmp_path, name):
    with pytest.raises(Usage, match="COPY_FORMAT_UNKNOWN"):
        requester.check(prepared.package, TODAY, copy=tmp_path / name)
