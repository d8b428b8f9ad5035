"""A requests file, CSV or Parquet, becomes the one table of requests; what cannot be read is named, and not shown."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.case.errors import BadInput, ComityError
from comity.case.tables import REQUESTS
from comity.intake import Fault, UnreadableTable, csv_table
from comity.intake.requests import load_requests, write_requests
from comity.intake.written import PACKAGED
from comity.workspace import quoted, workspace

RECEIVED = date(2025, 5, 1)


@pytest.fixture
def read(tmp_path):
    """Reads the bytes of a file; gives the rows of the artefact as dictionaries."""

    def rows(content, suffix="csv"):
        file = tmp_path / f"requests.{suffix}"
        file.write_bytes(content)
        with workspace(tmp_path, reads=[file]) as ws:
            artefact = write_requests(ws, load_requests(ws, file, PACKAGED[suffix]), RECEIVED)
            found = ws.con.execute(f"FROM read_parquet({quoted(artefact.path)})")
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return rows


@pytest.fixture
def faults(read):
    """Reads a file that must be refused for its lines; gives them."""

    def found(content, suffix="csv"):
        with pytest.raises(UnreadableTable) as refusal:
            read(content, suffix)
        assert "Canary" not in str(refusal.value)
        assert refusal.value.__context__ is None
        return list(refusal.value.faults)

    return found


@pytest.fixture
def code(read):
    """Reads a file that must be refused as a whole; gives the code."""

    def found(content, suffix="csv"):
        with pytest.raises(BadInput) as refusal:
            read(content, suffix)
        assert "Canary" not in str(refusal.value)
        assert refusal.value.__context__ is None
        return refusal.value.code

    return found


def parquet(tmp_path, select):
    file = tmp_path / "made.parquet"
    duckdb.connect().execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    return file.read_bytes()


def test_a_row_is_cast_by_the_contract(read, table):
    [row] = read(table({}))
    assert list(row) == ["row_number", *REQUESTS.names(), "received_on"]
    assert row["zip"] == "01234"
    assert row["tax_years"] == [2020, 2021]
    assert row["case_opened_on"] == date(2024, 2, 29)
    assert row["recipients"] == ["officer-1", "officer-2"]
    assert (row["row_number"], row["received_on"], row["tin"], row["bars"]) == (1, RECEIVED, None, None)


def test_blank_spaces_and_what_cannot_be_seen_are_absent(read, table):
    [row] = read(table({"city": "", "state": "  \t", "street_line": "\u200b\ufeff\u00a0", "zip": " 01234\u200b "}))
    assert (row["city"], row["state"], row["street_line"], row["zip"]) == (None, None, None, "01234")


def test_rows_keep_their_place_in_the_file(read, table):
    count = 30_000
    rows = read(table(*({"request_id": f"R{place}"} for place in range(1, count + 1))))
    assert [row["request_id"] for row in rows] == [f"R{row['row_number']}" for row in rows]
    assert [row["row_number"] for row in rows] == list(range(1, count + 1))


def test_what_would_be_an_order_elsewhere_is_text_here(read, table):
    orders = [
        "=HYPERLINK(1)",
        "+1",
        "-1",
        "@SUM(A1)",
        "Robert'); DROP TABLE requests;--",
        '"quoted"',
        "a,b",
        "NULL",
        "#",
    ]
    rows = read(table(*({"request_id": f"R-{n}", "given_name": text} for n, text in enumerate(orders))))
    assert [row["given_name"] for row in rows] == orders


def test_line_ends_of_either_kind_and_a_byte_order_mark_are_read(read, table):
    content = table({}, {"request_id": "R-2"})
    assert len(read(content.replace(b"\n", b"\r\n"))) == 2
    assert len(read(b"\xef\xbb\xbf" + content)) == 2
    assert len(read(content.removesuffix(b"\n"))) == 2


def test_parquet_of_text_or_of_types_says_the_same_as_csv(read, table, tmp_path):
    content = table({})
    as_read = read(content)
    (tmp_path / "source.csv").write_bytes(content)
    source = f"read_csv('{tmp_path / 'source.csv'}', all_varchar = true)"
    years = "[2020, 2021] AS tax_years, DATE '2024-02-29' AS case_opened_on, ['officer-1', 'officer-2'] AS recipients"
    for select in (f"FROM {source}", f"SELECT * REPLACE ({years}) FROM {source}"):
        assert read(parquet(tmp_path, select), "parquet") == as_read


def test_dates_are_iso_8601_and_nothing_else(faults, table):
    days = ["04/07/2025", "2025-4-7", "2025-02-30", "20250407", "7 April 2025", "2025-04-07T00:00", "Canary"]
    content = table({}, *({"request_id": f"R{n}", "case_opened_on": day} for n, day in enumerate(days)))
    assert faults(content) == [Fault(line, "case_opened_on", "VALUE_UNREADABLE") for line in range(3, 10)]


def test_years_that_are_no_numbers_are_named(faults, table):
    assert faults(table({"tax_years": "2020;last year"})) == [Fault(2, "tax_years", "VALUE_UNREADABLE")]


def test_the_line_is_that_of_the_file_also_behind_line_ends_in_cells(faults, table):
    content = table({"reason": "one\ntwo\nthree"}, {"request_id": "R-2", "case_opened_on": "soon"})
    assert faults(content) == [Fault(5, "case_opened_on", "VALUE_UNREADABLE")]


def test_a_fault_of_parquet_is_named_by_its_row(faults, table, tmp_path):
    (tmp_path / "source.csv").write_bytes(table({}, {"request_id": "R-2", "case_opened_on": "soon"}))
    content = parquet(tmp_path, f"FROM read_csv('{tmp_path / 'source.csv'}', all_varchar = true)")
    assert faults(content, "parquet") == [Fault(2, "case_opened_on", "VALUE_UNREADABLE")]


def test_every_fault_is_counted_and_the_first_are_named(read, table):
    rows = ({"request_id": f"R-{place}", "case_opened_on": "Canary"} for place in range(250))
    with pytest.raises(UnreadableTable, match=r"250 place\(s\).*; and 240 more") as refusal:
        read(table(*rows))
    assert (refusal.value.count, len(refusal.value.faults)) == (250, 100)


def test_an_id_says_nothing_of_the_person(faults, table):
    ids = ["123-45-6789", "123456789", "912-70-1234", "A12345678", "A-123456789", "A123-456-789", "A1234567"]
    assert faults(table(*({"request_id": request_id} for request_id in ids))) == [
        Fault(line, "request_id", "REQUEST_ID_IDENTIFIES") for line in range(2, 9)
    ]


def test_an_id_has_its_form_and_is_there(faults, table):
    ids = ["", "\u200b", "r-1", "R 1", "R" * 27, "R_1", "É"]
    assert [fault.code for fault in faults(table(*({"request_id": request_id} for request_id in ids)))] == [
        *["REQUEST_ID_MISSING"] * 2,
        *["REQUEST_ID_FORM"] * 5,
    ]


def test_other_ids_of_capitals_digits_and_hyphens_are_taken(read, table):
    ids = ["R", "0", "R" * 26, "2025-000123", "1234567890", "12345678", "AB1234567", "A-1"]
    assert [row["request_id"] for row in read(table(*({"request_id": request_id} for request_id in ids)))] == ids


def test_an_id_used_twice_is_refused_on_both_lines(faults, table):
    assert faults(table({}, {"request_id": "R-2"}, {"request_id": " R-1\u200b"})) == [
        Fault(2, "request_id", "REQUEST_ID_REPEATED"),
        Fault(4, "request_id", "REQUEST_ID_REPEATED"),
    ]


def test_a_missing_column_is_named(read, table):
    with pytest.raises(BadInput, match=r"COLUMN_MISSING: The requests lack: family_name, statute\."):
        read(table({"family_name": None, "statute": None}))


def test_a_column_that_nobody_asked_for_is_refused_without_its_name(read, table, code):
    assert code(table({"Canary": "x"})) == "COLUMN_UNKNOWN"
    with pytest.raises(BadInput, match=r"Column 17 of the requests"):
        read(table({"Canary": "x"}))


def test_a_header_in_capitals_is_said_to_be_that_and_not_another_delimiter(read, table):
    head, rows = table({}).split(b"\n", 1)
    with pytest.raises(BadInput, match="COLUMN_UNKNOWN") as refusal:
        read(head.upper() + b"\n" + rows)
    assert refusal.value.next == "Write the names of the columns in small letters."


def test_a_column_of_another_name_is_told_together_with_those_that_are_not_there(read, table):
    with pytest.raises(BadInput, match=r"none of the contract\. Of those .* it lacks family_name, statute\."):
        read(table({"family_name": None, "statute": None, "surname": "x"}))


def test_a_file_without_a_header_does_not_show_its_first_person(code, table):
    assert code(table({}).split(b"\n", 1)[1]) == "COLUMN_UNKNOWN"


def test_a_column_given_twice_is_refused(code, table):
    assert code(table({"city": None}).replace(b"state", b"zip")) == "COLUMN_REPEATED"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf"])
def test_an_empty_file_lacks_every_column(code, content):
    assert code(content) == "COLUMN_MISSING"


def test_a_file_with_a_header_alone_holds_no_request(code, table):
    assert code(table({}).split(b"\n")[0] + b"\n") == "NO_REQUESTS"


@pytest.mark.parametrize("spoiled", [b"Can\xffary", b"\xed\xa0\x80Canary", b"Canary \xe2\x82"])
def test_text_that_is_not_utf_8_is_named_by_its_line(faults, table, spoiled):
    content = table({}, {"request_id": "R-2", "reason": "SPOILED"}, {"request_id": "R-3"})
    assert faults(content.replace(b"SPOILED", spoiled)) == [Fault(3, "", "ENCODING_INVALID")]


def test_a_file_cut_within_a_character_is_named(faults, table):
    assert faults(table({}) + "é".encode()[:1]) == [Fault(3, "", "ENCODING_INVALID")]


def test_utf_16_is_not_utf_8(faults, table):
    assert faults(table({}).decode().encode("utf-16"))[0].code == "ENCODING_INVALID"


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f"])
def test_a_control_character_is_named_by_its_line(faults, table, control):
    content = table({}, {"request_id": "R-2", "reason": f"Canary{control}"})
    assert faults(content) == [Fault(3, "", "CONTROL_CHARACTER")]


def test_rows_with_too_many_or_too_few_cells_are_named(faults, table):
    content = table({}, {"request_id": "R-2"}, {"request_id": "R-3"}).split(b"\n")
    content[2] += b",Canary"
    content[3] = content[3].rsplit(b",", 1)[0]
    assert faults(b"\n".join(content)) == [Fault(3, "", "ROW_WIDTH"), Fault(4, "", "ROW_WIDTH")]


@pytest.mark.parametrize("spoiled", [b'"Canary', b'6" pipe, "Canary', b'"Canary ""so""', b'"a" Canary'])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_quote_that_never_ends_swallows_no_request_unseen(faults, table, spoiled, end):
    content = table({}, {"request_id": "R-2", "reason": "SPOILED"}, {"request_id": "R-3"}).removesuffix(b"\n") + end
    assert faults(content.replace(b"SPOILED", spoiled))[0].line == 3


def test_a_quote_that_never_ends_in_the_last_row_is_seen(faults, table):
    before, last = table({}, {"request_id": "R-2"}).removesuffix(b"\n").rsplit(b",", 1)
    assert faults(before + b',"' + last)[0].line == 3


def test_blank_lines_and_line_ends_of_old_are_no_rows(read, table):
    content = table({}, {"request_id": "R-2"})
    assert len(read(content.replace(b"\n", b"\n\n"))) == 2
    assert len(read(content.replace(b"\n", b"\r"))) == 2


def test_two_kinds_of_line_end_in_one_file_are_refused(code, table):
    assert code(table({}, {"request_id": "R-2"}).replace(b"\n", b"\r\n", 1)) == "REQUESTS_UNREADABLE"


def test_when_two_readers_count_differently_neither_is_believed(code, table, monkeypatch):
    monkeypatch.setattr(csv_table, "walk", lambda *_: 3)
    assert code(table({}, {"request_id": "R-2"}).replace(b"\n", b"\n\n")) == "REQUESTS_UNREADABLE"


def test_a_quote_within_a_cell_is_a_quote(read, table):
    [row] = read(table({"street_line": "SPOILED"}).replace(b"SPOILED", b'12 Elm 6" St'))
    assert row["street_line"] == '12 Elm 6" St'


def test_a_field_of_ten_megabytes_is_named(faults, table):
    [fault] = faults(table({}, {"request_id": "R-2", "reason": "Canary " * 1_500_000}))
    assert (fault.line, fault.code) == (3, "CELL_UNREADABLE")


def test_a_cell_longer_than_any_reason_is_named(faults, table, tmp_path):
    content = table({"reason": "x" * 10_001})
    assert faults(content) == [Fault(2, "reason", "CELL_TOO_LONG")]
    (tmp_path / "source.csv").write_bytes(content)
    made = parquet(tmp_path, f"FROM read_csv('{tmp_path / 'source.csv'}', all_varchar = true)")
    assert faults(made, "parquet") == [Fault(1, "reason", "CELL_TOO_LONG")]


@pytest.mark.parametrize(
    "kind", ["BLOB", "DOUBLE", "TIMESTAMP", "STRUCT(a VARCHAR)", "MAP(VARCHAR, VARCHAR)", "VARCHAR[][]"]
)
def test_parquet_columns_without_one_form_as_text_are_refused(code, table, tmp_path, kind):
    (tmp_path / "source.csv").write_bytes(table({}))
    source = f"read_csv('{tmp_path / 'source.csv'}', all_varchar = true)"
    made = parquet(tmp_path, f"SELECT * REPLACE (NULL::{kind} AS reason) FROM {source}")
    assert code(made, "parquet") == "COLUMN_TYPE"


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1Canary" * 9 + b"PAR1"])
def test_what_is_no_parquet_is_refused(code, content):
    assert code(content, "parquet") == "REQUESTS_UNREADABLE"


def test_the_path_of_the_file_is_never_sql(tmp_path, table):
    folder = tmp_path / "it's; DROP TABLE"
    folder.mkdir()
    (folder / "requests.csv").write_bytes(table({}))
    with workspace(folder, reads=[folder / "requests.csv"]) as ws:
        assert load_requests(ws, folder / "requests.csv").rows == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60))
def test_whatever_follows_a_good_row_is_read_or_refused_with_a_code(read, table, content):
    try:
        assert read(table({}) + content)
    except ComityError as refusal:
        assert refusal.code != "STEP_FAILED"  # noqa: PT017 -- a refusal is one of two right endings


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(categories=["L", "M", "N", "P", "S"]) | st.just(" "), max_size=20))
def test_any_visible_name_survives_the_file(read, table, name):
    [row] = read(table({"given_name": name}))
    assert row["given_name"] == (" ".join(name.split()) or None)
