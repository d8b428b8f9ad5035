"""Step 6, disclosure: replies are sealed, handed over and acknowledged."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from comity import disclosure
from comity.accounting import make_receipt
from comity.case import batch_decisions as decide
from comity.case import recalls
from comity.case.batch_events import RepliesSealed, ReplyAcknowledged, ReplyHandedOver
from comity.case.batch_state import BatchState
from comity.case.errors import BadInput, Integrity, Refused
from comity.case.office_state import OfficeState
from comity.crypto import Certificate, verify_detached
from comity.office.desk import Actor, Office, crypto_errors, log_errors
from comity.office.permitting import addressees, is_rehearsal, permit_for
from comity.office.receiving import SALT_BYTES, agreement_in_force
from comity.office.rechecking import require_still_allowed, require_still_entitled
from comity.office.witnessing import Witnessed, known_to
from comity.office.written import written_beside
from comity.workspace import file_digest, workspace


def seal(office: Office, actor: Actor, batch: BatchState, witnessed: Witnessed) -> None:
    """Seal one reply per recipient, under the checkpoint that the witnesses cosigned; nothing leaves yet."""
    role = office.require(actor, "release", batch)
    state = office.state()
    intended = batch.intent()
    agreed = agreement_in_force(office, state, batch.submission().agreement)
    require_still_allowed(office, batch, state, agreed)
    vault, folder = office.vault, office.vault.folder(batch.batch)
    tables = disclosure.Tables(
        vault.artefact(batch.batch, intended.answers),
        vault.artefact(batch.batch, intended.accounting),
        vault.artefact(batch.batch, intended.blinds),
        vault.artefact(batch.batch, batch.submission().recipients),
    )
    index = disclosure.seal_replies(
        folder,
        tables,
        _evidence(office, batch, state, witnessed),
        addressees(office, batch, state),
        _notice(office, batch, state),
        disclosure.OfficeSeal(office.home.office_key, office.home.certificate),
        office.now(),
    )
    event = RepliesSealed(intended.intent, index.named(), state.version)
    office.record(office.act(actor, role, "release"), [decide.seal(batch, state, event)], state, batch)


def collect(office: Office, actor: Actor, batch: BatchState, recipient: str, out: Path) -> None:
    """Record the handing-over, holds read in the same transaction; only then do the sealed bytes appear at `out`.

    They are written beside it first: what cannot be handed over is not counted. Raises BadInput `OUT_NOT_WRITABLE`.
    """
    role = office.require(actor, "collect", batch)
    state = office.state()
    entry = reply_entry(office, batch, recipient)
    sealed = office.vault.folder(batch.batch) / entry["file"]
    if not sealed.is_file():
        raise Integrity(
            "REPLY_MISSING",
            "A sealed reply is gone, and it cannot be sealed a second time.",
            f"Copy {sealed.name} from a backup into the batch's folder replies/.",
        )
    if file_digest(sealed) != entry["sealed_digest"]:
        raise Integrity("REPLY_CHANGED", "The sealed reply is not the one that was sealed.", "Restore the vault.")
    event = ReplyHandedOver(recipient, entry["sealed_digest"], state.version)
    recalls.require_not_recalled(batch, recipient)
    events = decide.hand_over(batch, state, event)
    require_still_entitled(office, batch, state, recipient)
    with sealed.open("rb") as content, written_beside(out, content) as draft:
        # Appending nothing still compares the office's version: a hold placed a moment ago stops a second fetch too.
        office.record(office.act(actor, role, "collect"), events, state, batch)
        draft.rename(out)


def acknowledge(office: Office, actor: Actor, batch: BatchState, recipient: str, signature: Path) -> None:
    """File an acknowledgement: a detached JWS over the plaintext's digest by the recipient's registered certificate."""
    role = office.require(actor, "acknowledge", batch)
    state = office.state()
    entry = reply_entry(office, batch, recipient)
    token = read_token(signature)
    roots = roots_then(office, batch, recipient)
    with crypto_errors():
        signed = verify_detached(token, entry["plaintext_digest"].encode(), list(roots), office.now())
    if signed.certificate.fingerprint != entry["certificate"]:
        raise BadInput("ACKNOWLEDGED_BY_ANOTHER", "Somebody else signed this.", "Have the recipient sign.")
    event = ReplyAcknowledged(recipient, entry["plaintext_digest"], token)
    awaited = set(recipients(office, batch)) - recalls.stopped_by(batch)
    events = decide.acknowledge(batch, event, awaited, secrets.token_hex(SALT_BYTES))
    office.record(office.act(actor, role, "acknowledge"), events, state, batch)


def roots_then(office: Office, batch: BatchState, recipient: str) -> Sequence[Certificate]:
    """The roots under which a recipient was believed when the reply was handed over: one struck off since still signs
    for what was received. Raises Refused `NOT_HANDED_OVER`."""
    handed = batch.handed_over.get(recipient)
    if handed is None:
        raise Refused("NOT_HANDED_OVER", "This reply has not been handed over.", "Collect it first.")
    return addressees(office, batch, office.state_at(handed.office_version)).roots_for(recipient)


def read_token(file: Path) -> str:
    """The signature in `file`. Raises BadInput `SIGNATURE_MALFORMED` where it cannot be one."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "SIGNATURE_MALFORMED", "The file holds no signature.", "Name the file that the recipient signed."
        ) from None


