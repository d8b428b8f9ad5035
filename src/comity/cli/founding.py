"""Commands that found an office, and make the authorities and certificates to rehearse with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.case.errors import Usage
from comity.case.wording import require_id
from comity.cli import options
from comity.cli.helping import example, group
from comity.cli.options import AsJson
from comity.cli.speaking import say

if TYPE_CHECKING:
    from comity.office.founding import Papers

rehearsal = group("A made-up authority and its certificates, to rehearse with.")


def init(
    home: Annotated[Path, typer.Argument(metavar="HOME", help="A new folder for the office.")],
    authority: Annotated[
        Path,
        typer.Option(exists=True, help="Folder of the office's rehearsal authority; with --live, the root (PEM file)."),
    ],
    registrar: Annotated[str, typer.Option(help="Id of the officer who will propose what enters the registers.")],
    counsel: Annotated[str, typer.Option(help="Id of the officer who will approve it.")],
    certificates: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder with each officer's ID.pem.")
    ],
    name: Annotated[str, typer.Option(help="Name of the office, also in the log's origin.")] = "custodian",
    live: Annotated[bool, typer.Option("--live", help="For real people's records, by a real authority.")] = False,
    certificate: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="With --live: the office's own certificate (PEM).")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="With --live: the key of that certificate (PEM).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a home: keys, an empty log, and the two officers through whom everything else enters.

    A rehearsal home takes synthetic records and submissions only, and everything it sends says REHEARSAL. A live home
    takes real people's; read docs/how-to/live.md first.
    """
    from comity.office.founding import Founder, found_live_office, found_office

    require_id(registrar)
    require_id(counsel)
    first, second = (Founder(who, who, certificates / f"{who}.pem") for who in (registrar, counsel))
    if live:
        office = found_live_office(home, name, _papers(authority, certificate, key), first, second, options.now)
    else:
        _require_rehearsal_options(authority, certificate, key)
        office = found_office(home, name, authority, first, second, options.now)
    stands = f"A {office.home.kind} home stands in {home}."
    say(
        {"home": str(home), "kind": office.home.kind, "log": office.log.origin, "key": office.home.note_key().vkey},
        f"{stands}\nThe log's key, for whoever verifies it: {office.home.note_key().vkey}\n"
        f"Next: comity officer add ID --role ROLE --certificate FILE --home {home} --as {registrar}",
        as_json=as_json,
    )


def _papers(authority: Path, certificate: Path | None, key: Path | None) -> Papers:
    from comity.office.founding import Papers

    if certificate is None or key is None or authority.is_dir():
        raise Usage(
            "PAPERS_NEEDED",
            "A live home is founded on a root, and the office's own certificate and key that were made for it.",
            "Give --authority ROOT.pem --certificate FILE --key FILE; docs/how-to/live.md says how they are made.",
        )
    return Papers(authority, certificate, key)


def _require_rehearsal_options(authority: Path, certificate: Path | None, key: Path | None) -> None:
    if certificate is not None or key is not None or not authority.is_dir():
        raise Usage(
            "ONLY_FOR_LIVE",
            "A rehearsal home makes its own key, and its authority is a folder.",
            "Give --authority DIR, or --live for a home of real people's records.",
        )


@rehearsal.command(
    "authority", epilog=example("comity rehearsal authority authority --name 'Internal Revenue Service'")
)
def make_rehearsal_authority(
    directory: Annotated[
        Path, typer.Argument(metavar="DIRECTORY", help="A new folder for the authority's key and certificate.")
    ],
    name: Annotated[str, typer.Option(help="The agency it stands for.")],
    as_json: AsJson = False,
) -> None:
    """Make a rehearsal authority: the root under which made-up people get certificates."""
    from comity.office.rehearsal import rehearsal_authority

    made = rehearsal_authority(directory, name, options.now())
    say(
        {"certificate": str(directory / "authority.pem"), "fingerprint": made.certificate.fingerprint},
        f"A rehearsal authority for {name} lies in {directory}.",
        as_json=as_json,
    )


@rehearsal.command(
    "certificate",
    epilog=example("comity rehearsal certificate registrar operator --authority authority --out officers"),
)
def make_rehearsal_certificate(
    ids: Annotated[
        list[str], typer.Argument(metavar="IDS", help="One or more people: officers, signatories, recipients.")
    ],
    authority_dir: Annotated[Path, typer.Option("--authority", help="Folder of the rehearsal authority.")],
    out: Annotated[Path, typer.Option(help="Folder for ID.key and ID.pem; outside any home.")],
    as_json: AsJson = False,
) -> None:
    """Issue certificates with their keys: one that signs and opens seals, for each person."""
    from comity.office.rehearsal import open_authority, rehearsal_certificate

    root = open_authority(authority_dir)
    made = {id_: rehearsal_certificate(root, out, id_, id_, options.now()).fingerprint for id_ in ids}
    say({"certificates": made}, f"{len(made)} certificates with their keys lie in {out}.", as_json=as_json)


@rehearsal.command("office", epilog=example("comity rehearsal office demo/at-work --seed 1"))
def make_office_at_work(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", help="A new folder for everything it makes.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people and requests.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Make an office at work on synthetic people: a batch for each kind of officer to go on with; about a minute."""
    from comity.cli.speaking import tell
    from comity.demo.at_work import office_at_work

    home = office_at_work(directory, seed, tell)
    say({"home": str(home)}, f"An office at work lies in {home}.\nNext: comity console {home}", as_json=as_json)
