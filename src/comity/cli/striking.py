"""Commands that strike somebody or something off a register: as whoever admits, one proposes and another approves."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli.entering import Number, Since, approve, first_day, propose, show
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys

strike = group("Strike an officer, a role, a recipient, a root or another entry off its register, from a day on.")

Subject = Annotated[str, typer.Argument(metavar="ID", help="Whose entry it is, or what it is about.")]


@strike.command(
    "propose",
    epilog=example(
        "comity strike propose officer ann --role approver --reason 'Moved to another division.' "
        "--home office --as registrar --keys officers"
    ),
)
def propose_strike(
    register: Annotated[
        str,
        typer.Argument(
            metavar="REGISTER", help="officer, recipient, authority, signatory, agreement, agency or system."
        ),
    ],
    subject: Subject,
    reason: Annotated[str, typer.Option(help="Why, in a sentence; it stands in the log.")],
    role: Annotated[str, typer.Option(help="Of an officer, the one role to strike off; every role if not given.")] = "",
    root: Annotated[str, typer.Option(help="Of an authority, the fingerprint of the root: `authority show`.")] = "",
    since: Since = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose to strike something off. Another officer approves it, and it counts from its first day on.

    What was done before stays valid. Nobody has a part in a strike of their own roles.
    """
    from comity.case.office_events import StrikeProposed

    said = StrikeProposed(subject, register, role or root, reason, first_day(since))
    propose(said, home, officer_id, keys, as_json=as_json)


@strike.command("approve", epilog=example("comity strike approve ann 1 --home office --as counsel --keys officers"))
def approve_strike(
    subject: Subject,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a strike that another officer proposed."""
    from comity.case.registers import STRIKE

    approve(STRIKE, subject, number, home, officer_id, keys, as_json=as_json)


@strike.command("show", epilog=example("comity strike show --home office"))
def show_strikes(
    subject: Annotated[str, typer.Argument(metavar="[ID]", help="Of whom or what; everything if not given.")] = "",
    home: HomeDir = HERE,
    as_json: AsJson = False,
) -> None:
    """Show what was struck off, from which day and why: who proposed and who approved it."""
    from comity.case.registers import STRIKE

    columns = {"of": "register", "part": "role or root", "reason": "reason", "binds_from": "from"}
    show("Struck off", STRIKE, subject, columns, home, as_json=as_json)
