"""Commands on the registers of agencies, which two officers keep: one proposes a version, another approves it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from comity.cli.entering import Number, Since, approve, first_day, propose, show
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys

agency = group("Which agencies may ask at all: Federal ones (26 U.S.C. 6103(b)(9)). Two officers keep the register.")
safeguards = group("How an agency protects what it receives (26 U.S.C. 6103(p)(4)). Two officers keep the register.")
system = group(
    "At which systems of an agency replies may be opened (26 U.S.C. 6103(p)(4)(B), (C)). Two officers keep it."
)

Name = Annotated[str, typer.Argument(metavar="AGENCY", help="The agency, as covers name it.")]
Named = Annotated[str, typer.Argument(metavar="[AGENCY]", help="The agency; every one if not given.")]
SystemName = Annotated[str, typer.Argument(metavar="SYSTEM", help="The system's id.")]
Until = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day it binds.")]
FAR = datetime(2099, 12, 31)  # noqa: DTZ001 -- a day, not a moment


@agency.command(
    "add",
    epilog=example(
        "comity agency add ICE --name 'Immigration and Customs Enforcement' --federal --basis '5 USC 551(1)' "
        "--home office --as registrar --keys officers"
    ),
)
def add_agency(
    id_: Name,
    federal: Annotated[bool, typer.Option("--federal/--not-federal", help="Whether it is a Federal agency.")],
    basis: Annotated[str, typer.Option(help="What that rests on, for example '5 USC 551(1)'.")],
    name: Annotated[str, typer.Option(help="The agency's name in full.")] = "",
    since: Since = None,
    until: Until = FAR,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose an agency's entry, or its next version. Another officer approves it, and it binds from its first day on.

    A version takes the place of those before it: to end an entry, propose it again with the last day it binds.
    """
    from comity.case.office_events import AgencyProposed

    last = until.date().isoformat()
    propose(
        AgencyProposed(id_, name or id_, federal, basis, first_day(since), last),
        home,
        officer_id,
        keys,
        as_json=as_json,
    )


@agency.command("approve", epilog=example("comity agency approve ICE 1 --home office --as counsel --keys officers"))
def approve_agency(
    id_: Name,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a version of an agency's entry that another officer proposed."""
    from comity.case.registers import AGENCY

    approve(AGENCY, id_, number, home, officer_id, keys, as_json=as_json)


@agency.command("show", epilog=example("comity agency show ICE --home office"))
def show_agency(id_: Named = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the register of agencies: every version, its days, who proposed and who approved it."""
    from comity.case.registers import AGENCY

    columns = {"name": "name", "federal": "federal", "basis": "basis", "binds_from": "from", "binds_to": "to"}
    show("Agencies", AGENCY, id_, columns, home, as_json=as_json)


@safeguards.command(
    "set",
    epilog=example(
        "comity safeguards set ICE --not-suspended --report SSR-2026 --good-until 2027-01-31 --findings 2 --planned 2 "
        "--plan-until 2026-11-30 --home office --as registrar --keys officers"
    ),
)
def set_safeguards(
    id_: Name,
    suspended: Annotated[
        bool, typer.Option("--suspended/--not-suspended", help="Whether disclosures to the agency are suspended.")
    ],
    report: Annotated[str, typer.Option(help="The approved safeguard security report; none if not given.")] = "",
    good_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day on which that report is good.")
    ] = None,
    findings: Annotated[int, typer.Option(min=0, help="Serious findings that are open.")] = 0,
    planned: Annotated[int, typer.Option(min=0, help="Those of them in a corrective action plan accepted here.")] = 0,
    plan_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day by which the plan does away with them.")
    ] = None,
    since: Since = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose how an agency meets its safeguards. Another officer approves it, and it binds from its first day on.

    What is not given is not there: each version says everything anew. Nothing is disclosed to an agency without a
    report that is good on the day, under a suspension, or with a serious finding that no running plan covers.
    """
    from comity.case.office_events import SafeguardsProposed

    days = (_day(good_until), _day(plan_until))
    said = SafeguardsProposed(id_, report, days[0], suspended, findings, planned, days[1], first_day(since))
    propose(said, home, officer_id, keys, as_json=as_json)


@safeguards.command(
    "approve", epilog=example("comity safeguards approve ICE 1 --home office --as counsel --keys officers")
)
def approve_safeguards(
    id_: Name,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a version of an agency's safeguards that another officer proposed."""
    from comity.case.registers import SAFEGUARDS

    approve(SAFEGUARDS, id_, number, home, officer_id, keys, as_json=as_json)


@safeguards.command("show", epilog=example("comity safeguards show ICE --home office"))
def show_safeguards(id_: Named = "", home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the register of safeguards: every version, from which day, who proposed and who approved it."""
    from comity.case.registers import SAFEGUARDS

    shown = ("report", "report_until", "suspended", "findings", "planned", "plan_until")
    columns = {field: field.replace("_", " ") for field in shown} | {"binds_from": "from"}
    show("Safeguards", SAFEGUARDS, id_, columns, home, as_json=as_json)


@system.command(
    "add",
    epilog=example(
        "comity system add ICE-CASES --agency ICE --sort case_system --home office --as registrar --keys officers"
    ),
)
def add_system(
    id_: SystemName,
    agency_id: Annotated[str, typer.Option("--agency", help="The agency whose system it is.")],
    sort: Annotated[str, typer.Option(help="case_system, secure_mailbox, or personal: one never to send to.")],
    since: Since = None,
    until: Until = FAR,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose a system of an agency as a destination. Another officer approves it; it binds from its first day on."""
    from comity.case.office_events import SystemProposed

    said = SystemProposed(id_, agency_id, sort, first_day(since), until.date().isoformat())
    propose(said, home, officer_id, keys, as_json=as_json)


@system.command(
    "approve", epilog=example("comity system approve ICE-CASES 1 --home office --as counsel --keys officers")
)
def approve_system(
    id_: SystemName,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a version of a system's entry that another officer proposed."""
    from comity.case.registers import SYSTEM

    approve(SYSTEM, id_, number, home, officer_id, keys, as_json=as_json)


@system.command("show", epilog=example("comity system show ICE-CASES --home office"))
def show_system(
    id_: Annotated[str, typer.Argument(metavar="[SYSTEM]", help="The system; every one if not given.")] = "",
    home: HomeDir = HERE,
    as_json: AsJson = False,
) -> None:
    """Show the register of destinations: every version, its days, who proposed and who approved it."""
    from comity.case.registers import SYSTEM

    columns = {"agency": "agency", "sort": "sort", "binds_from": "from", "binds_to": "to"}
    show("Destinations", SYSTEM, id_, columns, home, as_json=as_json)


def _day(given: datetime | None) -> str:
    return given.date().isoformat() if given else ""
