"""How help looks: plain text, the commands under the headings of the story, an example last."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

SET_UP = "Set up an office"
DESK = "The requester's desk"
STEPS = "The seven steps"
OVERSIGHT = "Oversight"
_COMMANDS = "Commands"


class Listed(TyperGroup):
    """A group of commands whose help says of each what it does, in full, under its heading."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 -- typer keeps their classes
        """Write the commands into the help, a section for each heading."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            says = (command.help or "").split("\n\n")[0]
            heading = getattr(command, "rich_help_panel", None) or _COMMANDS
            sections.setdefault(heading, []).append((name, " ".join(says.split())))
        for heading in (SET_UP, DESK, STEPS, OVERSIGHT, _COMMANDS):
            if heading in sections:
                with formatter.section(heading):
                    formatter.write_dl(sections[heading])


def group(says: str) -> typer.Typer:
    """A group of commands; `says` is its help."""
    return typer.Typer(cls=Listed, no_args_is_help=True, help=says)


def example(command: str) -> str:
    """The last line of a command's help: the command as it might be typed."""
    return f"For example: {command}"
