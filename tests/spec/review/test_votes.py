"""Blind votes: two that concur settle, a disagreement goes to a third, and some candidates cannot be a yes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.case.batch_state import Vote
from comity.case.errors import BadInput, Refused, Waiting
from comity.review.votes import check_votes, fold_votes, nameable, queue, read_case, require_votes_in, seen_by
from comity.workspace import workspace

from .conftest import CANDIDATES, SAMPLE


def same(officer, row=2, person="P2"):
    return Vote(row, officer, "same", person)


def not_same(officer, row=2):
    return Vote(row, officer, "not_same", "")


def verdicts(folder, votes):
    artefact = fold_votes(folder, votes)
    with workspace(folder) as ws:
        ws.view("v", artefact)
        return ws.rows("SELECT row_number, verdict, person FROM v ORDER BY row_number")


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([same("ann"), same("bea")], ("same", "P2")),
        ([not_same("ann"), not_same("bea")], ("not_same", None)),
        ([same("ann")], ("undecided", None)),
        ([same("ann"), not_same("bea")], ("undecided", None)),
        ([same("ann"), same("bea", person="P3")], ("undecided", None)),
        ([same("ann"), not_same("bea"), same("cyd")], ("same", "P2")),
        ([same("ann"), not_same("bea"), not_same("cyd")], ("not_same", None)),
        ([same("ann"), same("bea", person="P3"), not_same("cyd")], ("undecided", None)),
    ],
)
def test_votes_come_to_what_two_of_them_say(folder, votes, expected):
    assert verdicts(folder, votes) == [(2, *expected)]


def test_no_votes_come_to_no_verdicts(folder):
    assert verdicts(folder, []) == []


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ([same("ann"), same("ann")], "VOTED_TWICE"),
        ([same("ann"), same("bea"), not_same("cyd")], "VOTES_CLOSED"),
        ([same("ann"), not_same("bea"), same("cyd"), same("dot")], "VOTES_CLOSED"),
    ],
)
def test_votes_that_could_not_have_been_cast_are_not_counted(folder, votes, code):
    with pytest.raises(Refused) as refused:
        fold_votes(folder, votes)
    assert refused.value.code == code


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([("same", "P2"), ("same", "P3"), ("not_same", "")]), max_size=3))
def test_a_verdict_always_has_two_votes_behind_it(folder, said):
    votes = [Vote(2, f"officer-{place}", *word) for place, word in enumerate(said)]
    try:
        found = verdicts(folder, votes)
    except Refused:
        assert said[0] == said[1]
        return
    for _, verdict, person in found:
        assert verdict == "undecided" or said.count((verdict, person or "")) >= 2


def test_unclear_and_ambiguous_cases_are_queued_until_their_votes_are_in(docket):
    assert queue(docket(), []) == ((2, "clerical"),)
    assert queue(docket(), [same("ann")], "ann") == ()
    assert queue(docket(), [same("ann"), not_same("bea")], "cyd") == ((2, "clerical"),)
    assert queue(docket(), [same("ann"), same("bea")], "cyd") == ()


def test_the_sample_is_queued_with_the_cases_that_the_rule_left_open(docket):
    assert queue(docket(sample=SAMPLE), []) == ((1, "audit"), (2, "clerical"), (3, "audit"))
    assert queue(docket(sample=SAMPLE), [not_same("ann", row=1), not_same("bea", row=1)]) == (
        (2, "clerical"),
        (3, "audit"),
    )


@pytest.mark.parametrize("due", [False, True])
def test_the_batch_waits_while_a_vote_is_missing_and_no_longer_than_to_its_hour(docket, due):
    if due:
        require_votes_in(docket(), [same("ann")], due=due)
        return
    with pytest.raises(Waiting, match="VOTES_OPEN"):
        require_votes_in(docket(), [same("ann")], due=due)
    require_votes_in(docket(), [same("ann"), same("bea")], due=due)


def test_the_batch_waits_for_its_sample_even_at_its_hour(docket):
    on = docket(sample=SAMPLE)
    read = [same(who, row=1, person="P1") for who in ("ann", "bea")]
    with pytest.raises(Waiting, match="AUDIT_OPEN: 2 cases"):
        require_votes_in(on, [], due=True)
    with pytest.raises(Waiting, match="AUDIT_OPEN: 1 cases"):
        require_votes_in(on, read, due=True)
    require_votes_in(on, [*read, not_same("ann", row=3), not_same("bea", row=3)], due=True)


def test_a_reviewer_sees_no_other_vote_until_all_are_in():
    first, second, third = same("ann"), not_same("bea"), same("cyd")
    assert seen_by("bea", [first]) == ()
    assert seen_by("cyd", [first, second]) == ()
    assert seen_by("ann", [first, second]) == (first,)
    assert seen_by("ann", [first, second, third]) == (first, second, third)


@pytest.mark.parametrize(
    ("vote", "code"),
    [
        (same("ann", row=1, person="P1"), "NOT_OPEN_TO_VOTES"),
        (not_same("ann", row=3), "NOT_OPEN_TO_VOTES"),
        (not_same("ann", row=99), "NOT_OPEN_TO_VOTES"),
        (same("ann", person="P3"), "CANDIDATE_UNSUPPORTED"),
        (same("ann", person="P1"), "CANDIDATE_UNSUPPORTED"),
        (same("ann", person="P9"), "CANDIDATE_UNSUPPORTED"),
    ],
)
def test_a_vote_that_could_not_count_is_refused_when_it_is_cast(docket, vote, code):
    with pytest.raises(Refused) as refused:
        check_votes(docket(), [vote], [])
    assert refused.value.code == code


LOOKALIKE = f"""{CANDIDATES}
    UNION ALL SELECT 3, 'A-3', 'P7', 'dependent', FALSE, 'different', 'different', 'conflicts', []
    UNION ALL SELECT 1, 'A-1', 'P8', 'dependent', FALSE, 'different', 'different', 'conflicts', []"""


def test_who_reads_the_sample_may_name_any_candidate_so_that_the_choice_does_not_tell_what_the_rule_said(docket):
    on = docket(candidates=LOOKALIKE, sample=SAMPLE)
    check_votes(on, [same("ann", row=3, person="P7"), same("ann", row=1, person="P1")], [])
    assert [(row, person) for row, person, _ in nameable(docket(candidates=_WITH_ID, sample=SAMPLE), [1, 2, 3])] == [
        (1, "P1"),
        (1, "P8"),
        (2, "P2"),
        (3, "P7"),
    ]
    with pytest.raises(Refused, match="NOT_OPEN_TO_VOTES"):
        nameable(docket(candidates=_WITH_ID), [1])
    with pytest.raises(Refused, match="CANDIDATE_UNSUPPORTED"):
        check_votes(on, [same("ann", row=3, person="P1")], [])
    with pytest.raises(Refused, match="NOT_OPEN_TO_VOTES"):
        check_votes(docket(candidates=LOOKALIKE), [same("ann", row=3, person="P7")], [])


_WITH_ID = f"SELECT *, 'T-' || person AS taxpayer_id FROM ({LOOKALIKE})"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'one_sided'", "'different'"),
        ("'one_sided'", "NULL"),
        ("'soft'", "'blank'"),
        ("'soft'", "'unheard_of'"),
        ("'spouse'", "'dependent'"),
        ("'spouse', TRUE", "'spouse', FALSE"),
        ("'spouse', TRUE", "'spouse', NULL"),
        ("'one_sided', 'absent'", "'one_sided', 'conflicts'"),
        ("'one_sided', 'absent'", "'one_sided', NULL"),
    ],
)
def test_a_yes_needs_every_part_of_the_evidence(docket, before, after):
    check_votes(docket(), [same("ann")], [])
    with pytest.raises(Refused, match="CANDIDATE_UNSUPPORTED"):
        check_votes(docket(candidates=CANDIDATES.replace(before, after)), [same("ann")], [])


def test_a_tin_against_the_request_excludes_the_person(docket):
    with pytest.raises(Refused, match="CANDIDATE_UNSUPPORTED"):
        check_votes(docket(candidates=_AGAINST), [same("ann")], [])


_AGAINST = f"SELECT * REPLACE (['middle_conflicts', 'tin_conflicts'] AS reasons) FROM ({CANDIDATES})"


def test_a_birth_date_that_conflicts_on_any_row_of_the_person_excludes_the_person(docket):
    other_row = CANDIDATES.replace("'P3', 'primary', TRUE, 'different', 'equal', 'absent'", _CONFLICT)
    with pytest.raises(Refused, match="CANDIDATE_UNSUPPORTED"):
        check_votes(docket(candidates=other_row), [same("ann")], [])


_CONFLICT = "'P2', 'primary', FALSE, 'soft', 'different', 'conflicts'"


@pytest.mark.parametrize(
    "vote", [Vote(2, "ann", "yes", "P2"), Vote(2, "ann", "same", ""), Vote(2, "ann", "not_same", "P2")]
)
def test_a_vote_is_same_with_a_person_or_not_same_without(docket, vote):
    with pytest.raises(BadInput, match="VERDICT_UNKNOWN"):
        check_votes(docket(), [vote], [])


def test_a_third_vote_after_two_that_concur_is_refused(docket):
    with pytest.raises(Refused, match="VOTES_CLOSED"):
        check_votes(docket(), [same("cyd")], [same("ann"), same("bea")])


@pytest.fixture
def requests(table):
    columns = """'Zed' AS given_name, NULL AS middle_name, 'Canary' AS family_name, NULL AS name_suffix, '1 Elm St' AS
        street_line, NULL AS unit_line, 'Troy' AS city, 'NY' AS state, '12180' AS zip, NULL AS country, NULL AS
        address_text, [2020] AS tax_years, NULL AS tin, NULL AS date_of_birth, 'he said so' AS reason,
        '18 USC 1' AS statute"""
    return table("requests", f"SELECT n AS row_number, 'A-' || n AS request_id, {columns} FROM range(1, 4) AS t(n)")


def test_a_case_shows_identity_and_candidates_and_no_narrative(docket, requests):
    case = read_case(docket(), 2, requests)
    assert (case.kind, case.determination, case.reason) == ("clerical", "unclear", "soft_name")
    assert case.request["family_name"] == "Canary"
    assert not {"reason", "statute"} & set(case.request)
    assert [candidate["person"] for candidate in case.candidates] == ["P2", "P3"]
    assert "Canary" not in repr(case)
    with pytest.raises(Refused, match="NOT_OPEN_TO_VOTES"):
        read_case(docket(), 1, requests)


@pytest.mark.parametrize("row", [1, 3])
def test_who_reads_the_sample_does_not_learn_what_the_rule_said(docket, requests, row):
    case = read_case(docket(sample=SAMPLE), row, requests)
    assert (case.kind, case.determination, case.reason) == ("audit", "", "")
