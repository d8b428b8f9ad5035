"""Evaluation: how the figures are counted, and the figures of the evaluation sets where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.case.errors import BadInput, Usage
from comity.oversight import Evaluation, avoidable, evaluate, evaluate_each
from comity.workspace import workspace

SETS = Path(__file__).parents[4] / "shared" / "evaluation"
at_hand = pytest.mark.skipif(not SETS.exists(), reason="the evaluation sets are not beside this repository")
LEAST_RECALL = {"census2020": 0.86, "acs_cps_wic": 0.82, "noisy": 0.73, "movers": 0.83, "hard_people": 0.5}

REGISTRY = """taxpayer_id,tax_year,source_form,role,given_name,family_name,street_line,city,state,zip,date_of_birth
T1,2020,1040,primary,Ana,Silva,12 Oak St,Millville,OH,44001,1970-02-03
T2,2020,1040,primary,Beatrice,Walker,7 Elm Rd,Millville,OH,44001,1971-03-04
T3,2020,1040,primary,Charles,Quackenbush,9 Pine Ave,Millville,OH,44001,1972-04-05
T4,2020,1040,primary,Diana,Moreau,15 Birch Ln,Millville,OH,44001,1973-05-06
T5,2020,1040,primary,Diana,Moreau,15 Birch Ln,Millville,OH,44001,1993-05-06
"""
REQUESTS = """request_id,given_name,family_name,street_line,city,state,zip,tax_years,date_of_birth
R1,Ana,Silva,12 Oak St,Millville,OH,44001,2020,1970-02-03
R2,Ana,Silva,12 Oak St,Millville,OH,44001,2020,
R3,Beatrice,Walker,7 Elm Rd,Millville,OH,44001,2020,1971-03-04
R4,Charles,Quackenbush,9 Pine Ave,Millville,OH,44001,2020,1972-04-05
R5,Ana,Silva,Unknown Address,Millville,OH,44001,2020,
R6,,,12 Oak St,Millville,OH,44001,2020,
R7,Ana,Silva,12 Oak St,Millville,OH,44001,,
R8,Diana,Moreau,15 Birch Ln,Millville,OH,44001,2020,
R9,C,Quackenbush,9 Pine Ave,Millville,OH,44001,2020,1972-04-05
"""
TRUTH = """request_id,taxpayer_id,confirmable,kind
R1,T1,true,same
R2,,false,namesake
R3,T2,false,moved
R4,T9,true,borrowed
R5,T1,true,no address
R6,T1,true,no name
R7,T1,true,no period
R8,T4,true,tie
R9,T3,true,initial
"""


@pytest.fixture
def files(tmp_path):
    """The three files of a set, as they may be given: registry, requests, truth."""
    for name, text in (("registry", REGISTRY), ("requests", REQUESTS), ("truth", TRUTH)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return [tmp_path / f"{name}.csv" for name in ("registry", "requests", "truth")]


def test_each_figure_counts_what_it_says(files):
    made = evaluate(*files, "names")
    assert (made.requests, made.confirmable, made.insufficient) == (9, 7, 3)
    assert (made.confirmed, made.unclear, made.ambiguous) == (4, 1, 1)
    assert (made.wrong_person, made.wrong_address) == (2, 1)
    assert made.wrong_by_kind == {"borrowed": 1, "moved": 1, "namesake": 1}
    assert made.recall == 1 / 7


def test_the_shipped_terms_demand_a_birth_date(files):
    made = evaluate(*files)
    assert made.terms["evidence"] == "date_of_birth"
    assert (made.confirmed, made.wrong_by_kind) == (3, {"borrowed": 1, "moved": 1})


def test_every_evidence_is_measured_in_one_run_as_it_would_be_alone(files):
    together = evaluate_each(*files, ["names", "third_identifier", "date_of_birth"])
    assert together == tuple(evaluate(*files, evidence) for evidence in ("names", "third_identifier", "date_of_birth"))


def test_determinations_are_counted_by_reason_and_returns_by_code(files):
    made = evaluate(*files, "names")
    assert made.reasons == {
        "confirmed": {"all_agree": 4},
        "ambiguous": {"several_fit": 1},
        "unclear": {"name_initial": 1},
    }
    assert made.returned_by_code == {"ADDRESS_PLACEHOLDER": 1, "NAME_MISSING": 1, "TAXABLE_PERIOD_MISSING": 1}
    assert (made.review, made.review_share, made.returned_share) == (2, 2 / 9, 3 / 9)


def test_requests_that_carry_a_birth_date_have_a_recall_of_their_own(files):
    made = evaluate(*files)
    assert (made.dated.confirmable, made.dated.right) == (3, 1)
    assert made.dated.recall == 1 / 3


def test_what_has_no_house_number_at_its_source_stands_apart(files):
    files[2].write_text(TRUTH.replace("no address", "no_house_number_at_source"), encoding="utf-8")
    made = evaluate(*files)
    assert made.no_house_number == {"requests": 1, "insufficient": 1, "confirmed": 0, "wrong_person": 0}


def test_every_kind_says_what_came_of_it_and_whether_a_rule_could_tell(files):
    files[2].write_text(TRUTH.replace("R2,,false,namesake", "R2,,false,namesake(unavoidable)"), encoding="utf-8")
    kinds = {kind.kind: kind for kind in evaluate(*files, "names").kinds}
    assert sum(kind.requests for kind in kinds.values()) == 9
    assert (kinds["namesake(unavoidable)"].wrong_person, kinds["namesake(unavoidable)"].unavoidable) == (1, True)
    assert (kinds["moved"].wrong_address, kinds["moved"].unavoidable) == (1, False)


# Father and son on one number, and a borrowed one: T2 worked under the number of T1.
BY_TIN = """taxpayer_id,tin,tax_year,source_form,role,given_name,family_name,street_line,city,state,zip,date_of_birth
T1,111-11-1111,2020,1040,primary,Ana,Silva,12 Oak St,Millville,OH,44001,1970-02-03
T2,111111111,2020,W2,primary,Beatrice,Walker,7 Elm Rd,Millville,OH,44001,1971-03-04
T3,,2020,1040,primary,Charles,Quackenbush,9 Pine Ave,Millville,OH,44001,1972-04-05
T4,444-44-4444,2020,1040,primary,Diana,Moreau,15 Birch Ln,Millville,OH,44001,1973-05-06
"""


def test_grouped_by_tin_a_confirmation_is_judged_by_whose_the_record_was(files):
    files[0].write_text(BY_TIN, encoding="utf-8")
    files[2].write_text(TRUTH.replace("R2,,false,namesake", "R2,T2,true,other"), encoding="utf-8")
    [made] = evaluate_each(*files, ["names"], by_tin=True)
    assert made.grouped_by == "tin"
    # R1 is T1's and R3 is T2's, under one number; R2 asks about T2 and finds T1; R4 asks about nobody listed.
    assert made.wrong_by_kind == {"borrowed": 1, "moved": 1, "other": 1}
    assert (made.wrong_person, made.wrong_address) == (2, 1)


def test_a_registry_without_numbers_cannot_be_grouped_by_them(files):
    with pytest.raises(BadInput, match=r"EVALUATION_COLUMN_MISSING.*tin"):
        evaluate_each(*files, ["names"], by_tin=True)


def test_another_method_is_judged_beside_linkage_and_not_by_tin(files):
    def nobody(home, requests, settled, index, terms):
        with workspace(home, reads=[requests.path]) as ws:
            ws.view("requests", requests)
            said = "'confirmed' AS determination, 'all_agree' AS reason, 'T1' AS taxpayer_id"
            return ws.write("peer", f"SELECT row_number, request_id, {said} FROM requests", "row_number")

    [made] = evaluate_each(*files, ["names"], peer=nobody)
    assert made.peer == {"confirmed": 9, "wrong_person": 5, "wrong_address": 0, "recall": 4 / 7}
    assert evaluate(*files, "names").peer is None
    with pytest.raises(Usage, match="PEER_BY_TIN"):
        evaluate_each(*files, ["names"], by_tin=True, peer=nobody)


def test_a_missing_column_is_refused_by_name(files):
    files[2].write_text("request_id,kind\nR1,same\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"EVALUATION_COLUMN_MISSING.*confirmable"):
        evaluate(*files)


def test_an_unreadable_cell_is_refused_without_being_shown(files):
    files[1].write_text(REQUESTS.replace("1972-04-05", "April"), encoding="utf-8")
    with pytest.raises(BadInput, match="EVALUATION_UNREADABLE") as refused:
        evaluate(*files)
    assert "April" not in str(refused.value)


def test_a_request_without_truth_is_refused(files):
    files[2].write_text(TRUTH.replace("R9,T3,true,initial\n", ""), encoding="utf-8")
    with pytest.raises(BadInput, match="EVALUATION_UNPAIRED"):
        evaluate(*files)


def test_labelled_and_unlisted_namesakes_are_not_avoidable(files):
    relabelled = TRUTH.replace("namesake", "namesake_not_taxpayer").replace("borrowed", "borrowed(unavoidable)")
    files[2].write_text(relabelled, encoding="utf-8")
    assert avoidable(evaluate(*files, "names")) == {"moved": 1}


def _figures(made: Evaluation) -> str:
    return (
        f"{made.evidence:16} recall {made.recall:6.1%}, dated {made.dated.recall:6.1%}  confirmed {made.confirmed:5} "
        f"of {made.confirmable:5} confirmable, {made.insufficient:4} insufficient  unclear {made.unclear:4}  ambiguous "
        f"{made.ambiguous:3}  wrong person {made.wrong_person:2}  wrong address {made.wrong_address}  "
        f"{made.wrong_by_kind or ''}"
    )


@at_hand
@pytest.mark.parametrize("name", LEAST_RECALL)
def test_no_avoidable_wrong_person_and_no_wrong_address(name, report_figures):
    files = [SETS / name / f"{table}.parquet" for table in ("registry", "requests", "truth")]
    names, dated = evaluate_each(*files, ["names", "date_of_birth"])
    for made in (names, dated):
        report_figures(f"{name:12} {_figures(made)}")
        assert (avoidable(made), made.wrong_address) == ({}, 0)
    assert dated.wrong_person == 0
    assert names.recall >= LEAST_RECALL[name]


@at_hand
def test_a_registry_grouped_by_tin_makes_no_avoidable_wrong_person(report_figures):
    files = [SETS / "census2020" / f"{table}.parquet" for table in ("registry", "requests", "truth")]
    [made] = evaluate_each(*files, ["names"], by_tin=True)
    report_figures(f"by TIN       {_figures(made)}")
    assert (avoidable(made), made.wrong_address) == ({}, 0)
