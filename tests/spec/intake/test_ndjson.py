"""NDJSON is an object of the contract on each line; anything else is named by its line and its member."""

from __future__ import annotations

import json

import pytest

from comity.case.errors import BadInput
from comity.intake import ndjson_table
from tests.spec.intake.writing import ROW, as_ndjson, plain

GOOD = as_ndjson([ROW])


def between(line: str | bytes) -> bytes:
    """`line` as the second of three."""
    return (
        GOOD
        + (line if isinstance(line, bytes) else line.encode())
        + b"\n"
        + as_ndjson([dict(ROW) | {"request_id": "R-3"}])
    )


def second(**changes: object) -> bytes:
    """The second of three lines with a few of its members changed."""
    row = {name: plain(cell) for name, cell in ROW.items()} | {"request_id": "R-2"} | changes
    return between(json.dumps(row))


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("", "", "LINE_BLANK"),
        ("  ", "", "LINE_BLANK"),
        ("[1]", "", "JSON_INVALID"),
        ('"Canary"', "", "JSON_INVALID"),
        ('{"request_id":"R-2"', "", "JSON_INVALID"),
        ('{"request_id":"R-2"} {}', "", "JSON_INVALID"),
        ('{"request_id":"R-2",}', "", "JSON_INVALID"),
        ('{"request_id":"R-2","tax_years":[2020,]}', "", "JSON_INVALID"),
        ('{"request_id":"R-2"/* Canary */}', "", "JSON_INVALID"),
        ("{'request_id':'R-2'}", "", "JSON_INVALID"),
        ('{"request_id":"R-2","tax_years":NaN}', "", "JSON_INVALID"),
        ('{"request_id":"R-2","tax_years":[-Infinity]}', "", "JSON_INVALID"),
        ('{"request_id":"R-2","tax_years":[02020]}', "", "JSON_INVALID"),
        ('\ufeff{"request_id":"R-2"}', "", "JSON_INVALID"),
        ("[" * 100_000 + "]" * 100_000, "", "JSON_INVALID"),
        ('{"reason":' + "[" * 5_000 + "]" * 5_000 + "}", "", "JSON_INVALID"),
        ('{"request_id":"R-2","reason":"' + "x" * 1_000_000 + '"}', "", "LINE_TOO_LONG"),
        ('{"request_id":"R-2","Canary":1}', "#2", "MEMBER_UNKNOWN"),
        ('{"request_id":"R-2","request_id":"R-9"}', "request_id", "MEMBER_REPEATED"),
        ('{"request_id":"R-2","zip":null,"zip":"1"}', "zip", "MEMBER_REPEATED"),
        ('{"request_id":"R-2","zip":1234}', "zip", "VALUE_TYPE"),
        ('{"request_id":2}', "request_id", "VALUE_TYPE"),
        ('{"request_id":"R-2","reason":{"says":"Canary"}}', "reason", "VALUE_TYPE"),
        ('{"request_id":"R-2","reason":["Canary"]}', "reason", "VALUE_TYPE"),
        ('{"request_id":"R-2","reason":true}', "reason", "VALUE_TYPE"),
        ('{"request_id":"R-2","tax_years":"2020;2021"}', "tax_years", "VALUE_TYPE"),
        ('{"request_id":"R-2","tax_years":["2020"]}', "tax_years", "VALUE_TYPE"),
        ('{"request_id":"R-2","tax_years":[2020.0]}', "tax_years", "VALUE_TYPE"),
        ('{"request_id":"R-2","tax_years":[1e400]}', "tax_years", "VALUE_TYPE"),
        ('{"request_id":"R-2","tax_years":[[2020]]}', "tax_years", "VALUE_TYPE"),
        ('{"request_id":"R-2","tax_years":[null]}', "tax_years", "VALUE_TYPE"),
        ('{"request_id":"R-2","recipients":"officer-1"}', "recipients", "VALUE_TYPE"),
        ('{"request_id":"R-2","recipients":[1]}', "recipients", "VALUE_TYPE"),
        ('{"request_id":"R-2","recipients":["a\\u003bb"]}', "recipients", "VALUE_TYPE"),
        ('{"request_id":"R-2","reason":"\\ud800"}', "reason", "VALUE_TYPE"),
        ('{"request_id":"R-2","reason":"Canary\\u0000"}', "reason", "CONTROL_CHARACTER"),
        ('{"request_id":"R-2","tax_years":[2147483648]}', "tax_years", "VALUE_UNREADABLE"),
        ('{"request_id":"R-2","tax_years":[' + "9" * 5_000 + "]}", "tax_years", "VALUE_UNREADABLE"),
        ('{"request_id":"R-2","date_of_birth":"05/14/1981"}', "date_of_birth", "VALUE_UNREADABLE"),
        ('{"reason":"Canary"}', "request_id", "REQUEST_ID_MISSING"),
    ],
)
def test_a_line_that_is_no_object_of_the_contract_is_named(refuse, line, column, code):
    assert refuse("r.ndjson", between(line)) == [(2, column, code)]


