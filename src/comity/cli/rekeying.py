"""The commands with which the log gets another key."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.speaking import say


def new_key(home: HomeDir = HERE, officer_id: As = "", keys: Keys = OWN_KEYS, as_json: AsJson = False) -> None:
    """Make the key that is to follow the log's; it signs nothing before another officer puts it into force."""
    from comity.office.rekeying import propose_key

    vkey = propose_key(*acting(home, officer_id, keys))
    say(
        {"key": vkey},
        f"{vkey}\nNext: give it to witnesses and verifiers; then another officer: comity log change-key",
        as_json=as_json,
    )


def change_key(
    compromised_after: Annotated[
        int | None,
        typer.Option(metavar="SIZE", help="The key before is in other hands: the leaves up to which it still counts."),
    ] = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Put the new key into force; the one before signs that, as its last, and is gone."""
    from comity.office.rekeying import change_key as changed

    found = changed(*acting(home, officer_id, keys), compromised_after)
    refused = "".join(f"\n{name} {why}" for name, why in sorted(found.witnesses.items()) if why)
    say(
        {"key": found.vkey, "witnesses": found.witnesses},
        f"The log is signed by {found.vkey} from now on.{refused}\nNext: keep a copy of the new keys/log.key",
        as_json=as_json,
    )
