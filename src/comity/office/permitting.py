"""Leave to release, from the registers of the office: whose signatures count for a batch, whom its replies go to."""

from __future__ import annotations

from collections.abc import Mapping

from comity import disclosure, review
from comity.case.batch_state import BatchState
from comity.case.office_state import OfficeState
from comity.crypto import Certificate
from comity.office.desk import Office
from comity.office.home import REHEARSAL
from comity.office.reviewing import countersignatures, to_release


def permit_for(office: Office, batch: BatchState, state: OfficeState) -> tuple[review.Permit, review.Approvers]:
    """The permit for the answers in force, and by which registers it was granted. Raises as `review.grant`."""
    approvers = _approvers(office, batch, state)
    return review.grant(to_release(batch), countersignatures(batch), approvers, office.now()), approvers


def addressees(batch: BatchState, state: OfficeState) -> disclosure.Addressees:
    """Whom the replies of a batch are sealed to: the recipients of the register, and whoever signed the submission."""
    certificates: Mapping[str, Certificate] = {
        known.recipient: _read(known.certificate) for known in state.recipients.values()
    }
    received = batch.submission()
    roots = [_read(pem) for pem in state.authorities.get(received.agency, ())]
    all_roots = [_read(pem) for pems in state.authorities.values() for pem in pems]
    return disclosure.Addressees({**certificates, review.SIGNATORY: _read(received.certificate)}, roots, all_roots)


def is_rehearsal(state: OfficeState) -> bool:
    """Whether what this office sends is made up (P10)."""
    return state.opened is None or state.opened.home_kind == REHEARSAL


def _approvers(office: Office, batch: BatchState, state: OfficeState) -> review.Approvers:
    requester = _read(batch.submission().certificate)
    approving = {known.fingerprint: known.officer for known in state.officers.values() if "approver" in known.roles}
    return review.Approvers(
        (office.home.authority,),
        approving,
        review.Approvers.excluded_by(batch.involvement),
        requester.fingerprint,
        requester.key_fingerprint,
    )


def _read(pem: str) -> Certificate:
    return Certificate.from_pem(pem.encode())
