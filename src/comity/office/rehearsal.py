"""A rehearsal authority and the certificates it issues: for offices, officers, signatories and recipients made up.

Nothing of it comes near a live home: neither an authority that is real, nor a folder of such a home.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from comity.case.errors import BadInput, Refused
from comity.crypto import Authority, Certificate, CryptoError, P256Key, Purpose, issue, make_authority
from comity.office.home import Seat, lies_in_live_home

CERTIFICATE_YEARS = 3


def years_after(now: datetime) -> datetime:
    """The end of the term of a certificate issued at `now`."""
    return now + timedelta(days=365 * CERTIFICATE_YEARS)


def rehearsal_authority(directory: Path, name: str, now: datetime) -> Authority:
    """Make a rehearsal authority in `directory`: `authority.key`, `authority.pem`.

    Raises BadInput `KEY_EXISTS`, and as `require_outside_live_home`.
    """
    require_outside_live_home(directory)
    directory.mkdir(parents=True, exist_ok=True)
    authority = make_authority(name, rehearsal=True, not_before=now, not_after=years_after(years_after(now)))
    try:
        authority.key.save(directory / "authority.key")
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    authority.certificate.save(directory / "authority.pem")
    return authority


def open_authority(directory: Path) -> Authority:
    """The rehearsal authority in `directory`.

    Raises BadInput `AUTHORITY_UNREADABLE`, Refused `NOT_A_REHEARSAL_AUTHORITY`.
    """
    try:
        certificate = Certificate.load(directory / "authority.pem")
        authority = Authority(certificate, P256Key.load(directory / "authority.key"))
    except (OSError, CryptoError):
        raise BadInput(
            "AUTHORITY_UNREADABLE",
            "There is no rehearsal authority in this folder.",
            "Make one with `comity rehearsal authority DIR`.",
        ) from None
    if not certificate.rehearsal:
        raise Refused(
            "NOT_A_REHEARSAL_AUTHORITY",
            "A rehearsal takes its certificates from a rehearsal authority.",
            "Make one with `comity rehearsal authority DIR`; a live home is made with `comity init --live`.",
        )
    return authority


def rehearsal_seat(authority: Authority, name: str, now: datetime) -> Seat:
    """A new key for a made-up office of that name, and its certificate by `authority`."""
    key = P256Key.generate()
    purpose = Purpose.SIGNING | Purpose.SEALING
    certificate = issue(authority, name, name, key.public_key, purpose, now, years_after(now))
    return Seat(key, certificate, authority.certificate)


def require_outside_live_home(directory: Path) -> None:
    """Refuse `IN_LIVE_HOME` for a folder of a live home: what is made up has no place beside real people's records."""
    if lies_in_live_home(directory):
        raise Refused(
            "IN_LIVE_HOME", "This place lies in a live home, and nothing made up is put there.", "Name another."
        )


def rehearsal_certificate(authority: Authority, directory: Path, id_: str, name: str, now: datetime) -> Certificate:
    """Issue a certificate that signs and opens seals: `<id>.key` and `<id>.pem` in `directory`.

    Raises BadInput `KEY_EXISTS`, and as `require_outside_live_home`.
    """
    require_outside_live_home(directory)
    directory.mkdir(parents=True, exist_ok=True)
    key = P256Key.generate()
    purpose = Purpose.SIGNING | Purpose.SEALING
    organisation = authority.certificate.organisation
    try:
        certificate = issue(authority, name, organisation, key.public_key, purpose, now, years_after(now))
        key.save(directory / f"{id_}.key")
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    certificate.save(directory / f"{id_}.pem")
    return certificate
