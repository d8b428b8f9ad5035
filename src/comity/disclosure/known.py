"""Whether a recipient is one still, and the paper of the agency believed still, when a sealed reply is handed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from comity.case.batch_events import SubmissionReceived
from comity.case.errors import Refused
from comity.case.office_state import OfficeState
from comity.crypto import Certificate, CryptoError, Purpose, verify_chain

_ASK_ANEW = "Have the requester ask anew, naming who reads the answer now."


def require_still_known(received: SubmissionReceived, recipient: str, registers: OfficeState, at: datetime) -> None:
    """Refuse to hand a reply to a `recipient` who was struck off, or under a root that was.

    The root of who signed the submission is asked as well. Whether a certificate is in term is not. Raises Refused
    `RECIPIENT_STRUCK_OFF` or `AUTHORITY_STRUCK_OFF`.
    """
    known = registers.recipients.get(recipient)
    if known is None:
        raise Refused("RECIPIENT_STRUCK_OFF", "This recipient is not in the register any more.", _ASK_ANEW)
    every = [root for roots in registers.authorities.values() for root in roots]
    _require_trusted(known.certificate, registers.authorities.get(received.agency, ()), at)
    _require_trusted(received.certificate, every, at)


def _require_trusted(certificate: str, roots: Iterable[str], at: datetime) -> None:
    held = Certificate.from_pem(certificate.encode())
    in_term = max(held.not_before, min(at, held.not_after))
    try:
        verify_chain(held, [Certificate.from_pem(root.encode()) for root in roots], in_term, Purpose.SIGNING)
    except CryptoError:
        raise Refused(
            "AUTHORITY_STRUCK_OFF", "The authority behind this reply is not trusted here any more.", _ASK_ANEW
        ) from None
