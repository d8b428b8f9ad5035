"""The server of a console, a thread for each page: on this machine alone, unless officers sign in for real."""

from __future__ import annotations

import logging.config
import signal
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from types import FrameType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from comity.case.errors import Refused, Usage
from comity.console.opened import Console
from comity.office.desk import open_office
from comity.signin.entrance import SignIn
from comity.signin.opening import open_accounts
from comity.signin.parameters import read_parameters
from comity.site.settings import settings_for


class _Threads(ThreadingMixIn, WSGIServer):
    """One thread for each connection; none outlives the server."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Writes no line for a page: who looked at what is an event, not a line of a log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 -- the form it overrides
        return


def open_console_with_sign_in(home: Path) -> Console:
    """The console on `home` for officers who sign in: it holds no key of theirs.

    Raises as `open_office` and `read_parameters`.
    """
    console = Console(open_office(home), entrance=SignIn(read_parameters(home)))
    console.office.progress = console.running.tell
    open_accounts(home)
    return console


def open_console(home: Path, keys: Path) -> Console:
    """The console on the rehearsal home in `home`, with the keys of its made-up officers in the folder `keys`.

    Raises as `open_office`, Refused `LIVE_WITHOUT_SIGN_IN`, Usage `KEYS_MISSING` where no officer's key lies there.
    """
    console = Console(open_office(home), keys)
    console.office.progress = console.running.tell
    if not console.officers():
        raise Usage(
            "KEYS_MISSING",
            "The folder of keys holds none of an officer of this office, so nobody could sign in.",
            "Name the folder with the rehearsal's keys, OFFICER.key each: --keys DIR.",
        )
    return console


def serve(console: Console, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve `console` until it is interrupted; `ready` is told the address to open, once it can be opened.

    Raises Refused `PICKER_NOT_LOCAL` or `ORIGIN_NEEDED` for a host that is not this machine, Usage `PORT_TAKEN`.
    """
    origin = console.entrance.parameters.origin if isinstance(console.entrance, SignIn) else ""
    if not is_loopback(host) and not origin:
        raise _not_here(console)
    prepare(console)
    try:
        server = make_server(host, port, WSGIHandler(), server_class=_Threads, handler_class=_Quiet)
    except OSError:
        raise Usage("PORT_TAKEN", "The port cannot be had.", "Name another: --port NUMBER, or 0 for any.") from None

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the form of a signal's handler
        Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    if origin:
        # What stands in front of it speaks TLS to browsers, and its address is the one they know.
        server.base_environ["HTTPS"] = "on"
    named = "localhost" if console.entrance else host
    with server:
        ready(f"{origin}/" if origin else f"http://{named}:{server.server_port}/")
        server.serve_forever()


def prepare(console: Console) -> None:
    """Set Django, which the store has set up, up for the pages as well."""
    for name, value in settings_for(console).items():
        setattr(settings, name, value)
    logging.config.dictConfig(settings.LOGGING)


def _not_here(console: Console) -> Refused:
    if console.entrance is None:
        return Refused(
            "PICKER_NOT_LOCAL",
            "A rehearsal lets whoever sits at its machine choose a role, and nobody else.",
            "Serve it on 127.0.0.1, or with sign-in.",
        )
    return Refused(
        "ORIGIN_NEEDED",
        "Other machines reach a console by an https address alone, and this home names none.",
        'Write origin = "https://..." into console.toml of the home; docs/how-to/console.md says how.',
    )


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
