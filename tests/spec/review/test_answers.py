"""The answers: every request once, a yes only where everything says so, and no answer at all where tables disagree."""

from __future__ import annotations

import itertools

import duckdb
import pytest

from comity.case.errors import Integrity
from comity.review.answers import _ANSWERS, _COMPOSED, EVIDENT, compose_answers, count_answers
from comity.review.votes import SUPPORTED
from comity.workspace import workspace

from .conftest import CANDIDATES, DETERMINATIONS, NO_SAMPLE, NO_VERDICTS, REQUESTS, SAMPLE, SETTLED

SAME = "SELECT 2 AS row_number, 'same' AS verdict, 'P2' AS person"


BATCH = {
    "requests": REQUESTS,
    "settled": SETTLED,
    "candidates": CANDIDATES,
    "determinations": DETERMINATIONS,
    "sample": NO_SAMPLE,
    "verdicts": NO_VERDICTS,
}


@pytest.fixture
def compose(folder, table):
    def made(*, forgone=False, **tables):
        given = BATCH | tables
        return compose_answers(folder, *(table(kind, given[kind]) for kind in BATCH), forgone=forgone)

    return made


@pytest.fixture
def answered(folder, compose):
    def rows(**tables):
        with workspace(folder) as ws:
            ws.view("a", compose(**tables))
            return {row[0]: row[1:] for row in ws.rows("SELECT request_id, answer, codes, recipients FROM a")}

    return rows


def test_each_request_has_one_answer_and_an_unvoted_case_is_a_no(answered):
    assert answered() == {
        "A-1": ("CONFIRMED", [], ["R1"]),
        "A-2": ("NO_DISCLOSURE", [], ["R1", "R2"]),
        "A-3": ("NO_DISCLOSURE", [], ["R2"]),
        "A-4": ("RETURNED", ["ADDRESS_INSUFFICIENT", "REASON_MISSING"], []),
    }


def test_two_concurring_votes_make_an_unclear_case_a_yes(answered):
    assert answered(verdicts=SAME)["A-2"][0] == "CONFIRMED"
    assert answered(verdicts=SAME, determinations=DETERMINATIONS.replace("'unclear'", "'ambiguous'"))["A-2"][0] == (
        "CONFIRMED"
    )


@pytest.mark.parametrize("verdict", ["not_same", "undecided"])
def test_any_other_verdict_leaves_it_a_no(answered, verdict):
    verdicts = f"SELECT 2 AS row_number, '{verdict}' AS verdict, NULL::VARCHAR AS person"
    assert answered(verdicts=verdicts)["A-2"][0] == "NO_DISCLOSURE"


def voted(row, verdict, person="NULL::VARCHAR"):
    return f"SELECT {row} AS row_number, '{verdict}' AS verdict, {person} AS person"


@pytest.mark.parametrize(
    ("verdicts", "answer"),
    [
        (voted(1, "same", "'P1'"), "CONFIRMED"),
        (voted(1, "same", "'P2'"), "NO_DISCLOSURE"),
        (voted(1, "not_same"), "NO_DISCLOSURE"),
        (voted(1, "undecided"), "NO_DISCLOSURE"),
        (NO_VERDICTS, "NO_DISCLOSURE"),
    ],
)
def test_a_confirmed_request_of_the_sample_is_a_yes_only_if_its_readers_say_the_same_person(answered, verdicts, answer):
    assert answered(sample=SAMPLE, verdicts=verdicts)["A-1"][0] == answer


@pytest.mark.parametrize("verdict", [voted(3, "same", "'P2'"), voted(3, "not_same"), voted(3, "undecided")])
def test_the_sample_of_the_noes_makes_no_yes(answered, verdict):
    assert answered(sample=SAMPLE, verdicts=verdict)["A-3"][0] == "NO_DISCLOSURE"


def test_where_disclosure_was_forgone_nothing_is_confirmed_and_every_request_is_answered(answered):
    assert [answer for answer, *_ in answered(forgone=True, verdicts=SAME).values()] == [
        *["NO_DISCLOSURE"] * 3,
        "RETURNED",
    ]


