"""Every address and every name gets one row, one key and one class."""

import duckdb
import pytest

from comity import standard


@pytest.fixture
def con():
    with duckdb.connect() as con:
        yield con


def test_each_distinct_address_has_one_row_that_joins_back_through_its_key(con):
    columns = ", ".join(f"{name} VARCHAR" for name in standard.ADDRESS)
    con.execute(f"CREATE TABLE sent (request_id INTEGER, {columns})")
    con.execute("INSERT INTO sent (request_id, street_line, zip) VALUES (1, '1 Elm St', '77001'), (2, '1 Elm St', '77001')")
    con.execute("INSERT INTO sent (request_id, street_line) VALUES (3, ''), (4, NULL)")
    standard.standardise_addresses(con, "sent", "addresses")
    assert con.execute("SELECT count(*) FROM addresses").fetchone() == (3,)
    joined = con.execute(
        f"SELECT request_id, a_class FROM sent JOIN addresses USING (street_line) WHERE "
        f"{standard.address_key_sql('sent')} = address_key UNION ALL SELECT request_id, a_class FROM sent "
        f"JOIN addresses ON {standard.address_key_sql('sent')} = address_key WHERE sent.street_line IS NULL ORDER BY 1"
    ).fetchall()
    assert joined == [(1, "sufficient"), (2, "sufficient"), (3, "missing"), (4, "missing")]


def test_the_derived_columns_are_the_contract_and_nothing_else(con):
    con.execute(f"CREATE TABLE sent ({', '.join(f'{name} VARCHAR' for name in (*standard.ADDRESS, *standard.NAME))})")
    standard.standardise_addresses(con, "sent", "addresses")
    standard.standardise_names(con, "sent", "names")
    for table, columns in (
        ("addresses", (*standard.ADDRESS, *standard.STANDARD_ADDRESS)),
        ("names", (*standard.NAME, *standard.STANDARD_NAME)),
    ):
        assert tuple(row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()) == columns
