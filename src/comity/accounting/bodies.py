"""The outer and the inner body of a request's entry: what each holds, as SQL over the columns that `entries` joins.

The *outer* body is what the requester and the person may read: the request and its digest, its particulars, the rules,
the answer, the recipients. The *inner* body is the custodian's own: determination, rulings, taxpayer pseudonym,
registry, versions, countersignatures. What is the same for the whole batch stands in one document of facts per side, a
pure function of the batch's events, and each body names that document's digest: hashing it 1.28 million times over
would cost as much as all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256

import rfc8785

from comity.accounting.canonical import object_sql, text_sql
from comity.case.tables import REQUESTS, Column

OUTER = "request-outer/1"
INNER = "request-inner/2"

# What the requester wrote beside the person's identity; recipients and elements have places of their own in the body.
_PARTICULARS = [
    column
    for column in REQUESTS.columns
    if column.name == "tax_years" or not (column.identity or column.name in {"recipients", "elements"})
]


@dataclass(frozen=True)
class OuterFacts:
    """What is true of every request of the batch and may be read by the requester.

    `submission_digest` is the SHA-256 of the package, `agreement_digest` that of the agreement's rules; `supersedes`
    the submission that this one takes the place of; `answer_on` the day of the answer, fixed at intake.
    """

    batch: str
    intent: int
    submission: str
    submission_digest: str
    supersedes: str | None
    agency: str
    signatory_name: str = field(repr=False)
    signatory_office: str
    signatory_basis: str
    agreement: str
    agreement_version: str
    agreement_digest: str
    answer_on: date
    channel: str

    def encode(self) -> bytes:
        """Give the facts as RFC 8785 JSON: the document that an outer body names by its digest."""
        return rfc8785.dumps({"type": "outer-facts/1", **vars(self), "answer_on": self.answer_on.isoformat()})

    @property
    def digest(self) -> str:
        """The hex SHA-256 of the document."""
        return sha256(self.encode()).hexdigest()


@dataclass(frozen=True)
class InnerFacts:
    """What is true of every request of the batch and stays with the custodian and its overseers.

    `countersignatures` are the SHA-256 digests of the approvers' countersignatures, `holds` the ids of the holds in
    force when the office, at `office_version`, found that none binds the batch; `at` is the time of the intent.
    """

    registry_digest: str
    engine: str
    code_version: str
    office_version: int
    transmitter: str
    countersignatures: tuple[str, ...]
    holds: tuple[str, ...]
    at: datetime

    def encode(self) -> bytes:
        """Give the facts as RFC 8785 JSON: the document that an inner body names by its digest."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        lists = {"countersignatures": list(self.countersignatures), "holds": list(self.holds)}
        return rfc8785.dumps({"type": "inner-facts/1", **vars(self), **lists, "at": at})

    @property
    def digest(self) -> str:
        """The hex SHA-256 of the document."""
        return sha256(self.encode()).hexdigest()


def identity_sql() -> str:
    """Give the SQL of who was asked about, as the requester wrote it; the outer body carries its digest.

    With the particulars beside it, that commits to the whole request without showing a name.
    """
    return object_sql({column.name: _json_value(column) for column in REQUESTS.columns if column.identity})


def outer_sql(facts: OuterFacts) -> str:
    """Give the SQL of the outer body's struct over a joined row."""
    disclosed = "CASE WHEN answer = 'CONFIRMED' THEN elements ELSE [] END"
    return object_sql(
        {
            "type": text_sql(OUTER),
            "facts": text_sql(facts.digest),
            "entry": f"{text_sql(f'{facts.batch}/{facts.intent}/')} || row_number",
            "request": object_sql({"id": "request_id", "identity_digest": "identity_digest"}),
            "particulars": object_sql({column.name: _json_value(column) for column in _PARTICULARS}),
            "received_on": "received_on::VARCHAR",
            "elements": object_sql({"asked": "elements", "disclosed": disclosed}),
            "answer": "answer",
            "codes": "codes",
            "recipients": "coalesce(people, [])",
        }
    )


def inner_sql(facts: InnerFacts) -> str:
    """Give the SQL of the inner body's struct over a joined row."""
    found = {"determination": "determination", "reason": "why", "candidates": "candidates", "verdict": "verdict"}
    settled = {"ruling": "ruling", "by": "settled_by", "failed": "coalesce(rulings, [])"}
    return object_sql(
        {
            "type": text_sql(INNER),
            "facts": text_sql(facts.digest),
            "linkage": object_sql(found),
            "gates": object_sql(settled),
            "taxpayer": "taxpayer",
            "withheld": "withheld",
        }
    )


def _json_value(column: Column) -> str:
    """Give the SQL of a request's column as a value that RFC 8785 knows: a day is its ISO text."""
    return f'"{column.name}"::VARCHAR' if column.type == "DATE" else f'"{column.name}"'
