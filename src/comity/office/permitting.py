"""Leave to release, from the registers of the office: whose signatures count for a batch, and the permit they make."""

from __future__ import annotations

from comity import review
from comity.case.batch_state import BatchState
from comity.case.office_state import OfficeState
from comity.crypto import Certificate
from comity.office.desk import Office
from comity.office.reviewing import countersignatures, to_release


def permit_for(office: Office, batch: BatchState, state: OfficeState) -> tuple[review.Permit, review.Approvers]:
    """The permit for the answers in force, and by which registers it was granted. Raises as `review.grant`."""
    approvers = _approvers(office, batch, state)
    return review.grant(to_release(batch), countersignatures(batch), approvers, office.now()), approvers


def _approvers(office: Office, batch: BatchState, state: OfficeState) -> review.Approvers:
    requester = Certificate.from_pem(batch.submission().certificate.encode()).fingerprint
    approving = {known.fingerprint: known.officer for known in state.officers.values() if "approver" in known.roles}
    excluded = review.Approvers.excluded_by(batch.involvement)
    return review.Approvers((office.home.authority,), approving, excluded, requester)
