"""Step 4, review: votes, answers and countersignatures."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from comity import review
from comity.case import batch_decisions as decide
from comity.case import passkeys
from comity.case.artefact import Artefact
from comity.case.batch_events import (
    AnswersMade,
    Countersigned,
    Named,
    RequestsDetermined,
    ReviewersMeasured,
)
from comity.case.batch_state import BatchState
from comity.case.envelope import Act, Event, stamp
from comity.case.errors import Refused
from comity.case.holds import Hold, about_persons, persons_of
from comity.case.office_state import OfficeState
from comity.crypto import Certificate, P256Key
from comity.linkage import READ_BY, Compared, find_listed
from comity.office.desk import Actor, Office
from comity.office.receiving import SALT_BYTES
from comity.oversight.measured import Measured, measured_reviewers

# How long what a page showed can be signed: long enough to read a great many answers.
SHOWN_FOR = timedelta(hours=1)


def open_cases(office: Office, batch_id: str, officer: str = "") -> tuple[tuple[int, str], ...]:
    """The cases that still need votes, (row number, `clerical` or `audit`); for `officer`, the own ones."""
    batch = office.batch(batch_id)
    if batch.determined is None or batch.answers is not None or batch.forgone:
        return ()
    waiting = review.queue(docket(office, batch), batch.cast, officer)
    return tuple((row, kind) for row, kind in waiting if (row, officer) not in batch.put_back)


def docket(office: Office, batch: BatchState) -> review.Docket:
    """What is voted on in a batch that was determined. Raises Refused `OUT_OF_ORDER` before that."""
    determined, known = _determined(batch), batch.known

    def kept(named: Named) -> Artefact:
        return office.vault.artefact(batch.batch, named)

    return review.Docket(
        office.vault.folder(batch.batch),
        kept(determined.determinations),
        kept(determined.candidates),
        kept(determined.sample),
        kept(known.known) if known else None,
        kept(known.candidates) if known else None,
        determined.sampling,
    )


def composing(office: Office, batch: BatchState) -> tuple[Artefact, Artefact, Artefact, Artefact, Artefact]:
    """The tables that answers are composed of, in the order of `review.compose_answers`, up to the verdicts."""
    on, kept = docket(office, batch), office.vault.artefact
    settled = batch.settled.settled if batch.settled else {}
    requests = kept(batch.batch, batch.submission().requests)
    return requests, kept(batch.batch, settled), on.candidates, on.determinations, on.sample


def audit(office: Office, actor: Actor, batch_id: str) -> review.Audit:
    """How often the rule was wrong in a batch, as far as its sample has been read. Not for reviewers, who are blind."""
    batch = office.batch(batch_id)
    office.require(actor, "read_audit", batch)
    return review.audit(docket(office, batch), batch.votes)


def readers(office: Office, actor: Actor, batch_id: str) -> list[review.Reader]:
    """How often each reviewer of a batch was outvoted. Not for reviewers."""
    batch = office.batch(batch_id)
    office.require(actor, "read_audit", batch)
    return review.readers(docket(office, batch), batch.votes)


def measured(office: Office, actor: Actor, batch_id: str) -> list[Measured]:
    """How often the reviewers of a batch were wrong on its known cases, each and all together. Not for reviewers."""
    batch = office.batch(batch_id)
    office.require(actor, "read_audit", batch)
    return measured_reviewers(review.measure_reviewers(docket(office, batch), batch.known_votes))


def forgo(office: Office, actor: Actor, batch_id: str, reason: str) -> None:
    """Counsel closes the batch with noes: nothing in it is confirmed, every request is answered."""
    batch = office.batch(batch_id)
    role = office.require(actor, "forgo", batch)
    state = office.state()
    office.record(office.act(actor, role, "review forgo"), [decide.forgo(batch, reason)], state, batch)


def answer(office: Office, actor: Actor, batch: BatchState) -> None:
    """Compose the answers when no vote is open, or when the hour of the answer has come (P6).

    The audit sample has to have been read even then, and to leave no more doubt than the agreement allows, unless
    counsel has closed the batch with noes; and the subjects to have been screened, where the agreement says so. Nothing
    is confirmed of whom a hold names. Raises Waiting `VOTES_OPEN`, `AUDIT_OPEN`, `AUDIT_ABOVE_LIMIT` or
    `SCREEN_OUTSTANDING`.
    """
    role = office.require(actor, "link", batch)
    state = office.state()
    on = docket(office, batch)
    if not batch.forgone:
        review.require_votes_in(on, batch.cast, due=office.is_due(batch))
    audited = review.audit(on, batch.votes)
    if not batch.forgone:
        review.require_within(audited, _determined(batch).terms["audit_wrong_limit"])
    decide.require_screened(batch)
    verdicts = review.fold_votes(on.directory, batch.votes)
    withholdings = decide.withholdings_of(batch)
    held = about_persons(state.holds.values(), batch.submission().agreement)
    listed = _listed(office, batch, held, verdicts)
    answers = review.compose_answers(
        on.directory,
        *composing(office, batch),
        verdicts,
        withholdings=office.vault.artefact(batch.batch, withholdings) if withholdings else None,
        listed=listed,
        forgone=batch.forgone,
    )
    counts = review.count_answers(on.directory, answers)
    applied, about = [hold.hold for hold in held], listed.named() if listed else {}
    event = AnswersMade(answers.named(), verdicts.named(), counts, audited.form(), applied, about, READ_BY)
    measured: list[Event] = [ReviewersMeasured(review.measure_reviewers(on, batch.known_votes))] if batch.known else []
    made = decide.make_answers(batch, state, event)
    office.record(office.act(actor, role, "work"), [*measured, made], state, batch)


def holds_allow(office: Office, batch: BatchState) -> bool:
    """Whether the answers in force were made by every hold about persons that binds now."""
    held = about_persons(office.state().holds.values(), batch.submission().agreement)
    return batch.answers is not None and {hold.hold for hold in held} <= set(batch.answers.holds)


def needs_answers(office: Office, batch: BatchState) -> bool:
    """Whether a batch has no answers, or none that its holds allow, and no disclosure of them is intended.

    Signatures on answers that were made before such a hold are void with them.
    """
    return batch.answers is None or (batch.intended is None and not holds_allow(office, batch))


def _listed(office: Office, batch: BatchState, held: Sequence[Hold], verdicts: Artefact) -> Artefact | None:
    """Which requests of a batch are about somebody whom one of the holds `held` names; None where there is none."""
    if not held:
        return None
    requests, _, candidates, determinations, _ = composing(office, batch)
    compared = Compared(requests, candidates, determinations, verdicts)
    return find_listed(office.vault.folder(batch.batch), compared, persons_of(held))


def sign(office: Office, actor: Actor, batch_id: str, key: P256Key) -> review.Statement:
    """An approver signs exactly the answers in force; gives the statement that was signed.

    A signature whose certificate's term has ended since, or whose signer was struck off, gives its place to this one.
    Raises Refused `CERTIFICATE_ENDS_TOO_SOON` for a certificate that would have ended when the answer is due.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "sign", batch)
    state = office.state()
    now = office.now()
    statement = statement_for(batch, actor.officer, role, state.version, stamp(now))
    certificate = _certificate(state, actor.officer)
    _require_outlasts(certificate, batch)
    signed = review.countersign(statement, key, certificate)
    _record_signed(office, office.act(actor, role, "review sign"), batch, state, signed)
    return statement


