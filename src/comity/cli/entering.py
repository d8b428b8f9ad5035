"""How every register that two officers keep is spoken to: propose a version, approve it, show them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli import options
from comity.cli.options import acting, office_at
from comity.cli.speaking import say, say_table

if TYPE_CHECKING:
    from comity.case.registers import Proposal
    from comity.office.desk import Actor, Office

Number = Annotated[int, typer.Argument(metavar="VERSION", min=1, help="The version, as `show` numbers it.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The first day it binds, today or later; today if not given."),
]


def first_day(since: datetime | None) -> str:
    """The first day that an entry binds (ISO); today if none was given."""
    return (since or options.now()).date().isoformat()


def propose(proposal: Proposal, home: Path, officer_id: str, keys: Path, *, as_json: bool) -> None:
    """Propose a version of an entry, and say what is to be done with it."""
    office, actor = acting(home, officer_id, keys)
    propose_in(office, actor, proposal, as_json=as_json)


def propose_in(office: Office, actor: Actor, proposal: Proposal, *, as_json: bool) -> None:
    """Propose, in an office that is open, a version of an entry that was made with its registers."""
    from comity.office.acts import propose_entry

    say_proposed(proposal.register, proposal.subject, propose_entry(office, actor, proposal), as_json=as_json)


def say_proposed(register: str, subject: str, number: int, *, as_json: bool) -> None:
    """Say that a version was proposed and who is awaited."""
    say(
        {"register": register, "subject": subject, "version": number, "approved": False},
        f"Version {number} about {subject} waits for another officer: comity {register} approve {subject} {number}",
        as_json=as_json,
    )


def approve(
    register: str, subject: str, number: int, home: Path, officer_id: str, keys: Path, *, as_json: bool
) -> None:
    """Approve a version that another officer proposed."""
    from comity.case.registers import Dated
    from comity.office.acts import approve_entry

    office, actor = acting(home, officer_id, keys)
    approve_entry(office, actor, register, subject, number)
    [said] = [v.said for v in office.state().entries[register, subject] if v.number == number]
    since = f"from {said.binds_from} on" if isinstance(said, Dated) else "from now on"
    say(
        {"register": register, "subject": subject, "version": number, "approved": True},
        f"Version {number} about {subject} binds {since}.{_held(office, register, subject)}",
        as_json=as_json,
    )


def _held(office: Office, register: str, subject: str) -> str:
    """What is said of the holds on an agreement: in a live home its court orders came into force with it."""
    from comity.case.holds import binding
    from comity.case.registers import AGREEMENT

    count = len(binding(office.state().holds.values(), subject)) if register == AGREEMENT else 0
    return f"\n{count} holds bind it, so nothing is received under it: comity hold list" if count else ""


def show(title: str, register: str, subject: str, columns: Mapping[str, str], home: Path, *, as_json: bool) -> None:
    """Every version in a register, or of one entry; `columns` maps the fields that are shown to their headings."""
    from comity.case.envelope import body_of
    from comity.case.register_decisions import versions_of

    found = versions_of(office_at(home).state(), register, subject)
    rows = [
        (about, v.number, *(body_of(v.said)[field] for field in columns), v.proposed_by, v.approved_by or "nobody yet")
        for about, v in found
    ]
    heads = ("subject", "version", *columns.values(), "proposed by", "approved by")
    say_table(title, heads, rows, as_json=as_json, empty="Nothing is entered.")
