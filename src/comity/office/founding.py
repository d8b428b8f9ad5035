"""Founding an office: the home, its log, and the two officers whom nobody could approve yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.accounting.log import Log
from comity.case.envelope import Act, stamp
from comity.case.errors import Refused
from comity.case.office_events import FounderNamed, OfficeOpened
from comity.case.office_state import FOUNDERS
from comity.case.wording import require_id, require_printable
from comity.crypto import Certificate, Purpose
from comity.office.desk import Clock, Office, certificate_at, log_errors, open_office, system_clock
from comity.office.home import create_home
from comity.office.rehearsal import open_authority


@dataclass(frozen=True)
class Founder:
    """An officer whom an office begins with: id, name, and the file of the certificate (PEM)."""

    officer: str
    name: str
    certificate: Path


def found_office(
    directory: Path, name: str, authority: Path, registrar: Founder, counsel: Founder, clock: Clock = system_clock
) -> Office:
    """Make a rehearsal home with its first two officers; whatever enters the registers later has been through both.

    `authority` is the folder of a rehearsal authority, which issued their certificates. Raises Refused
    `FOUNDERS_ALIKE` or `KEY_TAKEN`, BadInput for ids, names and certificates, and as `create_home`.
    """
    now, issuer = clock(), open_authority(authority)
    named = [
        _named(founder, certificate_at(founder.certificate, [issuer.certificate], now, Purpose.SIGNING), role)
        for founder, role in zip((registrar, counsel), FOUNDERS, strict=True)
    ]
    if issuer.certificate.key_fingerprint in {founder.key for founder in named}:
        raise Refused(
            "KEY_TAKEN",
            "A founder holds the key of the authority that issues the office's certificates.",
            "Make a key of this person's own, and have a certificate issued for it.",
        )
    if named[0].officer == named[1].officer or named[0].key == named[1].key:
        raise Refused(
            "FOUNDERS_ALIKE",
            "The registrar and the counsel of a new office are one person.",
            "Name two people, each with a key of their own.",
        )
    home = create_home(directory, name, issuer, now)
    with log_errors():
        Log.create(home.log_directory, home.verifier(), home.signer())
    opened = OfficeOpened(
        home.kind,
        name,
        home.authority.pem().decode(),
        home.certificate.pem().decode(),
        home.certificate.key_fingerprint,
        home.note_key().vkey,
        home.sampling_key.public_bytes.hex(),
    )
    office = open_office(directory, clock)
    office.record(Act(registrar.officer, FOUNDERS[0], "init", stamp(now)), [opened, *named], office.state())
    return office


def _named(founder: Founder, certificate: Certificate, role: str) -> FounderNamed:
    require_id(founder.officer)
    require_printable(founder.name)
    pem = certificate.pem().decode()
    return FounderNamed(founder.officer, founder.name, pem, certificate.fingerprint, certificate.key_fingerprint, role)
