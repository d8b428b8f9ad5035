"""The acts of the office and of the requester's desk from a terminal."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; a refusal leaves with the exit code of its class (`case.errors`)."""
    from comity.case.errors import ComityError
    from comity.cli.app import app

    try:
        app()
    except ComityError as error:
        from comity.cli.speaking import say_error

        say_error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)


__all__ = ["main"]
