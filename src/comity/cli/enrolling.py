"""Commands on the registers of people and of whom to trust: one officer proposes, another approves, all can see."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.case.errors import BadInput
from comity.cli.entering import Number, approve, propose_in, show
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, office_at
from comity.cli.speaking import say_table

authority = group("Whose certificates are trusted. Two officers keep the register.")
officer = group("The people of the office and their roles. Two officers keep the register.")
signatory = group("Who may sign submissions (26 U.S.C. 6103(i)(2)(A)). Two officers keep the register.")
recipient = group("To whom replies can be sealed. Two officers keep the register.")

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day, YYYY-MM-DD.")]
FAR = datetime(2099, 12, 31)  # noqa: DTZ001 -- a day, not a moment
Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="The agency.")]
Officer = Annotated[str, typer.Argument(metavar="ID", help="Id of the officer.")]
Signatory = Annotated[str, typer.Argument(metavar="ID", help="Id of the signatory.")]
System = Annotated[str, typer.Argument(metavar="SYSTEM", help="The system's id.")]
Every = Annotated[str, typer.Argument(metavar="[ID]", help="Whose entry; every one if not given.")]


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
    """Propose to trust an agency's authority. Another officer approves it."""
    from comity.office.proposals import authority_proposal

    office, actor = acting(home, officer_id, keys)
    propose_in(office, actor, authority_proposal(agency, certificate), as_json=as_json)


@authority.command(
    "approve", epilog=example("comity authority approve ICE 1 --home office --as counsel --keys officers")
)
def approve_authority(
    agency: Agency,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve an authority that another officer proposed to trust."""
    from comity.case.registers import AUTHORITY

    approve(AUTHORITY, agency, number, home, officer_id, keys, as_json=as_json)


@authority.command("show", epilog=example("comity authority show ICE --home office"))
def show_authorities(agency: Every = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the authorities of agencies: who proposed and who approved each."""
    from comity.case.registers import AUTHORITY

    show("Authorities", AUTHORITY, agency, {"fingerprint": "certificate"}, home, as_json=as_json)


@officer.command(
    "add",
    epilog=example(
        "comity officer add ann --role operator --certificate ann.pem --home office --as registrar --keys officers"
    ),
)
def add_officer(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of the new officer.")],
    certificate: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="The officer's certificate (PEM), by the office's authority."),
    ],
    role: Annotated[
        list[str], typer.Option(help="A role the officer is to hold; more than once for more: `docs/rights.md`.")
    ],
    name: Annotated[str, typer.Option(help="The officer's name.")] = "",
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose a person of the office with a role. Another officer approves it; no right comes before."""
    from comity.office.proposals import officer_proposal

    office, actor = acting(home, officer_id, keys)
    propose_in(office, actor, officer_proposal(office, id_, name or id_, certificate, role), as_json=as_json)


@officer.command(
    "grant", epilog=example("comity officer grant operator auditor --home office --as registrar --keys officers")
)
def grant(
    id_: Officer,
    role: Annotated[
        str,
        typer.Argument(metavar="ROLE", help="examiner, operator, reviewer, screener, approver, transmitter, ..."),
    ],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose one more role for an officer. Another officer approves it; neither of them is who gets the role."""
    from comity.office.proposals import role_proposal

    office, actor = acting(home, officer_id, keys)
    propose_in(office, actor, role_proposal(office, id_, role), as_json=as_json)


