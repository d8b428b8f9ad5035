"""The command that makes past decisions again: by what was in force, or by another reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from comity.case.errors import Usage
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.showing import counted, heading, sheet, table
from comity.cli.speaking import say

if TYPE_CHECKING:
    from comity.oversight.lookback import LookedBack, Refusal
    from comity.oversight.replay import Replayed


def replay(
    batch: Annotated[str, typer.Argument(metavar="[BATCH]", help="A batch on which the gates have ruled.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Every batch.")] = False,
    rules: Annotated[
        str, typer.Option(metavar="FOLDER", help="Look back with this text of the agreement: a folder, or a name.")
    ] = "",
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Look back as if received on that day, by today's registers."),
    ] = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Make a batch's decisions again and compare every row; or list the answers another reading would have refused.

    Without --rules and --as-of every table has to come out as it was recorded: exit 6 at the first difference. With
    either, the answers that would not have been given are listed. Nothing is changed.
    """
    from comity.office import replaying

    if bool(batch) == every:
        raise Usage("REPLAY_WHAT", "It is not said what to replay.", "Give a BATCH, or --all for every one.")
    office, actor = acting(home, officer_id, keys)
    if rules or as_of:
        read = replaying.read_rules(rules) if rules else None
        batches = replaying.answered_batches(office, read.name if read else "") if every else [batch]
        reading = replaying.Reading(read, as_of.date() if as_of else None)
        _say_looked_back(replaying.look_back_at(office, actor, batches, reading), as_json=as_json)
    else:
        batches = replaying.ruled_batches(office) if every else [batch]
        _say_replayed([replaying.replay_batch(office, actor, one) for one in batches], as_json=as_json)


def _say_replayed(found: Sequence[Replayed], *, as_json: bool) -> None:
    if as_json:
        return say({"batches": [asdict(one) for one in found], "same": True}, "", as_json=True)
    console = sheet()
    for one in found:
        console.print(heading(f"Batch {one.batch} comes out as recorded"))
        console.print(table(("table", "rows"), ((kind, counted(rows)) for kind, rows in one.rows.items())))
        console.print(table(("made again with", ""), one.versions.items(), words=2))
    return console.print(f"{counted(len(found))} batches, no difference.")


def _say_looked_back(found: Sequence[LookedBack], *, as_json: bool) -> None:
    if as_json:
        return say({"batches": [one.facts() for one in found]}, "", as_json=True)
    console = sheet()
    for one in found:
        if one.refused:
            console.print(heading(f"Batch {one.batch}: answers that would not have been given"))
            head = ("row", "request", "was", "would be", "gate", "code", "clause", "left to")
            console.print(table(head, map(_row, one.refused), words=7))
    changes = sum((Counter(one.changes) for one in found), Counter[tuple[str, str]]())
    console.print(heading(f"{counted(len(found))} batches, {counted(changes.total())} answers"))
    console.print(
        table(("was", "would be", "requests"), ((was, now, counted(n)) for (was, now), n in sorted(changes.items())))
    )
    return console.print(f"{counted(sum(len(one.refused) for one in found))} answers would not have been given.")


def _row(one: Refusal) -> tuple[str, ...]:
    said = ("\n".join(words) for words in (one.gates, one.codes, one.clauses))
    return (counted(one.row_number), one.request_id, one.was, one.would_be, *said, counted(one.left_to))
