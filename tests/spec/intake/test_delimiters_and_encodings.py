"""A CSV file has the delimiter that its header line shows and the encoding that was named, or it is refused."""

from __future__ import annotations

import codecs
import sys

import pytest

from comity.case.errors import BadInput, Usage
from comity.intake import Written
from comity.intake.csv_table import delimiter_of
from tests.spec.intake.writing import ROW, as_csv, as_ndjson

NAMED = dict(ROW) | {"given_name": "Zoë"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":", "^", "~", "§", "¦"])
def test_the_header_line_shows_the_delimiter(taken, delimiter):
    assert taken("r.csv", as_csv([NAMED], delimiter)) == [("R-1", "Zoë")]


@pytest.mark.parametrize("delimiter", [",", " ", "'", ".", "#", "☃", "\x1f"])
def test_a_delimiter_can_be_named(taken, delimiter):
    assert taken("r.csv", as_csv([NAMED], delimiter), Written(delimiter=delimiter)) == [("R-1", "Zoë")]


def test_tab_has_a_name(taken):
    assert taken("r.tsv", as_csv([NAMED], "\t"), Written(delimiter="tab")) == [("R-1", "Zoë")]


def test_the_delimiter_named_goes_before_the_one_shown(taken):
    with pytest.raises(BadInput, match="COLUMN_UNKNOWN"):
        taken("r.csv", as_csv([ROW], ";"), Written(delimiter=","))


@pytest.mark.parametrize(
    "header", ["request_id,given_name;family_name;zip", "request_id;given_name,family_name,zip;state", "Ana, Canary"]
)
def test_a_header_line_that_shows_two_delimiters_or_none_is_refused(header):
    with pytest.raises(BadInput, match="DELIMITER_UNCLEAR") as refusal:
        delimiter_of(header)
    assert "Canary" not in str(refusal.value)


def test_a_header_line_of_one_name_has_nothing_to_part(taken):
    assert delimiter_of("request_id\n") == ","
    with pytest.raises(BadInput, match="COLUMN_MISSING"):
        taken("r.csv", b"request_id\nR-1\n")


@pytest.mark.parametrize("delimiter", ["ab", "a", "7", '"', "_", "\n", "\r", "\0", "\ufeff", "comma"])
def test_what_can_part_nothing_is_no_delimiter(taken, delimiter):
    with pytest.raises(Usage, match="DELIMITER_UNFIT"):
        taken("r.csv", as_csv([ROW]), Written(delimiter=delimiter))


def test_only_csv_has_a_delimiter(taken):
    with pytest.raises(Usage, match="DELIMITER_UNFIT"):
        taken("r.ndjson", as_ndjson([ROW]), Written(delimiter=","))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "UTF8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252", "latin-1", "cp037"],
)
def test_an_encoding_is_read_by_its_name(taken, encoding):
    assert taken("r.csv", as_csv([NAMED], ";", encoding), Written(encoding=encoding)) == [("R-1", "Zoë")]


@pytest.mark.parametrize("said", ["utf-16-le", "utf-16", "utf-8", "utf-8-sig", ""])
def test_a_byte_order_mark_is_no_part_of_the_first_name(taken, said):
    encoding = "utf-16-le" if "16" in said else "utf-8"
    assert taken("r.csv", as_csv([NAMED]).decode().join(["\ufeff", ""]).encode(encoding), Written(encoding=said))


@pytest.mark.parametrize(
    "said", ["base64", "rot13", "hex", "idna", "punycode", "unicode_escape", "undefined", "nobody", "\0"]
)
def test_what_is_no_encoding_of_a_file_of_text_is_refused(taken, said):
    with pytest.raises(Usage, match="ENCODING_UNKNOWN"):
        taken("r.csv", as_csv([ROW]), Written(encoding=said))


def test_parquet_has_no_encoding_to_name(taken):
    with pytest.raises(Usage, match="ENCODING_UNKNOWN"):
        taken("r.parquet", b"", Written(encoding="utf-8"))


@pytest.mark.parametrize("written", ["windows-1252", "utf-16"])
def test_another_encoding_than_utf_8_is_never_guessed(refuse, written):
    [(line, column, code)] = refuse("r.csv", as_csv([ROW, NAMED], ",", written))
    assert (column, code) == ("", "ENCODING_INVALID")
    assert line == (3 if written == "windows-1252" else 1)


def test_the_refusal_says_what_to_try(tmp_path, taken):
    with pytest.raises(BadInput, match="--encoding windows-1252"):
        taken("r.csv", as_csv([NAMED], ",", "windows-1252"))


def test_a_byte_that_the_encoding_does_not_have_is_named_by_its_line(refuse):
    content = as_csv([ROW, dict(ROW) | {"reason": "SPOILED"}], ",", "windows-1252")
    found = refuse("r.csv", content.replace(b"SPOILED", b"Canary\x81"), Written(encoding="windows-1252"))
    assert found == [(3, "", "ENCODING_INVALID")]


def test_the_line_is_right_however_far_into_the_file(refuse):
    rows = [dict(ROW) | {"request_id": f"R-{place}"} for place in range(30_000)]
    content = as_csv(rows, ",", "utf-16-le")
    assert refuse("r.csv", content[:-1], Written(encoding="utf-16-le"))[0][0] == 30_001
    spoiled = content.replace("R-25000".encode("utf-16-le"), b"\x00\xdcR\0R\0R\0R\0R\0R\0")
    assert refuse("r.csv", spoiled, Written(encoding="utf-16-le")) == [(25_002, "", "ENCODING_INVALID")]


def test_utf_16_without_a_mark_does_not_take_the_machines_order(refuse):
    content = as_csv([ROW], ",", "utf-16-le" if sys.byteorder == "little" else "utf-16-be")
    assert refuse("r.csv", content, Written(encoding="utf-16")) == [(1, "", "ENCODING_INVALID")]
    assert codecs.BOM_UTF16 not in content


def test_windows_1252_read_as_latin_1_is_seen_by_its_control_characters(refuse):
    content = as_csv([dict(ROW) | {"reason": "Canary – said"}], ",", "windows-1252")
    assert refuse("r.csv", content, Written(encoding="latin-1")) == [(2, "reason", "CONTROL_CHARACTER")]


def test_a_mark_within_the_file_is_a_character_that_cannot_be_seen(taken):
    content = as_csv([ROW]) + as_csv([dict(ROW) | {"request_id": "\ufeffR-2"}]).split(b"\n", 1)[1]
    assert [row[0] for row in taken("r.csv", content)] == ["R-1", "\ufeffR-2"]


def test_two_files_one_behind_the_other_are_seen_by_the_second_header(refuse):
    content = as_csv([ROW], ",", "utf-8-sig") + as_csv([dict(ROW) | {"request_id": "R-2"}], ",", "utf-8-sig")
    assert (3, "request_id", "REQUEST_ID_FORM") in refuse("r.csv", content)
