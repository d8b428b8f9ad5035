"""What may be removed of a closed batch, how long after its closing, and what is kept for good whatever anybody says.

A policy names a class and its days, and two officers keep it. Requests, rulings, determinations, votes, answers, the
accounting and every event are of no class: nobody can name them, so they stay (26 U.S.C. 6103(p)(3)(A)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from comity.case import office_events as e
from comity.case.batch_events import ArtefactsPruned, Named
from comity.case.batch_state import BatchState
from comity.case.contests import open_contests
from comity.case.embargoes import embargo_on
from comity.case.errors import BadInput, Refused
from comity.case.holds import HOLD_ACTIVE
from comity.case.holds import binding as binding_holds
from comity.case.office_state import OfficeState
from comity.case.registers import RETENTION, Entry, binding
from comity.case.wording import require_printable

RECORDS = "records"
"""The class without which answers are not derived again, and persons not found in a batch."""


@dataclass(frozen=True)
class Class:
    """What files a class has, by the kinds of artefact, what they are in words, and the fewest days they are kept."""

    kinds: tuple[str, ...]
    says: str
    least_days: int


CLASSES: Mapping[str, Class] = {
    "workings": Class(
        ("standardised", "waiting"),
        "names and addresses in standard form, and what was counted for examiners; both can be made again",
        30,
    ),
    # The accounting itself is kept for good. What it was derived from is kept as long as 5 U.S.C. 552a(c)(2) has
    # an accounting kept at least.
    RECORDS: Class(
        ("candidates", "known", "known_candidates"), "copies of the custodian's records, as reviewers saw them", 1827
    ),
}


@dataclass(frozen=True)
class Due:
    """Files of one class of a batch that may be removed, `named` as its events name them, under which `policy`."""

    batch: str
    subject: str
    policy: Entry
    named: tuple[Named, ...]


def require_retention(_: OfficeState, said: e.RetentionProposed) -> None:
    """A policy about a class that exists, with the days that the law leaves and what it rests on.

    Raises BadInput `CLASS_UNKNOWN`, `DAYS_TOO_FEW`, `BASIS_NEEDED` or for words out of form.
    """
    known = CLASSES.get(said.subject)
    if known is None:
        raise BadInput(
            "CLASS_UNKNOWN",
            "No class of files has this name; all that is of no class is kept for good.",
            f"Name one of: {', '.join(CLASSES)}.",
        )
    if said.days and said.days < known.least_days:
        raise BadInput(
            "DAYS_TOO_FEW",
            f"Files of the class {said.subject} are kept for {known.least_days} days at least after the closing.",
            "Give more days, or 0 to keep them for good.",
        )
    require_printable(said.basis)
    if not said.basis.strip():
        raise BadInput("BASIS_NEEDED", "A policy says what it rests on.", "Give --basis, such as a records schedule.")


def policy_on(office: OfficeState, subject: str, day: str) -> Entry | None:
    """The version of the policy about a class that binds on `day` (ISO), if it lets anything go."""
    versions = office.entries.get((RETENTION, subject), ())
    said = binding(versions, day)
    if not isinstance(said, e.RetentionProposed) or not said.days:
        return None
    return next(entry for entry in reversed(versions) if entry.said is said)


def of_class(batch: BatchState, subject: str) -> tuple[Named, ...]:
    """The artefacts of a class that the batch's events name and that are not said to be removed, each once."""
    kinds = CLASSES[subject].kinds
    named = {one["digest"]: one for one in batch.named if one["kind"] in kinds and one["digest"] not in batch.pruned}
    return tuple(named.values())


def lacks_records(batch: BatchState) -> bool:
    """Whether the copies of the custodian's records of the batch were removed."""
    return any(event.subject == RECORDS for event in batch.pruned.values())


def due(batch: BatchState, office: OfficeState, subject: str, day: str) -> Due | None:
    """What of a class may be removed on `day` (ISO) by the policy of that day; None where nothing is, or its days run.

    Holds, contests, recalls and embargoes are no matter here; see `require_free`.
    """
    entry, named = policy_on(office, subject, day), of_class(batch, subject)
    if entry is None or not named or not batch.closed_on:
        return None
    days = entry.said.days if isinstance(entry.said, e.RetentionProposed) else 0
    free_on = date.fromisoformat(batch.closed_on) + timedelta(days=days)
    return Due(batch.batch, subject, entry, named) if day > free_on.isoformat() else None


def require_free(batch: BatchState, office: OfficeState, day: str) -> None:
    """Nothing that is under way needs the files of the batch.

    Raises Refused `HOLD_ACTIVE`, `RECALL_OPEN`, `CONTEST_OPEN` or `EMBARGO_RUNS`.
    """
    agreement = batch.submission().agreement
    _require_unheld(office, agreement)
    if any(not recall.closed for recall in batch.recalls.values()):
        raise _needed("RECALL_OPEN", "A recall of this batch is open.", "until its recipients have certified")
    if any(contest.batch == batch.batch for contest in open_contests(office.contests.values())):
        raise _needed("CONTEST_OPEN", "An answer of this batch is contested.", "until the contest is closed")
    if embargo_on(office.embargoes.values(), agreement, batch.batch, day):
        raise _needed("EMBARGO_RUNS", "Persons cannot be accounted to yet.", "until the embargo has ended")


def _needed(code: str, says: str, until: str) -> Refused:
    return Refused(code, f"{says} Its files are needed.", f"They stay {until}; then run `comity home prune` again.")


def prune(batch: BatchState, office: OfficeState, subject: str, actor: str, day: str, salt: str) -> ArtefactsPruned:
    """The files of a class may go: they are named here, with the policy, before any of them is removed.

    Raises Refused `RETENTION_RUNS` where no policy of that day lets them go, `SOD_VIOLATION` to who made the policy,
    and as `require_free`.
    """
    found = due(batch, office, subject, day)
    if found is None:
        raise Refused(
            "RETENTION_RUNS", "No policy lets these files go yet.", "See `comity retention show` for the days."
        )
    if actor in {found.policy.proposed_by, found.policy.approved_by}:
        raise Refused("SOD_VIOLATION", "Who made the policy removes nothing by it.", "Have another operator do it.")
    require_free(batch, office, day)
    digests = tuple(sorted(one["digest"] for one in found.named))
    return ArtefactsPruned(subject, found.policy.number, digests, office.version, salt)


def _require_unheld(office: OfficeState, agreement: str) -> None:
    # What an order is about is what a court may want to see, whether it names everybody or some.
    orders = "; ".join(hold.order() for hold in binding_holds(office.holds.values(), agreement))
    if orders:
        raise Refused(
            HOLD_ACTIVE, f"Nothing is removed under {agreement}: {orders}.", "Wait until the hold has been lifted."
        )
