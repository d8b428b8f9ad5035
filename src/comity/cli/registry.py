"""Commands about the custodian's records: built, brought up to date, listed, shown, verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comity.case.errors import Usage
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, office_at
from comity.cli.speaking import say, say_table

if TYPE_CHECKING:
    from comity.linkage import DatabaseTable, Index
    from comity.office.registries import Shelved

registry = group("The custodian's records.")

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="SOURCES",
        exists=True,
        dir_okay=False,
        help="CSV or Parquet files of records, one person on one form a row.",
    ),
]
TableName = Annotated[str, typer.Option("--table", help="A table or view of a database, beside or instead of files.")]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="COMITY_REGISTRY_DATABASE",
        help="sqlite:///PATH or postgresql://HOST/NAME; account and password come from PGUSER and PGPASSWORD.",
    ),
]
Synthetic = Annotated[bool, typer.Option("--synthetic", help="The records are of made-up people.")]
VouchedBy = Annotated[str, typer.Option(help="Who vouches for that.")]
Digest = Annotated[str, typer.Argument(metavar="DIGEST", help="How its digest begins; without one, that in force.")]


@registry.command(
    "build",
    epilog=example(
        "comity registry build records.csv --synthetic --vouched-by NAME --home office --as operator --keys officers"
    ),
)
def build(
    sources: Files = None,
    table: TableName = "",
    database: Database = "",
    synthetic: Synthetic = False,
    vouched_by: VouchedBy = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Build the index of the custodian's records; new batches use it from then on."""
    from comity.office import acts

    named = _sources(sources, table, database)
    if not named:
        raise Usage("SOURCE_NEEDED", "No records were named.", "Name files, or --table with --database.")
    office, actor = acting(home, officer_id, keys)
    index = acts.build_registry(office, actor, named, synthetic=synthetic, vouched_by=vouched_by)
    _say_made(index, as_json=as_json)


@registry.command(
    "update",
    epilog=example(
        "comity registry update later.csv --withdraw gone.csv --synthetic --vouched-by NAME "
        "--home office --as operator --keys officers"
    ),
)
def update(
    delta: Files = None,
    withdraw: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Rows that go: taxpayer_id, tax_year, source_form and role."),
    ] = None,
    table: TableName = "",
    database: Database = "",
    synthetic: Synthetic = False,
    vouched_by: VouchedBy = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Bring the records up to date; new batches use the new index, earlier ones keep theirs.

    A new row takes the place of every earlier one with its taxpayer_id, tax_year, source_form and role.
    """
    from comity.office import acts

    named = _sources(delta, table, database)
    office, actor = acting(home, officer_id, keys)
    index = acts.update_registry(office, actor, named, withdraw or [], synthetic=synthetic, vouched_by=vouched_by)
    _say_made(index, as_json=as_json)


@registry.command("list", epilog=example("comity registry list --home office"))
def list_(home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """List the indexes that the office holds."""
    from comity.office.registries import shelved

    columns = ("digest", "rows", "spells", "persons", "bytes", "in_force")
    rows = [tuple(_facts(one)[name] for name in columns) for one in shelved(office_at(home))]
    say_table("Registries", columns, rows, as_json=as_json, empty="No registry has been built here.")


@registry.command("show", epilog=example("comity registry show --home office"))
def show(digest: Digest = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show what an index holds."""
    from comity.office.registries import shelved_as

    facts = _facts(shelved_as(office_at(home), digest))
    lines = (f"{name.replace('_', ' '):<28}{_told(value)}" for name, value in facts.items())
    say(facts, "\n".join(lines), as_json=as_json)


@registry.command("verify", epilog=example("comity registry verify --home office"))
def verify(digest: Digest = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Hold every byte of an index, and of the rows kept for updates, against the digests. Exit 6 if one differs."""
    from comity.office.registries import verify_registry

    found = verify_registry(office_at(home), digest)
    say(_facts(found), f"Index {found.index.digest[:16]} is as it was built.", as_json=as_json)


def _sources(files: list[Path] | None, table: str, database: str) -> list[Path | DatabaseTable]:
    from comity.linkage import DatabaseTable

    if bool(table) != bool(database):
        raise Usage("DATABASE_HALF_NAMED", "A table needs its database, and a database its table.", "Give both.")
    return [*(files or []), *([DatabaseTable(database, table)] if table else [])]


def _facts(found: Shelved) -> dict[str, Any]:
    index = found.index
    return {
        "digest": index.digest,
        "in_force": found.in_force,
        "rows": index.rows,
        "spells": index.spells,
        "persons": index.persons,
        "addresses": index.addresses,
        "years": list(index.years),
        "forms": list(index.forms),
        "without_usable_address": round(index.unplaced / index.spells, 6),
        "standard": index.standard,
        "bytes": found.bytes,
    }


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _say_made(index: Index, *, as_json: bool) -> None:
    say(
        {"digest": index.digest, "rows": index.rows, "spells": index.spells},
        f"{index.rows:,} rows became {index.spells:,} spells. Index {index.digest[:16]}.",
        as_json=as_json,
    )
