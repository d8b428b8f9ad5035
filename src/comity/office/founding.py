"""Founding an office: the home, its log, and the two officers whom nobody could approve yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.accounting.log import Log
from comity.case.envelope import Act, stamp
from comity.case.errors import BadInput, Refused
from comity.case.homes import LIVE, REHEARSAL, require_certificate_fits
from comity.case.office_events import FounderNamed, OfficeOpened
from comity.case.office_state import FOUNDERS
from comity.case.wording import require_id, require_printable
from comity.crypto import Certificate, P256Key, Purpose
from comity.office.desk import Clock, Office, certificate_at, crypto_errors, log_errors, open_office, system_clock
from comity.office.home import Seat, create_home
from comity.office.rehearsal import open_authority, rehearsal_seat


@dataclass(frozen=True)
class Founder:
    """An officer whom an office begins with: id, name, and the file of the certificate (PEM)."""

    officer: str
    name: str
    certificate: Path


@dataclass(frozen=True)
class Papers:
    """What a live office is founded on, as files (PEM): its authority's root, and its own certificate with the key."""

    authority: Path
    certificate: Path
    key: Path


def found_office(
    directory: Path, name: str, authority: Path, registrar: Founder, counsel: Founder, clock: Clock = system_clock
) -> Office:
    """Make a rehearsal home with its first two officers; whatever enters the registers later has been through both.

    `authority` is the folder of a rehearsal authority, which issued their certificates. Raises Refused
    `FOUNDERS_ALIKE`, `KEY_TAKEN` or `NOT_A_REHEARSAL_AUTHORITY`, BadInput for ids, names and certificates, and as
    `create_home`.
    """
    issuer = open_authority(authority)
    with crypto_errors():
        seat = rehearsal_seat(issuer, name, clock())
    return _found(directory, REHEARSAL, name, seat, (registrar, counsel), clock)


def found_live_office(
    directory: Path, name: str, papers: Papers, registrar: Founder, counsel: Founder, clock: Clock = system_clock
) -> Office:
    """Make a live home with its first two officers, for the records of real people.

    The authority is the agency's own, and its key is not needed here. Raises as `found_office`, Refused
    `REHEARSAL_IN_LIVE_HOME` for a certificate that says REHEARSAL, BadInput `KEY_NOT_OF_CERTIFICATE`.
    """
    with crypto_errors():
        root, key = Certificate.load(papers.authority), P256Key.load(papers.key)
    own = certificate_at(papers.certificate, [root], clock(), Purpose.SIGNING)
    if key.public_fingerprint != own.key_fingerprint:
        raise BadInput(
            "KEY_NOT_OF_CERTIFICATE",
            "The office's certificate is not for this key.",
            "Give the key that the certificate was asked for with.",
        )
    return _found(directory, LIVE, name, Seat(key, own, root), (registrar, counsel), clock)


def _found(
    directory: Path, kind: str, name: str, seat: Seat, founders: tuple[Founder, Founder], clock: Clock
) -> Office:
    now = clock()
    named = [
        _named(kind, founder, certificate_at(founder.certificate, [seat.authority], now, Purpose.SIGNING), role)
        for founder, role in zip(founders, FOUNDERS, strict=True)
    ]
    if seat.authority.key_fingerprint in {founder.key for founder in named}:
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
    home = create_home(directory, kind, name, seat)
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
    act = Act(founders[0].officer, FOUNDERS[0], "init", stamp(now))
    office.record(act, [opened, *named], office.state())
    return office


def _named(kind: str, founder: Founder, certificate: Certificate, role: str) -> FounderNamed:
    require_certificate_fits(kind, rehearsal=certificate.rehearsal)
    require_id(founder.officer)
    require_printable(founder.name)
    pem = certificate.pem().decode()
    return FounderNamed(founder.officer, founder.name, pem, certificate.fingerprint, certificate.key_fingerprint, role)
