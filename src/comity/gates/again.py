"""What the gates say again at a release: the same rules, over the registers as they stand at that hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from comity.agreements import RETURN, SUBMISSION, Agreement
from comity.case.artefact import Artefact
from comity.case.batch_events import SubmissionReceived
from comity.case.errors import Refused
from comity.case.office_state import OfficeState
from comity.case.outcomes import PASS
from comity.case.standing import facts_on, registered_on
from comity.gates.compile import Rule, in_force
from comity.gates.counting import ENGAGED_SQL, NAMED, REGISTERED, Registered, count_engaged
from comity.gates.derive import fact_row
from comity.gates.rule import agency_of, enter_facts, face, record_failures
from comity.gates.trial import admit
from comity.workspace import Workspace, workspace

_ALONE = "SELECT 1 AS row_number, '' AS request_id, [?::VARCHAR] AS recipients, NULL::VARCHAR AS matter"
_LISTED = "SELECT row_number, request_id, recipients, NULL::VARCHAR AS matter FROM requests"
_FACED = f"SELECT a.*, {ENGAGED_SQL} FROM asked a LEFT JOIN engaged ON engaged.recipients = a.recipients"


def require_still_passing(
    directory: Path,
    tables: Mapping[str, Artefact],
    agreement: Agreement,
    received: SubmissionReceived,
    registers: OfficeState,
    day: date,
) -> None:
    """Refuse a release for which the submission, or a request of it that passed, would not pass on `day`.

    Asked are the gates in force then whose outcome is `return`: all of scope submission, and those on a request that
    speak of the custodian's register. What only waits for an examiner has been looked at. `tables` has `requests`,
    `recipients` and `settled`; `registers` are those of the hour. Raises Refused `LAPSED_SINCE_RECEIPT`, and
    `REPLY_OUT_OF_TERM` after the day by which the reply would say that it is destroyed, Integrity `AGREEMENT_INVALID`.
    """
    _require_in_term(agreement, received, day)
    read, at = agreement.on(day), day.isoformat()
    rules, facts = _asked_again(read, day), fact_row(read, facts_on(registers, received, at))
    register = registered_on(registers, at)
    with workspace(directory, reads=[table.path for table in tables.values()]) as ws:
        for name in ("requests", "recipients", "settled"):
            ws.view(name, tables[name])
        if all(_speaks_of_names_alone(rule) for rule in rules):
            ws.con.execute(f"CREATE TABLE asked AS {_LISTED}")
            _face_recipients(ws, facts, register)
        else:
            face(ws, read, facts, register, None)
        passed = f"SEMI JOIN (SELECT row_number FROM settled WHERE ruling = '{PASS}') USING (row_number)"
        _require_none(ws, rules, passed)


def require_still_entitled(
    directory: Path,
    recipients: Artefact,
    recipient: str,
    agreement: Agreement,
    received: SubmissionReceived,
    registers: OfficeState,
    day: date,
) -> None:
    """Refuse to hand a reply to `recipient` where a request that names this recipient alone would not pass on `day`.

    Rules that look at more of a request than its recipients are not asked again. Takes and raises as the other.
    """
    _require_in_term(agreement, received, day)
    read, at = agreement.on(day), day.isoformat()
    rules = tuple(rule for rule in _asked_again(read, day) if _speaks_of_names_alone(rule))
    register = [known for known in registered_on(registers, at) if known[0] == recipient]
    with workspace(directory, reads=[recipients.path]) as ws:
        ws.view("recipients", recipients)
        ws.con.execute(f"CREATE TABLE asked AS {_ALONE}", [recipient])
        ws.con.execute("CREATE VIEW requests AS SELECT row_number, request_id FROM asked")
        _face_recipients(ws, fact_row(read, facts_on(registers, received, at)), register)
        _require_none(ws, rules)


def _require_in_term(agreement: Agreement, received: SubmissionReceived, day: date) -> None:
    answered = date.fromisoformat(received.answer_at[:10])
    if day > agreement.on(date.fromisoformat(received.received_on)).destroy_by(answered):
        raise Refused(
            "REPLY_OUT_OF_TERM",
            "The day by which this reply is to be destroyed has passed while it lay here.",
            "Have the requester ask anew.",
        )


def _asked_again(agreement: Agreement, day: date) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in in_force(admit(agreement), day)
        if rule.gate.outcome == RETURN and (rule.gate.scope == SUBMISSION or set(REGISTERED) & set(rule.columns))
    )


def _speaks_of_names_alone(rule: Rule) -> bool:
    return rule.gate.scope == SUBMISSION or set(rule.columns) <= set(NAMED)


def _face_recipients(ws: Workspace, facts: tuple[object, ...], register: Sequence[Registered]) -> None:
    """As `face`, of the recipients alone, whom the table `asked` lists."""
    count_engaged(ws.con, "asked", agency_of(facts), register)
    ws.con.execute(f"CREATE TABLE faced AS {_FACED}")
    enter_facts(ws, facts)


def _require_none(ws: Workspace, rules: tuple[Rule, ...], among: str = "") -> None:
    said = record_failures(ws, rules)
    failed = ws.rows(f"SELECT DISTINCT gate, code FROM ({said}) {among} ORDER BY ALL")
    if failed:
        raise Refused(
            "LAPSED_SINCE_RECEIPT",
            f"What passed at receipt would not pass today: {', '.join(' '.join(each) for each in failed)}.",
            "Have the registers set right or have counsel decide; nothing leaves meanwhile.",
        )
