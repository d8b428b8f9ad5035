"""Commands of the seven steps: receive, work, release, collect, acknowledge; and where every batch stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.case.envelope import stamp
from comity.case.errors import ComityError, Usage
from comity.cli.options import (
    DUCKDB,
    HERE,
    OWN_KEYS,
    THIS_MACHINE,
    As,
    AsJson,
    Batch,
    EngineName,
    HomeDir,
    Keys,
    Master,
    acting,
    office_at,
)
from comity.cli.speaking import say, say_line, say_table

if TYPE_CHECKING:
    from comity.linkage import EngineChoice
    from comity.office.desk import Actor, Office


def receive(
    package: Annotated[
        Path, typer.Argument(metavar="PACKAGE", exists=True, help="The signed package: a folder or a zip.")
    ],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Step 1. Verify a submission, read it, and open a batch; or refuse it and keep nothing."""
    from comity.office import story

    office, actor = acting(home, officer_id, keys)
    batch = story.receive(office, actor, package)
    state = office.batch(batch)
    received = state.submission()
    rows = received.requests["rows"]
    say(
        {"batch": batch, "requests": rows, "answer_at": received.answer_at},
        f"Batch {batch}: {rows:,} requests. Answer on {received.answer_at}.\nNext: comity work {batch}",
        as_json=as_json,
    )


def work(
    batch: Annotated[str, typer.Argument(metavar="[BATCH]", help="The batch: the submission's id.")] = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="Work on every batch, again and again, until it is interrupted.")
    ] = False,
    every: Annotated[
        float, typer.Option(min=0.1, max=3600, metavar="SECONDS", help="With --watch: the pause between two rounds.")
    ] = 10.0,
    engine: EngineName = DUCKDB,
    master: Master = THIS_MACHINE,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Steps 2 to 4. Carry a batch as far as it goes without people; exit 4 says who is awaited.

    With --watch, a worker: every batch, as soon as something happened to it or its hour has come. Several may run, and
    be stopped at any moment; the console shows what they are at.
    """
    from comity.linkage import EngineChoice
    from comity.office import story

    if bool(batch) == watch:
        raise Usage(
            "BATCH_OR_WATCH", "Name one batch, or watch them all.", "comity work BATCH, or comity work --watch."
        )
    office, actor = acting(home, officer_id, keys)
    if watch:
        _watch(office, actor, EngineChoice(engine, master), every, as_json=as_json)
        return
    story.work(office, actor, batch, EngineChoice(engine, master))
    say({"batch": batch, "ready": True}, f"Two have signed. Next: comity release {batch}", as_json=as_json)


def _watch(office: Office, actor: Actor, engine: EngineChoice, every: float, *, as_json: bool) -> None:
    from time import sleep

    from comity.office.working import Tried, Worker

    def told(heard: Tried | ComityError) -> None:
        facts = heard.facts() if isinstance(heard, Tried) else {"code": heard.code}
        words = heard.sentence() if isinstance(heard, Tried) else f"{heard.code}: {heard.says}"
        at = stamp(office.clock())
        say_line({"at": at} | facts, f"{at} {words}", as_json=as_json)

    def rest(seconds: float) -> bool:
        sleep(seconds)
        return False

    Worker(office, actor, engine, every).watch(told, rest)


def release(
    batch: Batch,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Steps 5 and 6. Log what is about to be disclosed, then seal one reply per recipient."""
    from comity.office import story

    office, actor = acting(home, officer_id, keys)
    replies = story.release(office, actor, batch)
    say(
        {"batch": batch, "replies": replies},
        f"{replies} replies lie sealed. Next: comity collect {batch} --recipient R --out FILE",
        as_json=as_json,
    )


def abandon(
    batch: Batch,
    reason: Annotated[str, typer.Option(help="Why, in a sentence; it stays with the batch.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Step 5. Give up a disclosure that was logged and not sealed; its entries stay, the answers are made anew."""
    from comity.office import story

    office, actor = acting(home, officer_id, keys)
    story.abandon(office, actor, batch, reason)
    say({"batch": batch, "abandoned": True}, f"Nothing leaves by it. Next: comity work {batch}", as_json=as_json)


def collect(
    batch: Batch,
    recipient: Annotated[str, typer.Option(help="The recipient whose reply leaves; `signatory` for returned rows.")],
    out: Annotated[Path, typer.Option(help="The file to write the sealed reply to.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Step 6. Hand one sealed reply over; this is the disclosure that is counted."""
    from comity.office import story

    office, actor = acting(home, officer_id, keys)
    story.collect(office, actor, batch, recipient, out)
    say({"recipient": recipient, "file": str(out)}, f"The reply of {recipient} lies in {out}.", as_json=as_json)


def acknowledge(
    batch: Batch,
    recipient: Annotated[str, typer.Option(help="Whose acknowledgement it is.")],
    signature: Annotated[
        Path,
        typer.Argument(
            metavar="SIGNATURE",
            exists=True,
            dir_okay=False,
            help="The acknowledgement that `comity request open` wrote.",
        ),
    ],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Step 6. File the recipient's signature over what was opened."""
    from comity.office import story

    office, actor = acting(home, officer_id, keys)
    story.acknowledge(office, actor, batch, recipient, signature)
    say({"recipient": recipient}, f"The acknowledgement of {recipient} is filed.", as_json=as_json)


def batches(home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Where every batch stands in the seven steps."""
    from comity.office import reading

    rows = [(b.batch, b.agency, b.requests, b.step, b.waits) for b in reading.batches(office_at(home))]
    say_table(
        "Batches",
        ("batch", "agency", "requests", "next step", "waits for"),
        rows,
        as_json=as_json,
        empty="No batch yet.",
    )
