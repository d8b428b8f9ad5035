"""A log that is of an earlier day than the events: its leaves are made again, for they follow from the events."""

from __future__ import annotations

from pathlib import Path

from comity.case.errors import Integrity, Refused
from comity.case.keeping_events import LogCaughtUp
from comity.crypto import P256Key
from comity.office.desk import Clock, Progress, crypto_errors, log_errors, unfollowed
from comity.office.locks import FEED, alone
from comity.office.outbox import feed_again


def catch_up(directory: Path, officer: str, key: P256Key, clock: Clock, progress: Progress) -> LogCaughtUp:
    """Make the leaves again that the events of the home have had and its log lacks; gives what was made.

    It takes the home, which does not open, and the officer's id and key. Raises Refused `DONE_BEFORE` where no leaf is
    lacking or for a missing right, and Integrity `LOG_OF_ANOTHER_HISTORY`, `EVENTS_OLDER_THAN_LOG`, `ARTEFACT_MISSING`.
    """
    office = unfollowed(directory, clock, progress)
    actor = office.identify(officer, key)
    role = office.require(actor, "catch_up_log")
    with log_errors(), crypto_errors(Integrity), alone(directory, FEED, wait=True):
        lacked_from = office.log.checkpoint().size
        made = feed_again(office.store, office.vault, office.log, office.home.pseudonym_key)
    if not made:
        raise Refused("DONE_BEFORE", "The log lacks no leaf that an event has had.", "There is nothing to do.")
    office.follow()
    event = LogCaughtUp(lacked_from, lacked_from + made)
    office.record(office.act(actor, role, "home catch-up"), [event], office.state())
    return event
