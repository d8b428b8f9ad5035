"""Embargoes and contests: what a person is not told yet, and what happens when somebody says "that is not me"."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from comity.accounting.leaf import commit
from comity.agreements import Terms
from comity.case import accounting_decisions as decide
from comity.case.batch_events import RecordsRead
from comity.case.contests import Contest
from comity.case.embargoes import Embargo, in_force
from comity.case.envelope import batch_stream, stamp
from comity.case.errors import BadInput
from comity.case.office_events import ContestClosed, ContestLookedUp, ContestReceived, EmbargoPlaced
from comity.case.office_state import OfficeState
from comity.office.accounts import covered, released_batches
from comity.office.desk import Actor, Office, log_errors
from comity.office.explaining import explain_contested
from comity.office.receipting import entry_leaf
from comity.office.receiving import SALT_BYTES, agreement_in_force
from comity.office.rekeying import key_terms
from comity.oversight.explaining import Explained
from comity.oversight.receipt import ENTRY, REQUEST, Proven, failed, key_of, verify_one


def place_embargo(
    office: Office, actor: Actor, agreement: str, batch_id: str, basis: str, ends_on: str
) -> EmbargoPlaced:
    """Counsel keeps what was asked under `agreement`, or in one batch of it, out of accountings up to `ends_on` (ISO).

    Raises as `case.accounting_decisions.embargo`.
    """
    role = office.require(actor, "place_embargo")
    state = office.state()
    act = office.act(actor, role, "embargo place")
    batch = office.batch(batch_id) if batch_id else None
    number = len(state.embargoes) + 1
    drafted = Embargo(number, agreement, batch_id, basis, ends_on, 0, act.at)
    entries = covered(office, [drafted], act.at)
    event = EmbargoPlaced(number, agreement, batch_id, basis, ends_on, entries)
    longest = _terms(office, state, agreement, act.at[:10]).embargo_days
    office.record(act, [decide.embargo(state, event, batch, act.at[:10], longest)], state)
    return event


def embargoes(office: Office) -> tuple[tuple[Embargo, bool, int], ...]:
    """Every embargo, oldest first: whether it is in force today, and how many entries it keeps back."""
    now = stamp(office.now())
    known = office.state().embargoes.values()
    binding = in_force(known, now[:10])
    return tuple((one, one in binding, covered(office, [one], now)) for one in known)


def place_of(office: Office, receipt: bytes) -> tuple[str, int]:
    """Batch and row number of the entry that a person's receipt proves, under whichever key of the log counts for it.

    A receipt of before a change of the key is as good as it was. Raises BadInput `RECEIPT_UNREADABLE` or
    `RECEIPT_OF_ANOTHER`, Integrity as `oversight.receipt.verify_one`, and for one of another history.
    """
    proven = _proven(office, receipt)
    for batch in released_batches(office, stamp(office.now())):
        first = entry_leaf(office, batch, 1)
        row_number = proven.indexes[0] - first + 1
        if proven.about in (ENTRY, REQUEST) and 0 < row_number <= batch.submission().requests["rows"]:
            return batch.batch, row_number
    raise BadInput(
        "RECEIPT_OF_ANOTHER", "The receipt is not of an entry that was released.", "Name the batch and the row number."
    )


def _proven(office: Office, receipt: bytes) -> Proven:
    held = key_of(receipt)
    term = next((term for term in key_terms(office) if term.vkey == held), None)
    if term is None:
        return verify_one(receipt, office.home.note_key().vkey)
    proven = verify_one(receipt, term.vkey, None, term.until)
    with log_errors():
        known = term.counts(proven.size) and proven.size <= office.log.checkpoint().size
        if not known or office.log.root_at(proven.size).hex() != proven.root:
            raise failed("The receipt is not of the history that this log has.")
    return proven


def receive_contest(
    office: Office, actor: Actor, batch_id: str, row_number: int, reference: str, letter: bytes
) -> ContestReceived:
    """Counsel receives a `letter` that contests one answer; only a salted commitment to its bytes is kept.

    Raises as `case.accounting_decisions.contest`.
    """
    role = office.require(actor, "receive_contest")
    batch, state = office.batch(batch_id), office.state()
    act = office.act(actor, role, "contest receive")
    today = date.fromisoformat(act.at[:10])
    days = _terms(office, state, batch.submission().agreement, act.at[:10]).contest_days
    salt = secrets.token_bytes(SALT_BYTES)
    event = ContestReceived(
        len(state.contests) + 1,
        batch_id,
        row_number,
        reference,
        salt.hex(),
        commit(salt, letter),
        (today + timedelta(days=days)).isoformat(),
    )
    office.record(act, [decide.contest(event, batch)], state)
    return event


def look_up(office: Office, actor: Actor, number: int) -> Explained:
    """Show counsel how the contested request was answered, and the records beside it; both looks are events first.

    Raises as `explaining.explain_contested` and `case.accounting_decisions.find_open`.
    """
    role = office.require(actor, "look_up_contest")
    contested = decide.find_open(office.state(), number)
    explained = explain_contested(office, actor, contested.batch, contested.row_number)
    state = office.state()
    if not decide.find_open(state, number).looked_up:
        event = ContestLookedUp(number, _reading(office, actor, contested) if explained.explanation else 0)
        office.record(office.act(actor, role, "contest look"), [event], state)
    return explained


def close(office: Office, actor: Actor, number: int, recall: int, finding: str) -> Contest:
    """Close a contest by the recall of that number in its batch, or by a finding in words.

    Raises as `case.accounting_decisions.close`.
    """
    role = office.require(actor, "close_contest")
    state = office.state()
    contested = decide.find_open(state, number)
    event = decide.close(state, ContestClosed(number, recall, finding.strip()), office.batch(contested.batch))
    office.record(office.act(actor, role, "contest close"), [event], state)
    return office.state().contests[number]


def contests(office: Office) -> tuple[tuple[Contest, str, bool], ...]:
    """Every contest, oldest first: how it stands today, and whether it is overdue."""
    today = office.now().date().isoformat()
    return tuple((one, one.stands(), one.overdue(today)) for one in office.state().contests.values())


def _reading(office: Office, actor: Actor, contest: Contest) -> int:
    """The version of the last event in which `actor` was shown the records of the contested request."""
    return max(
        stored.version
        for stored in office.store.read(batch_stream(contest.batch))
        if (stored.type, stored.actor) == (RecordsRead.kind(), actor.officer)
        and contest.row_number in stored.body["row_numbers"]
    )


def _terms(office: Office, state: OfficeState, agreement: str, today: str) -> Terms:
    return agreement_in_force(office, state, agreement).on(date.fromisoformat(today)).terms
