"""Sources that are tables in a database give the index that the same rows in a file give."""

from __future__ import annotations

import sqlite3
import subprocess

import duckdb
import pytest

from comity.case.errors import BadInput, Usage
from comity.case.tables import REGISTRY
from comity.linkage import DatabaseTable, build_index
from tests.spec.store.conftest import postgresql  # noqa: F401 -- a fixture

from .drawing import Town, write_csv

TABLE = "given | middle | family | born | year\nAna | - | Silva | 1970-02-03 | 2020\nJosé | K | O'Neil | - | 2019"
ROWS = Town(0).registry(TABLE)
NAMES = [name for name in REGISTRY.names() if any(name in row for row in ROWS)]


def statements(identifier):
    """SQL that makes the table of the rows, its year a number and the rest text."""
    columns = ", ".join(f"{name} {'INTEGER' if name == 'tax_year' else 'TEXT'}" for name in NAMES)
    yield f"CREATE TABLE {identifier} ({columns}, ward TEXT)"
    for row in ROWS:
        cells = ", ".join("'" + row[name].replace("'", "''") + "'" if row.get(name) else "NULL" for name in NAMES)
        yield f"INSERT INTO {identifier} VALUES ({cells}, 'left behind')"


@pytest.fixture
def sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "records.sqlite") as connection:
        for statement in statements("records"):
            connection.execute(statement)
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


def held(index):
    with duckdb.connect(index.path, read_only=True) as con:
        return [con.execute(f"FROM {table}").fetchall() for table in ("towns", "addresses", "spells")]


def from_file(tmp_path):
    return held(build_index([write_csv(tmp_path / "rows.csv", ROWS, REGISTRY.names())], tmp_path / "by-file"))


def test_a_table_of_sqlite(sqlite, tmp_path):
    index = build_index([DatabaseTable(sqlite, "records")], tmp_path / "by-table")
    assert held(index) == from_file(tmp_path)
    assert not (tmp_path / "by-table" / "tables").exists()


def test_a_table_in_a_schema_of_postgresql(postgresql, tmp_path):  # noqa: F811 -- the fixture
    made = "; ".join(("CREATE SCHEMA irs", *statements("irs.records")))
    psql = ["psql", "-h", postgresql, "-U", "comity", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", made]
    subprocess.run(psql, check=True, capture_output=True)
    url = f"postgresql://comity@/postgres?host={postgresql}"
    index = build_index([DatabaseTable(url, "irs.records")], tmp_path / "by-table")
    assert held(index) == from_file(tmp_path)


def test_a_file_and_a_table_make_one_registry(sqlite, tmp_path):
    rows = write_csv(tmp_path / "rows.csv", Town(1).registry(TABLE), REGISTRY.names())
    assert build_index([rows, DatabaseTable(sqlite, "records")], tmp_path / "index").rows == 4


def test_a_table_that_cannot_be_read_is_refused_without_its_address(sqlite, tmp_path):
    with pytest.raises(BadInput, match="DATABASE_UNREADABLE") as refused:
        build_index([DatabaseTable(sqlite, 'records"; DROP TABLE records; --')], tmp_path / "index")
    assert "sqlite" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    assert not (tmp_path / "index").exists()
    assert build_index([DatabaseTable(sqlite, "records")], tmp_path / "index").rows == 2


def test_a_file_that_cannot_be_read_is_refused_and_what_the_reader_said_is_dropped(tmp_path):
    """The reader's message quotes the line that it stumbled over, and a log may walk the chain of exceptions."""
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"CANARY of a person")
    with pytest.raises(BadInput, match="REGISTRY_UNREADABLE") as refused:
        build_index([broken], tmp_path / "index")
    assert refused.value.__context__ is None
    assert not (tmp_path / "index").exists()


def test_another_kind_of_database_is_refused(tmp_path):
    with pytest.raises(Usage, match="DATABASE_UNKNOWN"):
        build_index([DatabaseTable("oracle://host/name", "records")], tmp_path / "index")


def test_a_password_in_the_address_is_never_shown():
    assert "secret" not in repr(DatabaseTable("postgresql://clerk:secret@host/name", "records"))


def test_a_table_without_a_demanded_column_is_refused_by_name(sqlite, tmp_path):
    with sqlite3.connect(sqlite.removeprefix("sqlite:///")) as connection:
        connection.execute("CREATE TABLE bare AS SELECT taxpayer_id FROM records")
    with pytest.raises(BadInput, match="REGISTRY_COLUMN_MISSING"):
        build_index([DatabaseTable(sqlite, "bare")], tmp_path / "index")
