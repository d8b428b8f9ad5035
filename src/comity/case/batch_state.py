"""Where a batch stands: a fold over the events of its stream."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from comity.case import batch_events as e
from comity.case.assignment import Held, pass_on
from comity.case.envelope import Envelope, opened
from comity.case.errors import BadInput, Refused

ARTEFACT_FIELDS = {"kind", "digest", "rows"}
EXPLAIN = "explain"
STEPS = ("intake", "gates", "linkage", "review", "accounting", "disclosure", "oversight")


@dataclass(frozen=True)
class Involvement:
    """Who did what in a batch; the separation of duties is judged on it.

    `lifted` a hold that stood over it: that is told by the office's events, and added where the duties are judged.
    """

    received: frozenset[str] = frozenset()
    examined: frozenset[str] = frozenset()
    operated: frozenset[str] = frozenset()
    explained: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    screened: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    transmitted: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vote:
    """One officer's blind judgement of one request."""

    row_number: int
    officer: str
    verdict: str
    person: str = field(repr=False)


@dataclass(frozen=True)
class Recall:
    """What was recalled, and of whom the notice and the certificate are in."""

    ordered: e.RecallOrdered
    notified: Mapping[str, e.RecallNotified] = field(default_factory=dict)
    certified: Mapping[str, e.DisposalCertified] = field(default_factory=dict)
    closed: bool = False


@dataclass(frozen=True)
class BatchState:
    """A batch at one version of its stream; pure values, never written to.

    `votes` are those on its requests, `known_votes` those on the known cases, which are numbered behind its last row:
    nothing that is answered, counted or logged about a request reads these. `assigned` are the cases in somebody's
    hands, `put_back` the cases that an officer gave back, each with the officer. `named` are the artefacts that its
    events name, in their order: of one kind, the last is the one in force. `pruned` has, by digest, what removed an
    artefact; `closed_on` is the day (ISO) on which the batch was closed, or ''.
    """

    batch: str
    version: int = 0
    received: e.SubmissionReceived | None = None
    ruled: e.RequestsRuled | None = None
    examined: Mapping[int, e.RulingSettled] = field(default_factory=dict)
    settled: e.RulingsSettled | None = None
    determined: e.RequestsDetermined | None = None
    known: e.KnownCasesMixed | None = None
    votes: tuple[Vote, ...] = ()
    known_votes: tuple[Vote, ...] = ()
    assigned: Mapping[int, Held] = field(default_factory=dict)
    put_back: frozenset[tuple[int, str]] = frozenset()
    measured: e.ReviewersMeasured | None = None
    forgone: bool = False
    screened: e.SubjectsScreened | None = None
    answers: e.AnswersMade | None = None
    countersigned: tuple[e.Countersigned, ...] = ()
    intents: int = 0
    intended: e.DisclosureIntended | None = None
    sealed: e.RepliesSealed | None = None
    handed_over: Mapping[str, e.ReplyHandedOver] = field(default_factory=dict)
    acknowledged: Mapping[str, e.ReplyAcknowledged] = field(default_factory=dict)
    closed_on: str = ""
    recalls: Mapping[int, Recall] = field(default_factory=dict)
    named: tuple[e.Named, ...] = ()
    pruned: Mapping[str, e.ArtefactsPruned] = field(default_factory=dict)
    involvement: Involvement = Involvement()

    @property
    def closed(self) -> bool:
        """Whether every reply was handed over and acknowledged."""
        return bool(self.closed_on)

    @property
    def cast(self) -> tuple[Vote, ...]:
        """Every vote that was cast, on requests and on known cases."""
        return (*self.votes, *self.known_votes)

    def submission(self) -> e.SubmissionReceived:
        """The submission behind the batch. Raises BadInput `BATCH_UNKNOWN` where none was received."""
        if self.received is None:
            raise BadInput("BATCH_UNKNOWN", "No batch of this id was received here.", "See `comity batches`.")
        return self.received

    def intent(self) -> e.DisclosureIntended:
        """The intent in force. Raises Refused `OUT_OF_ORDER` before there is one."""
        if self.intended is None:
            raise Refused("OUT_OF_ORDER", "No disclosure is intended yet.", "Run `comity release BATCH`.")
        return self.intended

    def step(self) -> str:
        """The step of the seven that comes next."""
        done = (self.received, self.settled, self.determined, self.countersigned[1:], self.intended, self.sealed)
        return next((name for name, stage in zip(STEPS, done, strict=False) if not stage), "oversight")


