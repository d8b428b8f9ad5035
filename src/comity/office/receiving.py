"""Step 1, intake: a signed package becomes a batch, or nothing of it is kept."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from comity import agreements
from comity.agreements import Agreement
from comity.case import batch_decisions as decide
from comity.case.batch_events import SubmissionReceived
from comity.case.envelope import stamp
from comity.case.errors import BadInput
from comity.case.holds import require_no_hold
from comity.case.homes import require_certificate_fits
from comity.case.office_state import OfficeState
from comity.case.standing import authority, standing
from comity.crypto import Certificate, Purpose
from comity.intake import Submission, open_package, read_submission
from comity.office.desk import Actor, Office
from comity.office.locks import alone
from comity.store.vault import INCOMING

SALT_BYTES = 32


def receive(office: Office, actor: Actor, package: Path) -> str:
    """Verify and read the package (directory or zip) at `package`; give the batch's id, which is the submission's.

    Raises BadInput for what cannot be trusted or read (signature, digest, count, schema, replay), Refused `HOLD_ACTIVE`
    under a hold, and as `case.homes` for made-up people or certificates in a live home and real ones in a rehearsal.
    """
    role = office.require(actor, "receive")
    state = office.state()
    roots = [Certificate.from_pem(pem.encode()) for pems in state.authorities.values() for pem in pems]
    now = office.now()
    with alone(office.home.directory, "intake", wait=True), _incoming(office) as folder:
        submission = read_submission(folder, open_package(package), roots=roots, at=now)
        _require_answerable(submission)
        require_certificate_fits(state.kind, rehearsal=submission.certificate.rehearsal)
        batch = office.any_batch(submission.cover.submission)
        received = _received(office, state, submission, now)
        decide.receive(batch, state, received)
        office.vault.adopt(batch.batch, folder)
        office.record(office.act(actor, role, "receive"), [received], state, batch)
    return batch.batch


def _require_answerable(submission: Submission) -> None:
    """Requests that come back are sealed to the certificate that signed: it has to serve that as well."""
    if Purpose.SEALING not in submission.certificate.purpose:
        raise BadInput(
            "CERTIFICATE_WRONG_PURPOSE",
            "The certificate that signed cannot be sealed to, so nothing could be returned to it.",
            "Sign with a certificate for digital signature and key agreement.",
        )


@contextmanager
def _incoming(office: Office) -> Iterator[Path]:
    # One intake at a time: whatever lies there is of one that was killed, and holds what a stranger sent.
    office.vault.sweep_incoming()
    folder = office.vault.folder(f"{INCOMING}{secrets.token_hex(8)}")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _received(office: Office, state: OfficeState, submission: Submission, now: datetime) -> SubmissionReceived:
    cover = submission.cover
    require_no_hold(state.holds.values(), cover.agreement)
    agreement = agreement_in_force(office, state, cover.agreement).on(now.date())
    return SubmissionReceived(
        submission=cover.submission,
        supersedes=cover.supersedes or "",
        agreement=cover.agreement,
        agreement_version=cover.agreement_version,
        agency=cover.agency,
        signatory=_signatory_id(state, submission),
        certificate=submission.certificate.pem().decode(),
        package_digest=submission.package_digest,
        cover=submission.cover_token,
        requests=submission.requests.named(),
        recipients=submission.recipients.named(),
        facts=_facts(state, submission, agreement, now) | _size(office, submission),
        received_on=now.date().isoformat(),
        answer_at=stamp(agreement.answer_hour(now)),
        synthetic=cover.synthetic,
        vouched_by=cover.vouched_by,
        salt=secrets.token_hex(SALT_BYTES),
    )


def agreement_in_force(office: Office, state: OfficeState, name: str) -> Agreement:
    """The agreement as counsel approved it, from the text that the home keeps; `on` a day it gives that day's values.

    Raises BadInput `AGREEMENT_UNKNOWN`, Integrity `AGREEMENT_MISSING` or `AGREEMENT_TEXT_CHANGED`.
    """
    return agreements.kept(office.home.agreements, state.agreement(name).digest)


def _signatory_id(state: OfficeState, submission: Submission) -> str:
    """Who of the register signed, in the office and on the basis that the cover says; nobody, "", where they differ."""
    signed = (submission.certificate.fingerprint, submission.cover.signatory.office, submission.cover.signatory.basis)
    entered = state.signatories.values()
    return next((one.subject for one in entered if (one.fingerprint, one.office, one.basis) == signed), "")


def _size(office: Office, submission: Submission) -> dict[str, object]:
    """How many requests there are, and how many times as many as passed of any earlier submission of the agency.

    What came back does not count, so that nobody grows by sending the same again.
    """
    earlier = [batch for batch in office.batches() if batch.submission().agency == submission.cover.agency]
    passed = max((batch.settled.passed for batch in earlier if batch.settled), default=0)
    requests = submission.requests.rows
    return {"requests": requests, "growth": -(-requests // max(passed, 1)) if earlier else 1}


def _facts(state: OfficeState, submission: Submission, agreement: Agreement, now: datetime) -> dict[str, object]:
    """The one row that gates of scope `submission` judge: cover, registers and agreement."""
    cover = submission.cover
    day = now.date().isoformat()
    said = cover.attestation
    wording = agreement.terms.attestations.get(said.version)
    attested = (
        wording is not None and agreement.attestation(cover.attestation.version).digest == cover.attestation.digest
    )
    return {
        "signature_verified": True,
        "counts_agree": True,
        "attestation_known": attested,
        "agency": cover.agency,
        "invokes": cover.invokes,
        **authority(
            state, _signatory_id(state, submission), cover.agency, cover.agreement, cover.agreement_version, day
        ),
        **standing(state, cover.agency, day),
    }
