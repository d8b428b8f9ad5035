"""With which passkeys officers sign, by the register that two officers keep: one for each officer is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from comity.case.errors import BadInput
from comity.case.office_events import PasskeyProposed
from comity.case.registers import PASSKEY, Entries

_KINDS = ("ES256", "EdDSA")


@dataclass(frozen=True)
class Entered:
    """A passkey that was approved: what was said of it, since when (ISO, UTC), and whether a later one took its place.

    What it signed counts from `since` on, and no longer once it is `replaced`: it may be lost.
    """

    said: PasskeyProposed
    since: str
    replaced: bool


def entered(entries: Entries) -> Mapping[str, Entered]:
    """Every passkey that was ever approved, by the id of its credential."""
    found: dict[str, Entered] = {}
    for (register, _), versions in entries.items():
        if register != PASSKEY:
            continue
        approved = [version for version in versions if version.approved_by]
        for version in approved:
            if isinstance(version.said, PasskeyProposed):
                held = Entered(version.said, version.approved_at, version is not approved[-1])
                found[version.said.credential] = held
    return found


def in_force(entries: Entries, officer: str) -> Entered | None:
    """The passkey that `officer` signs with now; None without one."""
    held = (known for known in entered(entries).values() if known.said.subject == officer and not known.replaced)
    return next(held, None)


def require_place(said: PasskeyProposed) -> None:
    """Raise BadInput `PASSKEY_PLACE_UNFIT` unless the origin is one that a passkey bound to `rp_id` is used at.

    That is an https address of that name or below it, or this machine's own (W3C Web Authentication, 5.1.3 and 7.2).
    """
    parts = urlsplit(said.origin)
    host = parts.hostname or ""
    written = f"{parts.scheme}://{parts.netloc}" == said.origin and not parts.username
    here = parts.scheme == "http" and host == said.rp_id == "localhost"
    there = parts.scheme == "https" and (host == said.rp_id or host.endswith(f".{said.rp_id}"))
    if said.algorithm not in _KINDS or not said.rp_id or not written or not (here or there):
        raise BadInput(
            "PASSKEY_PLACE_UNFIT",
            "The passkey is of an unknown kind, or not bound to the address that it is used at.",
            "Make it on the page of your account, and enter it as it was made.",
        )
