"""A rehearsal authority and the certificates it issues: for offices, officers, signatories and recipients made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from comity.case.errors import BadInput
from comity.crypto import Authority, Certificate, CryptoError, P256Key, Purpose, issue, make_authority

CERTIFICATE_YEARS = 3


def years_after(now: datetime) -> datetime:
    """The end of the term of a certificate issued at `now`."""
    return now + timedelta(days=365 * CERTIFICATE_YEARS)


def rehearsal_authority(directory: Path, name: str, now: datetime) -> Authority:
    """Make a rehearsal authority in `directory`: `authority.key`, `authority.pem`. Raises BadInput `KEY_EXISTS`."""
    directory.mkdir(parents=True, exist_ok=True)
    authority = make_authority(name, rehearsal=True, not_before=now, not_after=years_after(years_after(now)))
    try:
        authority.key.save(directory / "authority.key")
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    authority.certificate.save(directory / "authority.pem")
    return authority


def open_authority(directory: Path) -> Authority:
    """The rehearsal authority in `directory`. Raises BadInput `AUTHORITY_UNREADABLE`."""
    try:
        certificate = Certificate.load(directory / "authority.pem")
        return Authority(certificate, P256Key.load(directory / "authority.key"))
    except (OSError, CryptoError):
        raise BadInput(
            "AUTHORITY_UNREADABLE",
            "There is no rehearsal authority in this folder.",
            "Make one with `comity rehearsal authority DIR`.",
        ) from None


def rehearsal_certificate(authority: Authority, directory: Path, id_: str, name: str, now: datetime) -> Certificate:
    """Issue a certificate that signs and opens seals: `<id>.key` and `<id>.pem` in `directory`."""
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