def test_the_counts_are_those_of_the_table(folder, compose):
    assert count_answers(folder, compose()) == {"CONFIRMED": 1, "NO_DISCLOSURE": 2, "RETURNED": 1}


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ({"candidates": CANDIDATES.replace("'exact', 'equal'", "'exact', 'different'")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        ({"candidates": CANDIDATES.replace("'exact', 'equal'", "'exact', 'one_sided'")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        ({"candidates": CANDIDATES.replace("'exact', 'equal'", "'blank', 'equal'")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        ({"candidates": CANDIDATES.replace("'exact', 'equal'", "'exact', NULL")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        (
            {"candidates": CANDIDATES.replace("'P1', 'primary', TRUE", "'P1', 'primary', FALSE")},
            "CONFIRMED_WITHOUT_EVIDENCE",
        ),
        ({"candidates": CANDIDATES.replace("'P1', 'primary'", "'P1', 'dependent'")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        ({"candidates": CANDIDATES.replace("'equal', 'agrees'", "'equal', 'conflicts'")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        (
            {"candidates": CANDIDATES.replace("[]::VARCHAR[]", "['tin_conflicts']")},
            "CONFIRMED_WITHOUT_EVIDENCE",
        ),
        ({"determinations": DETERMINATIONS.replace("'P1'", "NULL")}, "CONFIRMED_WITHOUT_EVIDENCE"),
        ({"determinations": DETERMINATIONS.replace("'not_found'", "NULL")}, "REQUEST_NOT_TERMINAL"),
        ({"determinations": DETERMINATIONS.replace("'confirmed'", "'Confirmed'")}, "REQUEST_NOT_TERMINAL"),
        ({"settled": SETTLED.replace("'return'", "NULL")}, "REQUEST_NOT_TERMINAL"),
        ({"settled": SETTLED.replace("'return'", "'review'")}, "REQUEST_NOT_TERMINAL"),
        ({"settled": SETTLED.replace("(1, 'A-1', 'pass'", "(1, 'A-1', 'return'")}, "RETURNED_AND_DETERMINED"),
        ({"settled": SETTLED.replace("['REASON_MISSING', 'ADDRESS_INSUFFICIENT']", "[]")}, "RETURNED_AND_DETERMINED"),
        ({"settled": SETTLED.replace("'pass', []::VARCHAR[]", "'pass', ['REASON_MISSING']")}, "PASSED_WITH_CODES"),
        ({"requests": REQUESTS.replace("'A-3', ['R2']", "'A-3', []")}, "ANSWER_WITHOUT_RECIPIENT"),
        ({"verdicts": SAME.replace("'P2'", "'P3'")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"verdicts": SAME.replace("'P2'", "NULL::VARCHAR")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"verdicts": SAME.replace("'same'", "'yes'")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"verdicts": voted(1, "not_same")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"sample": SAMPLE, "verdicts": voted(1, "perhaps")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"sample": SAMPLE.replace("(1,", "(9,")}, "ROWS_DISAGREE"),
        ({"sample": SAMPLE.replace("(1,", "(3,")}, "ROWS_DISAGREE"),
        ({"verdicts": SAME.replace("2 AS", "3 AS")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"verdicts": SAME.replace("2 AS", "4 AS")}, "VERDICT_WITHOUT_EVIDENCE"),
        ({"verdicts": SAME.replace("2 AS", "9 AS")}, "ROWS_DISAGREE"),
        ({"verdicts": f"{SAME} UNION ALL {SAME}"}, "ROWS_DISAGREE"),
        ({"determinations": f"{DETERMINATIONS} UNION ALL {DETERMINATIONS}"}, "ROWS_DISAGREE"),
        ({"settled": SETTLED.replace("'A-3', 'pass'", "'A-2', 'pass'")}, "ROWS_DISAGREE"),
    ],
)
def test_tables_that_contradict_each_other_answer_nothing(folder, compose, tables, code):
    before = set(folder.glob("answers-*"))
    with pytest.raises(Integrity) as refused:
        compose(**tables)
    assert refused.value.code == code
    assert set(folder.glob("answers-*")) == before


def test_even_unchecked_a_contradiction_is_no_yes():
    """The answer itself asks for the evidence; the check before it is the second lock on the same door."""
    with duckdb.connect() as con:
        bare = {
            "requests": REQUESTS,
            "settled": SETTLED,
            "determinations": DETERMINATIONS,
            "candidates": CANDIDATES.replace("'exact', 'equal'", "'exact', 'different'"),
            "sample": NO_SAMPLE,
            "verdicts": SAME.replace("'P2'", "'P3'"),
            "screened": "SELECT 0 AS row_number, '' AS screen WHERE FALSE",
            "listed": "SELECT 0 AS row_number WHERE FALSE",
        }
        for name, sql in bare.items():
            con.execute(f"CREATE VIEW {name} AS {sql}")
        con.execute(f"CREATE TABLE composed AS {_COMPOSED}")
        assert {row[2] for row in con.execute(_ANSWERS).fetchall()} == {"NO_DISCLOSURE", "RETURNED"}


WORDS = {
    "name_level": ["exact", "equivalent", "soft", "initial", "single", "blank", "different", None],
    "address_level": ["equal", "slip", "one_sided", "different", None],
    "birth_level": ["agrees", "slip", "absent", "conflicts", None],
    "role": ["primary", "spouse", "dependent", None],
    "in_stated_year": [True, False, None],
}


def evidence(ws, people):
    return {int(person[0]) for person in ws.rows(f"SELECT person FROM ({people})")}


def test_no_words_but_those_of_the_rule_bear_out_a_yes(folder):
    """P2 over every combination of words a candidate's row can show, and absences."""
    rows = list(itertools.product(*WORDS.values()))
    with workspace(folder) as ws:
        columns = ", ".join(f"unnest(?) AS {name}" for name in WORDS)
        ws.con.execute(
            f"""CREATE TABLE candidates AS SELECT 1 AS row_number, []::VARCHAR[] AS reasons,
            unnest(?) AS person, {columns}""",
            [[str(place) for place in range(len(rows))], *([row[k] for row in rows] for k in range(len(WORDS)))],
        )
        by_rule, by_votes = evidence(ws, EVIDENT), evidence(ws, SUPPORTED)
    for place, (name, address, birth, role, stated) in enumerate(rows):
        whole = stated is True and role in {"primary", "spouse"} and birth in {"agrees", "slip", "absent"}
        assert (place in by_rule) == (
            whole and address in {"equal", "slip"} and name in {"exact", "equivalent", "soft"}
        )
        single = name == "single" and birth == "agrees"
        assert (place in by_votes) == (
            whole
            and address in {"equal", "slip", "one_sided"}
            and (single or name in {"exact", "equivalent", "soft", "initial"})
        )
