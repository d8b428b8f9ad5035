"""A reply opened by its recipient: the office's signature, the binding to one's own submission, then the seal."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from comity.case.errors import BadInput, Integrity, Refused, Usage
from comity.crypto import Certificate, CryptoError, P256Key, digest, sign_detached, verify
from comity.crypto.keys import RsaKey
from comity.crypto.open import open_sealed
from comity.intake import COVER, Cover
from comity.requester.reply import Answered, Manifest, malformed, read_manifest, read_rows, split


@dataclass(frozen=True)
class Opened:
    """A reply that its recipient could open: what the office says of it, and the answer to each request, by id."""

    manifest: Manifest
    answers: tuple[Answered, ...] = field(repr=False)


@dataclass(frozen=True)
class Asked:
    """What one asked: the SHA-256 (hex) of the cover that was sent, and whether it says that its people are made up."""

    submission_digest: str
    synthetic: bool


def asked_in(package: Path) -> Asked:
    """What was asked by the package in that folder. Raises BadInput as `Cover.from_bytes`, and OSError."""
    cover = (package / COVER).read_bytes()
    return Asked(digest(cover), Cover.from_bytes(cover).synthetic)


def open_reply(
    collected: bytes, key: P256Key | RsaKey, *, asked: Asked, roots: Sequence[Certificate], at: datetime
) -> Opened:
    """Verify and open the file that `collect` handed over.

    `roots` are the authorities trusted for the office; `at` is now (UTC). Raises BadInput with the codes of
    `crypto.verify` or SEAL_NOT_OPENED; Refused REPLY_TO_ANOTHER for another submission's, REHEARSAL_MIXED for a
    rehearsal's reply to a question about real people, or a real one to a rehearsal's (P10); Integrity REPLY_MALFORMED,
    DIGEST_DIFFERS.
    """
    token, sealed = split(collected)
    try:
        verified = verify(token, roots, at)
        manifest = read_manifest(verified.payload)
        _require_ours(manifest, asked.submission_digest, verified.certificate)
        _require_as_asked(manifest, asked)
        if digest(sealed) != manifest.content_digest:
            raise _different()
        context = {"submission": asked.submission_digest, "recipient": manifest.recipient}
        plaintext = open_sealed(sealed, key, context=context)
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    if digest(plaintext) != manifest.plaintext_digest:
        raise _different()
    rows = read_rows(plaintext)
    said = (manifest.submission, manifest.submission_digest, manifest.recipient, manifest.rehearsal, manifest.rows)
    if said != (rows.submission, rows.submission_digest, rows.recipient, rows.rehearsal, len(rows.answers)):
        raise malformed()
    return Opened(manifest, rows.answers)


def acknowledge(opened: Opened, key: P256Key, certificate: Certificate) -> str:
    """The recipient's acknowledgement: a detached JWS over the digest (hex) of what was opened.

    Raises BadInput KEY_NOT_OF_CERTIFICATE, CERTIFICATE_WRONG_PURPOSE; Refused NOT_THE_RECIPIENT.
    """
    if certificate.fingerprint != opened.manifest.certificate:
        raise Refused(
            "NOT_THE_RECIPIENT",
            "The reply was sealed to another certificate than this.",
            "Acknowledge with the certificate that the reply was sealed to.",
        )
    try:
        return sign_detached(opened.manifest.plaintext_digest.encode(), key, certificate)
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None


def write_answers(opened: Opened, path: Path) -> None:
    """Write the answers to a new CSV file (mode 0600): request_id, answer, codes; raises Usage FILE_EXISTS."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Usage("FILE_EXISTS", "A file is already there.", "Name a file that is not there yet.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("request_id", "answer", "codes"))
        writer.writerows((row.request_id, row.answer, ";".join(row.codes)) for row in opened.answers)


def _require_ours(manifest: Manifest, submission_digest: str, office: Certificate) -> None:
    if manifest.submission_digest != submission_digest:
        raise Refused(
            "REPLY_TO_ANOTHER", "The reply answers another submission than this.", "Name the package that it answers."
        )
    if manifest.rehearsal is not office.rehearsal:
        raise Refused(
            "REHEARSAL_MIXED",
            "A rehearsal's reply is signed as if it were real, or a real one as a rehearsal's.",
            "Do not use it; tell the office.",
        )


def _require_as_asked(manifest: Manifest, asked: Asked) -> None:
    if manifest.rehearsal is not asked.synthetic:
        raise Refused(
            "REHEARSAL_MIXED",
            "A rehearsal's reply is no answer about real people, nor a real one an answer to a rehearsal.",
            "Do not use it; name the package that it answers, and tell the office if it is this one.",
        )


def _different() -> Integrity:
    return Integrity(
        "DIGEST_DIFFERS",
        "The sealed reply is not the one that its manifest names.",
        "Collect it again; keep this file.",
    )
