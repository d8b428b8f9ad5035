"""What a run of the demonstration established: plain values, gathered along the way and handed to the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class StepFacts:
    """One of the seven steps: its number and name, what it did in a sentence, how long it took."""

    number: int
    name: str
    did: str
    seconds: float


@dataclass(frozen=True)
class CodeFacts:
    """A code that returned requests or made them wait: what it says, the clause, `return` or `review`, how many."""

    code: str
    says: str
    clause: str
    outcome: str
    requests: int


@dataclass(frozen=True)
class AuditFacts:
    """What the sample of the batch showed before anything left.

    Of `confirmed` by rule `read` were read by people, `found` of them not shared; no more than `at_most` of the rest
    are wrong, with 95 % confidence. Of the noes as many as `missed` of the `noes_read` were somebody all the same.
    Of `known_votes` on cases whose answer the office knew as many as `known_wrong` were wrong: a share between bounds.
    """

    confirmed: int
    read: int
    found: int
    at_most: int
    noes_read: int
    missed: int
    known_votes: int
    known_wrong: int
    known_share: str


@dataclass(frozen=True)
class ReviewFacts:
    """What people did: rulings the examiner settled, votes cast, the error rate that reviewers were given, and what
    their audit of the rule showed."""

    settled: int
    settled_as_pass: int
    voted_requests: int
    votes: int
    confirmed_by_vote: int
    reviewer_error: float
    approvers: tuple[str, ...]
    audit: AuditFacts


@dataclass(frozen=True)
class AccuracyFacts:
    """The answers against the truth of the synthetic people.

    `confirmable` counts requests in order whose address is the person's own of record; `recall` is the part of them
    that was confirmed. `wrong_person` were confirmed by rule, `wrong_person_by_vote` by two reviewers.
    """

    confirmed: int
    confirmable: int
    recall: float
    wrong_person: int
    wrong_person_by_vote: int
    wrong_address: int


@dataclass(frozen=True)
class LogFacts:
    """The log after the run: name, entries, root (hex), the signed checkpoint, and what verifying it said."""

    origin: str
    size: int
    root: str
    checkpoint: str
    verified: bool
    checked: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReplyFacts:
    """The reply that was opened: whose it was, how many rows, and how an officer it was not sealed to fared."""

    replies: int
    recipient: str
    rows: int
    opened: bool
    other_recipient: str
    other_refusal: str


@dataclass(frozen=True)
class Refusal:
    """An act that was refused: what was tried, the code and the sentence it came back with."""

    tried: str
    code: str
    says: str


@dataclass(frozen=True)
class HoldFacts:
    """The hold of the demonstration: the order it rests on, what was refused under it, and the leaf that proves it."""

    court: str
    docket: str
    placed_by: str
    confirmed_by: str
    refusals: tuple[Refusal, ...]
    leaf_index: int
    leaf: str


@dataclass(frozen=True)
class RulingCase:
    """A request that was returned or waited: what was sent, the words of law, and what the requester is told."""

    request_id: str
    title: str
    sent: tuple[tuple[str, str], ...] = field(repr=False)
    gate: str
    code: str
    level: str
    clause: str
    quote: str
    says: str
    next: str
    answer: str


@dataclass(frozen=True)
class ComparedField:
    """A line of a comparison: the field as sent, as recorded, what the rule says of it, and how far it agrees."""

    name: str
    sent: str = field(repr=False)
    recorded: str = field(repr=False)
    says: str
    level: Literal["agrees", "in part", "differs", "not compared"]


@dataclass(frozen=True)
class ComparisonCase:
    """A request that was looked up: the two sides, what the rule determined and why, and what people then decided."""

    request_id: str
    title: str
    fields: tuple[ComparedField, ...]
    determination: str
    because: str
    decided: str
    answer: str
    truth: str


@dataclass(frozen=True)
class RunFacts:
    """A whole run. Counts by word are in the order they should be read; every person in it is synthetic."""

    seed: int
    at: datetime
    agreement: str
    agreement_version: str
    custodian: str
    requester: str
    submission: str
    requests: int
    recipients: int
    registry_rows: int
    taxpayers: int
    passed: int
    returned: int
    steps: tuple[StepFacts, ...]
    codes: tuple[CodeFacts, ...]
    determinations: Mapping[str, int]
    answers: Mapping[str, int]
    review: ReviewFacts
    accuracy: AccuracyFacts
    log: LogFacts
    reply: ReplyFacts
    hold: HoldFacts
    cases: tuple[RulingCase | ComparisonCase, ...]
    commands: tuple[tuple[str, str], ...]
    seconds: float
