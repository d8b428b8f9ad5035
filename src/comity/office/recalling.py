"""Step 7, recall: counsel calls answers back, whoever got them is notified, and certifies that they are gone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from comity.case import recalls
from comity.case.batch_events import DisposalCertified, RecallNotified, RecallOrdered
from comity.case.batch_state import BatchState
from comity.case.errors import BadInput
from comity.case.outcomes import RETURNED
from comity.crypto import canonical, digest, sign, verify
from comity.office.desk import Actor, Office, crypto_errors
from comity.office.handing import read_token, recipients, reply_entry, roots_then
from comity.office.permitting import is_rehearsal
from comity.office.receiving import SALT_BYTES, agreement_in_force
from comity.office.written import written_beside
from comity.workspace import workspace

# More digits than any batch has rows would not fit the column.
_DIGITS = 10


def read_rows(text: str) -> list[int]:
    """The row numbers in `text`, with commas or blanks between. Raises BadInput `ROWS_UNREADABLE`."""
    words = text.replace(",", " ").split()
    if not words or not all(word.isascii() and word.isdecimal() and len(word) < _DIGITS for word in words):
        raise BadInput("ROWS_UNREADABLE", "The rows are not whole numbers.", "Give them as 3,7,12.")
    return [int(word) for word in words]


def order(office: Office, actor: Actor, batch_id: str, rows: Collection[int], reason: str) -> RecallOrdered:
    """Counsel recalls the answers to the requests at `rows` from every recipient; gives the recall.

    Replies that lie sealed and hold one of these answers do not leave any more. Raises as `case.recalls.order`, and
    BadInput `ROW_UNKNOWN`.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "recall", batch)
    state = office.state()
    today = office.now().date()
    agreed = agreement_in_force(office, state, batch.submission().agreement).on(today)
    ordered = RecallOrdered(
        len(batch.recalls) + 1,
        tuple(sorted(set(rows))),
        tuple(sorted(_answered_to(office, batch, rows))),
        reason,
        (today + timedelta(days=agreed.terms.recall_days)).isoformat(),
        secrets.token_hex(SALT_BYTES),
    )
    addressed = recipients(office, batch) if batch.sealed else []
    events = recalls.order(batch, ordered, addressed, lambda: secrets.token_hex(SALT_BYTES))
    office.record(office.act(actor, role, "recall order"), events, state, batch)
    return ordered


def _answered_to(office: Office, batch: BatchState, rows: Collection[int]) -> set[str]:
    """To whom any of the requests at `rows` is answered; what goes back to the signatory is the agency's own paper."""
    if batch.answers is None:
        return set()
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("answers", office.vault.artefact(batch.batch, batch.answers.answers))
        found = ws.rows(
            "SELECT row_number, answer, recipients FROM answers WHERE list_contains(?::INTEGER[], row_number)",
            [list(rows)],
        )
    if len(found) < len(set(rows)):
        raise BadInput("ROW_UNKNOWN", "The batch has no request in one of these rows.", "Rows count from 1.")
    return {recipient for _, answer, named in found if answer != RETURNED for recipient in named}


