"""Commands that set up an office: the home, certificates, registers, agreements and the registry."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.case.errors import BadInput
from comity.cli import options
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting
from comity.cli.speaking import say

rehearsal = group("A made-up authority and its certificates, to rehearse with.")
authority = group("Whose certificates are trusted.")
officer = group("The people of the office and their roles.")
signatory = group("Who may sign submissions (26 U.S.C. 6103(i)(2)(A)).")
recipient = group("To whom replies can be sealed.")

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day, YYYY-MM-DD.")]
FAR = datetime(2099, 12, 31)  # noqa: DTZ001 -- a day, not a moment


def init(
    home: Annotated[Path, typer.Argument(metavar="HOME", help="A new folder for the office.")],
    authority_dir: Annotated[Path, typer.Option("--authority", help="Folder of the office's rehearsal authority.")],
    registrar: Annotated[str, typer.Option(help="Id of the first officer, who registers the others.")],
    certificate: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="That officer's certificate (PEM).")],
    name: Annotated[str, typer.Option(help="Name of the office, also in the log's origin.")] = "custodian",
    as_json: AsJson = False,
) -> None:
    """Make a rehearsal home: keys, an empty log, and the first officer.

    A rehearsal home takes synthetic records and submissions only, and everything it sends says REHEARSAL.
    """
    from comity.office.desk import found_office

    founder = (registrar, registrar, certificate)
    office = found_office(home, name, authority_dir, founder, options.now)
    say(
        {"home": str(home), "log": office.log.origin, "key": office.home.note_key().vkey},
        f"A rehearsal home stands in {home}.\nThe log's key, for whoever verifies it: {office.home.note_key().vkey}\n"
        f"Next: comity officer add ID --name NAME --certificate FILE --home {home} --as {registrar}",
        as_json=as_json,
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


@authority.command(
    "trust",
    epilog=example(
        "comity authority trust agency/authority.pem --agency ICE --home office --as registrar --keys officers"
    ),
)
def trust(
    certificate: Annotated[
        Path, typer.Argument(metavar="CERTIFICATE", exists=True, dir_okay=False, help="The root certificate (PEM).")
    ],
    agency: Annotated[str, typer.Option(help="The agency whose people it vouches for.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Trust an agency's authority."""
    from comity.office.acts import trust_authority

    office, actor = acting(home, officer_id, keys)
    trust_authority(office, actor, agency, certificate)
    say({"agency": agency}, f"Certificates of {agency} are accepted under this authority.", as_json=as_json)


@officer.command(
    "add",
    epilog=example(
        "comity officer add operator --certificate operator.pem --home office --as registrar --keys officers"
    ),
)
def add_officer(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of the new officer.")],
    certificate: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="The officer's certificate (PEM), by the office's authority."),
    ],
    name: Annotated[str, typer.Option(help="The officer's name.")] = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Register a person of the office; no right comes with it."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    acts.add_officer(office, actor, id_, name or id_, certificate)
    say({"officer": id_}, f"{id_} is registered, without a role yet: comity officer grant {id_} ROLE", as_json=as_json)


@officer.command(
    "grant", epilog=example("comity officer grant operator operator --home office --as registrar --keys officers")
)
def grant(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of the officer.")],
    role: Annotated[
        str,
        typer.Argument(metavar="ROLE", help="examiner, operator, reviewer, approver, transmitter, hold_officer, ..."),
    ],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Grant a role to another officer. `docs/rights.md` says what each may do."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    acts.grant_role(office, actor, id_, role)
    say({"officer": id_, "role": role}, f"{id_} is {role} from now on.", as_json=as_json)


@signatory.command(
    "add",
    epilog=example(
        "comity signatory add director --agency ICE --office HEAD_OF_AGENCY --certificate director.pem "
        "--home office --as registrar --keys officers"
    ),
)
def add_signatory(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of the signatory.")],
    agency: Annotated[str, typer.Option(help="The agency signed for.")],
    held: Annotated[str, typer.Option("--office", help="The office held, for example HEAD_OF_AGENCY.")],
    certificate: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The certificate (PEM), by the agency's authority.")
    ],
    basis: Annotated[str, typer.Option(help="statute, or delegation with --instrument.")] = "statute",
    instrument: Annotated[str, typer.Option(help="The instrument of a delegation.")] = "",
    name: Annotated[str, typer.Option(help="The signatory's name.")] = "",
    since: Day = datetime(2020, 1, 1),  # noqa: DTZ001
    until: Day = FAR,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Register who may sign submissions for an agency, and on what basis."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    standing = {"office": held, "basis": basis, "instrument": instrument}
    acts.add_signatory(office, actor, id_, agency, name or id_, standing, certificate, (since.date(), until.date()))
    say({"signatory": id_}, f"{id_} may sign for {agency}.", as_json=as_json)


@recipient.command(
    "add",
    epilog=example(
        "comity recipient add recipients.csv --certificates certificates --system ICE-CASES "
        "--home office --as registrar --keys officers"
    ),
)
def add_recipients(
    register: Annotated[
        Path,
        typer.Argument(
            metavar="REGISTER",
            exists=True,
            dir_okay=False,
            help="CSV: recipient, name, agency, role, matters, office_address.",
        ),
    ],
    certificates: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with each RECIPIENT.pem.")],
    system: Annotated[str, typer.Option(help="The agency's system at which they open replies: see `comity system`.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Register the recipients to whom replies can be sealed."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    rows = _register_rows(register)
    acts.add_recipients(office, actor, rows, certificates, system)
    say({"recipients": len(rows)}, f"{len(rows)} recipients are registered.", as_json=as_json)


def _register_rows(register: Path) -> list[dict[str, str]]:
    """The rows of the list that `comity request new` takes too."""
    from comity.requester import RECIPIENT_COLUMNS

    with register.open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(csv.DictReader(file, strict=True))
        except csv.Error:
            rows = []
    if not rows or any(set(row) != set(RECIPIENT_COLUMNS) or None in row.values() for row in rows):
        raise BadInput(
            "RECIPIENTS_UNREADABLE",
            f"The recipients are no CSV file (UTF-8) with the columns {', '.join(RECIPIENT_COLUMNS)}.",
            "Fill in every column of at least one row; matters is a whole number.",
        )
    return rows
