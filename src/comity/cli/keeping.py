"""Commands that keep a home: copies of it, and the way on when its two stores disagree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli import options
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, officer_key
from comity.cli.speaking import say, tell

if TYPE_CHECKING:
    from comity.office.restoring import Outside

home = group("A home kept safe: backup and restore, what goes in time, and the way on when database and log disagree.")


BackupDir = Annotated[Path, typer.Argument(metavar="BACKUP", exists=True, file_okay=False, help="The backup.")]
LogKey = Annotated[str, typer.Option("--key", help="The log's key as you were given it.")]
Checkpoints = Annotated[
    list[Path] | None,
    typer.Option("--checkpoint", exists=True, dir_okay=False, help="A checkpoint that somebody kept; may be repeated."),
]
WitnessPolicy = Annotated[
    Path | None,
    typer.Option("--policy", exists=True, dir_okay=False, help="A witness policy, beside the quorums of the office."),
]


@home.command("backup", epilog=example("comity home backup backups/monday --home office --as operator --keys officers"))
def back_up(
    place: Annotated[Path, typer.Argument(metavar="BACKUP", help="A new folder, outside the home.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Copy a home while nothing is written in it: events, log, artefacts, agreements, registries; no private key."""
    from comity.office.backing_up import back_up as copied

    made = copied(*acting(home, officer_id, keys), place)
    lacking = f"\nNot in the home any more, so not in the backup: {', '.join(made.lacking)}" if made.lacking else ""
    say(
        {"manifest": made.digest, "events": made.events, "size": made.size, "lacking": list(made.lacking)},
        f"In {place} lie {len(made.files):,} files: {made.events:,} events, a log of {made.size:,} leaves.{lacking}\n"
        f"The private keys are not among them: keep {home}/keys/*.key in another place, under another lock.",
        as_json=as_json,
    )


@home.command("check", epilog=example("comity home check backups/monday --key 'comity.example/revenue+...'"))
def check(backup: BackupDir, key: LogKey = "", as_json: AsJson = False) -> None:
    """Hold a backup against its signed manifest, and its log against everything that it commits to."""
    from comity.office.restoring import check_backup

    found, verified = check_backup(backup, key, tell)
    say(
        {"manifest": found.digest, "made_at": found.made_at, "lacking": list(found.lacking), **verified.facts()},
        f"The backup of {found.made_at} is whole: {len(found.files):,} files.\n{verified.sentence()}",
        as_json=as_json,
    )


@home.command(
    "restore",
    epilog=example("comity home restore backups/monday office --private-keys kept-keys --checkpoint newest.note"),
)
def restore(
    backup: BackupDir,
    place: Annotated[Path, typer.Argument(metavar="HOME", help="A new folder for the home.")],
    private_keys: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="The folder with the home's four private keys.")
    ],
    key: LogKey = "",
    checkpoint: Checkpoints = None,
    policy: WitnessPolicy = None,
    as_json: AsJson = False,
) -> None:
    """Make a home again from a backup; refused when anybody has seen more of its log than the backup holds."""
    from comity.office.restoring import restore as restored

    found = restored(backup, place, private_keys, _outside(key, checkpoint, policy), tell)
    say(
        {"home": str(place), "manifest": found.digest, "size": found.size},
        f"The home of {found.made_at} stands in {place}, verified; it is not at work yet.\n"
        f"Next: stop the home it was copied from for good; then comity home resume --home {place} --as REGISTRAR",
        as_json=as_json,
    )


@home.command(
    "resume", epilog=example("comity home resume --home office --checkpoint newest.note --as registrar --keys officers")
)
def resume(
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    checkpoint: Checkpoints = None,
    policy: WitnessPolicy = None,
    as_json: AsJson = False,
) -> None:
    """Say that a restored home is the only one at work; refused when anybody has seen more of its log by now."""
    from comity.office.restoring import resume as resumed

    outside = _outside("", checkpoint, policy)
    said = resumed(home, officer_id, officer_key(officer_id, keys), outside, options.now, tell)
    say({"manifest": said.manifest, "size": said.size}, f"The home in {home} is at work.", as_json=as_json)


@home.command("catch-up", epilog=example("comity home catch-up --home office --as operator --keys officers"))
def catch_up(home: HomeDir = HERE, officer_id: As = "", keys: Keys = OWN_KEYS, as_json: AsJson = False) -> None:
    """Make the leaves again that the log lacks, when it is of an earlier day than the database."""
    from comity.office.catching_up import catch_up as made_again

    made = made_again(home, officer_id, officer_key(officer_id, keys), options.now, tell)
    say(
        {"lacked_from": made.lacked_from, "made_to": made.made_to},
        f"The leaves {made.lacked_from:,} to {made.made_to - 1:,} were made again. Next: comity log verify {home}",
        as_json=as_json,
    )


def _outside(key: str, checkpoints: list[Path] | None, policy: Path | None) -> Outside:
    from comity.office.restoring import Outside

    return Outside(key, checkpoints or (), policy.read_text("utf-8") if policy else None)
