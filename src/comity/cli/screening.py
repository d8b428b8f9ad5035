"""Commands of the tax-investigation screen: take the list, look everybody up, hand it in again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, Batch, HomeDir, Keys, acting
from comity.cli.speaking import say, say_table

screen = group("The screen of 26 U.S.C. 6103(i)(6): whom an answer would expose.")


@screen.command(
    "show", epilog=example("comity screen show BATCH --out subjects.ndjson --home office --as screener --keys officers")
)
def show(
    batch: Batch,
    out: Annotated[Path, typer.Option(help="The new file to write the list to, one JSON object a line.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Take the list of whom the answers would confirm; the look is an event."""
    from comity.office import screening

    number = screening.show_subjects(*acting(home, officer_id, keys), batch, out)
    say(
        {"batch": batch, "subjects": number, "file": str(out)},
        f"{number:,} subjects are listed in {out}. Write clear or withhold as `screen` in every line.\n"
        f"Next: comity screen enter {batch} {out}",
        as_json=as_json,
    )


@screen.command(
    "enter", epilog=example("comity screen enter BATCH subjects.ndjson --home office --as screener --keys officers")
)
def enter(
    batch: Batch,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The list, with a word in every line.")
    ],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Hand the list in again. Answers made before are void; what is withheld is said to nobody else."""
    from comity.office import story

    office, actor = acting(home, officer_id, keys)
    with file.open("rb") as list_:
        number = story.screen(office, actor, batch, list_)
    say(
        {"batch": batch, "screened": number},
        f"{number:,} subjects are screened. Destroy the list. Next: comity work {batch}",
        as_json=as_json,
    )


@screen.command("read", epilog=example("comity screen read BATCH --home office --as approver-1 --keys officers"))
def read(
    batch: Batch,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Which requests are withheld, for screener and approver; the look is an event."""
    from comity.office import screening

    rows = [(row,) for row in screening.withheld(*acting(home, officer_id, keys), batch)]
    say_table(f"Withheld in {batch}", ("row",), rows, as_json=as_json, empty="Nobody is withheld.")
