"""How often the rule was wrong: counted from the sample, bounded exactly, and held against the agreement's limit."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.case.batch_state import Vote
from comity.case.errors import Waiting
from comity.review.auditing import Audit, Reader, Stratum, audit, readers, require_within
from comity.review.bounds import at_most

from .conftest import SAMPLE


@st.composite
def looks(draw):
    of = draw(st.integers(0, 60))
    sampled = draw(st.integers(0, of))
    return draw(st.integers(0, sampled)), sampled, of


@given(looks())
def test_the_bound_is_the_largest_number_that_the_sample_does_not_rule_out(look):
    """By counting all samples in whole numbers, which is the definition."""
    found, sampled, of = look

    def so_few(wrong):
        return sum(comb(wrong, i) * comb(of - wrong, sampled - i) for i in range(found + 1))

    possible = range(found, of - (sampled - found) + 1)
    assert at_most(found, sampled, of) == max(wrong for wrong in possible if so_few(wrong) * 20 > comb(of, sampled))


@pytest.mark.parametrize(("found", "sampled", "of", "bound"), [(0, 0, 7, 7), (0, 7, 7, 0), (2, 7, 7, 2), (0, 0, 0, 0)])
def test_all_looked_at_leaves_no_doubt_and_none_looked_at_leaves_all(found, sampled, of, bound):
    assert at_most(found, sampled, of) == bound


def test_none_wrong_of_three_hundred_bounds_a_million_by_about_one_in_a_hundred():
    assert 9_900 < at_most(0, 300, 1_000_000) < 10_000


def test_the_bound_tightens_as_more_is_read():
    bounds = [at_most(0, sampled, 5_000) for sampled in range(0, 5_001, 50)]
    assert bounds == sorted(bounds, reverse=True)
    assert (bounds[0], bounds[-1]) == (5_000, 0)


@pytest.mark.parametrize("look", [(-1, 0, 1), (2, 1, 3), (0, 4, 3)])
def test_a_bound_is_of_counts_that_can_be(look):
    with pytest.raises(ValueError, match="found"):
        at_most(*look)


def votes(row, *said):
    return [Vote(row, f"officer-{place}", *word) for place, word in enumerate(said)]


SAME, OTHER, NOT = ("same", "P1"), ("same", "P9"), ("not_same", "")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((), (0, 0)),
        ((SAME,), (0, 0)),
        ((SAME, SAME), (1, 0)),
        ((SAME, NOT), (0, 0)),
        ((SAME, NOT, SAME), (1, 0)),
        ((NOT, NOT), (1, 1)),
        ((OTHER, OTHER), (1, 1)),
        ((SAME, NOT, OTHER), (1, 1)),
    ],
)
def test_a_confirmation_is_wrong_where_its_readers_do_not_say_the_same_person(docket, said, expected):
    found = audit(docket(sample=SAMPLE), votes(1, *said)).confirmed
    assert (found.of, found.drawn) == (1, 1)
    assert (found.read, found.found) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [((), (0, 0)), ((NOT, NOT), (1, 0)), ((SAME, SAME), (1, 1)), ((SAME, NOT, OTHER), (1, 1)), ((NOT,), (0, 0))],
)
def test_a_no_is_missed_where_its_readers_name_somebody(docket, said, expected):
    found = audit(docket(sample=SAMPLE), votes(3, *said)).noes
    assert (found.of, found.drawn) == (1, 1)
    assert (found.read, found.found) == expected


def test_the_cases_that_people_decide_anyway_count_in_neither(docket):
    found = audit(docket(sample=SAMPLE), votes(2, ("not_same", ""), ("not_same", "")))
    assert found == Audit(Stratum(1, 1, 0, 0), Stratum(1, 1, 0, 0))


def test_a_reader_is_outvoted_where_two_others_concur(docket):
    cast = [*votes(1, SAME, NOT, SAME), *votes(3, NOT, NOT), *votes(2, ("same", "P2"))]
    assert readers(docket(sample=SAMPLE), cast) == [
        Reader("officer-0", 2, 0),
        Reader("officer-1", 2, 1),
        Reader("officer-2", 1, 0),
    ]


NOTHING = Stratum(0, 0, 0, 0)


def test_what_was_found_wrong_does_not_leave_and_counts_no_more():
    assert Audit(Stratum(10, 10, 10, 4), NOTHING).wrong_at_most == (0, 6)


@pytest.mark.parametrize(
    ("confirmed", "limit", "within"),
    [
        (Stratum(100_000, 300, 300, 0), 20, True),
        (Stratum(100_000, 300, 300, 0), 9, False),
        (Stratum(100_000, 300, 300, 4), 20, False),
        (Stratum(50, 50, 50, 3), 0, True),
        (Stratum(50, 50, 40, 0), 0, False),
        (NOTHING, 0, True),
    ],
)
def test_a_batch_in_which_too_much_may_be_wrong_does_not_go_on(confirmed, limit, within):
    audited = Audit(confirmed, NOTHING)
    assert audited.within(limit) is within
    if within:
        require_within(audited, limit)
        return
    with pytest.raises(Waiting, match="AUDIT_ABOVE_LIMIT"):
        require_within(audited, limit)