@officer.command("approve", epilog=example("comity officer approve ann 1 --home office --as counsel --keys officers"))
def approve_officer(
    id_: Officer,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve an officer, or a role of one, that another officer proposed."""
    from comity.case.registers import OFFICER

    approve(OFFICER, id_, number, home, officer_id, keys, as_json=as_json)


@officer.command("show", epilog=example("comity officer show --home office"))
def show_officers(id_: Every = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the officers and roles that were proposed: who proposed and who approved each version.

    The two founders are not among them: nobody was there to approve them, and the log's first events name them.
    """
    from comity.case.registers import OFFICER

    columns = {"name": "name", "roles": "roles", "fingerprint": "certificate"}
    show("Officers", OFFICER, id_, columns, home, as_json=as_json)


@signatory.command(
    "add",
    epilog=example(
        "comity signatory add director --agency ICE --office HEAD_OF_AGENCY --certificate director.pem "
        "--home office --as registrar --keys officers"
    ),
)
def add_signatory(
    id_: Signatory,
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
    """Propose who may sign submissions for an agency, and on what basis. Another officer approves it.

    A version takes the place of those before it: to end one's authority, propose it again with its last day.
    """
    from comity.office.proposals import signatory_proposal

    office, actor = acting(home, officer_id, keys)
    standing = {"office": held, "basis": basis, "instrument": instrument}
    term = (since.date(), until.date())
    said = signatory_proposal(office, id_, agency, name or id_, standing, certificate, term)
    propose_in(office, actor, said, as_json=as_json)


@signatory.command(
    "approve", epilog=example("comity signatory approve director 1 --home office --as counsel --keys officers")
)
def approve_signatory(
    id_: Signatory,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a version of a signatory's entry that another officer proposed."""
    from comity.case.registers import SIGNATORY

    approve(SIGNATORY, id_, number, home, officer_id, keys, as_json=as_json)


@signatory.command("show", epilog=example("comity signatory show director --home office"))
def show_signatories(id_: Every = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the register of signatories: every version, its days, who proposed and who approved it."""
    from comity.case.registers import SIGNATORY

    shown = ("agency", "name", "office", "basis", "instrument")
    columns = {field: field for field in shown} | {"valid_from": "from", "valid_to": "to"}
    show("Signatories", SIGNATORY, id_, columns, home, as_json=as_json)


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
    """Propose a list of people to whom replies can be sealed, of any length. Another officer approves it as one."""
    from comity.office.proposals import recipients_proposal

    office, actor = acting(home, officer_id, keys)
    said = recipients_proposal(office, _register_rows(register), certificates, system)
    propose_in(office, actor, said, as_json=as_json)


@recipient.command(
    "approve", epilog=example("comity recipient approve ICE-CASES 1 --home office --as counsel --keys officers")
)
def approve_recipients(
    system: System,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a whole list of recipients that another officer proposed."""
    from comity.case.registers import RECIPIENT

    approve(RECIPIENT, system, number, home, officer_id, keys, as_json=as_json)


@recipient.command("show", epilog=example("comity recipient show ICE-CASES --list 1 --home office"))
def show_recipients(
    system: Annotated[str, typer.Argument(metavar="[SYSTEM]", help="Whose lists; every system if not given.")] = "",
    number: Annotated[int | None, typer.Option("--list", min=1, help="Show who is on this list of the system.")] = None,
    home: HomeDir = HERE,
    as_json: AsJson = False,
) -> None:
    """Show the lists of recipients: length and digest, who proposed and who approved each; or who is on one."""
    from comity.case.registers import RECIPIENT

    if number is None:
        columns = {"rows": "recipients", "digest": "digest"}
        show("Lists of recipients", RECIPIENT, system, columns, home, as_json=as_json)
        return
    heads = ("recipient", "agency", "name", "role", "office_address", "fingerprint")
    listed = _listed(home, system, number)
    say_table(f"List {number}", heads, [[row[head] for head in heads] for row in listed], as_json=as_json)


def _listed(home: Path, system: str, number: int) -> Sequence[Mapping[str, str]]:
    from comity.case.office_events import RecipientsProposed
    from comity.case.registers import RECIPIENT

    entry = office_at(home).state().entry(RECIPIENT, system, number)
    if entry is None or not isinstance(entry.said, RecipientsProposed):
        raise BadInput("ENTRY_UNKNOWN", "The system has no such list.", "See `comity recipient show`.")
    return entry.said.recipients


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
