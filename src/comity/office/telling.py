"""What a person is told of each entry, in words: by whom, when, on what ground, what was answered, and what left.

Of a third person nothing: no name of a recipient, no particular of a request that does not name the person, and of the
request itself neither its narrative nor its matter, which may speak of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from comity.case.batch_events import RecallOrdered, ReplyHandedOver
from comity.case.batch_state import BatchState
from comity.case.envelope import batch_stream
from comity.case.outcomes import RETURNED
from comity.linkage.about import About
from comity.office.desk import Office
from comity.office.receipting import entry_leaf
from comity.office.receiving import agreement_in_force
from comity.workspace import workspace

_LEFT = (
    "That a record of yours, for a year asked about, shows the name at the address that was asked about. "
    "No address, no number and nothing else of the record."
)
_OF_ANOTHER = (
    "Nothing says that the request was about you: it fitted your record. Its ground concerns whoever was meant, and is "
    "not shown. If you are not the person, contest it."
)


@dataclass(frozen=True)
class Entry:
    """One entry as the person reads it; days are ISO dates, `leaf` is its place in the log `log`."""

    number: int
    batch: str
    row_number: int
    agency: str
    agreement: str
    law: str
    ground: str
    received_on: str
    answered_on: str
    tax_years: tuple[int, ...]
    answer: str
    left: str
    to: tuple[str, ...]
    left_on: tuple[str, ...]
    recalled: str
    log: str
    leaf: int

    def facts(self) -> dict[str, Any]:
        """The same, for JSON."""
        return asdict(self)

    def sheet(self) -> str:
        """The same, for people."""
        years = f" for {', '.join(map(str, self.tax_years))}" if self.tax_years else ""
        lines = [
            f"{self.number}. {self.agency} asked on {self.received_on}{years}, under {self.agreement} ({self.law}).",
            f"   Ground: {self.ground}",
            f"   Answer of {self.answered_on}: {self.answer}",
            f"   What left of your record: {self.left}",
            f"   To: {'; '.join(self.to)}",
            f"   Handed over: {', '.join(self.left_on) or 'not yet'}",
            *([f"   {self.recalled}"] if self.recalled else []),
            f"   In the log {self.log}: leaf {self.leaf}. To contest it, name {self.batch} and {self.row_number}.",
        ]
        return "\n".join(lines)


def told(office: Office, batch: BatchState, about: About, number: int) -> Entry:
    """What the person is told of the request `about`, as the entry of that number."""
    received, state = batch.submission(), office.state()
    day = date.fromisoformat(received.received_on)
    restriction = agreement_in_force(office, state, received.agreement).on(day).value("use_restriction")
    to, left_on = _recipients(office, batch, about)
    answer, left = _answered(about, left_on)
    return Entry(
        number,
        batch.batch,
        about.row_number,
        received.agency,
        f"{received.agreement} {received.agreement_version}",
        restriction.basis.clause if restriction else "",
        _ground(about),
        received.received_on,
        received.answer_at[:10],
        about.tax_years,
        answer,
        left,
        to,
        left_on,
        _recalled(office, batch, about.row_number),
        office.home.note_key().name,
        entry_leaf(office, batch, about.row_number),
    )


def _ground(about: About) -> str:
    if not about.named:
        return _OF_ANOTHER
    return "; ".join(said for said in (about.statute, about.purpose) if said) or "none was given"


def _answered(about: About, left_on: Sequence[str]) -> tuple[str, str]:
    """The answer and what left of the person's own record: a record of another's that was confirmed is no yes here."""
    if about.disclosed:
        return "confirmed", _LEFT if left_on else "Nothing so far: the reply that confirms it lies sealed."
    if about.answer == RETURNED:
        return "none: the request was returned to the agency", "Nothing; no record was looked up."
    return "not confirmed", "Nothing."


def _recipients(office: Office, batch: BatchState, about: About) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The offices that the answer went to, none of their officers by name, and the days on which replies left."""
    if about.answer == RETURNED:
        return ("the signatory of the agency",), ()
    with workspace(office.vault.folder(batch.batch)) as ws:
        ws.view("recipients", office.vault.artefact(batch.batch, batch.submission().recipients))
        rows = ws.rows(
            """SELECT DISTINCT role || ', ' || agency || ', ' || office_address AS office FROM recipients
            WHERE list_contains(?::VARCHAR[], recipient) ORDER BY office""",
            [list(about.recipients)],
        )
    handed = (
        stored.at[:10]
        for stored in office.store.read(batch_stream(batch.batch))
        if stored.type == ReplyHandedOver.kind() and stored.body["recipient"] in about.recipients
    )
    return tuple(where for (where,) in rows), tuple(sorted(set(handed)))


def _recalled(office: Office, batch: BatchState, row_number: int) -> str:
    """What became of the answer where it was called back, in words; '' where it was not."""
    ordered = [
        (stored.at[:10], stored.body["recall"])
        for stored in office.store.read(batch_stream(batch.batch))
        if stored.type == RecallOrdered.kind() and row_number in stored.body["row_numbers"]
    ]
    if not ordered:
        return ""
    day, number = ordered[-1]
    closed = (
        "everybody who got it has certified that it is gone" if batch.recalls[number].closed else "not all certified"
    )
    return f"Recalled on {day}: {closed}."


def sheet(entries: Sequence[Entry], facts: Mapping[str, Any]) -> str:
    """The whole accounting as one text: the `entries`, and what `facts` say of it and of the embargoes in force."""
    rehearsal = ["REHEARSAL: everybody and everything here is made up."] if facts["rehearsal"] else []
    listed = [entry.sheet() for entry in entries] or ["Nothing was asked or answered about you that is accounted for."]
    kept = (
        f"{facts['embargoes_in_force']} embargoes are in force in this office on {facts['on']}; they keep back "
        f"{facts['entries_embargoed']} entries, about all persons together. Whether one of them is about you is not "
        "said to anybody."
    )
    without = facts["batches_without_records"]
    gone = (
        f"Of {without} batches this office keeps no copies of records any more. Of these you find here what asked "
        "about you by name, and not what was answered of your record to somebody else's name."
    )
    opening = f"Accounting of {facts['on']}, at your request {facts['reference']}."
    return "\n\n".join([*rehearsal, opening, *listed, *([gone] if without else []), kept]) + "\n"