def notify(office: Office, actor: Actor, batch_id: str, number: int, recipient: str, out: Path) -> None:
    """Hand the office's signed notice of a recall to a recipient, as the new file `out`; the event comes first.

    It names the requester's own ids of the requests, the reply and the day, and nothing of a record. Raises as
    `case.recalls.notify`, and BadInput `OUT_NOT_WRITABLE`.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "notify_recall", batch)
    state = office.state()
    recall = recalls.find(batch, number).ordered
    content = canonical(_notice(office, batch, recall, recipient, rehearsal=is_rehearsal(state)))
    events = recalls.notify(batch, RecallNotified(number, recipient, digest(content)))
    with crypto_errors():
        token = sign(content, office.home.office_key, office.home.certificate)
    with written_beside(out, BytesIO(token.encode("ascii"))) as draft:
        office.record(office.act(actor, role, "recall notice"), events, state, batch)
        draft.rename(out)


def _notice(
    office: Office, batch: BatchState, recall: RecallOrdered, recipient: str, *, rehearsal: bool
) -> dict[str, object]:
    entry, received = reply_entry(office, batch, recipient), batch.submission()
    return {
        "type": recalls.NOTICE,
        "recall": recall.recall,
        "submission": received.submission,
        "submission_digest": received.package_digest,
        "recipient": recipient,
        "certificate": entry["certificate"],
        "plaintext_digest": entry["plaintext_digest"],
        "requests": _ids(office, batch, recall, recipient),
        "reason": recall.reason,
        "destroy_by": recall.destroy_by,
        "rehearsal": rehearsal,
    }


def _ids(office: Office, batch: BatchState, recall: RecallOrdered, recipient: str) -> list[str]:
    answers = office.vault.artefact(batch.batch, batch.answers.answers if batch.answers else {})
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("answers", answers)
        rows = ws.rows(
            f"""SELECT request_id FROM answers WHERE list_contains(?::INTEGER[], row_number)
            AND list_contains(recipients, ?) AND answer <> '{RETURNED}' ORDER BY request_id""",
            [list(recall.row_numbers), recipient],
        )
    return [request_id for (request_id,) in rows]


def certify(office: Office, actor: Actor, batch_id: str, number: int, recipient: str, signed: Path) -> None:
    """File a recipient's certificate of disposal: a JWS by the certificate to which the reply was sealed.

    Raises BadInput `DISPOSAL_MALFORMED`, `DISPOSAL_OF_ANOTHER`, `CERTIFIED_BY_ANOTHER`, a code of the signature, or as
    `case.recalls.certify`.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "certify_disposal", batch)
    state = office.state()
    recall = recalls.find(batch, number)
    token = read_token(signed)
    with crypto_errors():
        verified = verify(token, list(roots_then(office, batch, recipient)), office.now())
    if verified.certificate.fingerprint != reply_entry(office, batch, recipient)["certificate"]:
        raise BadInput("CERTIFIED_BY_ANOTHER", "Somebody else signed this.", "Have the recipient sign.")
    said = _disposal(verified.payload)
    notified = recall.notified.get(recipient)
    if notified is None or said["notice"] != notified.notice_digest or said["recipient"] != recipient:
        raise BadInput(
            "DISPOSAL_OF_ANOTHER", "This certifies something else than was recalled.", "Have the notice answered."
        )
    event = DisposalCertified(number, recipient, said["method"], token)
    events = recalls.certify(batch, event, secrets.token_hex(SALT_BYTES))
    office.record(office.act(actor, role, "recall certify"), events, state, batch)


def _disposal(content: bytes) -> dict[str, str]:
    malformed = BadInput(
        "DISPOSAL_MALFORMED", "This is no certificate of disposal.", "Make one: `comity request dispose NOTICE`."
    )
    try:
        said = json.loads(content)
        kind, found = said["type"], {name: str(said[name]) for name in ("notice", "recipient", "method")}
    except (ValueError, KeyError, TypeError):
        raise malformed from None
    if kind != recalls.DISPOSAL:
        raise malformed
    return found


def standings(office: Office, batch_id: str) -> Sequence[tuple[RecallOrdered, bool, list[recalls.Standing]]]:
    """Every recall of a batch: what was ordered, whether it is closed, and how each recipient stands today."""
    batch, today = office.batch(batch_id), office.now().date().isoformat()
    return [
        (recall.ordered, recall.closed, recalls.standings(batch, recall, today)) for recall in batch.recalls.values()
    ]


def open_recalls(batch: BatchState) -> int:
    """How many recipients still have to be notified or to certify, over all recalls of the batch."""
    return sum(
        len(recalls.owed(batch, recall) - recall.certified.keys())
        for recall in batch.recalls.values()
        if not recall.closed
    )
