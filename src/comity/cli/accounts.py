"""Commands of an accounting to a person: counsel accounts, keeps back what a statute allows, and hears contests."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.case.errors import Usage
from comity.cli.explaining import show_explained
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, office_at
from comity.cli.speaking import say, say_table

embargo = group(
    "What a statute allows to keep out of accountings to persons, until a day; how much that is, is public."
)
contest = group('Somebody writes "that is not me": look at the answer, and recall it or find in words why it stands.')

STDIN = "-"
Contest = Annotated[int, typer.Argument(metavar="CONTEST", min=1, help="The contest's number.")]


def account(
    person: Annotated[
        str, typer.Option(metavar="FILE", help="A JSON file of what the person gave; - reads it from standard input.")
    ],
    request: Annotated[str, typer.Option(metavar="REFERENCE", help="The reference of the person's own request.")],
    out: Annotated[Path, typer.Option(help="A new folder for the accounting and its receipts.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Account to one person: what was asked and answered about that person, with receipts. Counsel does it, and it is
    logged.

    The file is a JSON object (or a list of them, one for each name or address) with given_name, family_name,
    date_of_birth, and taxpayer_id, tin or an address, named as in a request. Nothing of it is typed on the command
    line.
    """
    from comity.office import accounts, subjects

    given = subjects.read_given(_content(person))
    made = accounts.account(*acting(home, officer_id, keys), given, request, out)
    say(
        {"accounting": made.accounting, "entries": made.entries, "embargoed": made.embargoed, "out": str(out)},
        f"Accounting {made.accounting}: {made.entries} entries for the person, {made.embargoed} kept back by "
        f"embargoes. It lies in {out}.\nNext: read {out}/accounting.txt, then give the folder to the person.",
        as_json=as_json,
    )


def _content(named: str) -> bytes:
    if named == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(named).read_bytes()
    except OSError:
        raise Usage(
            "PERSON_FILE_MISSING", "The file cannot be read.", "Name a file, or - for standard input."
        ) from None


@embargo.command(
    "place",
    epilog=example(
        "comity embargo place irs_ice_2025 --basis '5 USC 552a(c)(3)' --until 2026-12-31 --home office --as counsel"
    ),
)
def place(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="The agreement.")],
    basis: Annotated[str, typer.Option(help="The statute that allows it.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")],
    batch: Annotated[str, typer.Option(metavar="BATCH", help="One batch of it; without, all of the agreement.")] = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Keep what was asked out of accountings to persons, up to a day. The log says in clear that, and how much."""
    from comity.office import contesting

    placed = contesting.place_embargo(
        *acting(home, officer_id, keys), agreement, batch, basis, until.date().isoformat()
    )
    say(
        {"embargo": placed.embargo, "until": placed.ends_on, "entries": placed.covered},
        f"Embargo {placed.embargo} keeps {placed.covered} entries back up to {placed.ends_on}.",
        as_json=as_json,
    )


@embargo.command("list", epilog=example("comity embargo list --home office"))
def list_embargoes(home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Every embargo: whether it is in force, and how many entries it keeps back."""
    from comity.office import contesting

    rows = [
        (one.embargo, one.agreement, one.scope, one.basis, one.ends_on, "in force" if binds else "over", entries)
        for one, binds, entries in contesting.embargoes(office_at(home))
    ]
    say_table(
        "Embargoes",
        ("embargo", "agreement", "scope", "basis", "until", "is", "entries"),
        rows,
        as_json=as_json,
        empty="No embargo.",
    )


@contest.command(
    "receive",
    epilog=example(
        "comity contest receive --receipt 1.receipt --request LETTER-31 --letter letter.pdf --home office --as counsel"
    ),
)
def receive(
    request: Annotated[str, typer.Option(metavar="REFERENCE", help="The reference of the letter.")],
    letter: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The letter; only a commitment to it is kept.")
    ],
    batch: Annotated[str, typer.Argument(metavar="[BATCH]", help="The batch of the contested answer.")] = "",
    row: Annotated[int | None, typer.Argument(metavar="[ROW]", help="Its row number.")] = None,
    receipt: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The entry's receipt, in the place of these.")
    ] = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Receive a letter that says that an answer was not about its writer; it is open until a recall or a finding."""
    from comity.office import contesting

    if (receipt is None) == (not batch or row is None):
        raise Usage("CONTEST_OF_WHAT", "It is not said what is contested.", "Give BATCH and ROW, or --receipt.")
    office, actor = acting(home, officer_id, keys)
    place = contesting.place_of(office, receipt.read_bytes()) if receipt else (batch, row or 0)
    received = contesting.receive_contest(office, actor, *place, request, letter.read_bytes())
    say(
        {"contest": received.contest, "batch": place[0], "row": place[1], "answer_by": received.answer_by},
        f"Contest {received.contest}, about row {place[1]} of {place[0]}: to be closed by {received.answer_by}.\n"
        f"Next: comity contest look {received.contest}",
        as_json=as_json,
    )


@contest.command("look", epilog=example("comity contest look 1 --home office --as counsel"))
def look(
    number: Contest, home: HomeDir = HERE, officer_id: As = "", keys: Keys = OWN_KEYS, as_json: AsJson = False
) -> None:
    """Look at the contested answer and at the records beside it. That you looked is logged first."""
    from comity.office import contesting

    show_explained(contesting.look_up(*acting(home, officer_id, keys), number), as_json=as_json)


@contest.command(
    "close",
    epilog=example("comity contest close 1 --finding 'Name, birth date and number agree.' --home office --as counsel"),
)
def close(
    number: Contest,
    recall: Annotated[int, typer.Option(metavar="RECALL", help="The recall that calls the answer back.")] = 0,
    finding: Annotated[str, typer.Option(help="Why the answer stands, in a sentence that names nobody.")] = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Close a contest, by the number of a recall in its batch or by a finding."""
    from comity.office import contesting

    closed = contesting.close(*acting(home, officer_id, keys), number, recall, finding)
    say({"contest": number, "is": closed.stands()}, f"Contest {number} is {closed.stands()}.", as_json=as_json)


@contest.command("show", epilog=example("comity contest show --home office"))
def show(home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Every contest: what it is about, how it stands, and which are overdue."""
    from comity.office import contesting

    rows = [
        (one.contest, one.reference, one.batch, one.row_number, says, one.answer_by + (" OVERDUE" if late else ""))
        for one, says, late in contesting.contests(office_at(home))
    ]
    say_table(
        "Contests", ("contest", "request", "batch", "row", "is", "by"), rows, as_json=as_json, empty="No contest."
    )
