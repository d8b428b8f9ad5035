"""What may have lapsed since receipt is asked again before anything leaves, by the agreement's own gates too."""

from __future__ import annotations

from comity import disclosure, gates
from comity.agreements import Agreement
from comity.case import batch_decisions as decide
from comity.case.batch_state import BatchState
from comity.case.errors import Integrity
from comity.case.office_state import OfficeState
from comity.office.desk import Office
from comity.office.receiving import agreement_in_force
from comity.review import SIGNATORY


def require_still_allowed(office: Office, batch: BatchState, state: OfficeState, agreed: Agreement) -> None:
    """Refuse the release of a batch whose submission, or a request of it that passed, would not pass today.

    `agreed` is the agreement in force. Its gates are not asked where nothing is disclosed. Raises as
    `case.batch_decisions.require_still_allowed` and `gates.require_still_passing`.
    """
    today = office.now().date()
    decide.require_still_allowed(batch, state, today.isoformat())
    if decide.discloses_nothing(batch):
        return
    if batch.settled is None:
        raise Integrity(
            "OUT_OF_ORDER", "Answers were made before the rulings were settled.", "Report this as a defect."
        )
    received = batch.submission()
    named = {"requests": received.requests, "recipients": received.recipients, "settled": batch.settled.settled}
    tables = {name: office.vault.artefact(batch.batch, table) for name, table in named.items()}
    gates.require_still_passing(office.vault.folder(batch.batch), tables, agreed, received, state, today)


def require_still_entitled(office: Office, batch: BatchState, state: OfficeState, recipient: str) -> None:
    """Refuse to hand a reply to `recipient` once the submission, or one that names this recipient, would not pass.

    What goes back to the signatory is the agency's own paper, of which nothing is asked. Raises Refused
    `LAPSED_SINCE_RECEIPT`, and as `disclosure.require_still_known`.
    """
    if recipient == SIGNATORY:
        return
    received = batch.submission()
    disclosure.require_still_known(received, recipient, state, office.now())
    gates.require_still_entitled(
        office.vault.folder(batch.batch),
        office.vault.artefact(batch.batch, received.recipients),
        recipient,
        agreement_in_force(office, state, received.agreement),
        received,
        state,
        office.now().date(),
    )
