"""Every distinct address and name has one row, found again by what was sent."""

import pytest

from comity import standard


def test_equal_addresses_share_a_row_and_a_blank_one_is_not_an_absent_one(con, addresses):
    absent = [None] * 7
    read = addresses([["1 Elm St", *absent[1:]], ["1 Elm St", *absent[1:]], ["", *absent[1:]], absent])
    assert con.execute("SELECT count(*) FROM read_as").fetchall() == [(3,)]
    assert read[0] == read[1]


def test_the_derived_columns_are_the_contract_and_nothing_else(con, addresses, names):
    for read, columns in (
        (addresses, (*standard.ADDRESS, *standard.STANDARD_ADDRESS)),
        (names, (*standard.NAME, *standard.STANDARD_NAME)),
    ):
        read([])
        assert tuple(row[0] for row in con.execute("DESCRIBE read_as").fetchall()) == columns


def test_nothing_but_the_result_stays_behind(con, addresses):
    addresses([])
    assert con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall() == [("read_as",), ("sent",)]


def test_nothing_stays_behind_when_the_source_is_not_there(con):
    with pytest.raises(Exception, match="absent_table"):
        standard.standardise_addresses(con, "absent_table", "read_as")
    assert con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == []


def test_every_step_says_what_it_does():
    assert all(step.says and step.sql for step in standard.steps())
    assert standard.VERSION
