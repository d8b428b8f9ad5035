"""Registers that two officers keep: an entry is proposed, approved by another, and binds from its day, never before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.case import office_events as o
from comity.case import register_decisions as decide
from comity.case.envelope import Act, envelope
from comity.case.errors import BadInput, ComityError, Refused
from comity.case.office_state import OfficeState, fold_office
from comity.case.registers import AGENCY, SAFEGUARDS, SYSTEM, Entry, binding
from comity.case.standing import standing, stands_as_destination

TODAY = "2026-03-02"
ICE = o.AgencyProposed("ICE", "An agency", True, "5 USC 551(1)", TODAY, "2026-12-31")
APPROVED = o.EntryApproved(AGENCY, "ICE", 1)


def after(*told: tuple[str, o.Event]) -> OfficeState:
    """The registers after what each officer did."""
    acts = [(event, Act(officer, "role", "command", f"{TODAY}T00:00:00Z")) for officer, event in told]
    return fold_office([envelope(event, act, "office", number) for number, (event, act) in enumerate(acts, 1)])


def refusal(kind: type[ComityError], code: str, call: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.value.code == code


PROPOSED = after(("ann", ICE))
IN_FORCE = after(("ann", ICE), ("bob", APPROVED))


def test_an_entry_binds_nobody_before_another_officer_has_approved_it() -> None:
    assert PROPOSED.agency_on("ICE", TODAY) is None
    assert decide.approve(PROPOSED, APPROVED, "bob", TODAY) == APPROVED
    assert IN_FORCE.agency_on("ICE", TODAY) == ICE


def test_who_proposed_an_entry_does_not_approve_it() -> None:
    refusal(Refused, "SOD_VIOLATION", decide.approve, PROPOSED, APPROVED, "ann", TODAY)


def test_each_version_keeps_who_proposed_and_who_approved_it() -> None:
    [(about, entry)] = decide.versions_of(IN_FORCE, AGENCY)
    assert (about, entry.number, entry.proposed_by, entry.approved_by) == ("ICE", 1, "ann", "bob")
    assert (entry.proposed_at, entry.approved_at) == (f"{TODAY}T00:00:00Z", f"{TODAY}T00:00:00Z")


def test_a_version_is_approved_once_and_only_if_it_is_there() -> None:
    refusal(Refused, "DONE_BEFORE", decide.approve, IN_FORCE, APPROVED, "cyd", TODAY)
    for unknown in ({"number": 2}, {"number": 0}, {"subject": "CBP"}, {"register": "agencies"}):
        refusal(BadInput, "ENTRY_UNKNOWN", decide.approve, PROPOSED, replace(APPROVED, **unknown), "bob", TODAY)


@pytest.mark.parametrize(
    ("first", "fits"), [("2026-03-01", False), (TODAY, True), ("2026-03-03", True), ("2025-12-31", False)]
)
def test_an_entry_is_proposed_for_today_or_later_and_never_for_the_past(first: str, fits: bool) -> None:
    proposed = replace(ICE, binds_from=first)
    if fits:
        assert decide.propose(OfficeState(), proposed, TODAY) == proposed
    else:
        refusal(Refused, "NOT_PROSPECTIVE", decide.propose, OfficeState(), proposed, TODAY)


def test_an_entry_whose_first_day_has_passed_unapproved_is_not_approved_after_it() -> None:
    assert decide.approve(PROPOSED, APPROVED, "bob", TODAY)
    refusal(Refused, "NOT_PROSPECTIVE", decide.approve, PROPOSED, APPROVED, "bob", "2026-03-03")


def test_a_later_version_takes_the_place_of_an_earlier_one_from_its_day_on() -> None:
    later = replace(ICE, federal=False, binds_from="2026-06-01")
    office = after(("ann", ICE), ("bob", APPROVED), ("ann", later), ("bob", replace(APPROVED, number=2)))
    assert office.agency_on("ICE", "2026-05-31") == ICE
    assert office.agency_on("ICE", "2026-06-01") == later


def test_when_the_latest_version_has_lapsed_no_earlier_one_revives() -> None:
    brief = replace(ICE, binds_to="2026-03-10")
    office = after(("ann", ICE), ("bob", APPROVED), ("ann", brief), ("bob", replace(APPROVED, number=2)))
    assert office.agency_on("ICE", "2026-03-10") == brief
    assert office.agency_on("ICE", "2026-03-11") is None


def test_a_version_older_than_an_approved_one_is_not_approved_any_more() -> None:
    office = after(("ann", ICE), ("ann", replace(ICE, federal=False)), ("bob", replace(APPROVED, number=2)))
    refusal(Refused, "ENTRY_SUPERSEDED", decide.approve, office, APPROVED, "bob", TODAY)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"subject": "I C E"}, "ID_UNFIT"),
        ({"subject": ""}, "ID_UNFIT"),
        ({"name": "ICE\n"}, "TEXT_UNPRINTABLE"),
        ({"basis": " "}, "BASIS_NEEDED"),
        ({"binds_from": "2 March"}, "DAY_UNFIT"),
        ({"binds_to": "2026-02-30"}, "DAY_UNFIT"),
        ({"binds_to": "2026-03-01"}, "TERM_UNFIT"),
    ],
)
def test_an_agency_is_entered_in_the_form_that_covers_can_name(changed: dict[str, str], code: str) -> None:
    refusal(BadInput, code, decide.propose, OfficeState(), replace(ICE, **changed), TODAY)


@pytest.mark.parametrize(
    ("office", "day", "facts"),
    [
        (IN_FORCE, TODAY, (True, True)),
        (IN_FORCE, "2026-12-31", (True, True)),
        (IN_FORCE, "2027-01-01", (False, None)),
        (IN_FORCE, "2026-03-01", (False, None)),
        (PROPOSED, TODAY, (False, None)),
        (after(("ann", replace(ICE, federal=False)), ("bob", APPROVED)), TODAY, (True, False)),
    ],
)
def test_gates_see_of_an_agency_what_the_register_says_on_the_day(
    office: OfficeState, day: str, facts: tuple[bool, bool | None]
) -> None:
    seen = standing(office, "ICE", day)
    assert (seen["agency_in_force"], seen["agency_federal"]) == facts
    assert standing(office, "CBP", day)["agency_federal"] is None


SAFE = o.SafeguardsProposed("ICE", "SSR-1", "2026-04-30", False, 3, 3, "2026-04-30", TODAY)


def with_safeguards(said: o.SafeguardsProposed) -> OfficeState:
    return after(("ann", ICE), ("bob", APPROVED), ("ann", said), ("bob", o.EntryApproved(SAFEGUARDS, "ICE", 1)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"subject": "CBP"}, "AGENCY_NOT_ENTERED"),
        ({"report": "SSR\n"}, "TEXT_UNPRINTABLE"),
        ({"report": " "}, "DAY_NEEDED"),
        ({"report_until": ""}, "DAY_NEEDED"),
        ({"report_until": "January"}, "DAY_UNFIT"),
        ({"planned": 4}, "FINDINGS_UNFIT"),
        ({"planned": -1}, "FINDINGS_UNFIT"),
        ({"findings": -1, "planned": -1}, "FINDINGS_UNFIT"),
        ({"plan_until": ""}, "DAY_NEEDED"),
        ({"planned": 0}, "DAY_NEEDED"),
        ({"plan_until": "2026-02-30"}, "DAY_UNFIT"),
    ],
)
def test_safeguards_are_entered_of_a_known_agency_with_a_day_for_each_report_and_plan(
    changed: dict[str, object], code: str
) -> None:
    assert decide.propose(PROPOSED, SAFE, TODAY) == SAFE
    refusal(BadInput, code, decide.propose, PROPOSED, replace(SAFE, **changed), TODAY)


def test_safeguards_of_which_nothing_is_approved_may_be_entered_in_all_their_absence() -> None:
    bare = replace(SAFE, report="", report_until="", findings=0, planned=0, plan_until="")
    assert decide.propose(PROPOSED, bare, TODAY) == bare


@pytest.mark.parametrize(
    ("changed", "day", "facts"),
    [
        ({}, "2026-04-29", (False, 1, 0)),
        ({}, "2026-04-30", (False, 0, 0)),
        ({}, "2026-05-01", (False, -1, 3)),
        ({"suspended": True}, TODAY, (True, 59, 0)),
        ({"report": "", "report_until": ""}, TODAY, (False, None, 0)),
        ({"planned": 1}, TODAY, (False, 59, 2)),
        ({"planned": 0, "plan_until": ""}, TODAY, (False, 59, 3)),
        ({"plan_until": "2026-03-02"}, "2026-03-02", (False, 59, 0)),
        ({"plan_until": "2026-03-02"}, "2026-03-03", (False, 58, 3)),
        ({"binds_from": "2026-03-03"}, TODAY, (None, None, None)),
    ],
)
def test_gates_see_of_safeguards_what_the_register_says_on_the_day(
    changed: dict[str, object], day: str, facts: tuple[bool | None, int | None, int | None]
) -> None:
    seen = standing(with_safeguards(replace(SAFE, **changed)), "ICE", day)
    assert (seen["safeguards_suspended"], seen["report_days_left"], seen["unplanned_findings"]) == facts


CASES = o.SystemProposed("ICE-CASES", "ICE", "case_system", TODAY, "2026-12-31")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"subject": "a mailbox"}, "ID_UNFIT"),
        ({"agency": "CBP"}, "AGENCY_NOT_ENTERED"),
        ({"sort": "telephone"}, "SORT_UNKNOWN"),
        ({"sort": ""}, "SORT_UNKNOWN"),
        ({"binds_to": "2026-03-01"}, "TERM_UNFIT"),
    ],
)
def test_a_destination_is_entered_of_a_known_agency_and_of_a_known_sort(changed: dict[str, str], code: str) -> None:
    assert decide.propose(PROPOSED, CASES, TODAY) == CASES
    refusal(BadInput, code, decide.propose, PROPOSED, replace(CASES, **changed), TODAY)


@pytest.mark.parametrize(
    ("changed", "day", "stands"),
    [
        ({}, TODAY, True),
        ({}, "2026-12-31", True),
        ({}, "2027-01-01", False),
        ({"binds_from": "2026-03-03"}, TODAY, False),
        ({"binds_from": "2026-03-03"}, "2026-03-03", True),
        ({"agency": "CBP"}, TODAY, False),
        ({"sort": "personal"}, TODAY, False),
        ({"subject": "ICE-OTHER"}, TODAY, False),
    ],
)
def test_a_destination_stands_within_its_days_for_its_agency_unless_it_is_a_personal_endpoint(
    changed: dict[str, str], day: str, *, stands: bool
) -> None:
    said = replace(CASES, **changed)
    office = after(("ann", said), ("bob", o.EntryApproved(SYSTEM, said.subject, 1)))
    assert stands_as_destination(office, "ICE-CASES", "ICE", day) is stands
    assert not stands_as_destination(after(("ann", said)), "ICE-CASES", "ICE", day)


DAYS = st.dates().map(lambda day: day.isoformat())
VERSIONS = st.lists(st.tuples(DAYS, st.booleans()), max_size=8)


@given(VERSIONS, DAYS)
def test_what_binds_is_approved_and_has_begun_and_nothing_later_that_has_begun_is_approved(
    drawn: list[tuple[str, bool]], day: str
) -> None:
    versions = [
        Entry(number, replace(ICE, name=str(number), binds_from=first), "ann", "", "bob" if approved else "")
        for number, (first, approved) in enumerate(drawn, 1)
    ]
    said = binding(versions, day)
    begun = [entry for entry in versions if entry.approved_by and entry.said.binds_from <= day]
    assert (said is None) == (not begun)
    assert said is None or said is max(begun, key=lambda entry: entry.number).said
