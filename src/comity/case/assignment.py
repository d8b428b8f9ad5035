"""Who has which case in hand: what a batch's events come to, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

from comity.case.batch_events import CasePutBack, CasesAssigned, VoteCast
from comity.case.envelope import Envelope

ASSIGNED, PUT_BACK, VOTED = CasesAssigned.kind(), CasePutBack.kind(), VoteCast.kind()


@dataclass(frozen=True)
class Held:
    """A case in an officer's hands, to whom it belongs `until` then (ISO 8601, UTC); after that others may get it."""

    officer: str
    until: str

    def is_kept_from(self, officer: str, now: str) -> bool:
        """Whether it is another's at the hour `now`."""
        return self.officer != officer and self.until > now


def pass_on(hands: MutableMapping[int, Held], stored: Envelope) -> None:
    """Let one event of a batch change `hands`: a case is assigned, or leaves its holder's hands by a vote or back."""
    if stored.type == ASSIGNED:
        held = Held(stored.actor, stored.body["until"])
        hands.update(dict.fromkeys(stored.body["row_numbers"], held))
    elif stored.type in (PUT_BACK, VOTED) and holds(hands, stored.actor, stored.body["row_number"]):
        del hands[stored.body["row_number"]]


def holds(hands: Mapping[int, Held], officer: str, row_number: int) -> bool:
    """Whether the case is in the officer's hands."""
    held = hands.get(row_number)
    return held is not None and held.officer == officer
