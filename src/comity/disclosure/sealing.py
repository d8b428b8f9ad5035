"""Permit and receipt in, one sealed reply per named recipient out; the only code that seals."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from comity.accounting import Receipt
from comity.case.artefact import Artefact
from comity.case.errors import Integrity, Refused
from comity.case.outcomes import RETURNED
from comity.crypto import Certificate, CryptoError, P256Key, Purpose, digest, verify_chain
from comity.crypto.seal import seal
from comity.disclosure.evidence import Evidence, Tables, verify_evidence
from comity.disclosure.manifest import Manifest, enclose
from comity.disclosure.reply import Heading, Reply
from comity.disclosure.routing import route, routed_replies
from comity.review import SIGNATORY, ToRelease
from comity.workspace import Workspace, workspace

FOLDER = "replies"


@dataclass(frozen=True)
class Addressees:
    """Whom replies are sealed to: the register's certificate of each recipient, the certificate that signed the
    submission under the id `signatory`, and the roots these are believed under.

    `roots` are those of the agency that asks, for its recipients; `submission_roots` all that a submission is believed
    under, for whoever signed one in the name of another agency gets it back too.
    """

    certificates: Mapping[str, Certificate]
    roots: Sequence[Certificate] = field(repr=False)
    submission_roots: Sequence[Certificate] = field(repr=False)

    def roots_for(self, recipient: str) -> Sequence[Certificate]:
        """The roots that the certificate of this addressee is believed under."""
        return self.submission_roots if recipient == SIGNATORY else self.roots


@dataclass(frozen=True)
class Notice:
    """What every reply of the batch says beside its rows: see `Heading` and `Manifest`."""

    codes: tuple[str, ...]
    rules_digest: str
    use: str
    destroy_by: str
    orders: tuple[str, ...]
    rehearsal: bool


@dataclass(frozen=True)
class OfficeSeal:
    """The office's own ES256 key and certificate, which sign the manifests."""

    key: P256Key
    certificate: Certificate


@dataclass(frozen=True)
class _Sealed:
    recipient: str
    certificate: str
    plaintext_digest: str
    sealed_digest: str
    rows: int
    file: str


def heading(release: ToRelease, codes: tuple[str, ...], *, rehearsal: bool) -> Heading:
    """The heading of every reply of a release."""
    return Heading(release.submission, release.submission_digest, release.agreement, release.version, codes, rehearsal)


def seal_replies(
    directory: Path,
    tables: Tables,
    evidence: Evidence,
    addressees: Addressees,
    notice: Notice,
    office: OfficeSeal,
    at: datetime,
) -> Artefact:
    """Seal one reply per recipient into `directory/replies`, and give their index, the artefact `replies`.

    CONFIRMED and NO_DISCLOSURE rows go to the recipients the request names and to nobody else, RETURNED rows in one
    reply to the certificate that signed the submission. A file is named by its SHA-256 (`sealed_digest`) and holds the
    manifest and the sealed reply (`manifest.enclosed`). All are on disk when this returns; the files exist only when an
    event names the index. Raises as `verify_evidence` and `rebuild_replies`; Refused RECIPIENT_UNKNOWN,
    RECIPIENT_CERTIFICATE_DIFFERS, REHEARSAL_MIXED, or a code of `crypto` for a certificate that is not believed;
    Integrity REPLIES_NOT_WRITTEN.
    """
    with workspace(directory) as ws:
        receipt = verify_evidence(ws, tables, evidence, at)
        ws.view("blinds", tables.blinds)
        ws.view("recipients", tables.recipients)
        route(ws, notice.codes)
        _require_addressees(ws, addressees, evidence.approvers.requester, at)
        _require_one_kind(addressees, office.certificate, rehearsal=notice.rehearsal)
        head = heading(evidence.release, notice.codes, rehearsal=notice.rehearsal)
        try:
            index = _seal_all(directory, routed_replies(ws, head), receipt, addressees, notice, office)
        except OSError:
            raise Integrity(
                "REPLIES_NOT_WRITTEN", "The replies could not be written to disk.", "Free the disk, then release again."
            ) from None
        return _write_index(ws, index)


def require_sealable(
    directory: Path,
    answers: Artefact,
    recipients: Artefact,
    addressees: Addressees,
    office: Certificate,
    *,
    rehearsal: bool,
    at: datetime,
) -> None:
    """Refuse, before a disclosure is intended, what `seal_replies` would refuse about its addressees after it.

    `office` is the office's own certificate. Raises Refused as `seal_replies`.
    """
    with workspace(directory) as ws:
        ws.view("answers", answers)
        ws.view("recipients", recipients)
        _require_addressees(ws, addressees, addressees.certificates[SIGNATORY].fingerprint, at)
        _require_one_kind(addressees, office, rehearsal=rehearsal)


