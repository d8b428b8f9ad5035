"""What a recall promises, verified: nothing called back left after it, and a closed one has its certificates."""

from __future__ import annotations

from collections.abc import Sequence

from comity.case import recalls
from comity.case.batch_events import (
    BATCH_EVENTS,
    DisposalCertified,
    RecallClosed,
    RecallNotified,
    RecallOrdered,
    ReplyHandedOver,
)
from comity.case.batch_state import BatchState, fold_batch
from comity.case.envelope import Envelope, opened
from comity.oversight.walk import inconsistent

_TOLD = frozenset(
    kind.kind() for kind in (ReplyHandedOver, RecallOrdered, RecallNotified, DisposalCertified, RecallClosed)
)


def require_recalls_kept(batch: str, envelopes: Sequence[Envelope]) -> None:
    """Raises Integrity `HANDED_OVER_RECALLED` or `RECALL_CLOSED_EARLY` where the events of a batch do otherwise."""
    state = BatchState(batch)
    # Votes come by the thousand, and a state with one more each time would be copied as often.
    for stored in (stored for stored in envelopes if stored.type in _TOLD):
        event = opened(stored, BATCH_EVENTS)
        if isinstance(event, ReplyHandedOver) and event.recipient in recalls.stopped_by(state):
            raise inconsistent("HANDED_OVER_RECALLED", f"A reply of batch {batch} left after it was recalled.")
        if isinstance(event, RecallClosed):
            recall = recalls.find(state, event.recall)
            if recalls.owed(state, recall) - recall.certified.keys():
                raise inconsistent("RECALL_CLOSED_EARLY", f"A recall of batch {batch} was closed with answers about.")
        state = fold_batch(batch, [stored], state)
