"""Blind votes: two that concur settle, a disagreement goes to a third, and some candidates cannot be a yes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.case.batch_state import Vote
from comity.case.errors import BadInput, Refused, Waiting
from comity.review.votes import check_votes, fold_votes, queue, read_case, require_votes_in, seen_by
from comity.workspace import workspace

from .conftest import CANDIDATES, DETERMINATIONS


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


def test_only_unclear_and_ambiguous_cases_are_queued_until_their_votes_are_in(folder, table):
    determinations = table("determinations", DETERMINATIONS)
    assert queue(folder, determinations, []) == (2,)
    assert queue(folder, determinations, [same("ann")], "ann") == ()
    assert queue(folder, determinations, [same("ann"), not_same("bea")], "cyd") == (2,)
    assert queue(folder, determinations, [same("ann"), same("bea")], "cyd") == ()


def test_the_batch_waits_while_a_vote_is_missing(folder, table):
    determinations = table("determinations", DETERMINATIONS)
    with pytest.raises(Waiting, match="VOTES_OPEN"):
        require_votes_in(folder, determinations, [same("ann")])
    require_votes_in(folder, determinations, [same("ann"), same("bea")])


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
def test_a_vote_that_could_not_count_is_refused_when_it_is_cast(folder, table, vote, code):
    with pytest.raises(Refused) as refused:
        check_votes(folder, [vote], [], table("determinations", DETERMINATIONS), table("candidates", CANDIDATES))
    assert refused.value.code == code


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
def test_a_yes_needs_every_part_of_the_evidence(folder, table, before, after):
    determinations = table("determinations", DETERMINATIONS)
    check_votes(folder, [same("ann")], [], determinations, table("candidates", CANDIDATES))
    candidates = table("candidates", CANDIDATES.replace(before, after))
    with pytest.raises(Refused, match="CANDIDATE_UNSUPPORTED"):
        check_votes(folder, [same("ann")], [], determinations, candidates)


def test_a_birth_date_that_conflicts_on_any_row_of_the_person_excludes_the_person(folder, table):
    other_row = CANDIDATES.replace("'P3', 'primary', TRUE, 'different', 'equal', 'absent'", _CONFLICT)
    with pytest.raises(Refused, match="CANDIDATE_UNSUPPORTED"):
        check_votes(folder, [same("ann")], [], table("d", DETERMINATIONS), table("c", other_row))


_CONFLICT = "'P2', 'primary', FALSE, 'soft', 'different', 'conflicts'"


@pytest.mark.parametrize(
    "vote", [Vote(2, "ann", "yes", "P2"), Vote(2, "ann", "same", ""), Vote(2, "ann", "not_same", "P2")]
)
def test_a_vote_is_same_with_a_person_or_not_same_without(folder, table, vote):
    with pytest.raises(BadInput, match="VERDICT_UNKNOWN"):
        check_votes(folder, [vote], [], table("d", DETERMINATIONS), table("c", CANDIDATES))


def test_a_third_vote_after_two_that_concur_is_refused(folder, table):
    with pytest.raises(Refused, match="VOTES_CLOSED"):
        check_votes(
            folder, [same("cyd")], [same("ann"), same("bea")], table("d", DETERMINATIONS), table("c", CANDIDATES)
        )


def test_a_case_shows_identity_and_candidates_and_no_narrative(folder, table):
    columns = """'Zed' AS given_name, NULL AS middle_name, 'Canary' AS family_name, NULL AS name_suffix, '1 Elm St' AS
        street_line, NULL AS unit_line, 'Troy' AS city, 'NY' AS state, '12180' AS zip, NULL AS country, NULL AS
        address_text, [2020] AS tax_years, NULL AS tin, NULL AS date_of_birth, 'he said so' AS reason,
        '18 USC 1' AS statute"""
    requests = table("requests", f"SELECT 2 AS row_number, 'A-2' AS request_id, {columns}")
    case = read_case(folder, 2, requests, table("d", DETERMINATIONS), table("c", CANDIDATES))
    assert case.request["family_name"] == "Canary"
    assert not {"reason", "statute"} & set(case.request)
    assert [candidate["person"] for candidate in case.candidates] == ["P2", "P3"]
    assert "Canary" not in repr(case)
    with pytest.raises(Refused, match="NOT_OPEN_TO_VOTES"):
        read_case(folder, 1, requests, table("d", DETERMINATIONS), table("c", CANDIDATES))
