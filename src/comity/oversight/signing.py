"""Whose signatures stand behind an intent, by the registers that the log itself opens to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.batch_state import BatchState
from comity.case.hold_decisions import involvement
from comity.case.office_state import OfficeState
from comity.crypto import Certificate
from comity.oversight.artefacts import reading
from comity.oversight.walk import inconsistent
from comity.review import Approvers, Countersignature, Permit, Statement, ToRelease, counted, verify_permit


def require_signed(
    folder: Path, state: BatchState, registers: OfficeState, authority: Certificate, answers: Artefact, at: datetime
) -> None:
    """Two approvers, by `registers` and with no other part in the batch, signed exactly `answers`.

    `at` is the moment of the intent. Raises Integrity REGISTERS_MISSING when `registers` are not those that the intent
    was decided on, and otherwise as `review.verify_permit`.
    """
    if state.intended is None or state.intended.office_version != registers.version:
        raise inconsistent("REGISTERS_MISSING", "The registers that an intent rests on are not opened before it.")
    require_signatures_stand(folder, state, registers, authority, answers, at)


def require_signatures_stand(
    folder: Path, state: BatchState, registers: OfficeState, authority: Certificate, answers: Artefact, at: datetime
) -> None:
    """The same at any other moment and by other registers. Raises as `review.verify_permit`."""
    release = _to_release(folder, state, answers)
    signatures = tuple(
        Countersignature(Statement.read(signed.statement), signed.alg, signed.signature, signed.credential)
        for signed in state.countersigned
    )
    verify_permit(Permit(release, signatures), release, _approvers(state, registers, authority), at)


def _to_release(folder: Path, state: BatchState, answers: Artefact) -> ToRelease:
    received = state.submission()
    with reading(folder) as ws:
        ws.view("answers", answers)
        counts = counted(dict(ws.rows("SELECT answer, count(*) FROM answers GROUP BY answer")))
    return ToRelease(
        received.submission,
        received.package_digest,
        received.agreement,
        received.agreement_version,
        answers.digest,
        sum(number for _, number in counts),
        counts,
    )


def _approvers(state: BatchState, registers: OfficeState, authority: Certificate) -> Approvers:
    requester = Certificate.from_pem(state.submission().certificate.encode())
    return Approvers.by(registers, [authority], involvement(state, registers), requester)