def test_everything_wrong_with_a_line_is_named(refuse):
    assert refuse("r.ndjson", second(zip=1, Canary=2, tax_years="x")) == [
        (2, "zip", "VALUE_TYPE"),
        (2, "tax_years", "VALUE_TYPE"),
        (2, f"#{len(ROW) + 1}", "MEMBER_UNKNOWN"),
    ]


@pytest.mark.parametrize("reason", ["a, } b", "[1,]", 'so ",]" said', "NaN", "\\", '\\"', "😀"])
def test_text_that_looks_like_a_fault_is_text(taken, reason):
    assert [row[0] for row in taken("r.ndjson", second(reason=reason))] == ["R-1", "R-2", "R-3"]


def test_members_come_in_any_order_and_null_is_as_absent_as_what_is_left_out(taken):
    rows = [dict(ROW), dict(reversed(ROW.items())) | {"request_id": "R-2", "given_name": None}, {"request_id": "R-3"}]
    assert taken("r.ndjson", as_ndjson(rows)) == [("R-1", "Ana"), ("R-2", None), ("R-3", None)]


def test_a_byte_order_mark_and_either_line_end_are_read(taken):
    two = GOOD + as_ndjson([dict(ROW) | {"request_id": "R-2"}])
    assert len(taken("a.ndjson", b"\xef\xbb\xbf" + two)) == 2
    assert len(taken("b.ndjson", two.replace(b"\n", b"\r\n"))) == 2
    assert len(taken("c.ndjson", two.removesuffix(b"\n"))) == 2


def test_a_carriage_return_alone_ends_no_line(taken):
    with pytest.raises(BadInput, match="REQUESTS_UNREADABLE"):
        taken("r.ndjson", GOOD.replace(b', "', b',\r"') + GOOD.replace(b"R-1", b"R-2"))


def test_a_file_cut_within_a_line_is_named(refuse):
    assert refuse("r.ndjson", GOOD + GOOD[:50]) == [(2, "", "JSON_INVALID")]


def test_what_one_reader_takes_and_the_other_does_not_is_believed_of_neither(taken, monkeypatch):
    monkeypatch.setattr(ndjson_table, "examine", lambda *_: None)
    with pytest.raises(BadInput, match="REQUESTS_UNREADABLE"):
        taken("r.ndjson", between("{}}"))


def test_more_orders_of_members_than_are_looked_at_are_read_line_by_line(taken, refuse, monkeypatch):
    monkeypatch.setattr(ndjson_table, "_MAXIMUM_LISTS", 2)
    rows = [dict(ROW), dict(reversed(ROW.items())) | {"request_id": "R-2"}]
    assert len(taken("r.ndjson", as_ndjson(rows))) == 2
    assert refuse("r.ndjson", as_ndjson([*rows, dict(ROW) | {"zip": 3}])) == [(3, "zip", "VALUE_TYPE")]
