"""One-time codes from the command line, for the accounts of a home."""

from __future__ import annotations

from comity.case.envelope import stamp
from comity.office.admitting import offer_sign_in
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
