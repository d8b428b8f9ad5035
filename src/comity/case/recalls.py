"""A recall: answers that should not have left are called back, and it stays open until all who got them have certified.

Pure values and decisions. A recall stops a reply that lies sealed as well: it is not handed over any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from comity.case import batch_events as e
from comity.case.batch_state import BatchState, Recall
from comity.case.envelope import Event
from comity.case.errors import BadInput, Refused
from comity.case.wording import require_printable

# 26 U.S.C. 6103(p)(4)(F)(ii): return it, or make it undisclosable. To go on keeping it safe is no answer to a recall.
METHODS = ("returned", "destroyed")
# The types of what the office and the recipient sign.
NOTICE = "comity/recall/v1"
DISPOSAL = "comity/disposal/v1"


@dataclass(frozen=True)
class Standing:
    """How one recipient of a recall stands: what still has to be done, '' for nothing, and whether it is `overdue`."""

    recipient: str
    left: bool
    notified: bool
    method: str
    overdue: bool = field(default=False)

    @property
    def awaits(self) -> str:
        """What is awaited, in words."""
        if not self.left or self.method:
            return ""
        return "a certificate of disposal" if self.notified else "the notice"


def order(
    batch: BatchState, ordered: e.RecallOrdered, addressed: Collection[str], new_salt: Callable[[], str]
) -> list[Event]:
    """The recall, and what follows of it at once: a batch for which nobody's acknowledgement is awaited any more is
    closed, and so is a recall of what has left to nobody.

    `addressed` are all for whom a reply of the batch lies sealed; `new_salt` draws one for each stage that closes, for
    none is used twice. Raises Refused `NOTHING_SEALED`; BadInput
    `NOTHING_RECALLED`, `REASON_NEEDED`, or for a reason that cannot be printed.
    """
    if batch.sealed is None:
        raise Refused(
            "NOTHING_SEALED", "Nothing of this batch has been sealed.", "Abandon the release, or place a hold."
        )
    if not ordered.recipients:
        raise BadInput(
            "NOTHING_RECALLED",
            "No reply answers any of these requests, or all that do are recalled for them.",
            "Name requests that were answered to a recipient.",
        )
    if not ordered.reason.strip():
        raise BadInput("REASON_NEEDED", "A recall states its reason.", "Give the reason in a sentence, without names.")
    require_printable(ordered.reason)
    events: list[Event] = [ordered]
    stopped = {*stopped_by(batch), *ordered.recipients} - batch.handed_over.keys()
    if not batch.closed and batch.acknowledged.keys() >= set(addressed) - stopped:
        events.append(e.BatchClosed(new_salt()))
    if not set(ordered.recipients) & batch.handed_over.keys():
        events.append(e.RecallClosed(ordered.recall, new_salt()))
    return events


def stopped_by(batch: BatchState) -> frozenset[str]:
    """The recipients whose reply lies sealed and is not handed over any more."""
    named = (recipient for recall in batch.recalls.values() for recipient in recall.ordered.recipients)
    return frozenset(named) - batch.handed_over.keys()


def require_not_recalled(batch: BatchState, recipient: str) -> None:
    """Refuse `RECALLED` to hand over what is called back; what has left may be fetched again by whoever has it."""
    if recipient in stopped_by(batch):
        raise Refused(
            "RECALLED",
            "Answers in this reply are recalled: it does not leave any more.",
            "Have the requester ask anew about the requests that were not recalled.",
        )


def notify(batch: BatchState, notified: e.RecallNotified) -> list[e.RecallNotified]:
    """The notice is handed to a recipient who got what is recalled; handed again, it is no second event."""
    recall = find(batch, notified.recall)
    _require_owed(batch, recall, notified.recipient)
    return [] if notified.recipient in recall.notified else [notified]


def certify(batch: BatchState, certified: e.DisposalCertified, salt: str) -> list[Event]:
    """A recipient certifies; the last to do so closes the recall. Raises BadInput `METHOD_UNKNOWN`."""
    recall = find(batch, certified.recall)
    _require_owed(batch, recall, certified.recipient)
    if certified.method not in METHODS:
        raise BadInput("METHOD_UNKNOWN", "It is returned or destroyed.", f"Say one of {', '.join(METHODS)}.")
    if certified.recipient in recall.certified:
        return []
    left = owed(batch, recall) - recall.certified.keys() - {certified.recipient}
    return [certified] if left else [certified, e.RecallClosed(recall.ordered.recall, salt)]


def find(batch: BatchState, number: int) -> Recall:
    """The recall of that number. Raises BadInput `RECALL_UNKNOWN`."""
    if number not in batch.recalls:
        raise BadInput("RECALL_UNKNOWN", "The batch has no recall of this number.", "See `comity recall show BATCH`.")
    return batch.recalls[number]


def owed(batch: BatchState, recall: Recall) -> frozenset[str]:
    """Who got what is recalled, and has to certify."""
    return frozenset(recall.ordered.recipients) & batch.handed_over.keys()


def standings(batch: BatchState, recall: Recall, today: str) -> list[Standing]:
    """How each recipient of the recall stands on `today` (ISO), by name."""
    late = date.fromisoformat(today) > date.fromisoformat(recall.ordered.destroy_by)
    return [
        Standing(
            recipient,
            recipient in batch.handed_over,
            recipient in recall.notified,
            _method(recall.certified, recipient),
            late and recipient in batch.handed_over and recipient not in recall.certified,
        )
        for recipient in sorted(recall.ordered.recipients)
    ]


def _method(certified: Mapping[str, e.DisposalCertified], recipient: str) -> str:
    return certified[recipient].method if recipient in certified else ""


def _require_owed(batch: BatchState, recall: Recall, recipient: str) -> None:
    if recipient not in owed(batch, recall):
        raise BadInput(
            "NOT_RECALLED_FROM",
            "This recipient has been given nothing that is recalled.",
            "See `comity recall show BATCH`.",
        )
