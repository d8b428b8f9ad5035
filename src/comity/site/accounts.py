"""One-time codes from the command line, for the accounts of a home, and who has set up what."""

from __future__ import annotations

from dataclasses import dataclass

from comity.case.envelope import stamp
from comity.office.admitting import offer_sign_in, set_ups
from comity.office.desk import Actor, Office
from comity.signin.opening import open_accounts
from comity.signin.parameters import read_parameters


def draw_code(office: Office, actor: Actor, port: int) -> tuple[str, str, str]:
    """A one-time code for the officer who acts, until when it is good (ISO, UTC), and the address to type it at.

    `port` is that of a console which is known to its own machine alone.
    The event comes first: a code without one is never shown. Raises as `offer_sign_in` and `read_parameters`.
    """
    from comity.signin.codes import draw

    parameters = read_parameters(office.home.directory)
    open_accounts(office.home.directory)
    until = offer_sign_in(office, actor)
    code = draw(actor.officer, until)
    origin = parameters.origin or f"http://{parameters.host}:{port}"
    return code, stamp(until), f"{origin}/set-up"


@dataclass(frozen=True)
class Means:
    """How an officer signs in: `ways` that are set up, since when (ISO, UTC; '' for never), and how it stands."""

    officer: str
    ways: tuple[str, ...]
    since: str
    stands: str


def list_means(office: Office, actor: Actor) -> list[Means]:
    """How each officer signs in, and each account that is no officer's. It tells no secret, and no name elsewhere.

    The log says who set up what; an account that holds anything else was not set up by its officer. Raises as
    `set_ups`.
    """
    from comity.signin.codes import ways
    from comity.signin.models import Account

    told, state = set_ups(office, actor), office.state()
    open_accounts(office.home.directory)
    accounts = {account.officer: account for account in Account.objects.filter(is_active=True)}
    found = []
    for officer in [*state.officers, *sorted(accounts.keys() - state.officers.keys())]:
        there = tuple(ways(accounts[officer])) if officer in accounts else ()
        said = told.get(officer)
        untold = officer in accounts and (said is None or there != tuple(said.ways))
        stands = _stands(officer, there, office) if not untold else "not as the log says"
        found.append(Means(officer, there, said.at if said and there else "", stands))
    return found


def _stands(officer: str, there: tuple[str, ...], office: Office) -> str:
    state = office.state()
    if not state.roles_of(officer):
        return "struck off"
    if officer in state.barred:
        return "barred"
    return "open" if there else "not set up"
