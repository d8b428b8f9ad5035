"""What can happen to a batch, from the submission to the acknowledged reply.

An artefact is named as {kind, digest, rows}; `salt` (64 hex digits) hides the stage's segment in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.case.envelope import Event

Named = Mapping[str, Any]


@dataclass(frozen=True)
class SubmissionReceived(Event):
    """Step 1: a submission could be trusted and read. `answer_at` is the hour fixed for the answer (ISO, UTC)."""

    submission: str
    supersedes: str
    agreement: str
    agreement_version: str
    agency: str
    signatory: str
    certificate: str = field(repr=False)
    package_digest: str
    cover: str = field(repr=False)
    requests: Named
    recipients: Named
    facts: Mapping[str, Any]
    received_on: str
    answer_at: str
    synthetic: bool
    vouched_by: str = field(repr=False)
    salt: str


@dataclass(frozen=True)
class RequestsRuled(Event):
    """Step 2: every gate ruled on every request.

    `standardised` holds names and addresses in the standard form of the version `standard`; `waiting` what was counted
    of the requests that wait; `asks` what the batch adds to the ledger of asks, and `earlier` the batches whose asks
    were looked back at.
    """

    rulings: Named
    standardised: Named
    waiting: Named
    asks: Named
    earlier: tuple[str, ...]
    standard: str
    agreement_digest: str
    passed: int
    returned: int
    review: int
    by_code: Mapping[str, int]
    salt: str


@dataclass(frozen=True)
class RulingSettled(Event):
    """Step 2: the examiner let the request at `row_number` pass or returned it, and says why."""

    row_number: int
    ruling: str
    reason: str


@dataclass(frozen=True)
class RulingsSettled(Event):
    """Step 2: no ruling waits any more."""

    settled: Named
    passed: int
    returned: int


@dataclass(frozen=True)
class RequestsDetermined(Event):
    """Step 3: the requests that passed were compared with the pinned registry under `terms`.

    `sample` is drawn of the determinations, for people to read again, by the office's `sampling` signature (hex) over
    them.
    """

    candidates: Named
    determinations: Named
    sample: Named
    sampling: str
    registry: str
    engine: str
    terms: Mapping[str, Any]
    counts: Mapping[str, int]
    salt: str


@dataclass(frozen=True)
class KnownCasesMixed(Event):
    """Step 3: cases that the office made up are mixed into those of the reviewers.

    `known` holds each with its right answer, and a salt; `candidates` the records beside them. Named in the segment of
    the determination, so that the log commits to the answers before anybody votes.
    """

    known: Named
    candidates: Named


@dataclass(frozen=True)
class CasesAssigned(Event):
    """Step 4: the office gave these cases into the actor's hands alone, `until` then (ISO 8601, UTC) or their vote."""

    row_numbers: tuple[int, ...]
    until: str


@dataclass(frozen=True)
class CasePutBack(Event):
    """Step 4: the actor gave a case back without a vote, and does not get it again."""

    row_number: int


@dataclass(frozen=True)
class RecordsRead(Event):
    """Step 4: the actor was shown the custodian's records of these requests."""

    row_numbers: tuple[int, ...]


@dataclass(frozen=True)
class VoteCast(Event):
    """Step 4: the actor judged, blind, whether the request at `row_number` asks about `person`."""

    row_number: int
    verdict: str
    person: str = field(repr=False)


@dataclass(frozen=True)
class DisclosureForgone(Event):
    """Step 4: counsel decided, for `reason`, that this batch confirms nothing: every request gets its answer, a no."""

    reason: str


@dataclass(frozen=True)
class ReviewersMeasured(Event):
    """Step 4: how often reviewers were wrong on the known cases: by officer, of how many (`cases`) how many `wrong`."""

    reviewers: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class SubjectsShown(Event):
    """Step 4: the actor was shown whom the answers would disclose, to screen them under 26 U.S.C. 6103(i)(6)."""


@dataclass(frozen=True)
class SubjectsScreened(Event):
    """Step 4: the actor screened every subject of the batch as it stood; answers made before are void.

    `withholdings` has a row for each request of the batch, screened or not, so that nothing here tells how many were.
    """

    withholdings: Named


@dataclass(frozen=True)
class WithholdingsRead(Event):
    """Step 4: the actor was shown which requests are withheld."""


@dataclass(frozen=True)
class CopyTaken(Event):
    """Steps 2 to 7: the actor was handed a copy of the `artefact` with this `digest`."""

    artefact: str
    digest: str


