"""CSV, NDJSON, Parquet and NIEM JSON say the same: one table written in each of them is read as the same rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.case.errors import BadInput, ComityError, Usage
from comity.case.tables import REQUESTS
from comity.intake import UnreadableTable, Written, pack_requests
from comity.intake.requests import load_requests, write_requests
from comity.intake.written import PACKAGED
from comity.workspace import quoted, workspace
from tests.spec.intake.writing import ROW, as_csv, as_ndjson, as_niem, as_parquet

RECEIVED = date(2025, 5, 1)


def read(folder: Path, name: str, content: bytes, said: Written) -> list[tuple[Any, ...]]:
    """The rows of the artefact made of a file."""
    file = folder / name
    file.write_bytes(content)
    with workspace(folder, reads=[file]) as ws:
        artefact = write_requests(ws, load_requests(ws, file, said), RECEIVED)
        assert not list(folder.glob(".*-*"))
        return ws.con.execute(f"FROM read_parquet({quoted(artefact.path)})").fetchall()


# Letters of Western Europe, which every encoding tried has, and all that means something in one of the formats.
_SIGNS = st.sampled_from(list("aZé ß0;,|\t\"'\\{}[]:=+-@#\n\u00a0€"))
_TEXTS = st.none() | st.text(_SIGNS, max_size=8)
_WORDS = st.lists(st.text(st.sampled_from("abé-09 ,\"'"), min_size=1, max_size=5), max_size=3)
_BY_TYPE = {
    "VARCHAR": _TEXTS,
    "DATE": st.none() | st.dates(),
    "INTEGER[]": st.none() | st.lists(st.integers(-(2**31), 2**31 - 1), max_size=3),
    "VARCHAR[]": st.none() | _WORDS,
}
_ROWS = st.lists(
    st.fixed_dictionaries({c.name: _BY_TYPE[c.type] for c in REQUESTS.columns if c.name != "request_id"}),
    min_size=1,
    max_size=4,
).map(lambda rows: [{"request_id": f"R-{place}"} | row for place, row in enumerate(rows)])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=_ROWS,
    delimiter=st.sampled_from(",;\t|¦ "),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"]),
    end=st.sampled_from(["\n", "\r\n"]),
    indent=st.sampled_from([None, 2]),
)
def test_a_table_is_the_same_in_every_format(
    tmp_path: Path, rows: list[dict[str, Any]], delimiter: str, encoding: str, end: str, indent: int | None
) -> None:
    expected = read(tmp_path, "r.parquet", as_parquet(rows, tmp_path), Written())
    assert len(expected) == len(rows)
    content = as_csv(rows, delimiter, encoding, end)
    assert read(tmp_path, "r.csv", content, Written("csv", delimiter, encoding)) == expected
    assert read(tmp_path, "r.ndjson", as_ndjson(rows, encoding), Written(encoding=encoding)) == expected
    assert read(tmp_path, "r.json", as_niem(rows, indent), Written()) == expected


@pytest.mark.parametrize("name", ["r.csv", "r.ndjson", "r.json", "r.parquet"])
def test_a_package_carries_what_was_read_whatever_it_was_written_in(tmp_path: Path, name: str) -> None:
    rows = [dict(ROW), dict(ROW) | {"request_id": "R-2", "given_name": "=1+1\u200b", "zip": None}]
    writers = {"r.csv": as_csv, "r.ndjson": as_ndjson, "r.json": as_niem}
    content = as_parquet(rows, tmp_path) if name == "r.parquet" else writers[name](rows)
    expected = read(tmp_path, name, content, Written())
    (tmp_path / "scratch").mkdir()
    packed = tmp_path / "packed.parquet"
    assert pack_requests(tmp_path / "scratch", tmp_path / name, Written(), packed) == 2
    assert read(tmp_path, "again.parquet", packed.read_bytes(), PACKAGED["parquet"]) == expected


@pytest.mark.parametrize("name", ["r.xlsx", "r", "r.txt"])
def test_an_ending_that_says_nothing_needs_the_format_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(Usage, match="REQUESTS_FORMAT_UNKNOWN"):
        read(tmp_path, name, as_csv([ROW]), Written())
    assert len(read(tmp_path, name, as_csv([ROW]), Written("csv"))) == 1


@pytest.mark.parametrize("name", ["r.csv", "r.ndjson", "r.json", "r.parquet"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), junk=st.binary(max_size=12))
def test_a_file_cut_short_or_spoiled_is_read_or_refused_with_a_code(
    tmp_path: Path, name: str, cut: float, junk: bytes
) -> None:
    rows = [dict(ROW), dict(ROW) | {"request_id": "R-2"}]
    writers = {"r.csv": as_csv, "r.ndjson": as_ndjson, "r.json": as_niem}
    content = as_parquet(rows, tmp_path) if name == "r.parquet" else writers[name](rows)
    place = int(cut * len(content))
    for spoiled in (content[:place], content[:place] + junk, content[:place] + junk + content[place:]):
        try:
            read(tmp_path, name, spoiled, Written())
        except ComityError as refusal:
            assert refusal.code != "STEP_FAILED"  # noqa: PT017 -- a refusal is one of two right endings
            assert "Canary" not in str(refusal)  # noqa: PT017
            assert refusal.__context__ is None  # noqa: PT017


def test_an_item_of_a_list_that_holds_a_semicolon_becomes_no_two(tmp_path: Path) -> None:
    row = dict(ROW) | {"recipients": ["officer-1;officer-2"]}
    for name, content in (("r.ndjson", as_ndjson([row])), ("r.parquet", as_parquet([row], tmp_path))):
        with pytest.raises(UnreadableTable) as refusal:
            read(tmp_path, name, content, Written())
        assert [(f.line, f.column) for f in refusal.value.faults] == [(1, "recipients")]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x85", "\x9f"])
def test_no_format_brings_a_control_character_in(tmp_path: Path, sign: str) -> None:
    row = dict(ROW) | {"reason": f"Canary{sign}"}
    files = [("r.csv", as_csv([row])), ("r.ndjson", as_ndjson([row])), ("r.parquet", as_parquet([row], tmp_path))]
    for name, content in files:
        with pytest.raises(UnreadableTable, match="CONTROL_CHARACTER"):
            read(tmp_path, name, content, Written())


def test_a_table_of_nobody_is_refused_in_every_format(tmp_path: Path) -> None:
    for name, content in (("r.csv", as_csv([])), ("r.ndjson", b""), ("r.json", as_niem([]))):
        with pytest.raises(BadInput, match="NO_REQUESTS"):
            read(tmp_path, name, content, Written())
