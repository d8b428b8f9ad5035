"""A value may read otherwise from a day on; counsel follows a court's reading, or no longer, from a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity import gates
from comity.agreements import (
    Agreement,
    Faults,
    differences,
    load,
    load_folder,
    render_html,
    render_markdown,
    render_terminal,
)
from comity.case.errors import ComityError, Integrity

SHIPPED = load("irs_ice_2025")
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)
COURT = "Center for Taxpayer Rights v. IRS, 26 February 2026"
SWITCH = f"""
[newcomer]
value = true
level = "court"
clause = "{COURT}"
quote = "A zip code is not an address"
from = 2025-04-07
says = "Whether the rule about minors follows this reading."
"""
LATER = """
[[newcomer.later]]
value = false
level = "policy"
clause = "Policy 6, probing"
from = 2026-06-01
says = "Not followed here any more."
"""
CASE = '\n[["G-39 SUBJECT_MINOR"]]\nwhat = "{what}"\ngiven = {{ date_of_birth = 2012-01-01, received_on = {day} }}\n'


def with_switch(folder: Path, later: str = "", cases: str = "") -> Agreement:
    """The shipped agreement, its rule about minors behind a court's reading."""
    for name, old, new in (
        ("terms.toml", "", SWITCH + later),
        ("cases.toml", "", cases),
        ("gates.toml", 'unless  = "coalesce(age >= :adult_age, TRUE)"', ""),
    ):
        text = (folder / name).read_text("utf-8")
        assert old in text
        behind = f'applies = ":newcomer"\n{old}'
        (folder / name).write_text(text.replace(old, behind, 1) if old else text + new, "utf-8")
    return load_folder(folder)


def minors(agreement: Agreement) -> dict[str, str]:
    """What each case of the rule about minors gives."""
    return {t.case.what: t.gave for t in gates.try_cases(agreement) if t.case.gate == "G-39 SUBJECT_MINOR"}


def test_a_later_reading_counts_from_its_day_and_not_before(folder: Path) -> None:
    agreement = with_switch(folder, LATER)
    assert [agreement.on(day).value("newcomer").meant for day in (date(2020, 1, 1), MAY, JUNE)] == [True, True, False]
    assert agreement.on(MAY) is agreement
    assert agreement.on(JUNE) is agreement.on(date(2030, 1, 1))
    assert agreement.on(JUNE).digest == agreement.digest
    assert agreement.days() == (JUNE,)


def test_an_agreement_without_later_readings_is_the_same_on_every_day() -> None:
    assert SHIPPED.on(MAY) is SHIPPED
    assert SHIPPED.readings() == (SHIPPED,)


def test_a_rule_goes_by_the_reading_of_the_day_of_receipt(folder: Path) -> None:
    before = CASE.format(what="a minor before", day=MAY) + 'gives = "SUBJECT_MINOR"\n'
    after = CASE.format(what="a minor from the day on", day=JUNE) + 'gives = "pass"\n'
    agreement = with_switch(folder, LATER, before + after)
    given = minors(agreement)
    assert (given["a minor before"], given["a minor from the day on"]) == ("SUBJECT_MINOR", "pass")
    faults = Faults()
    gates.examine(agreement, faults)
    assert faults.found == []


def test_a_case_that_forgets_the_later_reading_is_a_fault(folder: Path) -> None:
    agreement = with_switch(folder, LATER, CASE.format(what="forgotten", day=JUNE) + 'gives = "SUBJECT_MINOR"\n')
    faults = Faults()
    gates.examine(agreement, faults)
    assert [fault.fault for fault in faults.found] == ["the case “forgotten” gives pass, not SUBJECT_MINOR"]


def test_counsel_turns_a_courts_reading_off_from_a_day_and_on_again(folder: Path) -> None:
    agreement = with_switch(folder).with_terms({"newcomer@2026-06-01": False, "newcomer@2026-09-01": True})
    read = [agreement.on(day).value("newcomer").meant for day in (MAY, JUNE, date(2026, 9, 1))]
    assert read == [True, False, True]


def test_counsel_sets_a_value_of_policy_from_a_day() -> None:
    agreement = SHIPPED.with_terms({"answer_days": 40, "answer_days@2026-06-01": 45})
    assert [agreement.on(day).terms.answer_days for day in (MAY, JUNE)] == [40, 45]
    assert agreement.digest != SHIPPED.with_terms({"answer_days": 40}).digest


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("newcomer", False, "TERM_NOT_POLICY"),
        ("newcomer@2026-06-01", 1, "AGREEMENT_INVALID"),
        ("newcomer@June", False, "AGREEMENT_INVALID"),
        ("statutes@2026-06-01", {"8 USC 1326": ["8 USC 1326"]}, "TERM_NOT_POLICY"),
        ("nobody@2026-06-01", 1, "TERM_UNKNOWN"),
        ("answer_days@2026-06-01", 400, "AGREEMENT_INVALID"),
        ("designated_statutes@2026-06-01", ["26 USC 7201"], "AGREEMENT_INVALID"),
    ],
)
def test_what_is_not_counsels_is_not_set_from_a_day_either(
    folder: Path, setting: str, value: object, code: str
) -> None:
    with pytest.raises(ComityError) as caught:
        with_switch(folder).with_terms({setting: value})
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("from = 2026-06-01", "from = 2025-04-07", "do not each start after the one before"),
        ("value = false", "value = 0", "on or off"),
        ('says = "Not', 'colour = "red"\nsays = "Not', "colour is not a key"),
        ("Policy 6, probing", "Policy 99, nothing", "not in law.md"),
    ],
)
def test_a_later_reading_that_is_not_in_order_or_rests_on_nothing_does_not_load(
    folder: Path, old: str, new: str, fault: str
) -> None:
    assert old in LATER
    with pytest.raises(Integrity, match=fault):
        with_switch(folder, LATER.replace(old, new))


def test_readings_are_shown_with_their_days_and_told_in_words(folder: Path) -> None:
    agreement = with_switch(folder, LATER)
    for render in (render_markdown, render_terminal, render_html):
        assert "from 2025-04-07: true; from 2026-06-01: false" in render(agreement)
    [change] = differences(SHIPPED, SHIPPED.with_terms({"answer_days@2026-06-01": 45}))
    assert "The value answer_days changes in its later readings:" in change.sentence()
    assert "45 from 2026-06-01 (policy, Policy 3, the day of the answer)" in change.sentence()
