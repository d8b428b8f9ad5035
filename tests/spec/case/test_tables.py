"""The table contract: what text becomes, and which cells do not become anything."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.case.tables import IDENTITY, REGISTRY, REQUESTS, casting_select, present_text, unreadable_select


def cast(column: str, text: str | None) -> object:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE source AS SELECT ?::VARCHAR AS " + column, [text])
        row = con.execute(casting_select(REQUESTS, [column], "source")).fetchall()[0]
    return row[REQUESTS.names().index(column)]


def unreadable(column: str, text: str) -> bool:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE source AS SELECT ?::VARCHAR AS " + column, [text])
        return bool(con.execute(unreadable_select(REQUESTS, [column], "source", "1")).fetchall())


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("zip", "01234", "01234"),
        ("given_name", "  Ana \t María ", "Ana María"),
        ("given_name", "A\u200bna\u2060", "Ana"),
        ("given_name", "\u202eAna\u202c", "Ana"),
        ("given_name", "Ana\u00a0Lee", "Ana Lee"),
        ("given_name", " \u200b ", None),
        ("given_name", "", None),
        ("given_name", None, None),
        ("date_of_birth", "1970-01-02", date(1970, 1, 2)),
        ("tax_years", "2019; 2020 ;", [2019, 2020]),
        ("recipients", "R1;R2", ["R1", "R2"]),
        ("recipients", ";", []),
    ],
)
def test_text_becomes_what_the_contract_says(column: str, text: str | None, value: object) -> None:
    assert cast(column, text) == value


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("date_of_birth", "1970-13-01"),
        ("date_of_birth", "01/02/1970"),
        ("date_of_birth", "1970-1-2"),
        ("tax_years", "2019;all"),
        ("tax_years", "2019.5x"),
    ],
)
def test_a_cell_with_text_that_its_type_cannot_read_is_named(column: str, text: str) -> None:
    assert unreadable(column, text)
    assert cast(column, text) is None


@pytest.mark.parametrize(
    ("column", "text"), [("date_of_birth", "1970-01-02"), ("date_of_birth", " "), ("tax_years", "")]
)
def test_a_cell_that_is_read_or_blank_is_not_named(column: str, text: str) -> None:
    assert not unreadable(column, text)


def test_an_absent_column_is_absent_and_an_unknown_one_stays_behind() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE source AS SELECT 'A1' AS request_id, 'x' AS shoe_size")
        found = con.execute(casting_select(REQUESTS, ["request_id", "shoe_size"], "source"))
        names = [column[0] for column in found.description]
        row = found.fetchall()[0]
    assert tuple(names) == REQUESTS.names()
    assert row == ("A1", *[None] * (len(names) - 1))


def test_linkage_receives_identity_and_nothing_of_the_narrative() -> None:
    assert not {"reason", "statute", "purpose", "case_id", "recipients"} & set(IDENTITY.names())
    assert {"given_name", "street_line", "date_of_birth", "tin", "tax_years"} <= set(IDENTITY.names())


def test_the_registry_keeps_its_key_in_its_columns() -> None:
    assert set(REGISTRY.key) <= set(REGISTRY.required())


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
def test_any_text_becomes_visible_text_once_and_for_all(text: str) -> None:
    with duckdb.connect() as con:
        once = con.execute(f"SELECT {present_text('t')} FROM (SELECT ?::VARCHAR AS t)", [text]).fetchall()[0][0]
        twice = con.execute(f"SELECT {present_text('t')} FROM (SELECT ?::VARCHAR AS t)", [once]).fetchall()[0][0]
    assert once == twice
    assert once is None or (once == once.strip(" ") and "  " not in once and once != "")
