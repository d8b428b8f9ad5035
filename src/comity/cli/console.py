"""The command that opens the console of a rehearsal."""

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
        typer.Option(help="The rehearsal's folder of keys, OFFICER.key each; without, keys/officers beside HOME."),
    ] = None,
    port: Annotated[int, typer.Option(help="The port; 0 for any that is free.")] = PORT,
    host: Annotated[str, typer.Option(help="What to serve on: this machine alone.")] = "127.0.0.1",
) -> None:
    """Open the console of a rehearsal in the browser of this machine; whoever sits here chooses a role."""
    from comity.site.serving import open_console, serve

    opened = open_console(home, keys or home.absolute().parent / "keys" / "officers")

    def ready(url: str) -> None:
        say({}, f"The console is at {url}  Stop it with Control and C.", as_json=False)

    serve(opened, host, port, ready)
