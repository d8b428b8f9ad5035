"""How the gates rule on a batch: all of them at once, with the clause beside each failure, and never by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comity import gates
from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.case.errors import BadInput, ComityError, Refused
from comity.gates.derive import fact_row
from comity.workspace import workspace
from tests.spec.gates.conftest import FIRST

Requests = Callable[..., Artefact]
RuleOn = Callable[..., gates.Ruled]


def said(ruled: gates.Ruled) -> list[tuple[Any, ...]]:
    with workspace(ruled.rulings.path.parent) as ws:
        ws.view("rulings", ruled.rulings)
        return ws.rows("SELECT row_number, gate, code, outcome FROM rulings ORDER BY ALL")


def test_a_lawful_request_passes_every_gate(rule_on: RuleOn) -> None:
    ruled = rule_on({})
    assert (ruled.passed, ruled.returned, ruled.review, ruled.by_code) == (1, 0, 0, {})
    assert ruled.rulings.rows == 0
    assert ruled.not_checked == ()


def test_the_standard_form_of_every_request_is_kept_for_linkage(rule_on: RuleOn) -> None:
    kept = rule_on({"street_line": "12 north Street, Apt. 4-B"}, {"street_line": "Failed to Provide"}).standardised
    with workspace(kept.path.parent) as ws:
        ws.view("standardised", kept)
        rows = ws.rows("SELECT row_number, a_number, a_unit, a_class FROM standardised ORDER BY row_number")
    assert [row[0] for row in rows] == [1, 2]
    assert rows[0][1] == "12"
    assert (rows[0][3], rows[1][3]) == ("sufficient", "placeholder")


def test_all_failures_of_a_request_are_recorded_with_gate_and_clause(rule_on: RuleOn) -> None:
    ruled = rule_on({}, {"street_line": "Failed to Provide", "order_final_on": None, "purpose": "CIVIL"})
    assert said(ruled) == [
        (2, "G-23", "ADDRESS_PLACEHOLDER", "return"),
        (2, "G-27", "IDENTIFIER_CANNOT_SUBSTITUTE", "return"),
        (2, "G-30", "REMOVAL_ORDER_DATE_MISSING", "return"),
        (2, "G-33", "PURPOSE_NOT_CRIMINAL", "return"),
    ]
    with workspace(ruled.rulings.path.parent) as ws:
        ws.view("rulings", ruled.rulings)
        cited = dict(ws.rows("SELECT code, clause FROM rulings"))
        columns = [name for name, *_ in ws.rows("DESCRIBE rulings")]
    assert cited["PURPOSE_NOT_CRIMINAL"] == "26 USC 6103(i)(2)(A)"
    assert columns == ["row_number", "request_id", "gate", "code", "outcome", "clause"]


def test_a_request_with_any_return_is_returned_and_one_with_review_alone_waits(rule_on: RuleOn) -> None:
    box, minor = {"street_line": "PO Box 12"}, {"date_of_birth": date(2010, 1, 1)}
    ruled = rule_on({}, box, {**box, "prong": None}, minor)
    assert (ruled.passed, ruled.returned, ruled.review) == (1, 1, 2)
    assert ruled.by_code == {"ADDRESS_PO_BOX": 2, "PRONG_NOT_STATED": 1, "SUBJECT_MINOR": 1}


def test_a_replay_may_rule_by_the_values_of_another_day(rule_on: RuleOn, agreement: Agreement) -> None:
    later = agreement.with_terms({"adult_age@2099-01-01": 60})
    forty = {"date_of_birth": date(1985, 1, 1)}
    assert rule_on(forty, under=later).by_code == {}
    assert rule_on(forty, under=later, as_of=date(2099, 1, 1)).by_code == {"SUBJECT_MINOR": 1}


def test_a_defect_of_the_submission_returns_every_request(rule_on: RuleOn) -> None:
    ruled = rule_on({}, {}, attestation_known=False)
    assert (ruled.returned, ruled.by_code) == (2, {"ATTESTATION_MISSING": 2})


def test_absent_facts_return_the_submission(rule_on: RuleOn) -> None:
    ruled = rule_on({}, **dict.fromkeys(gates.FACTS))
    assert set(ruled.by_code) == {
        "WRONG_ROUTE",
        "WRONG_ROUTE_NEEDS_ORDER",
        "SIGNATURE_INVALID",
        "SIGNATORY_NOT_AUTHORISED",
        "AGREEMENT_NOT_IN_FORCE",
        "ATTESTATION_MISSING",
        "MALFORMED",
        "NOT_FEDERAL_AGENCY",
        "SAFEGUARDS_NOT_MET",
        "SUBMISSION_GROWN",
        "RECIPIENT_WRONG_AGENCY",
    }


OTHER_KINDS = {"BOOLEAN": ["", 1, 1.0, [True]], "VARCHAR": ["", 1, 1.0, [True]], "BIGINT": ["", "1", True, 1.0, [1]]}


@pytest.mark.parametrize(
    ("fact", "value"), [(fact, v) for fact, kind in gates.FACTS.items() for v in OTHER_KINDS[kind]]
)
def test_a_fact_that_is_blank_or_of_another_kind_is_absent(
    agreement: Agreement, facts: dict[str, object], fact: str, value: object
) -> None:
    row = dict(zip(gates.FACTS, fact_row(agreement, {**facts, fact: value}), strict=True))
    assert row == {**facts, fact: None}


def test_a_word_is_no_yes(agreement: Agreement, facts: dict[str, object]) -> None:
    row = dict(zip(gates.FACTS, fact_row(agreement, {**facts, "signature_verified": "yes"}), strict=True))
    assert row["signature_verified"] is None


def test_a_fact_that_nobody_knows_is_refused(rule_on: RuleOn) -> None:
    with pytest.raises(BadInput, match="FACT_UNKNOWN"):
        rule_on({}, signatory_in_farce=True)


def test_no_requests_is_refused_and_not_passed(rule_on: RuleOn) -> None:
    with pytest.raises(BadInput, match="NO_REQUESTS"):
        rule_on()


@pytest.mark.parametrize("received", [[None], [date(2026, 1, 5), date(2026, 1, 6)], [date(2026, 1, 5), None]])
def test_requests_without_one_day_of_receipt_are_refused(rule_on: RuleOn, received: list[date | None]) -> None:
    with pytest.raises(BadInput, match="RECEIVED_ON_UNCLEAR"):
        rule_on(*({"received_on": day} for day in received))


def test_before_the_first_gate_is_in_force_nothing_passes(rule_on: RuleOn) -> None:
    with pytest.raises(Refused, match="NO_GATE_IN_FORCE"):
        rule_on({"received_on": date(2025, 4, 6)})


def test_no_error_of_the_gates_shows_a_value(rule_on: RuleOn) -> None:
    with pytest.raises(ComityError) as caught:
        rule_on({"family_name": "Canarybird", "received_on": None})
    assert "Canarybird" not in repr(caught.value)


def test_recipients_are_on_the_list_and_in_the_register(rule_on: RuleOn) -> None:
    named = [["R-2", "R-1"], ["R-3"], ["R-1", "R-3"], [], None, ["R-9"]]
    ruled = rule_on(*({"recipients": recipients} for recipients in named))
    assert [(row, code) for row, _, code, _ in said(ruled)] == [
        (2, "DESTINATION_NOT_APPROVED"),
        (2, "RECIPIENT_NOT_REGISTERED"),
        (3, "DESTINATION_NOT_APPROVED"),
        (3, "RECIPIENT_NOT_REGISTERED"),
        (4, "NO_ENGAGED_RECIPIENT"),
        (5, "NO_ENGAGED_RECIPIENT"),
        (6, "NO_ENGAGED_RECIPIENT"),
        (6, "RECIPIENT_NOT_REGISTERED"),
        (6, "RECIPIENT_WRONG_AGENCY"),
    ]


def test_recipients_of_another_agency_are_refused(rule_on: RuleOn) -> None:
    assert rule_on({}, agency="CBP").by_code == {"RECIPIENT_WRONG_AGENCY": 1}


def test_a_recipient_who_moved_to_another_agency_in_the_register_is_refused(
    tmp_path: Path, requests: Requests, recipients: Artefact, agreement: Agreement, facts: dict[str, object]
) -> None:
    ruled = gates.rule(
        tmp_path, requests({}), recipients, agreement, facts, [("R-1", "CBP", "1", "Agent", True)], FIRST
    )
    assert ruled.by_code == {"RECIPIENT_WRONG_AGENCY": 1}


def test_a_recipient_under_another_certificate_than_the_registers_is_not_registered(
    tmp_path: Path, requests: Requests, recipients: Artefact, agreement: Agreement, facts: dict[str, object]
) -> None:
    ruled = gates.rule(
        tmp_path, requests({}), recipients, agreement, facts, [("R-1", "ICE", "another", "Agent", True)], FIRST
    )
    assert ruled.by_code == {"RECIPIENT_NOT_REGISTERED": 1}


def test_a_contractor_in_the_register_is_one_whatever_the_submission_says(
    tmp_path: Path, requests: Requests, recipients: Artefact, agreement: Agreement, facts: dict[str, object]
) -> None:
    ruled = gates.rule(
        tmp_path, requests({}), recipients, agreement, facts, [("R-1", "ICE", "1", "Contractor, analyst", True)], FIRST
    )
    assert ruled.by_code == {"CONTRACTOR_RECIPIENT": 1}


def test_a_recipient_at_a_system_that_does_not_stand_in_the_register_is_refused_and_so_is_one_of_two(
    tmp_path: Path, requests: Requests, recipients: Artefact, agreement: Agreement, facts: dict[str, object]
) -> None:
    register = [("R-1", "ICE", "1", "Agent", False), ("R-2", "ICE", "2", "Agent", True)]
    asked = requests({"recipients": ["R-2"]}, {"recipients": ["R-1"]}, {"recipients": ["R-1", "R-2"]})
    ruled = gates.rule(tmp_path, asked, recipients, agreement, facts, register, FIRST)
    assert [(row, code) for row, _, code, _ in said(ruled)] == [
        (2, "DESTINATION_NOT_APPROVED"),
        (3, "DESTINATION_NOT_APPROVED"),
    ]


def test_the_desk_checks_what_needs_no_office_and_names_the_rest(
    tmp_path: Path, requests: Requests, recipients: Artefact, agreement: Agreement
) -> None:
    known = {"agency": "ICE", "invokes": "26 USC 6103(i)(2)", "attestation_known": True}
    checked = gates.check(tmp_path, requests({}, {"prong": None}), recipients, agreement, known)
    assert (checked.passed, checked.by_code) == (1, {"PRONG_NOT_STATED": 1})
    assert checked.not_checked == (
        "G-03 SIGNATURE_INVALID",
        "G-05 SIGNATORY_NOT_AUTHORISED",
        "G-06 AGREEMENT_NOT_IN_FORCE",
        "G-10 MALFORMED",
        "G-04 NOT_FEDERAL_AGENCY",
        "G-07 SAFEGUARDS_NOT_MET",
        "G-09 DESTINATION_NOT_APPROVED",
        "G-11 SUBMISSION_GROWN",
        "G-34 RECIPIENT_NOT_REGISTERED",
        "G-38 ASKED_BEFORE",
    )


def test_sufficiency_alone_asks_for_name_address_and_period(
    tmp_path: Path, requests: Requests, recipients: Artefact, agreement: Agreement
) -> None:
    bare = dict.fromkeys(("statute", "purpose", "reason", "recipients", "elements"))
    ruled = gates.rule(
        tmp_path,
        requests(bare, {**bare, "street_line": "12345", "tax_years": None}),
        recipients,
        agreement,
        {},
        (),
        only=agreement.sufficiency,
    )
    assert (ruled.passed, ruled.by_code) == (1, {"ADDRESS_ZIP_ONLY": 1, "TAXABLE_PERIOD_MISSING": 1})
