"""Everybody in the demonstration, made up: two agencies, the office's people, and their keys outside the home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comity.crypto import Authority, P256Key
from comity.office.rehearsal import rehearsal_authority, rehearsal_certificate

CUSTODIAN = "Rehearsal Revenue Office"
REQUESTER = "ICE"
REGISTRAR = "registrar"
COUNSEL = "counsel"
OFFICERS = {
    REGISTRAR: "registrar",
    "examiner": "examiner",
    "operator": "operator",
    "reviewer-1": "reviewer",
    "reviewer-2": "reviewer",
    "reviewer-3": "reviewer",
    "screener": "screener",
    "approver-1": "approver",
    "approver-2": "approver",
    "transmitter": "transmitter",
    "hold-officer": "hold_officer",
    COUNSEL: "counsel",
    "auditor": "auditor",
}
REVIEWERS = tuple(officer for officer, role in OFFICERS.items() if role == "reviewer")
APPROVERS = tuple(officer for officer, role in OFFICERS.items() if role == "approver")
SIGNATORY = "signatory"


@dataclass(frozen=True)
class Cast:
    """Where the keys and certificates of the demonstration lie, and the two authorities that issued them."""

    directory: Path
    custodian: Authority
    requester: Authority

    @property
    def officers(self) -> Path:
        """The folder of the officers' keys and certificates."""
        return self.directory / "officers"

    @property
    def agency(self) -> Path:
        """The folder of the requester's keys and certificates: signatory and recipients."""
        return self.directory / "agency"

    @property
    def custodian_authority(self) -> Path:
        """The folder of the custodian's rehearsal authority."""
        return self.directory / "custodian-authority"

    @property
    def agency_authority(self) -> Path:
        """The folder of the requester's rehearsal authority."""
        return self.directory / "agency-authority"

    def officer_key(self, officer: str) -> P256Key:
        """The key of an officer of the office."""
        return P256Key.load(self.officers / f"{officer}.key")

    def agency_key(self, person: str) -> P256Key:
        """The key of the signatory or of a recipient."""
        return P256Key.load(self.agency / f"{person}.key")


def make_cast(directory: Path, recipients: Iterable[str], now: datetime) -> Cast:
    """Make both authorities and issue a certificate to everybody; `recipients` are ids of the requester's officers."""
    custodian = rehearsal_authority(directory / "custodian-authority", CUSTODIAN, now)
    requester = rehearsal_authority(directory / "agency-authority", REQUESTER, now)
    cast = Cast(directory, custodian, requester)
    for officer in OFFICERS:
        rehearsal_certificate(custodian, cast.officers, officer, officer, now)
    for person in (SIGNATORY, *recipients):
        rehearsal_certificate(requester, cast.agency, person, person, now)
    return cast
