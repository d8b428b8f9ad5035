"""Made-up officers of the requesting agency, the recipients of requests, each with a caseload one person can carry."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

AGENCY = "ICE"
OTHER_AGENCY = "CBP"
OFFICERS = 44
UNKNOWN = "ICE-R999"

_SHARE_LEAST, _SHARE_STEP, _SHARE_STEPS = 0.75, 0.05, 11
_GIVEN = ("Avery", "Blair", "Casey", "Devon", "Ellis", "Flynn", "Greer", "Harper", "Indigo", "Jules", "Kit", "Lane")
_FAMILY = ("Testwell", "Samplesworth", "Mockridge", "Fictley", "Exemplar", "Placeholder-Reyes", "Dummond", "Rehearsal")
_ROLES = ("Special Agent", "Special Agent", "Criminal Investigator", "Deportation Officer, criminal docket")
_OFFICES = (
    "100 Rehearsal Plaza, Alderburg CA 95803",
    "200 Specimen Street, Birchburg CO 80503",
    "300 Example Avenue, Cedarburg TX 77003",
    "400 Mock Court, Doveburg IL 61603",
)


@dataclass(frozen=True)
class Recipient:
    """An officer named in requests: id, name, agency, role, number of open matters, address of the office."""

    id: str
    name: str
    agency: str
    role: str
    matters: int
    office_address: str


def officers() -> tuple[Recipient, ...]:
    """The officers of the requesting agency, their matters not yet counted."""
    return tuple(_officer(number) for number in range(1, OFFICERS + 1))


def strangers() -> tuple[Recipient, ...]:
    """Two who may receive nothing: an officer of another agency, and a contractor."""
    other = Recipient("CBP-R001", "Rowan Elsewhere", OTHER_AGENCY, "Special Agent", 1, _OFFICES[0])
    contractor = Recipient("ICE-K001", "Morgan Vendorson", AGENCY, "contractor", 1, _OFFICES[1])
    return other, contractor


def _officer(number: int) -> Recipient:
    name = f"{_GIVEN[number * 5 % len(_GIVEN)]} {_FAMILY[number * 3 % len(_FAMILY)]}"
    role, office = _ROLES[number % len(_ROLES)], _OFFICES[number % len(_OFFICES)]
    return Recipient(f"{AGENCY}-R{number:03d}", name, AGENCY, role, 0, office)


def shares_sql(name: str) -> str:
    """A VALUES list `name(recipient, low, high)`: the part of [0, 1) of all matters that is each officer's own."""
    weights = [_SHARE_LEAST + _SHARE_STEP * (number * 7 % _SHARE_STEPS) for number in range(OFFICERS)]
    edges = [sum(weights[:number]) / sum(weights) for number in range(OFFICERS)] + [1.0]
    rows = (f"('{who.id}', {edges[n]!r}::DOUBLE, {edges[n + 1]!r}::DOUBLE)" for n, who in enumerate(officers()))
    return f"(VALUES {', '.join(rows)}) AS {name}(recipient, low, high)"


def write_recipients(path: Path, recipients: Iterable[Recipient]) -> None:
    """Write `recipients` to `path`, one JSON object a line; certificates are for the one who issues them to add."""
    path.write_text("".join(json.dumps(_listed(recipient)) + "\n" for recipient in recipients), encoding="utf-8")


def _listed(recipient: Recipient) -> dict[str, object]:
    said = asdict(recipient)
    return {"recipient": said.pop("id"), **said}
