"""Every row has its standard form, found again by its number."""

import pytest

from comity import standard


def test_every_row_has_its_standard_form_and_equal_ones_the_same(con, addresses):
    absent = [None] * 7
    read = addresses([["1 Elm St", *absent[1:]], ["1 Elm St", *absent[1:]], ["", *absent[1:]], absent])
    assert con.execute("SELECT row_number FROM read_as ORDER BY 1").fetchall() == [(0,), (1,), (2,), (3,)]
    assert (read[0], read[2]) == (read[1], read[3])


def test_the_derived_columns_are_the_contract_and_nothing_else(con, addresses, names):
    for read, columns in (
        (addresses, ("row_number", *standard.STANDARD_ADDRESS)),
        (names, ("row_number", *standard.STANDARD_NAME)),
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
