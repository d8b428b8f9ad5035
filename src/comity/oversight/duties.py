"""Whether everybody who acted on a batch might: the role held then, the step, and no other part in the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from comity.accounting.leaf import OutcomeLeaf
from comity.agreements import kept
from comity.case.assignment import VOTED, Held, holds, pass_on
from comity.case.batch_events import BATCH_EVENTS, CopyTaken, DisclosureIntended, ReplyHandedOver, SubmissionReceived
from comity.case.batch_state import EXPLAIN, BatchState, fold_batch
from comity.case.envelope import Envelope, opened, stamp
from comity.case.errors import Refused
from comity.oversight.registers import Hour, Registers
from comity.oversight.walk import BatchLeaves, Walk, inconsistent
from comity.review import require
from comity.review.copies import act_of

# Which act of the allow-list an event of a batch is the outcome of.
ACTS = {
    "submission_received": "receive",
    "requests_ruled": "link",
    "ruling_settled": "settle",
    "rulings_settled": "link",
    "known_cases_mixed": "link",
    "requests_determined": "link",
    "cases_assigned": "vote",
    "case_put_back": "vote",
    "records_read": "vote",
    "vote_cast": "vote",
    "disclosure_forgone": "forgo",
    "reviewers_measured": "link",
    "subjects_shown": "screen",
    "subjects_screened": "screen",
    "withholdings_read": "read_withholdings",
    "answers_made": "link",
    "countersigned": "sign",
    "disclosure_intended": "release",
    "disclosure_abandoned": "abandon",
    "replies_sealed": "release",
    "reply_handed_over": "collect",
    "reply_acknowledged": "acknowledge",
    "batch_closed": "acknowledge",
    "recall_ordered": "recall",
    "recall_notified": "notify_recall",
    "disposal_certified": "certify_disposal",
    "recall_closed": "certify_disposal",
    "artefacts_pruned": "prune",
}


# Two kinds of event come of more than one act. A recall of what nobody was given ends with its order. Which act a copy
# is the outcome of, `review.copies` says.
_BY_COMMAND = {("records_read", EXPLAIN): "read_records", ("recall_closed", "recall order"): "recall"}

Told = Callable[[Envelope], "Hour | None"]
"""The registers at the moment of an event, or None where they are not opened yet."""


def require_duties_kept(
    walk: Walk, registers: Registers, batch: str, leaves: BatchLeaves, envelopes: Sequence[Envelope]
) -> None:
    """Every event of a batch was an act that its author might do, in the role named, at that step, after those before;
    the hour of the answer is as the agreement gives it; and what an event says of the office's registers is true.

    Roles are those of the registers at the event's hour, as far as these are opened; separation of duties is judged on
    the events alone. Raises Integrity with the code that would have refused the act (`RIGHT_MISSING`,
    `NOT_IN_THIS_STATE`, `SOD_VIOLATION`, or `NOT_ASSIGNED` for a vote on a case that was not in the voter's hands);
    `TIME_BACKWARDS` where an event is older than the one before it; `ANSWER_HOUR_DIFFERS`; or `OFFICE_VERSION_DIFFERS`.
    """
    intents = (stored.version for stored in envelopes if stored.type == DisclosureIntended.kind())
    last = max(intents, default=0)

    def told(stored: Envelope) -> Hour | None:
        return registers.hour(stored.at, told=stored.version <= last)

    _require_acts_allowed(told, batch, envelopes)
    _require_hour_fixed(walk, told, envelopes[0])
    _require_versions_true(registers, batch, [leaf for _, leaf in leaves.outcomes], envelopes)


def _require_acts_allowed(told: Told, batch: str, envelopes: Iterable[Envelope]) -> None:
    state, voted, latest = BatchState(batch), set[str](), ""
    hands: dict[int, Held] = {}
    for stored in envelopes:
        if stored.at < latest:
            raise inconsistent(
                "TIME_BACKWARDS", f"Event {stored.version} of batch {batch} is older than its forerunner."
            )
        latest = stored.at
        involvement = replace(state.involvement, voted=frozenset(voted))
        _require_might(told(stored), replace(state, involvement=involvement), stored)
        if stored.type == VOTED and not holds(hands, stored.actor, stored.body["row_number"]):
            raise _refused("NOT_ASSIGNED", batch, stored)
        pass_on(hands, stored)
        if stored.type == VOTED:
            # Votes come by the thousand, and a state with one more each time would be copied as often.
            voted.add(stored.actor)
        else:
            state = fold_batch(batch, [stored], state)


def _require_might(hour: Hour | None, state: BatchState, stored: Envelope) -> None:
    act = _act_of(state, stored)
    signed_for = stored.body.get("officer", stored.actor)
    held = hour.roles(stored.actor) if hour else {stored.role}
    try:
        require(stored.actor, held & {stored.role}, act, state.step(), state.involvement)
    except Refused as refused:
        raise _refused(refused.code, state.batch, stored) from None
    if signed_for != stored.actor:
        raise _refused("SOD_VIOLATION", state.batch, stored)


def _act_of(state: BatchState, stored: Envelope) -> str:
    event = opened(stored, BATCH_EVENTS) if stored.type == CopyTaken.kind() else None
    if isinstance(event, CopyTaken):
        return act_of(state, event)
    return _BY_COMMAND.get((stored.type, stored.command), ACTS[stored.type])


def _refused(code: str, batch: str, stored: Envelope) -> Exception:
    return inconsistent(code, f"Event {stored.version} of batch {batch} is the act of somebody who might not do it.")


def _require_hour_fixed(walk: Walk, told: Told, stored: Envelope) -> None:
    """P6: fixed at receipt, the event `stored`, by the agreement that was then in force."""
    received, hour = opened(stored, BATCH_EVENTS), told(stored)
    if not isinstance(received, SubmissionReceived) or hour is None:
        return
    day = date.fromisoformat(received.received_on)
    in_force = hour.agreements.get(received.agreement)
    text = kept(walk.directory / "agreements", in_force.digest if in_force else "").on(day)
    fixed = stamp(text.answer_hour(datetime.combine(day, time(), tzinfo=UTC)))
    late = fixed < received.answer_at <= stored.at
    if received.received_on > stored.at[:10] or (received.answer_at != fixed and not late):
        raise inconsistent("ANSWER_HOUR_DIFFERS", "The hour of an answer is not the one that its agreement gives.")


def _require_versions_true(
    registers: Registers, batch: str, leaves: Iterable[OutcomeLeaf], envelopes: Iterable[Envelope]
) -> None:
    left = [stored for stored in envelopes if stored.type == ReplyHandedOver.kind()]
    handed = ((stored.at, opened(stored, BATCH_EVENTS)) for stored in left)
    claimed = [(leaf.at, leaf.office_version) for leaf in leaves]
    claimed += [(at, event.office_version) for at, event in handed if isinstance(event, ReplyHandedOver)]
    if not all(registers.had(version, at) for at, version in claimed):
        raise inconsistent("OFFICE_VERSION_DIFFERS", f"An act on batch {batch} names registers of another hour.")
