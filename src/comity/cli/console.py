"""The command that opens the console."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.speaking import say

PORT = 8326


def console(
    home: Annotated[
        Path, typer.Argument(metavar="HOME", envvar="COMITY_HOME", help="The folder of the office.")
    ] = Path(),
    keys: Annotated[
        Path | None,
        typer.Option(help="A rehearsal's folder of keys, OFFICER.key each; without, keys/officers beside HOME."),
    ] = None,
    port: Annotated[int, typer.Option(help="The port; 0 for any that is free.")] = PORT,
    host: Annotated[str, typer.Option(help="What to serve on; without sign-in, this machine alone.")] = "127.0.0.1",
    sign_in: Annotated[
        bool, typer.Option("--sign-in", help="Have officers sign in, also on this machine; on another they always do.")
    ] = False,
) -> None:
    """Open the console. Of a rehearsal, whoever sits at this machine chooses a role; on any other, officers sign in.

    In a live home officers always sign in.
    """
    from comity.case.homes import LIVE
    from comity.office.home import kind_of
    from comity.site.serving import is_loopback, open_console, open_console_with_sign_in, serve

    live = kind_of(home) == LIVE
    # Keys that somebody names for a live home are refused, not passed over in silence.
    if (live or sign_in or not is_loopback(host)) and not (live and keys):
        opened = open_console_with_sign_in(home)
    else:
        opened = open_console(home, keys or home.absolute().parent / "keys" / "officers")

    def ready(url: str) -> None:
        say({}, f"The console is at {url}  Stop it with Control and C.", as_json=False)

    serve(opened, host, port, ready)
