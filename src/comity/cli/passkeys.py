"""Commands on the passkeys that officers sign with: vouched for by the officer, proposed, approved, shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.entering import Number, approve, propose_in, show
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, officer_key
from comity.cli.speaking import say

passkey = group("With which passkeys officers sign in the console. Two officers keep the register.")

File = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The file that the account page gave.")
]
Officer = Annotated[str, typer.Argument(metavar="ID", help="Id of the officer.")]
Every = Annotated[str, typer.Argument(metavar="[ID]", help="Whose passkeys; everybody's if not given.")]


@passkey.command(
    "vouch", epilog=example("comity passkey vouch approver-1.passkey --home office --as approver-1 --keys officers")
)
def vouch(
    file: File,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Say with your own key that the passkey in a file is yours, and write that into the file.

    Nobody vouches for another's: whoever could would sign as two.
    """
    from comity.office import passkeys

    key = officer_key(officer_id, keys)
    office, actor = acting(home, officer_id, keys)
    vouched = passkeys.vouch(office, actor, passkeys.read(file), key)
    file.write_text(passkeys.written(vouched), encoding="utf-8")
    say(
        {"officer": vouched.subject, "credential": vouched.credential, "origin": vouched.origin},
        f"{file.name} says now that its passkey is yours, for {vouched.origin}. Give it to the registrar.",
        as_json=as_json,
    )


@passkey.command(
    "add", epilog=example("comity passkey add approver-1.passkey --home office --as registrar --keys officers")
)
def add(
    file: File,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose the passkey that an officer vouched for. Another officer approves it; it signs nothing before.

    Once it is approved it takes the place of the officer's earlier one.
    """
    from comity.office.passkeys import passkey_proposal

    office, actor = acting(home, officer_id, keys)
    propose_in(office, actor, passkey_proposal(office, file), as_json=as_json)


@passkey.command(
    "approve", epilog=example("comity passkey approve approver-1 1 --home office --as counsel --keys officers")
)
def approve_passkey(
    id_: Officer,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve an officer's passkey that another officer proposed."""
    from comity.case.registers import PASSKEY

    approve(PASSKEY, id_, number, home, officer_id, keys, as_json=as_json)


@passkey.command("show", epilog=example("comity passkey show --home office"))
def show_passkeys(id_: Every = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the passkeys that were proposed for signing: whose, for which address, by whom proposed and approved."""
    from comity.case.registers import PASSKEY

    columns = {"credential": "credential", "algorithm": "kind", "origin": "used at", "key": "key"}
    show("Passkeys", PASSKEY, id_, columns, home, as_json=as_json)