def reply_entry(office: Office, batch: BatchState, recipient: str) -> dict[str, str]:
    """The line of the index about one recipient's reply. Raises BadInput `RECIPIENT_HAS_NO_REPLY`."""
    for entry in _index(office, batch):
        if entry["recipient"] == recipient:
            return entry
    raise BadInput("RECIPIENT_HAS_NO_REPLY", "No reply was sealed for this recipient.", "See who was named.")


def recipients(office: Office, batch: BatchState) -> list[str]:
    """Everybody for whom a reply of the batch lies sealed."""
    return [entry["recipient"] for entry in _index(office, batch)]


def _index(office: Office, batch: BatchState) -> list[dict[str, str]]:
    if batch.sealed is None:
        raise Refused("OUT_OF_ORDER", "No reply has been sealed yet.", "Run `comity release BATCH`.")
    names = ("recipient", "certificate", "plaintext_digest", "sealed_digest", "file")
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("replies", office.vault.artefact(batch.batch, batch.sealed.replies))
        return ws.records(f"SELECT {', '.join(names)} FROM replies ORDER BY recipient")


def _evidence(office: Office, batch: BatchState, state: OfficeState, witnessed: Witnessed) -> disclosure.Evidence:
    permit, approvers = permit_for(office, batch, state)
    leaf, start, index = intent_leaves(office, batch)
    with log_errors():
        receipt = make_receipt(office.log, start, index, index, witnessed.note)
    verifiers = known_to(office, witnessed.policy)
    return disclosure.Evidence(permit, permit.release, approvers, receipt, leaf, verifiers, witnessed.policy)


def intent_leaves(office: Office, batch: BatchState) -> tuple[bytes, int, int]:
    """The leaf of the intent in force, the index of its first request leaf, and its own index."""
    leaves = office.leaves_of(batch, "disclosure_intended")
    index = leaves[1] - 1
    return next(iter(office.log.entries(index, index + 1))), index - batch.intent().accounting["rows"], index


def _notice(office: Office, batch: BatchState, state: OfficeState) -> disclosure.Notice:
    received = batch.submission()
    agreement = agreement_in_force(office, state, received.agreement).on(date.fromisoformat(received.received_on))
    answered = date.fromisoformat(received.answer_at[:10])
    destroy_by = agreement.destroy_by(answered)
    return disclosure.Notice(
        agreement.codes,
        agreement.digest,
        agreement.terms.use_restriction,
        destroy_by.isoformat(),
        (),
        rehearsal=is_rehearsal(state),
    )
