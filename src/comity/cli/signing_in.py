"""Commands on who may sign in to the console. No password, passkey or code is ever typed here."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli.console import PORT
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.speaking import say, say_table

sign_in = group("Who may sign in to the console: each officer to an account of their own, with a second factor.")

Officer = Annotated[str, typer.Argument(metavar="OFFICER", help="Id of the officer.")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence.")]


@sign_in.command("open", epilog=example("comity sign-in open --home office --as examiner --keys officers"))
def open_account(
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Draw a one-time code with your own key, to set up how you sign in. What was set up before ends with its use.

    Nobody draws a code for another officer. It is good for a quarter of an hour, and used once.
    """
    from comity.site.accounts import draw_code

    office, actor = acting(home, officer_id, keys)
    code, until, address = draw_code(office, actor, PORT)
    say(
        {"officer": actor.officer, "code": code, "until": until, "address": address},
        f"The code of {actor.officer}, good until {until}:\n\n    {code}\n\n"
        f"Type it at {address}, and set up a passkey, or a password with codes.",
        as_json=as_json,
    )


@sign_in.command("list", epilog=example("comity sign-in list --home office --as auditor --keys officers"))
def list_means(
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Who has set up which ways to sign in, and since when. Registrar, counsel and auditor read it.

    An account that stands `not as the log says` was not set up by its officer: bar the officer, and look into it.
    """
    from comity.site import accounts

    listed = accounts.list_means(*acting(home, officer_id, keys))
    rows = [(means.officer, ", ".join(means.ways), means.since, means.stands) for means in listed]
    say_table("How officers sign in", ("officer", "ways", "since", "stands"), rows, as_json=as_json)


@sign_in.command(
    "bar",
    epilog=example(
        "comity sign-in bar examiner --reason 'Left the office.' --home office --as registrar --keys officers"
    ),
)
def bar(
    officer: Officer,
    reason: Reason,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Bar an officer from signing in; open sessions end with their next page."""
    from comity.office.admitting import bar_sign_in

    office, actor = acting(home, officer_id, keys)
    bar_sign_in(office, actor, officer, reason)
    say({"officer": officer, "barred": True}, f"Nobody signs in as {officer} any more.", as_json=as_json)


@sign_in.command(
    "unbar",
    epilog=example("comity sign-in unbar examiner --reason 'Is back.' --home office --as counsel --keys officers"),
)
def unbar(
    officer: Officer,
    reason: Reason,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Lift a bar: the officer signs in again as before."""
    from comity.office.admitting import bar_sign_in

    office, actor = acting(home, officer_id, keys)
    bar_sign_in(office, actor, officer, reason, barred=False)
    say({"officer": officer, "barred": False}, f"{officer} may sign in again.", as_json=as_json)
