"""What a home says of its console: by which address it is known, how long sessions last, who vouches for people."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from comity.case.errors import BadInput
from comity.console.opened import IDLE_SECONDS, LONGEST_SECONDS

FILE = "console.toml"
# NIST SP 800-63B, 4.2.3, at assurance level 2: at most thirty minutes without a page, at most twelve hours.
_MOST_IDLE = 30 * 60
_MOST_LONGEST = 12 * 60 * 60
_FRESH_SECONDS = 5 * 60
_MOST_FRESH = 15 * 60
_KNOWN = {"origin", "idle_minutes", "longest_minutes", "fresh_minutes", "provider"}
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A name of its own and no pattern of names; a number would do for no passkey.
_ORIGIN = re.compile(rf"https://(?:{_LABEL}\.)*(?=[^:]*[a-z]){_LABEL}(?::[1-9][0-9]{{0,4}})?")
_HERE = {"localhost", "127.0.0.1", "::1"}
# What acr and amr say of a password alone (RFC 8176), or of nothing at all (OpenID Connect Core 1.0, section 2).
_ONE_FACTOR = {"", "0", "pwd"}
_PROVIDER = {"name", "issuer", "application", "secret_file", "secret_variable", "assurance"}


@dataclass(frozen=True)
class Provider:
    """The agency's identity provider (OpenID Connect Core 1.0): `application` is this console's id there.

    `assurance` are the values of `acr` or `amr` that say a second factor was seen; one of them has to be in a token.
    """

    name: str
    issuer: str
    application: str
    secret: str = field(repr=False)
    assurance: tuple[str, ...]


@dataclass(frozen=True)
class Parameters:
    """The file `console.toml` of a home. `origin` is '' for a console that is known to its own machine alone."""

    origin: str = ""
    idle_seconds: int = IDLE_SECONDS
    longest_seconds: int = LONGEST_SECONDS
    fresh_seconds: int = _FRESH_SECONDS
    provider: Provider | None = None

    @property
    def host(self) -> str:
        """The name by which browsers know it; a passkey is bound to it, so no number will do."""
        return urlsplit(self.origin).hostname or "localhost"


def read_parameters(home: Path, environment: Mapping[str, str] = os.environ) -> Parameters:
    """The parameters in the home's `console.toml`, or the usual ones. Raises BadInput `CONSOLE_PARAMETERS_UNFIT`."""
    path = home / FILE
    if not path.exists():
        return Parameters()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise _unfit("it is no TOML") from None
    if set(said) - _KNOWN:
        raise _unfit("it has a name that means nothing here")
    provider = said.get("provider")
    return Parameters(
        _origin(said.get("origin", "")),
        _seconds(said, "idle_minutes", IDLE_SECONDS, _MOST_IDLE),
        _seconds(said, "longest_minutes", LONGEST_SECONDS, _MOST_LONGEST),
        _seconds(said, "fresh_minutes", _FRESH_SECONDS, _MOST_FRESH),
        _provider(provider, home, environment) if provider is not None else None,
    )


def _origin(said: object) -> str:
    if said == "":
        return ""
    if not isinstance(said, str) or not _ORIGIN.fullmatch(said) or said.endswith(":443"):
        raise _unfit("origin is written as https://console.agency.example, in small letters, and names one place")
    return said


def _seconds(said: Mapping[str, Any], name: str, usual: int, most: int) -> int:
    minutes = said.get(name, usual // 60)
    if type(minutes) is not int or not 1 <= minutes <= most // 60:
        raise _unfit(f"{name} is a whole number from 1 to {most // 60}")
    return minutes * 60


def _provider(said: object, home: Path, environment: Mapping[str, str]) -> Provider:
    if not isinstance(said, dict) or set(said) - _PROVIDER or not _texts(said, "issuer", "application"):
        raise _unfit("a provider has issuer, application, assurance, and one of secret_file and secret_variable")
    _require_issuer(said["issuer"])
    assurance = said.get("assurance")
    if not isinstance(assurance, list) or not assurance or any(not isinstance(word, str) for word in assurance):
        raise _unfit("assurance lists the values of acr or amr that say a second factor was seen")
    if _ONE_FACTOR & set(assurance):
        raise _unfit("assurance names a value that says of no second factor that it was seen")
    name = said.get("name", "The agency's own sign-in")
    return Provider(str(name), said["issuer"], said["application"], _secret(said, home, environment), tuple(assurance))


def _require_issuer(issuer: str) -> None:
    # Tokens are taken over this connection and by it alone (OpenID Connect Core 1.0, section 3.1.3.7).
    try:
        parts = urlsplit(issuer)
    except ValueError:
        raise _unfit("issuer is no address") from None
    plain = parts.scheme == "http" and parts.hostname in _HERE
    if not parts.hostname or parts.query or parts.fragment or parts.username or not (plain or parts.scheme == "https"):
        raise _unfit("issuer is written as https://id.agency.example")


def _secret(said: Mapping[str, Any], home: Path, environment: Mapping[str, str]) -> str:
    file, variable = said.get("secret_file"), said.get("secret_variable")
    try:
        if isinstance(file, str):
            found = (home / file).read_text(encoding="utf-8").strip()
        else:
            found = environment[str(variable)].strip()
    except (OSError, KeyError, UnicodeDecodeError):
        raise _unfit("the provider's secret is in neither the file nor the variable that it names") from None
    if not found:
        raise _unfit("the provider's secret is empty")
    return found


def _texts(said: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(said.get(name), str) and said[name] for name in names)


def _unfit(why: str) -> BadInput:
    return BadInput(
        "CONSOLE_PARAMETERS_UNFIT",
        f"The home's {FILE} cannot be taken: {why}.",
        "Correct it; docs/how-to/console.md shows one.",
    )
