"""The recipients of a submission: officers of the requester, one JSON object a line, whom requests name by id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from comity.crypto import canonical
from comity.intake import refusals
from comity.intake.objects import Members, read_object

# Replies to the signatory bear this id.
RESERVED = "signatory"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Recipient:
    """One officer: id in the submission, and what the register of the custodian says too.

    `matters` is the number of matters the officer is engaged in, `certificate` the SHA-256 (hex) of the certificate.
    """

    recipient: str
    name: str = field(repr=False)
    agency: str
    role: str
    matters: int
    office_address: str = field(repr=False)
    certificate: str


def read_recipients(path: Path) -> list[Recipient]:
    """The recipients in the file at `path`, in their order; blank lines do not count.

    Raises BadInput RECIPIENT_MALFORMED with the line, RECIPIENT_REPEATED, RECIPIENT_RESERVED.
    """
    found: dict[str, Recipient] = {}
    with path.open("rb") as file:
        for line, content in enumerate(file, 1):
            if content.strip():
                recipient = _recipient(content, line)
                if recipient.recipient in found:
                    raise refusals.repeated_recipient(line)
                found[recipient.recipient] = recipient
    return list(found.values())


def write_recipients(recipients: Iterable[Recipient], path: Path) -> None:
    """Write the file that `read_recipients` reads."""
    with path.open("xb") as file:
        file.writelines(canonical(asdict(recipient)) + b"\n" for recipient in recipients)


def _recipient(content: bytes, line: int) -> Recipient:
    members: Members = read_object(content, lambda place: refusals.malformed_recipient(line, place))
    members.require_names(*Recipient.__dataclass_fields__)
    recipient = members.matching("recipient", _ID)
    if recipient == RESERVED:
        raise refusals.reserved_recipient(line)
    return Recipient(
        recipient=recipient,
        name=members.text("name"),
        agency=members.text("agency"),
        role=members.text("role"),
        matters=members.count("matters"),
        office_address=members.text("office_address"),
        certificate=members.matching("certificate", _FINGERPRINT),
    )
