"""The commands of receipts: one written by the office, and verified by whoever holds it, with nothing beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.case.errors import Usage
from comity.cli.helping import example
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.oversee import log
from comity.cli.speaking import say


@log.command(
    "receipt",
    epilog=example("comity log receipt BATCH 7 --out request-7.receipt --home office --as counsel --keys officers"),
)
def receipt(
    out: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
    batch: Annotated[str, typer.Argument(metavar="[BATCH]", help="A batch whose disclosure is intended.")] = "",
    row: Annotated[int | None, typer.Argument(metavar="[ROW]", help="The request's row number in the batch.")] = None,
    hold: Annotated[str, typer.Option(metavar="ID", help="A hold, in the place of a batch.")] = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Write the receipt of one request, one batch or one hold: that it stands in the log, for whoever has this file."""
    from comity.office import receipting

    if bool(batch) == bool(hold):
        raise Usage(
            "RECEIPT_OF_WHAT", "It is not said what the receipt is of.", "Give a BATCH, a BATCH and ROW, or --hold."
        )
    office, actor = acting(home, officer_id, keys)
    if hold:
        written = receipting.hold_receipt(office, actor, hold)
    elif row is None:
        written = receipting.batch_receipt(office, actor, batch)
    else:
        written = receipting.request_receipt(office, actor, batch, row)
    with out.open("xb") as file:
        file.write(written)
    say({"receipt": str(out)}, f"The receipt lies in {out}. Next: comity verify-receipt {out}", as_json=as_json)


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The receipt.")],
    key: Annotated[str, typer.Option(help="The log's key as you were given it; without, the one in the receipt.")] = "",
    policy: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A tlog-policy: the log and the witnesses that you demand."),
    ] = None,
    until: Annotated[
        int | None, typer.Option(metavar="SIZE", help="Of a key in other hands: the leaves up to which it counts.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a receipt with nothing but itself, anywhere; exit 6 when it does not hold."""
    from comity.oversight.receipt import verify_one

    found = verify_one(file.read_bytes(), key, policy.read_bytes() if policy else None, until)
    say(found.facts(), found.sentence(), as_json=as_json)
