"""The acts of the office and of the requester's desk from a terminal."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    from comity.cli.app import app

    app()


__all__ = ["main"]
