"""Leave to release, from the registers of the office: whose signatures count for a batch, whom its replies go to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from comity import disclosure, review
from comity.case.batch_state import BatchState
from comity.case.hold_decisions import involvement
from comity.case.homes import REHEARSAL
from comity.case.office_state import OfficeState
from comity.crypto import Certificate
from comity.office.desk import Office
from comity.office.reviewing import countersignatures, to_release
from comity.workspace import workspace


def permit_for(office: Office, batch: BatchState, state: OfficeState) -> tuple[review.Permit, review.Approvers]:
    """The permit for the answers in force, and by which registers it was granted. Raises as `review.grant`."""
    approvers = _approvers(office, batch, state)
    return review.grant(to_release(batch), countersignatures(batch), approvers, office.now()), approvers


def addressees(office: Office, batch: BatchState, state: OfficeState) -> disclosure.Addressees:
    """Whom the replies of a batch are sealed to: whom the submission names and the register knows, and its signatory.

    The register may know many times more.
    """
    received = batch.submission()
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("recipients", office.vault.artefact(batch.batch, received.recipients))
        named = [recipient for (recipient,) in ws.rows("SELECT recipient FROM recipients")]
    known = (state.recipients[recipient] for recipient in named if recipient in state.recipients)
    certificates: Mapping[str, Certificate] = {who.recipient: _read(who.certificate) for who in known}
    roots = [_read(pem) for pem in state.authorities.get(received.agency, ())]
    all_roots = [_read(pem) for pems in state.authorities.values() for pem in pems]
    return disclosure.Addressees({**certificates, review.SIGNATORY: _read(received.certificate)}, roots, all_roots)


def is_rehearsal(state: OfficeState) -> bool:
    """Whether what this office sends is made up (P10)."""
    return state.kind == REHEARSAL


def _approvers(office: Office, batch: BatchState, state: OfficeState) -> review.Approvers:
    requester = _read(batch.submission().certificate)
    return review.Approvers.by(state, [office.home.authority], involvement(batch, state), requester)


# Both steps of a release read the certificates of ten thousand recipients.
@lru_cache(maxsize=1 << 14)
def _read(pem: str) -> Certificate:
    return Certificate.from_pem(pem.encode())
