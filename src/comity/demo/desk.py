"""The requester's desk of the demonstration: a package prepared, checked and signed, a reply opened."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ulid import ULID

from comity.case.errors import ComityError
from comity.crypto import Certificate
from comity.demo.cast import REQUESTER, SIGNATORY, Cast
from comity.demo.stage import AGREEMENT, VOUCHED_BY
from comity.requester import (
    RECIPIENT_COLUMNS,
    Opened,
    Particulars,
    Signatory,
    acknowledge,
    asked_in,
    new,
    open_reply,
    sign,
)
from comity.synthetic.recipients import Recipient

HELD = Signatory(SIGNATORY, "HEAD_OF_AGENCY", "statute")


@dataclass(frozen=True)
class Desk:
    """The desk: its folder, the cast with the requester's keys, and the seed that submission ids are made of."""

    directory: Path
    cast: Cast
    seed: int

    def submit(self, number: int, requests: Path, recipients: Iterable[Recipient], at: datetime) -> Path:
        """Prepare and sign the submission of that number; gives the package's folder."""
        listed = self.directory / f"recipients-{number}.csv"
        write_recipients(listed, recipients)
        package = self.directory / f"submission-{number}"
        id_ = str(ULID.from_int((self.seed << 80) + number))
        particulars = Particulars(REQUESTER, HELD, AGREEMENT, synthetic=True, vouched_by=VOUCHED_BY, submission=id_)
        new(package, requests, listed, self.cast.agency, particulars, at)
        certificate = Certificate.load(self.cast.agency / f"{SIGNATORY}.pem")
        sign(package, self.cast.agency_key(SIGNATORY), certificate)
        return package

    def open(self, package: Path, collected: Path, recipient: str, at: datetime) -> Opened:
        """Open a reply as `recipient`. Raises BadInput `SEAL_NOT_OPENED` for a reply sealed to somebody else."""
        return open_reply(
            collected.read_bytes(),
            self.cast.agency_key(recipient),
            asked=asked_in(package),
            roots=[self.cast.custodian.certificate],
            at=at,
        )

    def acknowledgement(self, opened: Opened, recipient: str, out: Path) -> Path:
        """Sign for an opened reply."""
        certificate = Certificate.load(self.cast.agency / f"{recipient}.pem")
        out.write_text(acknowledge(opened, self.cast.agency_key(recipient), certificate), encoding="ascii")
        return out

    def refusal(self, package: Path, collected: Path, other: str, at: datetime) -> str:
        """The code with which a reply refuses to be opened by somebody else; '' if it does not."""
        try:
            self.open(package, collected, other, at)
        except ComityError as error:
            return error.code
        return ""


def write_recipients(path: Path, recipients: Iterable[Recipient]) -> None:
    """Write the list of recipients as the desk and the register of the office read it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RECIPIENT_COLUMNS)
        writer.writerows((r.id, r.name, r.agency, r.role, r.matters, r.office_address) for r in recipients)