def sign_by_passkey(
    office: Office, actor: Actor, batch_id: str, statement: review.Statement, credential: str, assertion: str
) -> None:
    """An approver signs, by passkey, exactly the answers in force, as `statement` showed them a moment ago.

    The assertion is verified before it is an event, as a stranger verifies it later. Raises Refused `ANSWERS_CHANGED`,
    `STATEMENT_OUTDATED` when the office moved since or the page is old, `PASSKEY_NOT_YOURS`,
    `CERTIFICATE_ENDS_TOO_SOON`, and Integrity as `review.verify_countersignature`.
    """
    batch = office.batch(batch_id)
    role = office.require(actor, "sign", batch)
    state = office.state()
    now = office.now()
    _require_as_shown(statement_for(batch, actor.officer, role, state.version, statement.at), statement, now)
    held = passkeys.entered(state.entries).get(credential)
    if held is None or held.said.subject != actor.officer:
        raise Refused(
            "PASSKEY_NOT_YOURS",
            "The passkey that signed is not one that was entered for you.",
            "Sign with the passkey that was entered, or with your own key: `comity review sign`.",
        )
    certificate = _certificate(state, actor.officer)
    _require_outlasts(certificate, batch)
    known = review.enrolled(held, certificate)
    signed = review.assert_statement(statement, known.passkey, assertion)
    review.verify_countersignature(signed, [office.home.authority], now, {credential: known})
    _record_signed(office, office.act(actor, role, "review sign"), batch, state, signed)


