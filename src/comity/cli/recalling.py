"""Commands of a recall: counsel orders it, recipients are notified and certify, and the office sees who has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, Batch, HomeDir, Keys, acting, office_at
from comity.cli.speaking import say, say_table

recall = group("Call back what should not have left.")

Number = Annotated[int, typer.Argument(metavar="RECALL", min=1, help="The recall's number in the batch.")]
Recipient = Annotated[str, typer.Option(help="The recipient's id.")]


@recall.command(
    "order",
    epilog=example(
        "comity recall order BATCH --rows 3,7 --reason 'The address was read wrongly.' --home office --as counsel"
    ),
)
def order(
    batch: Batch,
    rows: Annotated[str, typer.Option(help="The row numbers of the requests, with commas between.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence that names nobody: recipients read it.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Recall the answers to some requests of a batch from every recipient. Counsel orders it."""
    from comity.office import recalling

    ordered = recalling.order(*acting(home, officer_id, keys), batch, recalling.read_rows(rows), reason)
    say(
        {"recall": ordered.recall, "recipients": list(ordered.recipients), "destroy_by": ordered.destroy_by},
        f"Recall {ordered.recall}: {len(ordered.recipients)} recipients, to certify by {ordered.destroy_by}. What lies "
        f"sealed for them does not leave.\nNext: comity recall show {batch}",
        as_json=as_json,
    )


@recall.command(
    "notice",
    epilog=example("comity recall notice BATCH 1 --recipient R1 --out R1.notice --home office --as transmitter"),
)
def notice(
    batch: Batch,
    number: Number,
    recipient: Recipient,
    out: Annotated[Path, typer.Option(help="A new file for the signed notice.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Hand the signed notice of a recall to one recipient. The event comes first."""
    from comity.office import recalling

    recalling.notify(*acting(home, officer_id, keys), batch, number, recipient, out)
    say(
        {"recall": number, "recipient": recipient, "out": str(out)},
        f"The notice lies in {out}. The recipient answers it with `comity request dispose`.",
        as_json=as_json,
    )


@recall.command(
    "certify",
    epilog=example("comity recall certify BATCH 1 R1.disposal --recipient R1 --home office --as transmitter"),
)
def certify(
    batch: Batch,
    number: Number,
    signed: Annotated[
        Path, typer.Argument(metavar="CERTIFICATE", exists=True, dir_okay=False, help="What the recipient signed.")
    ],
    recipient: Recipient,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """File a recipient's certificate of disposal; the last one closes the recall."""
    from comity.office import recalling

    office, actor = acting(home, officer_id, keys)
    recalling.certify(office, actor, batch, number, recipient, signed)
    closed = office.batch(batch).recalls[number].closed
    say(
        {"recall": number, "recipient": recipient, "closed": closed},
        f"Filed. Recall {number} is {'closed' if closed else 'open still'}: comity recall show {batch}",
        as_json=as_json,
    )


@recall.command("show", epilog=example("comity recall show BATCH --home office"))
def show(batch: Batch, home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """The recalls of a batch: who got what was recalled, what each still owes, and who is late."""
    from comity.office import recalling

    rows = [
        (
            ordered.recall,
            "closed" if closed else "open",
            len(ordered.row_numbers),
            who.recipient,
            "left" if who.left else "stopped, sealed",
            who.method or who.awaits or "nothing",
            ordered.destroy_by + (" OVERDUE" if who.overdue else ""),
        )
        for ordered, closed, standings in recalling.standings(office_at(home), batch)
        for who in standings
    ]
    say_table(
        f"Recalls of {batch}",
        ("recall", "is", "requests", "recipient", "reply", "certified or awaited", "by"),
        rows,
        as_json=as_json,
        empty="Nothing was recalled.",
    )
