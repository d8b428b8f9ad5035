"""The commands around an accounting to a person: an embargo is placed, a contest is received, looked up and closed."""

from __future__ import annotations

from comity.case import office_events as e
from comity.case.batch_state import BatchState
from comity.case.contests import Contest
from comity.case.embargoes import days_of
from comity.case.errors import BadInput, Refused
from comity.case.hold_decisions import ORDER_WORDS
from comity.case.office_state import OfficeState
from comity.case.wording import require_day, require_id, require_printable


def account(accounted: e.PersonAccounted) -> e.PersonAccounted:
    """Counsel accounts to a person, at a request of that person's. Raises BadInput `ID_UNFIT` for its reference."""
    require_id(accounted.reference)
    return accounted


def embargo(
    office: OfficeState, placed: e.EmbargoPlaced, batch: BatchState | None, today: str, longest: int
) -> e.EmbargoPlaced:
    """Counsel places an embargo under a statute that allows it, for `longest` days from `today` (ISO) at most.

    `batch` is the one it is confined to, None for a whole agreement. Raises BadInput `BASIS_NEEDED`, `BATCH_UNKNOWN`
    for one of another agreement, `DAY_UNFIT`, or `AGREEMENT_UNKNOWN`; Refused `EMBARGO_TOO_LONG` or `EMBARGO_OVER`.
    """
    office.agreement(placed.agreement)
    require_day(placed.ends_on)
    if not ORDER_WORDS.fullmatch(placed.basis):
        raise BadInput(
            "BASIS_NEEDED",
            "An embargo cites the statute that allows it, in up to 200 plain characters.",
            "Give --basis, such as '5 USC 552a(c)(3)'.",
        )
    if batch is not None and batch.submission().agreement != placed.agreement:
        raise BadInput("BATCH_UNKNOWN", "The batch came under another agreement.", "See `comity batches`.")
    days = days_of(today, placed.ends_on)
    if days < 1:
        raise Refused("EMBARGO_OVER", "The embargo would be over already.", "Give a last day from today on.")
    if days > longest:
        raise Refused(
            "EMBARGO_TOO_LONG",
            f"Under this agreement an embargo lasts {longest} days at most.",
            "Give an earlier last day; when it is over, counsel decides anew.",
        )
    return placed


def contest(received: e.ContestReceived, batch: BatchState) -> e.ContestReceived:
    """A contest is received about a request of a released batch.

    Raises BadInput `ID_UNFIT` for the reference, `ROW_UNKNOWN`; Refused `NOTHING_SEALED` where nothing was answered.
    """
    require_id(received.reference)
    if batch.sealed is None:
        raise Refused("NOTHING_SEALED", "Nothing of this batch has been answered.", "See `comity batches`.")
    if not 0 < received.row_number <= batch.submission().requests["rows"]:
        raise BadInput("ROW_UNKNOWN", "The batch has no request in that row.", "Rows count from 1.")
    return received


def find_contest(office: OfficeState, number: int) -> Contest:
    """The contest of that number. Raises BadInput `CONTEST_UNKNOWN`."""
    if number not in office.contests:
        raise BadInput("CONTEST_UNKNOWN", "No contest has this number.", "See `comity contest show`.")
    return office.contests[number]


def find_open(office: OfficeState, number: int) -> Contest:
    """The contest of that number, if nothing has ended it. Raises as `find_contest`, and Refused `DONE_BEFORE`."""
    found = find_contest(office, number)
    if found.closed_at:
        raise Refused("DONE_BEFORE", "This contest is closed.", "A new letter is a new contest.")
    return found


def close(office: OfficeState, closed: e.ContestClosed, batch: BatchState) -> e.ContestClosed:
    """A contest ends, after somebody has looked: by a recall of the contested answer, or by a finding in words.

    Raises as `find_open`, Refused `NOT_LOOKED_UP`, BadInput `CLOSED_BY_WHAT`, `RECALL_OF_ANOTHER`, or for a finding
    that cannot be printed.
    """
    found = find_open(office, closed.contest)
    if bool(closed.recall) == bool(closed.finding.strip()):
        raise BadInput(
            "CLOSED_BY_WHAT",
            "A contest is closed by a recall or by a finding, and by one of them.",
            "Give --recall NUMBER, or --finding with a sentence that names nobody.",
        )
    require_printable(closed.finding)
    if not found.looked_up:
        raise Refused(
            "NOT_LOOKED_UP",
            "Nobody has looked at the contested answer since the letter came.",
            f"Look first: `comity contest look {closed.contest}`.",
        )
    if closed.recall and not recalls_it(batch, closed.recall, found.row_number):
        raise BadInput(
            "RECALL_OF_ANOTHER",
            "No recall of this number calls the contested answer back.",
            "Order it first: `comity recall order`; `comity recall show BATCH` has the numbers.",
        )
    return closed


def recalls_it(batch: BatchState, recall: int, row_number: int) -> bool:
    """Whether the recall of that number exists in the batch and names the request at `row_number`."""
    return recall in batch.recalls and row_number in batch.recalls[recall].ordered.row_numbers
