"""Read models: where batches stand and what waits for people, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from comity.case.batch_decisions import APPROVERS, demands_screen
from comity.case.batch_state import BatchState
from comity.case.errors import Waiting
from comity.office.desk import Office
from comity.office.recalling import open_recalls
from comity.office.reviewing import docket, holds_allow, open_cases
from comity.office.ruling import waiting_count, waiting_rows
from comity.review import require_votes_in


@dataclass(frozen=True)
class Standing:
    """Where a batch stands: the step that comes next, and whom it waits for."""

    batch: str
    agency: str
    requests: int
    step: str
    waits: str


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits: the request's row number (0 where none is told), for whom, and because of what.

    `number` is how many requests it stands for; reviewers' cases are not told one by one, for nobody picks any.
    """

    row_number: int
    waits_for: str
    because: str
    number: int = 1


def batches(office: Office) -> list[Standing]:
    """Every batch, oldest first."""
    return [
        Standing(b.batch, b.submission().agency, b.submission().requests["rows"], b.step(), _waits(office, b))
        for b in office.batches()
    ]


def waiting(office: Office, batch_id: str, officer: str = "") -> list[WaitingItem]:
    """What waits for people in a batch; `officer` leaves out the cases that officer has voted on."""
    batch = office.batch(batch_id)
    rulings = [WaitingItem(row, "examiner", ", ".join(codes)) for row, codes in waiting_rows(office, batch).items()]
    kinds = Counter(kind for _, kind in open_cases(office, batch_id, officer))
    cases = [
        WaitingItem(0, "reviewers", f"{number:,} {kind} {'case' if number == 1 else 'cases'}", number)
        for kind, number in sorted(kinds.items())
    ]
    screen = _screen(batch)
    # At the hour of the answer open votes hold nothing up, save those of the audit; known cases never do.
    if screen and cases and _votes_are_enough(office, batch):
        cases = []
    return rulings + (cases or screen) + _outdated(office, batch) + _signatures(batch) + _recalls(batch)


def _votes_are_enough(office: Office, batch: BatchState) -> bool:
    try:
        require_votes_in(docket(office, batch), batch.cast, due=office.is_due(batch))
    except Waiting:
        return False
    return True


def _screen(batch: BatchState) -> list[WaitingItem]:
    if batch.answers is not None or batch.screened is not None or not demands_screen(batch):
        return []
    return [WaitingItem(0, "screener", "the (i)(6) screen of the subjects is missing")]


def _outdated(office: Office, batch: BatchState) -> list[WaitingItem]:
    if batch.closed_on or batch.answers is None or holds_allow(office, batch):
        return []
    if batch.sealed is not None:
        return [WaitingItem(0, "court", "sealed before an order about persons; what lies there waits for its lift")]
    then = ", and their disclosure is intended: abandon it" if batch.intended else ""
    return [WaitingItem(0, "operator", f"the answers were made before an order about persons{then}")]


def _recalls(batch: BatchState) -> list[WaitingItem]:
    awaited = open_recalls(batch)
    return [WaitingItem(0, "recipients", f"{awaited} certificates of disposal missing")] if awaited else []


def _signatures(batch: BatchState) -> list[WaitingItem]:
    missing = APPROVERS - len(batch.countersigned)
    if batch.answers is None or batch.sealed is not None or missing <= 0:
        return []
    return [
        WaitingItem(0, "approvers", f"{missing} {'countersignature' if missing == 1 else 'countersignatures'} missing")
    ]


def first_waiting(office: Office, batch: BatchState) -> WaitingItem | None:
    """What waits in a batch now, taken together by whom it waits for, for one waits at a time; None where nothing does.

    Rulings are counted and not read: there may be as many as requests.
    """
    if rulings := waiting_count(batch):
        return WaitingItem(0, "examiner", "rulings open", rulings)
    items = waiting(office, batch.batch)
    return replace(items[0], number=sum(item.number for item in items)) if items else None


def _waits(office: Office, batch: BatchState) -> str:
    first = first_waiting(office, batch)
    return f"{first.waits_for} ({first.number})" if first else ""
