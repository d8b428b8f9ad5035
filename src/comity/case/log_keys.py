"""The keys that sign the log, one after the other: which is in force when, and up to which size each counts.

A proposed key signs nothing before another officer than its proposer puts it in the place of the one in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.case.errors import Refused
from comity.case.keeping_events import LogKeyChanged, LogKeyProposed
from comity.case.office_state import OfficeState


@dataclass(frozen=True)
class KeyTerm:
    """A verifier key (one line) and the sizes of the checkpoints that count under it: after `since`, up to `until`.

    `until` is None for the key in force. `compromised` says that it is in other hands.
    """

    vkey: str
    since: int = 0
    until: int | None = None
    compromised: bool = False

    def counts(self, size: int) -> bool:
        """Whether what this key signed for a log of `size` leaves counts."""
        return self.since <= size and (self.until is None or size <= self.until)


def followed(terms: Sequence[KeyTerm], changed: LogKeyChanged, size: int) -> tuple[KeyTerm, ...]:
    """The terms once a change stands as the last of `size` leaves: the last of `terms` ends, and another begins."""
    *before, past = terms
    until = changed.counts_to if changed.compromised else size
    return (*before, KeyTerm(past.vkey, past.since, until, changed.compromised), KeyTerm(changed.vkey, size))


def propose(office: OfficeState, proposed: LogKeyProposed) -> LogKeyProposed:
    """A key is made to be the next one. Raises Refused `TAKEN` for one that has signed here already."""
    if proposed.vkey in {office.log_key, *(changed.vkey for _, changed in office.key_changes)}:
        raise Refused("TAKEN", "This key has signed the log already.", "Make another.")
    return proposed


def change(office: OfficeState, changed: LogKeyChanged, actor: str) -> LogKeyChanged:
    """Another officer puts the proposed key into force. Raises Refused `KEY_NOT_PROPOSED` or `SOD_VIOLATION`."""
    proposed = office.key_proposed
    if proposed is None or proposed[0] != changed.vkey:
        raise Refused("KEY_NOT_PROPOSED", "No key waits to be put into force.", "Make one: `comity log new-key`.")
    if proposed[1] == actor:
        raise Refused("SOD_VIOLATION", "Who made a key does not put it into force.", "Have another officer do it.")
    return changed
