"""Commands on retention: how long files of a closed batch are kept, and their removal when their days are over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli.entering import Number, Since, approve, first_day, propose, show
from comity.cli.helping import example, group
from comity.cli.keeping import home as home_group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.speaking import say, say_table

if TYPE_CHECKING:
    from comity.office.pruning import Pruned

retention = group(
    "How long files of a closed batch are kept. What nobody says anything about is kept for good. Two officers keep it."
)

ClassName = Annotated[str, typer.Argument(metavar="CLASS", help="workings or records; `retention classes` says more.")]
Named = Annotated[str, typer.Argument(metavar="[CLASS]", help="The class; every one if not given.")]


@retention.command("classes", epilog=example("comity retention classes"))
def classes(as_json: AsJson = False) -> None:
    """Show which files can be removed at all, and the fewest days that they are kept."""
    from comity.case.retention import CLASSES

    rows = [(name, one.says, ", ".join(one.kinds), one.least_days) for name, one in CLASSES.items()]
    say_table("Classes of files", ("class", "holds", "artefacts", "least days"), rows, as_json=as_json, empty="")


@retention.command(
    "set",
    epilog=example(
        "comity retention set records --days 2557 --basis 'Records schedule N1-58-2026-3, item 4' "
        "--home office --as registrar --keys officers"
    ),
)
def set_retention(
    subject: ClassName,
    days: Annotated[int, typer.Option(min=0, help="Days after the closing of the batch; 0 keeps them for good.")],
    basis: Annotated[str, typer.Option(help="What that rests on, such as an item of a records schedule.")],
    since: Since = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose how long files of a class are kept. Another officer approves it, and it binds from its first day on."""
    from comity.case.office_events import RetentionProposed

    said = RetentionProposed(subject, days, basis, first_day(since))
    propose(said, home, officer_id, keys, as_json=as_json)


@retention.command(
    "approve", epilog=example("comity retention approve records 1 --home office --as counsel --keys officers")
)
def approve_retention(
    subject: ClassName,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a version of the policy about a class that another officer proposed."""
    from comity.case.registers import RETENTION

    approve(RETENTION, subject, number, home, officer_id, keys, as_json=as_json)


@retention.command("show", epilog=example("comity retention show --home office"))
def show_retention(subject: Named = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the policy: every version about every class, its days, who proposed and who approved it."""
    from comity.case.registers import RETENTION

    columns = {"days": "days", "basis": "basis", "binds_from": "from"}
    show("Retention", RETENTION, subject, columns, home, as_json=as_json)


@home_group.command("prune", epilog=example("comity home prune --dry-run --home office --as operator --keys officers"))
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what may go today, and remove nothing.")] = False,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Remove the files of closed batches whose days are over, by the policy that two officers made.

    Which files go is in the log before the first one does. Accounting, answers, events and proofs are never among them.
    """
    from comity.office.pruning import prunable
    from comity.office.pruning import prune as pruned

    office, actor = acting(home, officer_id, keys)
    if dry_run:
        rows = [(due.batch, due.subject, len(due.named), due.policy.number) for due in prunable(office)]
        heads = ("batch", "class", "files", "version of the policy")
        return say_table("May be removed today", heads, rows, as_json=as_json, empty="Nothing may be removed today.")
    return _say(pruned(office, actor), as_json=as_json)


def _say(made: Pruned, *, as_json: bool) -> None:
    stays = [vars(one) for one in made.stays]
    lines = [f"{made.files} files of {made.bytes:,} bytes were removed, of {len(made.removed)} classes of batches."]
    lines += [f"{one.batch}: {one.subject} stay ({one.code}). {one.says}" for one in made.stays]
    say(
        {"files": made.files, "bytes": made.bytes, "removed": made.removed, "stays": stays},
        "\n".join(lines),
        as_json=as_json,
    )