_ADDRESSED = f"""
    SELECT DISTINCT unnest(CASE WHEN answer = '{RETURNED}' THEN ['{SIGNATORY}'] ELSE recipients END) AS recipient
    FROM answers ORDER BY recipient"""


def _require_addressees(ws: Workspace, addressees: Addressees, requester: str, at: datetime) -> None:
    """Every recipient of a row was named by the submission and has the certificate of both, believed for sealing."""
    named = dict(ws.rows("SELECT recipient, certificate FROM recipients"))
    if SIGNATORY in named:
        raise _unfit("RECIPIENT_UNKNOWN", "A recipient has the id that is kept for the signatory.")
    named[SIGNATORY] = requester
    for (recipient,) in ws.rows(_ADDRESSED):
        certificate = addressees.certificates.get(recipient)
        if certificate is None or recipient not in named:
            raise _unfit("RECIPIENT_UNKNOWN", "A recipient is not in the register or not in the submission.")
        if certificate.fingerprint != named[recipient]:
            raise _unfit("RECIPIENT_CERTIFICATE_DIFFERS", "Register and submission name different certificates.")
        try:
            verify_chain(certificate, addressees.roots_for(recipient), at, Purpose.SEALING)
        except CryptoError as error:
            raise _unfit(error.code, error.says) from None


def _require_one_kind(addressees: Addressees, office: Certificate, *, rehearsal: bool) -> None:
    """Rehearsal and live never meet in one release (P10)."""
    if any(c.rehearsal is not rehearsal for c in (office, *addressees.certificates.values())):
        raise _unfit("REHEARSAL_MIXED", "Certificates of a rehearsal and of the real world meet in one release.")


def _seal_all(
    directory: Path,
    replies: Iterator[Reply],
    receipt: Receipt,
    addressees: Addressees,
    notice: Notice,
    office: OfficeSeal,
) -> list[_Sealed]:
    folder = directory / FOLDER
    folder.mkdir(exist_ok=True)
    index = []
    for reply in replies:
        certificate = addressees.certificates[reply.recipient]
        plaintext = reply.plaintext()
        content = _sealed_file(reply, plaintext, certificate, receipt, notice, office)
        sealed_digest = digest(content)
        file = f"{FOLDER}/{sealed_digest}.reply"
        (directory / file).write_bytes(content)
        index.append(
            _Sealed(reply.recipient, certificate.fingerprint, digest(plaintext), sealed_digest, reply.rows, file)
        )
    # One sync for all: ten thousand of them would take longer than everything else in this step.
    os.sync()
    return index


def _sealed_file(
    reply: Reply, plaintext: bytes, certificate: Certificate, receipt: Receipt, notice: Notice, office: OfficeSeal
) -> bytes:
    """What is handed over: the signed manifest and the sealed reply."""
    said = reply.heading
    sealed = seal(plaintext, certificate, context=seal_context(said, reply.recipient))
    manifest = Manifest(
        said.submission,
        said.submission_digest,
        said.agreement,
        said.version,
        notice.rules_digest,
        reply.recipient,
        certificate.fingerprint,
        reply.rows,
        digest(plaintext),
        digest(sealed),
        notice.use,
        notice.destroy_by,
        receipt.intended,
        notice.orders,
        notice.rehearsal,
    )
    return enclose(manifest.signed(office.key, office.certificate), sealed)


def seal_context(said: Heading, recipient: str) -> dict[str, str]:
    """What a sealed reply is bound to: the digest of the submission, and the recipient."""
    return {"submission": said.submission_digest, "recipient": recipient}


def _write_index(ws: Workspace, index: Sequence[_Sealed]) -> Artefact:
    names = list(_Sealed.__dataclass_fields__)
    columns: list[object] = [[getattr(sealed, name) for sealed in index] for name in names]
    ws.con.execute(
        "CREATE TABLE replies (recipient VARCHAR, certificate VARCHAR, plaintext_digest VARCHAR, "
        "sealed_digest VARCHAR, rows INTEGER, file VARCHAR)"
    )
    ws.con.execute(f"INSERT INTO replies SELECT {', '.join('unnest(?)' for _ in names)}", columns)
    return ws.write("replies", "SELECT * FROM replies", "recipient")


def _unfit(code: str, says: str) -> Refused:
    return Refused(code, says, "Nothing was sealed. Set the register right, or have the requester submit anew.")
