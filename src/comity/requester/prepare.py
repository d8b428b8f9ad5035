"""A submission prepared: files and particulars in, an unsigned package out, and every unreadable place named first."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ulid import ULID

from comity import agreements
from comity.case.errors import BadInput, Usage
from comity.crypto import Certificate, CryptoError
from comity.intake import (
    AS_NAMED,
    COVER,
    PACKED,
    RECIPIENTS,
    Attested,
    Cover,
    NamedFile,
    Recipient,
    Signatory,
    Written,
    pack_requests,
    read_recipients,
    write_recipients,
)
from comity.requester.signing import require_same_kind
from comity.workspace import file_digest

RECIPIENT_COLUMNS = ("recipient", "name", "agency", "role", "matters", "office_address")


@dataclass(frozen=True)
class Particulars:
    """What a cover says that no file shows: who asks, who will sign, under which agreement, and whether it is made up.

    `submission` is a ULID of the requester's choice, or empty for a new one; `vouched_by` names who vouches that
    synthetic people are synthetic.
    """

    agency: str
    signatory: Signatory
    agreement: str
    synthetic: bool
    vouched_by: str = field(default="", repr=False)
    supersedes: str | None = None
    submission: str = ""


def new(
    into: Path,
    requests: Path,
    recipients: Path,
    certificates: Path,
    particulars: Particulars,
    at: datetime,
    written: Written = AS_NAMED,
) -> Cover:
    """Write the unsigned package `into`, a folder that is not there yet, and give its cover.

    `requests` is a file of the requests table, `written` as said, or else as its name says; the package carries it as
    Parquet. `recipients` is a CSV file with RECIPIENT_COLUMNS; `certificates` holds `<recipient>.pem` for each of them;
    `at` is now (UTC). What is attested is the newest wording of the agreement, and what is invoked the first provision
    that it lists. Raises Usage PACKAGE_EXISTS, NOT_VOUCHED_SYNTHETIC; Refused REHEARSAL_MIXED; BadInput
    RECIPIENTS_UNREADABLE, CERTIFICATE_MISSING, AGREEMENT_UNKNOWN, and what `intake.pack_requests`,
    `intake.read_recipients` and `Cover.from_bytes` raise. Nothing is left behind then.
    """
    _require_said(particulars)
    with _draft(into) as draft:
        packed = draft / PACKED
        with tempfile.TemporaryDirectory(dir=into.parent, prefix=".check-") as scratch:
            rows = pack_requests(Path(scratch), requests, written, packed)
        named = _recipients(recipients, certificates, rehearsal=particulars.synthetic)
        write_recipients(named, draft / RECIPIENTS)
        listed = len(read_recipients(draft / RECIPIENTS))
        cover = _cover(
            particulars,
            NamedFile(file_digest(packed), rows),
            NamedFile(file_digest(draft / RECIPIENTS), listed),
            at,
        )
        (draft / COVER).write_bytes(cover.to_bytes())
    return cover


@contextmanager
def _draft(into: Path) -> Iterator[Path]:
    """A folder that becomes `into` when all is written, and is gone when something fails."""
    if into.exists():
        raise Usage("PACKAGE_EXISTS", "Something is already there.", "Name a folder that is not there yet.")
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".draft-") as folder:
        draft = Path(folder) / "package"
        draft.mkdir(mode=0o700)
        yield draft
        draft.rename(into)


def _require_said(particulars: Particulars) -> None:
    if particulars.synthetic is not bool(particulars.vouched_by.strip()):
        raise Usage(
            "NOT_VOUCHED_SYNTHETIC",
            "Made-up people are said to be that, and somebody vouches for it; real ones neither.",
            "Give both --synthetic and --vouched-by NAME, or none of the two.",
        )


def _recipients(path: Path, certificates: Path, *, rehearsal: bool) -> list[Recipient]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(csv.DictReader(file, strict=True))
        except (csv.Error, UnicodeDecodeError):
            rows = []
    if not rows or any(set(row) != set(RECIPIENT_COLUMNS) or None in row.values() for row in rows):
        raise _unreadable_recipients()
    return [_recipient(row, certificates, rehearsal=rehearsal) for row in rows]


def _recipient(row: dict[str, str], certificates: Path, *, rehearsal: bool) -> Recipient:
    if not row["matters"].isascii() or not row["matters"].isdigit():
        raise _unreadable_recipients()
    try:
        certificate = Certificate.load(certificates / f"{row['recipient']}.pem")
    except (OSError, CryptoError):
        raise BadInput(
            "CERTIFICATE_MISSING",
            "A recipient's certificate is not there, or is none.",
            "Put one PEM file for each recipient, named by its id, into the folder of certificates.",
        ) from None
    require_same_kind(certificate, synthetic=rehearsal)
    return Recipient(**(row | {"matters": int(row["matters"])}), certificate=certificate.fingerprint)  # type: ignore[arg-type]


def _cover(particulars: Particulars, requests: NamedFile, recipients: NamedFile, at: datetime) -> Cover:
    agreement = agreements.find(particulars.agreement)
    wording = agreement.attestation()
    cover = Cover(
        submission=particulars.submission or str(ULID.from_datetime(at)),
        supersedes=particulars.supersedes,
        agreement=agreement.name,
        agreement_version=agreement.version,
        agency=particulars.agency,
        invokes=next(iter(agreement.terms.invoked)),
        signatory=particulars.signatory,
        attestation=Attested(wording.version, wording.digest),
        format=Path(PACKED).suffix.removeprefix("."),
        requests=requests,
        recipients=recipients,
        synthetic=particulars.synthetic,
        vouched_by=particulars.vouched_by,
        created_at=at.replace(microsecond=0),
    )
    return Cover.from_bytes(cover.to_bytes())


def _unreadable_recipients() -> BadInput:
    return BadInput(
        "RECIPIENTS_UNREADABLE",
        f"The recipients are no CSV file (UTF-8) with the columns {', '.join(RECIPIENT_COLUMNS)}.",
        "Fill in every column of at least one row; matters is a whole number.",
    )
