"""Tables of drawn addresses and names, and what the rules make of them."""

import duckdb
import pytest

from comity import standard


@pytest.fixture(scope="session")
def shared():
    with duckdb.connect(config={"threads": 1}) as con:
        yield con


@pytest.fixture
def con(shared):
    """A connection with nothing in it."""
    for (name,) in shared.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        shared.execute(f"DROP TABLE {name}")
    return shared


def table(con, name, columns, rows):
    """Create `name` with a number `i` and VARCHAR `columns`, holding `rows` in order."""
    con.execute(f"CREATE OR REPLACE TABLE {name} (i INTEGER, {', '.join(f'{column} VARCHAR' for column in columns)})")
    if rows:
        marks = ", ".join(["unnest(?)"] * (len(columns) + 1))
        con.execute(f"INSERT INTO {name} SELECT {marks}", [list(range(len(rows))), *map(list, zip(*rows, strict=True))])


def read(con, columns, derived, same, standardise, rows):
    """The `derived` columns of each of `rows`, in order, joined back by the values that were sent."""
    table(con, "sent", columns, rows)
    standardise(con, "sent", "read_as")
    wanted = ", ".join(derived)
    sql = f"SELECT {wanted} FROM sent JOIN read_as ON {same('sent', 'read_as')} ORDER BY i"
    return [dict(zip(derived, found, strict=True)) for found in con.execute(sql).fetchall()]


@pytest.fixture
def addresses(con):
    """A function from rows of the seven address columns to their derived columns, in the same order."""
    return lambda rows: read(
        con,
        standard.ADDRESS,
        standard.STANDARD_ADDRESS,
        standard.same_address_sql,
        standard.standardise_addresses,
        rows,
    )


@pytest.fixture
def names(con):
    """A function from rows of the four name columns to their derived columns, in the same order."""
    return lambda rows: read(
        con, standard.NAME, standard.STANDARD_NAME, standard.same_name_sql, standard.standardise_names, rows
    )