def fold_batch(batch: str, envelopes: Iterable[Envelope], state: BatchState | None = None) -> BatchState:
    """The state after `envelopes`, which continue `state`."""
    # Votes and rulings come by the thousand: what grows with them is gathered, which keeps the fold linear.
    votes: list[Vote] = []
    examined: dict[int, e.RulingSettled] = {}
    examiners: set[str] = set()
    named: list[e.Named] = []
    current = state or BatchState(batch)
    hands = dict(current.assigned)
    for stored in envelopes:
        event = opened(stored, e.BATCH_EVENTS)
        pass_on(hands, stored)
        if isinstance(event, e.VoteCast):
            votes.append(Vote(event.row_number, stored.actor, event.verdict, event.person))
            # A vote may change whom the answers disclose: what was screened before it was another list.
            current = replace(current, screened=None) if current.screened else current
        elif isinstance(event, e.RulingSettled):
            examined[event.row_number] = event
            examiners.add(stored.actor)
        else:
            current = APPLIED[stored.type](current, event, stored)
            named.extend(named_by(stored))
        current = replace(current, version=stored.version)
    last = current.received.requests["rows"] if current.received else math.inf
    voted = {vote.officer for vote in votes}
    involved = current.involvement
    return replace(
        current,
        assigned=hands,
        votes=(*current.votes, *(vote for vote in votes if vote.row_number <= last)),
        known_votes=(*current.known_votes, *(vote for vote in votes if vote.row_number > last)),
        examined={**current.examined, **examined},
        named=(*current.named, *named),
        involvement=replace(involved, voted=involved.voted | voted, examined=involved.examined | examiners),
    )


def named_by(stored: Envelope) -> list[e.Named]:
    """The artefacts that an event names: each exists from then on, whatever happens later."""
    values = (value for value in stored.body.values() if isinstance(value, Mapping))
    return [value for value in values if value.keys() == ARTEFACT_FIELDS]


def _involve(state: BatchState, part: str, actor: str) -> Involvement:
    return replace(state.involvement, **{part: getattr(state.involvement, part) | {actor}})


def _received(state: BatchState, event: e.SubmissionReceived, stored: Envelope) -> BatchState:
    return replace(state, received=event, involvement=_involve(state, "received", stored.actor))


def _ruled(state: BatchState, event: e.RequestsRuled, stored: Envelope) -> BatchState:
    return replace(state, ruled=event, involvement=_involve(state, "operated", stored.actor))


def _settled(state: BatchState, event: e.RulingsSettled, stored: Envelope) -> BatchState:
    return replace(state, settled=event, involvement=_involve(state, "operated", stored.actor))


def _determined(state: BatchState, event: e.RequestsDetermined, stored: Envelope) -> BatchState:
    return replace(state, determined=event, involvement=_involve(state, "operated", stored.actor))


def _known_mixed(state: BatchState, event: e.KnownCasesMixed, stored: Envelope) -> BatchState:
    # Answers that were written down after the determination, when votes could have been seen, are none.
    known = event if state.determined is None else None
    return replace(state, known=known, involvement=_involve(state, "operated", stored.actor))


def _measured(state: BatchState, event: e.ReviewersMeasured, stored: Envelope) -> BatchState:
    return replace(state, measured=event, involvement=_involve(state, "operated", stored.actor))


def _put_back(state: BatchState, event: e.CasePutBack, stored: Envelope) -> BatchState:
    return replace(state, put_back=state.put_back | {(event.row_number, stored.actor)})


def _assigned(state: BatchState, _: e.CasesAssigned, __: Envelope) -> BatchState:
    # Whose hands it is in, `fold_batch` keeps; who was given a case to judge has had no other part by it.
    return state


def _read(state: BatchState, _: e.RecordsRead, stored: Envelope) -> BatchState:
    # Who was shown what the rule made of a request cannot judge it blind; a case that is voted on does not show it.
    if stored.command != EXPLAIN:
        return state
    return replace(state, involvement=_involve(state, "explained", stored.actor))


def _shown(state: BatchState, _: e.SubjectsShown, stored: Envelope) -> BatchState:
    return replace(state, involvement=_involve(state, "screened", stored.actor))


def _screened(state: BatchState, event: e.SubjectsScreened, stored: Envelope) -> BatchState:
    involved = _involve(state, "screened", stored.actor)
    return replace(state, screened=event, answers=None, countersigned=(), involvement=involved)


