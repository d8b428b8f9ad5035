"""Prints the command line: every command with its arguments and options, as the program itself knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from comity.case import errors
from comity.cli.app import app
from docs.printing.markdown import code, page, paragraph, table

HEAD = ("word", "must be given", "meaning")
SHARED = ("--home", "--as", "--keys", "--json")
OPENING = (
    "Every command answers `--help`, and with `--json` one JSON object. A writing command names the officer who acts "
    "with `--as` and proves it with the officer's own key. What a command refuses has a code: see [errors](errors.md)."
)


def cli_page() -> str:
    """The page `docs/reference/cli.md`."""
    kinds = (errors.Usage, errors.Refused, errors.Waiting, errors.BadInput, errors.Integrity)
    exits = [("0", "done"), *((str(kind.exit_code), paragraph(kind.__doc__).rstrip(".")) for kind in kinds)]
    return page(
        "Commands",
        OPENING,
        f"## Exit codes\n\n{table(('exit', 'meaning'), exits)}",
        f"## Words that commands share\n\n{table(HEAD, _shared())}",
        *(_section(name, command) for name, command in commands() if not isinstance(command, TyperGroup)),
    )


def commands() -> Iterator[tuple[str, object]]:
    """Every command and group by its words, in the order of the help."""
    yield from _under("comity", get_command(app))


def _under(name: str, command: object) -> Iterator[tuple[str, object]]:
    yield name, command
    if isinstance(command, TyperGroup):
        for word, inner in command.commands.items():
            yield from _under(f"{name} {word}", inner)


def _shared() -> list[tuple[str, ...]]:
    """The rows of the options that most commands have, as a command that has them all explains them."""
    everything = [getattr(command, "params", []) for _, command in commands()]
    full = next(
        found for found in everything if set(SHARED) <= {name for parameter in found for name in parameter.opts}
    )
    return [_row(parameter) for parameter in full if parameter.opts[0] in SHARED]


def _section(name: str, command: object) -> str:
    parameters = getattr(command, "params", [])
    arguments = " ".join(_place(parameter) for parameter in parameters if isinstance(parameter, TyperArgument))
    own = [parameter for parameter in parameters if parameter.opts[0] not in SHARED]
    shared = [code(parameter.opts[0]) for parameter in parameters if parameter.opts[0] in SHARED]
    return "\n\n".join(
        (
            f"## {name}",
            paragraph(getattr(command, "help", "")),
            "\n".join((f"    {name} {arguments}".rstrip(), *_example(command))),
            *([table(HEAD, map(_row, own))] if own else []),
            *([f"And {', '.join(shared)}."] if shared else []),
        )
    )


def _example(command: object) -> list[str]:
    """The command as it might be typed, which stands at the end of its help, without the terminal's markup."""
    plain = re.sub(r"\[/?\w+\]", "", getattr(command, "epilog", None) or "")
    return [f"    {plain.partition(':')[2].strip()}"] if plain else []


def _place(argument: TyperArgument) -> str:
    name = argument.metavar or (argument.name or "").upper()
    return f"{name}…" if argument.nargs == -1 else name


def _row(parameter: TyperArgument | TyperOption) -> tuple[str, ...]:
    must = "yes" if parameter.required else ""
    if isinstance(parameter, TyperArgument):
        return code(_place(parameter)), must, parameter.help or ""
    names = ", ".join(code(name) for name in (*parameter.opts, *parameter.secondary_opts))
    variable = f" Or the variable `{parameter.envvar}`." if parameter.envvar else ""
    return names, must, f"{parameter.help or ''}{variable}".strip()
