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
    """Create `name` with a `row_number` and VARCHAR `columns`, holding `rows` in order."""
    con.execute(
        f"CREATE OR REPLACE TABLE {name} (row_number INTEGER, {', '.join(f'{column} VARCHAR' for column in columns)})"
    )
    if rows:
        marks = ", ".join(["unnest(?)"] * (len(columns) + 1))
        con.execute(f"INSERT INTO {name} SELECT {marks}", [list(range(len(rows))), *map(list, zip(*rows, strict=True))])


def read(con, columns, derived, standardise, rows):
    """The `derived` columns of each of `rows`, in order."""
    table(con, "sent", columns, rows)
    standardise(con, "sent", "read_as")
    wanted = ", ".join(derived)
    found = con.execute(f"SELECT {wanted} FROM read_as ORDER BY row_number").fetchall()
    return [dict(zip(derived, row, strict=True)) for row in found]


@pytest.fixture
def addresses(con):
    """A function from rows of the seven address columns to their derived columns, in the same order."""
    return lambda rows: read(
        con,
        standard.ADDRESS,
        standard.STANDARD_ADDRESS,
        standard.standardise_addresses,
        rows,
    )


@pytest.fixture
def names(con):
    """A function from rows of the four name columns to their derived columns, in the same order."""
    return lambda rows: read(con, standard.NAME, standard.STANDARD_NAME, standard.standardise_names, rows)