def _withholdings_read(state: BatchState, _: e.WithholdingsRead, __: Envelope) -> BatchState:
    return state


def _copied(state: BatchState, _: e.CopyTaken, stored: Envelope) -> BatchState:
    # Whoever holds a file of the batch cannot judge it blind, whatever the file is.
    return replace(state, involvement=_involve(state, "explained", stored.actor))


def _forgone(state: BatchState, _: e.DisclosureForgone, __: Envelope) -> BatchState:
    return replace(state, forgone=True, answers=None, countersigned=())


def _answered(state: BatchState, event: e.AnswersMade, stored: Envelope) -> BatchState:
    # Countersignatures cover one file; any other answers void them.
    return replace(state, answers=event, countersigned=(), involvement=_involve(state, "operated", stored.actor))


def _countersigned(state: BatchState, event: e.Countersigned, stored: Envelope) -> BatchState:
    signed = (*state.countersigned, event)
    return replace(state, countersigned=signed, involvement=_involve(state, "signed", stored.actor))


def _intended(state: BatchState, event: e.DisclosureIntended, stored: Envelope) -> BatchState:
    involved = _involve(state, "transmitted", stored.actor)
    return replace(state, intended=event, intents=event.intent, involvement=involved)


def _abandoned(state: BatchState, _: e.DisclosureAbandoned, __: Envelope) -> BatchState:
    return replace(state, intended=None, answers=None, countersigned=())


def _sealed(state: BatchState, event: e.RepliesSealed, stored: Envelope) -> BatchState:
    return replace(state, sealed=event, involvement=_involve(state, "transmitted", stored.actor))


def _handed_over(state: BatchState, event: e.ReplyHandedOver, stored: Envelope) -> BatchState:
    handed_over = {**state.handed_over, event.recipient: event}
    return replace(state, handed_over=handed_over, involvement=_involve(state, "transmitted", stored.actor))


def _acknowledged(state: BatchState, event: e.ReplyAcknowledged, _: Envelope) -> BatchState:
    return replace(state, acknowledged={**state.acknowledged, event.recipient: event})


def _closed(state: BatchState, _: e.BatchClosed, stored: Envelope) -> BatchState:
    return replace(state, closed_on=stored.at[:10])


def _pruned(state: BatchState, event: e.ArtefactsPruned, _: Envelope) -> BatchState:
    return replace(state, pruned={**state.pruned, **dict.fromkeys(event.digests, event)})


def _recalled(state: BatchState, event: e.RecallOrdered, _: Envelope) -> BatchState:
    return replace(state, recalls={**state.recalls, event.recall: Recall(event)})


def _notified(state: BatchState, event: e.RecallNotified, _: Envelope) -> BatchState:
    recall = state.recalls[event.recall]
    return _with_recall(state, replace(recall, notified={**recall.notified, event.recipient: event}))


def _certified(state: BatchState, event: e.DisposalCertified, _: Envelope) -> BatchState:
    recall = state.recalls[event.recall]
    return _with_recall(state, replace(recall, certified={**recall.certified, event.recipient: event}))


def _recall_closed(state: BatchState, event: e.RecallClosed, _: Envelope) -> BatchState:
    return _with_recall(state, replace(state.recalls[event.recall], closed=True))


def _with_recall(state: BatchState, recall: Recall) -> BatchState:
    return replace(state, recalls={**state.recalls, recall.ordered.recall: recall})


APPLIED: Mapping[str, Callable[[BatchState, Any, Envelope], BatchState]] = {
    "submission_received": _received,
    "requests_ruled": _ruled,
    "rulings_settled": _settled,
    "known_cases_mixed": _known_mixed,
    "requests_determined": _determined,
    "cases_assigned": _assigned,
    "case_put_back": _put_back,
    "records_read": _read,
    "disclosure_forgone": _forgone,
    "reviewers_measured": _measured,
    "subjects_shown": _shown,
    "subjects_screened": _screened,
    "withholdings_read": _withholdings_read,
    "copy_taken": _copied,
    "answers_made": _answered,
    "countersigned": _countersigned,
    "disclosure_intended": _intended,
    "disclosure_abandoned": _abandoned,
    "replies_sealed": _sealed,
    "reply_handed_over": _handed_over,
    "reply_acknowledged": _acknowledged,
    "batch_closed": _closed,
    "recall_ordered": _recalled,
    "recall_notified": _notified,
    "disposal_certified": _certified,
    "recall_closed": _recall_closed,
    "artefacts_pruned": _pruned,
}
