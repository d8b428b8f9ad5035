"""Commands of the files of a batch: which there are for an officer, and a copy of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, Batch, HomeDir, Keys, acting
from comity.cli.speaking import say, say_table

files = group("The files of a batch: what was asked, ruled, found and answered. Who takes a copy stands in the log.")


@files.command("list", epilog=example("comity files list BATCH --home office --as auditor --keys officers"))
def listed(
    batch: Batch, home: HomeDir = HERE, officer_id: As = "", keys: Keys = OWN_KEYS, as_json: AsJson = False
) -> None:
    """List the files of which you may have a copy now. Looking at the list is no event."""
    from comity.office import copying

    found = copying.files(*acting(home, officer_id, keys), batch)
    rows = [(one.kind, one.says, one.rows, "removed" if one.pruned else f"{one.bytes:,}") for one in found]
    heads = ("file", "what it holds", "rows", "bytes")
    say_table("Files", heads, rows, as_json=as_json, empty="There is no file that you may have a copy of.")


@files.command(
    "take",
    epilog=example("comity files take BATCH rulings --out rulings.parquet --home office --as auditor --keys officers"),
)
def take(
    batch: Batch,
    kind: Annotated[str, typer.Argument(metavar="FILE", help="One of `comity files list BATCH`.")],
    out: Annotated[Path, typer.Option(help="The new file to write the copy to (Parquet).")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Take a copy, byte for byte what the log names. It is recorded first; whoever took one votes no more there."""
    from comity.office import copying

    taken = copying.take(*acting(home, officer_id, keys), batch, kind, out)
    say(
        {"batch": batch, "file": str(out), "kind": kind, "rows": taken.rows, "digest": taken.digest},
        f"{out} has {taken.rows:,} rows of {kind}. SHA-256 {taken.digest}",
        as_json=as_json,
    )
