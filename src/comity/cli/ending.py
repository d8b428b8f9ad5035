"""How a command ends that does not succeed: a code, a sentence, a next step and an exit code, never a traceback."""

from __future__ import annotations

from typing import Any

import typer

from comity.case.errors import ComityError, Usage
from comity.cli.helping import Listed
from comity.cli.speaking import say_error
from comity.office.coding import coded


class Commands(Listed):
    """The commands of `comity`. Whatever stops one is said as a coded error; with `--json`, wrong usage is too."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 -- typer keeps the class of its contexts to itself
        """Run the command that was typed; raises `typer.Exit` with the exit code of what stopped it."""
        as_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except typer.TyperException as wrong:
            if not as_json:
                raise
            refusal: ComityError = Usage("WRONG_USAGE", wrong.format_message(), f"See `{ctx.command_path} --help`.")
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, BrokenPipeError):
                raise
            refusal = coded(error)
        # Outside the handlers: nothing that was caught, and may hold values, hangs on to the exit.
        say_error(refusal, as_json=as_json)
        raise typer.Exit(refusal.exit_code)
