"""Step 2: every gate rules on every request in one pass, and what fails is recorded with the clause it rests on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from comity.agreements import OFFICE, REQUEST, SUBMISSION, Agreement, Gate
from comity.case.artefact import Artefact
from comity.case.errors import BadInput, Refused
from comity.gates.compile import Rule, in_force
from comity.gates.counting import Registered, count_submission
from comity.gates.derive import COUNTED, FACTS, fact_row, standardise_requests
from comity.gates.probing import Earlier, look_back, write_asks
from comity.gates.trial import admit
from comity.standard.rows import STANDARD_ROW
from comity.workspace import Workspace, workspace

_STANDARD = ", ".join(STANDARD_ROW)
_WAITING = f"""
SELECT row_number, {", ".join(COUNTED)} FROM counted
SEMI JOIN (SELECT row_number FROM rulings GROUP BY row_number HAVING bool_and(outcome = 'review')) USING (row_number)
"""


@dataclass(frozen=True)
class Ruled:
    """What the gates said of a batch.

    `rulings` is the artefact with one row per failed gate (row_number, request_id, gate, code, outcome, clause);
    `passed`, `returned` and `review` count requests; `by_code` counts requests per code; `not_checked` names the gates
    (id and code) that were left to the office. `standardised` is the artefact with every request's name and address in
    standard form (row_number, STANDARD_ROW), which linkage reads. `waiting` is the artefact that shows an examiner why
    (row_number and COUNTED of the requests that wait); `asks` is what the ledger of asks takes, if one is kept (see
    `probing`).
    """

    rulings: Artefact
    passed: int
    returned: int
    review: int
    by_code: Mapping[str, int]
    standardised: Artefact
    waiting: Artefact
    asks: Artefact | None = None
    not_checked: tuple[str, ...] = ()


def rule(
    directory: Path,
    requests: Artefact,
    recipients: Artefact,
    agreement: Agreement,
    facts: Mapping[str, object],
    register: Sequence[Registered],
    earlier: Earlier | None = None,
    only: Collection[str] | None = None,
    as_of: date | None = None,
) -> Ruled:
    """Rule on `requests` by every gate of `agreement` in force on the day of receipt, and by the values of that day.

    `recipients` is the submission's list; `facts` what office and intake know of the submission (see
    `comity.gates.derive.FACTS`; one that is missing fails its gate); `register` the custodian's registered recipients
    (see `comity.gates.counting.Registered`); `earlier` the ledger of asks, without which nothing
    passes the gates that look back; `only` limits the gates to those ids (such as `agreement.sufficiency`), for a
    measurement, never for an answer; `as_of` takes the gates and values of another day, for a replay, never either.

    Raises BadInput `NO_REQUESTS` or `RECEIVED_ON_UNCLEAR`, Refused `NO_GATE_IN_FORCE`, Integrity `AGREEMENT_INVALID`.
    """
    asked = tuple(gate for gate in agreement.gates if only is None or gate.id in only)
    return _ruled(directory, requests, recipients, agreement, facts, register, asked, earlier, as_of)


def check(
    directory: Path, requests: Artefact, recipients: Artefact, agreement: Agreement, facts: Mapping[str, object]
) -> Ruled:
    """Rule as far as the requester's desk can, offline; `not_checked` names the gates that need the office.

    Takes and raises as `rule`; of the facts only `agency`, `invokes` and `attestation_known` are looked at.
    """
    here = tuple(gate for gate in agreement.gates if gate.needs != OFFICE)
    left = tuple(gate.name for gate in agreement.gates if gate.needs == OFFICE)
    return replace(_ruled(directory, requests, recipients, agreement, facts, (), here), not_checked=left)


def _ruled(
    directory: Path,
    requests: Artefact,
    recipients: Artefact,
    agreement: Agreement,
    facts: Mapping[str, object],
    register: Sequence[Registered],
    asked: tuple[Gate, ...],
    earlier: Earlier | None = None,
    as_of: date | None = None,
) -> Ruled:
    before = [asks.path for asks in earlier.asks] if earlier else []
    with workspace(directory, reads=[requests.path, recipients.path, *before]) as ws:
        ws.view("requests", requests)
        ws.view("recipients", recipients)
        day = as_of or _received_on(ws)
        read = agreement.on(day)
        binding = in_force([rule_ for rule_ in admit(read) if rule_.gate in asked], day)
        if not binding:
            raise Refused(
                "NO_GATE_IN_FORCE",
                "No rule of the agreement was in force on the day of receipt.",
                "A submission is ruled on only under rules in force; see when the agreement starts.",
            )
        face(ws, read, fact_row(read, facts), register, earlier)
        said = record_failures(ws, binding)
        rulings = ws.write("rulings", said, "row_number, gate, code")
        standardised = ws.write("standardised", f"SELECT row_number, {_STANDARD} FROM standard_rows", "row_number")
        ws.view("rulings", rulings)
        waiting = ws.write("waiting", _WAITING, "row_number")
        asks = write_asks(ws) if earlier else None
        return _counted(ws, rulings, standardised, waiting, asks)


def _received_on(ws: Workspace) -> date:
    days = ws.rows("SELECT DISTINCT received_on FROM requests LIMIT 2")
    if not days:
        raise BadInput("NO_REQUESTS", "There is no request to rule on.", "Send a submission with at least one request.")
    if len(days) != 1 or not isinstance(days[0][0], date):
        raise BadInput(
            "RECEIVED_ON_UNCLEAR",
            "The requests do not all carry one day of receipt.",
            "Receive the submission again; the day of receipt is the custodian's to write.",
        )
    return days[0][0]


def face(
    ws: Workspace,
    agreement: Agreement,
    facts: tuple[object, ...],
    register: Sequence[Registered],
    earlier: Earlier | None,
) -> None:
    """Make the two relations that gates read: `faced` (a row per request) and `submission` (one row)."""
    standardise_requests(ws.con, agreement, "requests", "standard_requests")
    look_back(ws, earlier)
    count_submission(ws.con, "standard_requests", "faced", agency_of(facts), register)
    enter_facts(ws, facts)


def agency_of(facts: tuple[object, ...]) -> str | None:
    """The agency that asks, of `facts` in the order of FACTS."""
    agency = facts[list(FACTS).index("agency")]
    return agency if isinstance(agency, str) else None


def enter_facts(ws: Workspace, facts: tuple[object, ...]) -> None:
    """Create the table `submission`: one row of `facts`, in the order of FACTS."""
    columns = ", ".join(f"?::{kind} AS {name}" for name, kind in FACTS.items())
    ws.con.execute(f"CREATE TABLE submission AS SELECT {columns}", list(facts))


def record_failures(ws: Workspace, rules: tuple[Rule, ...]) -> str:
    """Find every failed gate in one pass; gives a SELECT with the columns of the artefact `rulings`."""
    spoken = [(rule_, code) for rule_ in rules for _, code in rule_.codes]
    words = [(n, r.gate.id, code, r.gate.outcome, r.gate.clause) for n, (r, code) in enumerate(spoken)]
    ws.con.execute(
        """CREATE TABLE spoken AS SELECT unnest(?::INTEGER[]) AS number, unnest(?::VARCHAR[]) AS gate,
        unnest(?::VARCHAR[]) AS code, unnest(?::VARCHAR[]) AS outcome, unnest(?::VARCHAR[]) AS clause""",
        [list(column) for column in zip(*words, strict=True)],
    )
    of_request = _failed_sql("row_number, request_id,", rules, REQUEST, "faced")
    of_submission = _failed_sql("", rules, SUBMISSION, "submission")
    failed = f"({of_request}) UNION ALL SELECT row_number, request_id, number FROM requests, ({of_submission})"
    ws.con.execute(f"CREATE TABLE failed AS {failed}")
    return """
        SELECT row_number, request_id, gate, code, min(outcome) AS outcome, min(clause) AS clause
        FROM failed JOIN spoken USING (number) GROUP BY row_number, request_id, gate, code"""


def _failed_sql(kept: str, rules: tuple[Rule, ...], scope: str, source: str) -> str:
    """A SELECT of `kept` and `number`, the place in the table `spoken` of what each failed gate of `scope` says."""
    numbers, first = [], 0
    for rule_ in rules:
        said = " ".join(f"WHEN {condition} THEN {first + n}" for n, (condition, _) in enumerate(rule_.codes))
        first += len(rule_.codes)
        if rule_.gate.scope == scope:
            numbers.append(f"CASE WHEN {rule_.fails} THEN CASE {said} END END")
    fails = [rule_.fails for rule_ in rules if rule_.gate.scope == scope] or ["FALSE"]
    # Most requests fail nothing: the list of what failed is made only for those that do.
    listed = f"list_filter([{', '.join(numbers)}]::INTEGER[], lambda number: number IS NOT NULL)"
    return f"SELECT {kept} unnest({listed}) AS number FROM {source} WHERE {' OR '.join(fails)}"


def _counted(
    ws: Workspace, rulings: Artefact, standardised: Artefact, waiting: Artefact, asks: Artefact | None
) -> Ruled:
    returned, held = ws.rows("""
        SELECT count(*) FILTER (back), count(*) FILTER (NOT back)
        FROM (SELECT bool_or(outcome = 'return') AS back FROM rulings GROUP BY row_number)""")[0]
    by_code = ws.rows("SELECT code, count(DISTINCT row_number) FROM rulings GROUP BY code ORDER BY code")
    passed = standardised.rows - returned - held
    return Ruled(rulings, passed, returned, held, dict(by_code), standardised, waiting, asks)
