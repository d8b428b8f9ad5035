"""The command that trips over a rule grown laxer: decoys of a batch or a set, counted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from comity.case.errors import Usage
from comity.cli.options import (
    HERE,
    OWN_KEYS,
    As,
    AsJson,
    HomeDir,
    Keys,
    SetEvidence,
    SetRegistry,
    SetRequests,
    acting,
)
from comity.cli.showing import counted, heading, sheet, table
from comity.cli.speaking import say


def decoys(
    batch: Annotated[str, typer.Argument(metavar="[BATCH]", help="A batch that has been compared.")] = "",
    registry: SetRegistry = None,
    requests: SetRequests = None,
    evidence: SetEvidence = "date_of_birth",
    seed: Annotated[int, typer.Option(help="The same seed makes the same decoys.")] = 1,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Make requests about nobody from confirmed ones and count how many are confirmed: a tripwire, never a rate."""
    if registry and requests and not batch:
        from comity.oversight.decoys import try_decoys_of_set

        found = try_decoys_of_set(registry, requests, evidence, seed)
    elif batch and not registry and not requests:
        from comity.office.decoying import try_batch_decoys

        office, actor = acting(home, officer_id, keys)
        found = try_batch_decoys(office, actor, batch, seed)
    else:
        raise Usage(
            "DECOYS_OF_WHAT",
            "It is not said what to make decoys from.",
            "Give a BATCH of an office, or --registry and --requests of an evaluation set.",
        )
    if as_json:
        return say(asdict(found), "", as_json=True)
    console = sheet()
    console.print(heading(f"Decoys of {counted(found.confirmed)} confirmed requests, evidence {found.evidence}"))
    rows = [(d.says, *map(counted, (d.made, d.alarms, d.others, d.for_people))) for d in found.kinds]
    console.print(table(("decoy", "made", "alarms", "another person", "for people"), rows))
    return console.print(
        f"Alarm: confirmed for the person of the request it was made from. {found.says}", markup=False, style="dim"
    )