@dataclass(frozen=True)
class AnswersMade(Event):
    """Step 4: every request has its answer; two people may now sign exactly this.

    `audit` is what the sample showed of the confirmed and of the noes (see `review.Audit`). `holds` are the ids of the
    holds by which nothing is confirmed of the persons whom they name, `listed` the requests about them, {} without such
    a hold, and `read_by` the version of the standard by which the names were read.
    """

    schema = 2

    answers: Named
    verdicts: Named
    counts: Mapping[str, int]
    audit: Mapping[str, Mapping[str, int]]
    holds: Sequence[str]
    listed: Named
    read_by: str


@dataclass(frozen=True)
class Countersigned(Event):
    """Step 4: the actor signed the digest of the answers with a key only the actor holds."""

    officer: str
    statement: Mapping[str, Any]
    alg: str
    signature: str
    credential: str
    salt: str


@dataclass(frozen=True)
class DisclosureIntended(Event):
    """Step 5: what is about to be disclosed, written down before it is."""

    intent: int
    answers: Named
    accounting: Named
    blinds: Named
    office_version: int
    salt: str


@dataclass(frozen=True)
class DisclosureAbandoned(Event):
    """Step 5: an intent that will not be carried out, and why."""

    intent: int
    reason: str
    office_version: int


@dataclass(frozen=True)
class RepliesSealed(Event):
    """Step 6: one reply per recipient lies sealed; `replies` is their index."""

    intent: int
    replies: Named
    office_version: int


@dataclass(frozen=True)
class ReplyHandedOver(Event):
    """Step 6: the sealed reply of `recipient` left the office. This is the disclosure that is counted."""

    recipient: str
    sealed_digest: str
    office_version: int


@dataclass(frozen=True)
class ReplyAcknowledged(Event):
    """Step 6: the recipient signed the digest of what was opened (detached JWS)."""

    recipient: str
    plaintext_digest: str
    signature: str


@dataclass(frozen=True)
class BatchClosed(Event):
    """Step 7: every reply was handed over and acknowledged; nothing but a recall happens to this batch after it."""

    salt: str


@dataclass(frozen=True)
class RecallOrdered(Event):
    """Step 7: the answers to the requests at `row_numbers` are called back from all of `recipients`, for `reason`.

    `destroy_by` (ISO date) is the last day on which whoever got them destroys or returns them and certifies that.
    """

    recall: int
    row_numbers: tuple[int, ...]
    recipients: tuple[str, ...]
    reason: str
    destroy_by: str
    salt: str


@dataclass(frozen=True)
class RecallNotified(Event):
    """Step 7: the office's signed notice of the recall, whose content has this digest, was handed to the recipient."""

    recall: int
    recipient: str
    notice_digest: str


@dataclass(frozen=True)
class DisposalCertified(Event):
    """Step 7: the recipient signed (JWS) that what was recalled is `returned` or `destroyed`."""

    recall: int
    recipient: str
    method: str
    certificate: str = field(repr=False)


@dataclass(frozen=True)
class RecallClosed(Event):
    """Step 7: everybody who had been given what was recalled has certified its disposal."""

    recall: int
    salt: str


@dataclass(frozen=True)
class ArtefactsPruned(Event):
    """Step 7: the artefacts of the class `subject` with these `digests` go, by that version of the `policy` about it.

    `office_version` is that of the registers in which the policy binds.
    """

    subject: str
    policy: int
    digests: tuple[str, ...]
    office_version: int
    salt: str


BATCH_EVENTS: Mapping[str, type[Event]] = {
    kind.kind(): kind
    for kind in (
        SubmissionReceived,
        RequestsRuled,
        RulingSettled,
        RulingsSettled,
        KnownCasesMixed,
        RequestsDetermined,
        CasesAssigned,
        CasePutBack,
        RecordsRead,
        VoteCast,
        DisclosureForgone,
        ReviewersMeasured,
        SubjectsShown,
        SubjectsScreened,
        WithholdingsRead,
        CopyTaken,
        AnswersMade,
        Countersigned,
        DisclosureIntended,
        DisclosureAbandoned,
        RepliesSealed,
        ReplyHandedOver,
        ReplyAcknowledged,
        BatchClosed,
        RecallOrdered,
        RecallNotified,
        DisposalCertified,
        RecallClosed,
        ArtefactsPruned,
    )
}
