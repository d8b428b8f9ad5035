"""The values of an agreement: a new one needs no change of code, and one that nothing uses does not load."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity import gates
from comity.agreements import Agreement, find, folded, load, load_folder
from comity.agreements.kinds import CLOSED_LIST, DAY, PATTERN, SWITCH, TEXT, WHOLE_NUMBER, WORDS, kind_of, read_as
from comity.case.errors import BadInput, Integrity

RULE = 'unless  = "coalesce(age >= :adult_age, TRUE)"'
ENTRY = """
[{name}]
value = {value}
{keys}
level = "policy"
clause = "Policy 6, probing"
from = 2025-04-07
says = "A value that no code has heard of."
"""


def added(folder: Path, value: str, rule: str, keys: str = "", name: str = "newcomer") -> Agreement:
    """The copy with one more value, of which the rule about minors speaks as well."""
    terms, rules = folder / "terms.toml", folder / "gates.toml"
    terms.write_text(terms.read_text("utf-8") + ENTRY.format(name=name, value=value, keys=keys), "utf-8")
    text = rules.read_text("utf-8")
    assert RULE in text
    rules.write_text(text.replace(RULE, f'unless  = "coalesce(age >= :adult_age, TRUE) AND {rule}"'), "utf-8")
    return load_folder(folder)


@pytest.mark.parametrize(
    ("value", "keys", "rule", "kind", "meant"),
    [
        ("7", "least = 1", "asks_in_submission <= :newcomer", WHOLE_NUMBER, 7),
        ("2025-01-01", "", "received_on >= :newcomer", DAY, date(2025, 1, 1)),
        ("false", "", "NOT :newcomer", SWITCH, False),
        ('"INVESTIGATION"', "", "purpose = :newcomer", TEXT, "INVESTIGATION"),
        ('"M-[0-9]+"', "pattern = true", "regexp_full_match(case_id, :newcomer)", PATTERN, "M-[0-9]+"),
        ('["M-1"]', "", "list_contains(:newcomer, case_id)", WORDS, ("M-1",)),
        (
            '{ "M-1" = ["matter 1"] }',
            'column = "case_id"',
            "list_contains(:newcomer, case_id)",
            CLOSED_LIST,
            {"M-1": ("M1", "MATTER1")},
        ),
    ],
)
def test_a_value_of_any_kind_is_added_in_the_folder_alone(
    folder: Path, value: str, keys: str, rule: str, kind: str, meant: object
) -> None:
    agreement = added(folder, value, rule, keys)
    found = agreement.value("newcomer")
    assert found is not None
    assert (found.kind, found.meant) == (kind, meant)
    tried = [trial for trial in gates.try_cases(agreement) if trial.case.gate == "G-39 SUBJECT_MINOR"]
    assert [trial.gave for trial in tried] == [trial.case.gives for trial in tried]


def test_a_closed_list_folds_the_column_that_it_names(folder: Path) -> None:
    cases = folder / "cases.toml"
    told = '[["G-39 SUBJECT_MINOR"]]\nwhat = "a matter in another spelling"\ngiven = { case_id = "Matter 1." }\n'
    cases.write_text(f'{cases.read_text("utf-8")}\n{told}gives = "pass"\n', "utf-8")
    agreement = added(folder, '{ "M-1" = ["matter 1"] }', "list_contains(:newcomer, case_id)", 'column = "case_id"')
    assert [t.gave for t in gates.try_cases(agreement) if t.case.what == "a matter in another spelling"] == ["pass"]


@pytest.mark.parametrize(
    ("value", "keys", "rule", "fault"),
    [
        ("7", "", "TRUE", "no rule and no code uses the value"),
        ("7", "", "case_id = ':newcomer'", "no rule and no code uses the value"),
        ('{ A = ["a"] }', 'column = "nobody"', "TRUE", "no rule and no code uses the value"),
        ("7", "least = 8", "asks_in_submission <= :newcomer", "a whole number from 8"),
        ("7", "most = 6", "asks_in_submission <= :newcomer", "a whole number to 6"),
        ("7", "least = 9\nmost = 6", "asks_in_submission <= :newcomer", "the smaller first"),
        ("7", 'least = "1"', "asks_in_submission <= :newcomer", "not whole numbers"),
        ("7", 'column = "statute"', "asks_in_submission <= :newcomer", "column is not a key"),
        ("7", "pattern = true", "asks_in_submission <= :newcomer", "pattern is not a key"),
        ('"a"', "least = 1", "purpose = :newcomer", "least is not a key"),
        ('"["', "pattern = true", "regexp_full_match(case_id, :newcomer)", "a pattern"),
        ('["a", 1]', "", "list_contains(:newcomer, case_id)", "a list of words"),
        ("4294967296", "", "asks_in_submission <= :newcomer", "a whole number"),
        ("7.5", "", "asks_in_submission <= :newcomer", "of no kind"),
        ("1979-05-27T07:32:00Z", "", "asks_in_submission <= :newcomer", "of no kind"),
        ("true", "", "case_id = ':newcomer'", "no rule and no code uses the value"),
        ('{ A = ["a"] }', "", "list_contains(:newcomer, case_id)", "of which column"),
        ('{ B = ["b"], Z = ["(A)"] }', 'column = "prong"', "list_contains(:newcomer, prong)", "the same spelling"),
        ("7", "colour = 1", "asks_in_submission <= :newcomer", "colour is not a key"),
    ],
)
def test_a_value_that_is_dead_or_not_what_it_says_does_not_load(
    folder: Path, value: str, keys: str, rule: str, fault: str
) -> None:
    with pytest.raises(Integrity, match="AGREEMENT_INVALID") as caught:
        added(folder, value, rule, keys)
    assert fault in str(caught.value)


@pytest.mark.parametrize("column", ["request_id", "recipients", "agency", "reason", "given_name", "nobody"])
def test_no_list_reads_another_word_into_who_or_where_somebody_is(folder: Path, column: str) -> None:
    agreement = added(folder, '{ A = ["a"] }', "list_contains(:newcomer, case_id)", f'column = "{column}"')
    with pytest.raises(Integrity, match="none that holds coded words"):
        gates.compile_gates(agreement)


def test_a_setting_by_counsel_obeys_kind_and_bounds() -> None:
    shipped = load("irs_ice_2025")
    most = shipped.with_terms({"tax_years_limit": 100}).value("tax_years_limit")
    assert most is not None
    assert (most.value, most.meant) == (100, 100)
    for setting in (0, 101, "10", 10.0, [10], None):
        with pytest.raises(Integrity, match="a whole number from 1 to 100"):
            shipped.with_terms({"tax_years_limit": setting})


def test_a_setting_by_counsel_makes_no_word_mean_two(folder: Path) -> None:
    agreement = added(folder, '{ Z = ["zed"] }', "coalesce(NOT list_has_all(:newcomer, bars), TRUE)", 'column = "bars"')
    with pytest.raises(Integrity, match="the same spelling"):
        agreement.with_terms({"newcomer": {"Z": ["stay of removal"]}})


def test_a_day_is_set_as_json_writes_it(folder: Path) -> None:
    agreement = added(folder, "2025-01-01", "received_on >= :newcomer").with_terms({"newcomer": "2026-07-01"})
    found = agreement.value("newcomer")
    assert found is not None
    assert found.meant == date(2026, 7, 1)
    with pytest.raises(Integrity, match="a day"):
        agreement.with_terms({"newcomer": "July"})


def test_what_code_needs_is_demanded_of_every_agreement(spoilt) -> None:
    with pytest.raises(Integrity, match="release_hour is missing"):
        spoilt("terms.toml", "[release_hour]", "[hour]")


def test_what_is_sufficient_is_for_the_agreement_to_say(spoilt) -> None:
    assert load("irs_ice_2025").sufficiency == ("G-20", "G-21", "G-22", "G-23", "G-24", "G-28")
    with pytest.raises(Integrity, match="no gate on a request"):
        spoilt("gates.toml", 'sufficiency = ["G-20"', 'sufficiency = ["G-03"')


def test_what_the_office_says_has_sentences_in_every_agreement(folder: Path) -> None:
    rules = folder / "gates.toml"
    rules.write_text(rules.read_text("utf-8").replace('"HOLD_ACTIVE"', '"HELD"'), "utf-8")
    with pytest.raises(Integrity, match="NOT_SETTLED_IN_TIME, which the office says"):
        load_folder(folder)


def test_an_agreement_is_found_by_its_name_or_by_its_folder(folder: Path) -> None:
    assert find("irs_ice_2025") is load("irs_ice_2025")
    assert find(str(folder)).digest == load("irs_ice_2025").digest
    for nowhere in ("", "nobody_2099", str(folder / "law.md")):
        with pytest.raises(BadInput, match="AGREEMENT_UNKNOWN"):
            find(nowhere)


@given(st.one_of(st.integers(), st.text(), st.dates(), st.lists(st.text()), st.dictionaries(st.text(), st.text())))
def test_what_a_value_means_is_of_its_kind_or_nothing(value: object) -> None:
    kind = kind_of(value, pattern=False)
    meant = read_as(kind, value)
    assert meant is None or kind_of(list(meant) if kind == WORDS else meant, pattern=False) == kind  # type: ignore[call-overload]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_list_is_drawn_from_the_closed_list_that_it_names() -> None:
    shipped = load("irs_ice_2025")
    narrowed = shipped.with_terms({"designated_statutes": ["8 USC 1253(a)(1)"]})
    assert narrowed.value("designated_statutes") != shipped.value("designated_statutes")
    with pytest.raises(Integrity, match="not among statutes"):
        shipped.with_terms({"designated_statutes": ["8 USC 1253(a)(1)", "26 USC 7201"]})