def require_shown(now_so: review.Statement, digest: str) -> None:
    """The answers that are signed are those that were shown. Raises Refused `ANSWERS_CHANGED`."""
    if now_so.digest != digest:
        raise Refused(
            "ANSWERS_CHANGED",
            "The answers are not the ones that were shown.",
            "Have two approvers look at the answers as they are now, and sign them.",
        )


def _require_as_shown(now_so: review.Statement, shown: review.Statement, now: datetime) -> None:
    require_shown(now_so, shown.digest)
    if now_so != shown or not now - SHOWN_FOR <= shown.moment() <= now:
        raise Refused(
            "STATEMENT_OUTDATED",
            "Something in the office has changed since the page was shown, or it was shown long ago.",
            "Open the page again, look, and sign what it shows now.",
        )


def _record_signed(
    office: Office, act: Act, batch: BatchState, state: OfficeState, signed: review.Countersignature
) -> None:
    event = Countersigned(
        act.actor,
        signed.statement.form(),
        signed.alg,
        signed.signature,
        signed.credential,
        secrets.token_hex(SALT_BYTES),
    )
    decided = decide.countersign(batch, event, _lapsed(batch, state, office.now()))
    office.record(act, [decided], state, batch)


def _certificate(state: OfficeState, officer: str) -> Certificate:
    return Certificate.from_pem(state.officer(officer).certificate.encode())


def _require_outlasts(certificate: Certificate, batch: BatchState) -> None:
    # A signature has to verify when it is used, and it is not used before the answer is due.
    if certificate.not_after <= datetime.fromisoformat(batch.submission().answer_at):
        raise Refused(
            "CERTIFICATE_ENDS_TOO_SOON",
            "The signer's certificate will have ended when the answer is due.",
            "Have an approver sign whose certificate lasts longer.",
        )


def _lapsed(batch: BatchState, state: OfficeState, now: datetime) -> set[str]:
    """The officers whose signatures are of no use any more: certificate ended, passkey replaced, or struck off."""
    signers = {signed.officer for signed in batch.countersigned}
    held = passkeys.entered(state.entries)
    replaced = {
        signed.officer
        for signed in batch.countersigned
        if signed.credential in held and held[signed.credential].replaced
    }
    ended = {officer for officer in signers if _certificate(state, officer).not_after < now}
    return replaced | ended | {officer for officer in signers if review.APPROVER in state.officer(officer).struck}


def statement_for(batch: BatchState, officer: str, role: str, office_version: int, at: str) -> review.Statement:
    """What `officer` is asked to sign. Raises Refused `OUT_OF_ORDER` before there are answers."""
    release = to_release(batch)
    return review.Statement(
        submission=release.submission,
        submission_digest=release.submission_digest,
        agreement=release.agreement,
        version=release.version,
        officer=officer,
        role=role,
        digest=release.digest,
        rows=release.rows,
        counts=release.counts,
        office_version=office_version,
        at=at,
    )


def to_release(batch: BatchState) -> review.ToRelease:
    """What two approvers have to have signed for this batch. Raises Refused `OUT_OF_ORDER` before there are answers."""
    received, answers = batch.submission(), batch.answers
    if answers is None:
        raise Refused("OUT_OF_ORDER", "There are no answers to sign yet.", "Run `comity work BATCH`.")
    return review.ToRelease(
        received.submission,
        received.package_digest,
        received.agreement,
        received.agreement_version,
        answers.answers["digest"],
        answers.answers["rows"],
        review.counted(answers.counts),
    )


def countersignatures(batch: BatchState) -> list[review.Countersignature]:
    """The signatures on the answers in force."""
    return [
        review.Countersignature(
            review.Statement.read(signed.statement), signed.alg, signed.signature, signed.credential
        )
        for signed in batch.countersigned
    ]


def _determined(batch: BatchState) -> RequestsDetermined:
    if batch.determined is None:
        raise Refused("OUT_OF_ORDER", "The requests have not been compared yet.", "Run `comity work BATCH`.")
    return batch.determined
