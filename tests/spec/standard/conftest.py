"""Tables of drawn addresses and names, and what the rules make of them."""

import duckdb
import pytest

from comity import standard


@pytest.fixture
def con():
    with duckdb.connect() as con:
        yield con


def table(con, name, columns, rows):
    """Create `name` with a number `i` and VARCHAR `columns`, holding `rows` in order."""
    con.execute(f"CREATE OR REPLACE TABLE {name} (i INTEGER, {', '.join(f'{column} VARCHAR' for column in columns)})")
    marks = ", ".join("?" * (len(columns) + 1))
    if rows:
        con.executemany(f"INSERT INTO {name} VALUES ({marks})", [[i, *row] for i, row in enumerate(rows)])


def _read(con, columns, derived, key, standardise, rows):
    table(con, "sent", columns, rows)
    standardise(con, "sent", "read_as")
    wanted = ", ".join(derived)
    sql = f"SELECT {wanted} FROM sent JOIN read_as ON read_as.{derived[0]} = {key('sent')} ORDER BY i"
    return [dict(zip(derived, row, strict=True)) for row in con.execute(sql).fetchall()]


@pytest.fixture
def addresses(con):
    """A function from rows of the seven address columns to their derived columns, in the same order."""
    return lambda rows: _read(
        con, standard.ADDRESS, standard.STANDARD_ADDRESS, standard.address_key_sql, standard.standardise_addresses, rows
    )


@pytest.fixture
def names(con):
    """A function from rows of the four name columns to their derived columns, in the same order."""
    return lambda rows: _read(
        con, standard.NAME, standard.STANDARD_NAME, standard.name_key_sql, standard.standardise_names, rows
    )
