"""The three files of an evaluation, read by the table contract; what cannot be read is counted, never shown."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import BadInput
from comity.case.tables import (
    IDENTITY,
    REGISTRY,
    TRUTH,
    Table,
    as_text,
    casting_select,
    present_text,
    unreadable_select,
)
from comity.linkage.standing import tin_sql
from comity.oversight.groups import NOT_STATED
from comity.workspace import Workspace, file_sql, identifier, workspace


def read_table(ws: Workspace, path: Path, table: Table, into: str, whole: Table | None = None) -> None:
    """Make `into` from the columns of `table` in a CSV or Parquet file; those only `whole` has come out absent.

    `<into>_text` shows every column of the file as text. Raises BadInput `EVALUATION_COLUMN_MISSING` or
    `EVALUATION_UNREADABLE`.
    """
    reader = file_sql(path)
    columns = _columns(ws, path)
    present = [name for name, _ in columns]
    _demand_columns(table.name, table.required(), present)
    text = ", ".join(f'{as_text(name, kind)} AS "{name}"' for name, kind in columns)
    ws.con.execute(f"CREATE OR REPLACE TEMP VIEW {into}_text AS SELECT {text} FROM {reader}")
    _demand_readable(ws, table, present, into)
    known = [name for name in present if name in table.names()]
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {casting_select(whole or table, known, f'{into}_text')}")


def _columns(ws: Workspace, path: Path) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in ws.rows(f"DESCRIBE SELECT * FROM {file_sql(path)}")]


def _demand_columns(table: str, required: Collection[str], present: Collection[str]) -> None:
    missing = [name for name in required if name not in present]
    if missing:
        raise BadInput(
            "EVALUATION_COLUMN_MISSING",
            f"The {table} file lacks: {', '.join(missing)}.",
            "Add the columns of the contract.",
        )


def _demand_readable(ws: Workspace, table: Table, present: Collection[str], into: str) -> None:
    unread = ws.rows(f"SELECT count(*) FROM ({unreadable_select(table, present, f'{into}_text', '1')})")[0][0]
    if unread:
        raise BadInput(
            "EVALUATION_UNREADABLE",
            f"{unread} cells of the {table.name} file cannot be read.",
            "Write dates as YYYY-MM-DD and years as figures.",
        )


def read_groups(ws: Workspace, truth: Path, groups: Collection[str]) -> None:
    """Make `groups` (request_id and the columns of that name) from the truth file, whose view `truth_text` is there.

    A group is a fact that the truth states of the person asked about. Raises BadInput `EVALUATION_GROUP_UNKNOWN` for
    a column that the truth lacks, and `EVALUATION_GROUP_NOT_ONE` for one that names, places or identifies somebody.
    """
    there = {name for name, _ in _columns(ws, truth)}
    for name in groups:
        if name in (*IDENTITY.names(), *TRUTH.required()) and name != "kind":
            raise BadInput(
                "EVALUATION_GROUP_NOT_ONE",
                f"The column {name} tells one person from another, or is the truth itself: it is no group.",
                "Name a column that says what group the person asked about belongs to.",
            )
        if name not in there:
            raise BadInput(
                "EVALUATION_GROUP_UNKNOWN",
                "The truth table has no column of the name that --group gives.",
                "Add it to the truth: a group is never derived from a name or from an address.",
            )
    said = ", ".join(f"coalesce({present_text(it)}, '{NOT_STATED}') AS {it}" for it in map(identifier, groups))
    ws.con.execute(
        f"CREATE OR REPLACE TEMP TABLE groups AS SELECT request_id{', ' if said else ''}{said} FROM truth_text"
    )


def regroup_by_tin(home: Path, registry: Path) -> Artefact:
    """The registry with the TIN of each row as its `taxpayer_id`, as a tax agency groups it; `filed_by` keeps whose
    the row is. A row without a TIN joins nothing but the rows of its own person that lack one too."""
    with workspace(home, reads=[registry.absolute()]) as ws:
        _demand_columns("registry", ("taxpayer_id", "tin"), [name for name, _ in _columns(ws, registry)])
        by_tin = f"coalesce({tin_sql('tin')}, 'none ' || taxpayer_id) AS taxpayer_id"
        grouped = f"SELECT * REPLACE ({by_tin}), taxpayer_id AS filed_by"
        return ws.write("registry", f"{grouped} FROM {file_sql(registry)}", "ALL")


def read_records(ws: Workspace, registry: Path) -> None:
    """Make `records` from a registry that `regroup_by_tin` wrote: what tells a row from others, and `filed_by`."""
    present = [name for name, _ in _columns(ws, registry)]
    text = ", ".join(f'{as_text(name, kind)} AS "{name}"' for name, kind in _columns(ws, registry))
    ws.con.execute(f"CREATE OR REPLACE TEMP VIEW records_text AS SELECT {text} FROM {file_sql(registry)}")
    cells = casting_select(_RECORDED, present, "records_text").removesuffix(" FROM records_text")
    ws.con.execute(f"CREATE OR REPLACE TEMP TABLE records AS {cells}, filed_by FROM records_text")


_RECORDED = REGISTRY.projected(
    "records",
    ("taxpayer_id", "tax_year", "source_form", "role", "given_name", "middle_name", "family_name", "name_suffix"),
)
