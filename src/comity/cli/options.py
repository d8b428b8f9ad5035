"""The options that commands share, and the way a command comes to an office and an officer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.case.errors import Refused, Usage

if TYPE_CHECKING:
    from comity.crypto import P256Key
    from comity.office.desk import Actor, Office

HomeDir = Annotated[Path, typer.Option("--home", envvar="COMITY_HOME", help="The folder of the office.")]
As = Annotated[str, typer.Option("--as", envvar="COMITY_OFFICER", help="The officer who acts.")]
Keys = Annotated[
    Path,
    typer.Option("--keys", envvar="COMITY_KEYS", help="The folder with your own key, OFFICER.key; outside the home."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
EngineName = Annotated[str, typer.Option("--engine", help="What links: duckdb, or spark when one machine is outgrown.")]
Master = Annotated[
    str, typer.Option("--master", help="With --engine spark, the cluster's master URL; local[*] is this machine alone.")
]
SetRegistry = Annotated[
    Path | None,
    typer.Option("--registry", exists=True, dir_okay=False, help="Of an evaluation set: the registry source."),
]
SetRequests = Annotated[
    Path | None, typer.Option("--requests", exists=True, dir_okay=False, help="Of an evaluation set: the requests.")
]
SetEvidence = Annotated[
    str, typer.Option("--evidence", help="Of an evaluation set: names, third_identifier or date_of_birth.")
]
Batch = Annotated[str, typer.Argument(metavar="BATCH", help="The batch: the submission's id.")]

HERE = Path()
DUCKDB = "duckdb"
THIS_MACHINE = "local[*]"
OWN_KEYS = Path.home() / ".comity" / "keys"

_LETTERS = {"": 1, "k": 1_000, "m": 1_000_000}
_COUNT = re.compile(r"(\d+(?:\.\d+)?)([km]?)")


def count_of(text: str) -> int:
    """A number of rows as people write it: 200000, 200_000, 200k, 1.28M. Raises Usage `COUNT_UNREADABLE`."""
    written = _COUNT.fullmatch(str(text).strip().lower().replace("_", ""))
    found = round(float(written[1]) * _LETTERS[written[2]]) if written else 0
    if found < 1:
        raise Usage("COUNT_UNREADABLE", "A number of rows is not one.", "Write it as 2000, 200k or 1.28M.")
    return found


def one_of(*words: str) -> Callable[[str], list[str]]:
    """What the shell offers to complete an option that takes one of `words`."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


def now() -> datetime:
    """The machine's clock, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def office_at(home: Path) -> Office:
    """The office in `home`, telling its progress on the terminal."""
    from comity.cli.speaking import tell
    from comity.office.desk import open_office

    return open_office(home, now, tell)


def officer_key(officer: str, keys: Path) -> P256Key:
    """The key of the officer.

    Raises Usage `OFFICER_NEEDED` or `KEY_MISSING`, Refused `KEYS_IN_LIVE_HOME`, `CryptoError` for a file that is none.
    """
    from comity.crypto import P256Key
    from comity.office.home import lies_in_live_home

    if not officer:
        raise Usage("OFFICER_NEEDED", "This command writes, so it needs an officer.", "Say who acts: --as OFFICER.")
    path = keys / f"{officer}.key"
    if not path.exists():
        raise Usage(
            "KEY_MISSING",
            "The folder of keys holds no key of that officer.",
            "Say where your key is: --keys DIR, or COMITY_KEYS.",
        )
    if lies_in_live_home(path):
        raise Refused(
            "KEYS_IN_LIVE_HOME",
            "An officer's key lies in a live home, where whoever keeps the home could act as that officer.",
            "Keep your key where nobody else comes: --keys DIR, outside the home.",
        )
    return P256Key.load(path)


def acting(home: Path, officer: str, keys: Path) -> tuple[Office, Actor]:
    """The office and the officer, who has proved to hold the registered key."""
    key = officer_key(officer, keys)
    office = office_at(home)
    return office, office.identify(officer, key)
