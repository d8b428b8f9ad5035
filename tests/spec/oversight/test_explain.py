"""One comparison in words: what was sent, what it became, who was considered, what decided, and what was missing."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from comity.case.errors import BadInput
from comity.linkage import LinkageTerms, build_index
from comity.linkage.explain import explain
from comity.oversight.explaining import explain_request
from comity.oversight.trial import receive

REGISTRY = """\
taxpayer_id,tax_year,source_form,role,given_name,middle_name,family_name,street_line,unit_line,city,state,zip,date_of_birth
T1,2020,1040,primary,Ana,Q,Silva,12 Oak Street,,Millville,OH,44001,1970-02-03
T2,2020,1040,primary,Beatrice,L,Walker,7 N Elm Rd,Apt 4B,Millville,OH,44001,1971-03-04
T3,2020,1040,primary,Diana,,Moreau,15 Birch Ln,,Millville,OH,44001,1973-05-06
T4,2020,1040,primary,Diana,,Moreau,15 Birch Ln,,Millville,OH,44001,1993-05-06
T5,2020,1040,primary,Charles,,Quackenbush,9 Pine Ave,,Millville,OH,44001,
"""
REQUESTS = """\
request_id,given_name,middle_name,family_name,street_line,unit_line,city,state,zip,tax_years,date_of_birth
SAME,Ana,,Silva,12 oak st,,Millville,OH,44001,2020,1970-02-03
NODATE,Ana,,Silva,12 oak st,,Millville,OH,44001,2020,
SOFT,Anna,,Silva,12 oak st,,Millville,OH,44001,2020,
NOUNIT,Beatrice,,Walker,7 N Elm Rd,,Millville,OH,44001,2020,1971-03-04
TWO,Diana,,Moreau,15 Birch Ln,,Millville,OH,44001,2020,
OTHER,Ana,,Silva,77 Cedar St,,Millville,OH,44001,2020,1970-02-03
UNDATED,Charles,,Quackenbush,9 Pine Ave,,Millville,OH,44001,2020,1972-04-05
NONE,,,,12 oak st,,Millville,OH,44001,2020,
NOBODY,Zebulon,,Thistlewood,1 Nowhere Rd,,Elsewhere,TX,75001,2020,
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The explanation of a request by its id, under an evidence; each is worked out once."""
    place = tmp_path_factory.mktemp("explained")
    for name, text in (("registry", REGISTRY), ("requests", REQUESTS)):
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    index = build_index([place / "registry.csv"], place / "index")
    asked, _ = receive(place, place / "requests.csv", date(2026, 1, 1))
    rows = {line.split(",")[0]: number for number, line in enumerate(sorted(REQUESTS.splitlines()[1:]), 1)}

    @cache
    def explained(request, evidence="date_of_birth"):
        return explain(place, asked, rows[request], index, LinkageTerms(evidence))

    return explained


@pytest.fixture
def files(tmp_path):
    """The registry and the requests as files."""
    for name, text in (("registry", REGISTRY), ("requests", REQUESTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path / "registry.csv", tmp_path / "requests.csv"


def test_a_confirmed_request_names_the_rule_and_lacks_nothing(said):
    found = said("SAME")
    assert (found.determination, found.rule) == ("confirmed", "One person of record, and everything demanded agrees.")
    assert found.missing == ()
    [candidate] = found.candidates
    assert "The given names are the same." in candidate.says
    assert "Listed as primary in 2020 (1040): a stated year and form." in candidate.says
    assert candidate.record["street_line"] == "12 Oak Street"


def test_the_steps_that_changed_something_stand_in_order_with_what_they_gave(said):
    steps = said("SAME").standing.steps
    gave = [text for step in steps for text in step.became]
    assert gave.index("12 OAK ST") < gave.index("OAK")
    assert {step.about for step in steps} == {"name", "address"}
    assert said("SAME").standing.standard["a_number"] == "12"


def test_a_birth_date_that_would_confirm_is_said_to_be_missing(said):
    found = said("NODATE")
    assert (found.determination, found.reason) == ("unclear", "birth_date_missing")
    assert [(m.evidence, m.candidate) for m in found.missing] == [("an agreeing birth date", 1)]


def test_what_would_not_confirm_by_itself_is_not_said_to_be_missing(said):
    found = said("SOFT")
    assert found.determination == "unclear"
    assert found.missing == ()
    assert [m.evidence for m in said("SOFT", "names").missing] == ["an agreeing middle name"]


def test_a_unit_that_only_the_record_has_is_said_to_be_missing(said):
    found = said("NOUNIT")
    assert found.reason == "address_one_sided"
    assert [m.evidence for m in found.missing] == ["the unit, directional or street type"]


def test_of_two_who_fit_each_is_a_candidate_and_each_could_be_told_by_a_birth_date(said):
    found = said("TWO", "names")
    assert (found.determination, {c.number for c in found.candidates}) == ("ambiguous", {1, 2})
    assert {(m.evidence, m.candidate) for m in found.missing} == {
        ("an agreeing birth date", 1),
        ("an agreeing birth date", 2),
    }


def test_what_the_record_lacks_nobody_could_have_sent(said):
    assert said("UNDATED").missing == ()


def test_another_address_is_shown_as_the_candidate_it_is_and_no_evidence_makes_up_for_it(said):
    found = said("OTHER")
    assert (found.determination, found.missing) == ("address_differs", ())
    assert any("number differs" in sentence for candidate in found.candidates for sentence in candidate.says)


def test_a_returned_request_is_never_looked_up(files):
    found = explain_request(*files, "NONE")
    assert found.explanation is None
    assert found.returned == ("NAME_MISSING",)
    assert found.says == ("There is no name.",)


def test_a_request_without_any_candidate_says_so(said):
    found = said("NOBODY")
    assert (found.determination, found.candidates) == ("not_found", ())


def test_an_id_that_is_not_there_is_refused(files):
    with pytest.raises(BadInput, match="REQUEST_UNKNOWN"):
        explain_request(*files, "R99")


def test_no_explanation_shows_a_person_in_its_repr(said):
    shown = repr(said("NODATE"))
    assert not any(word in shown for word in ("Silva", "SILVA", "Oak", "OAK", "1970"))
