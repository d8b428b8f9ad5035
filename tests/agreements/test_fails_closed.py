"""Whatever a rule says, an absent value never passes: drawn rules over drawn rows, against a plain evaluator."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from comity import gates
from comity.agreements import PASSES, REQUEST, SUBMISSION, Agreement, Gate
from comity.case.artefact import Artefact
from comity.case.errors import Refused
from comity.gates import FACTS, Rule, compile_gates
from comity.gates.derive import REQUEST_COLUMNS
from comity.gates.expressions import MOST_BRACKETS, MOST_CHARACTERS
from comity.gates.trial import verdict_sql
from comity.workspace import workspace
from tests.agreements import oracle
from tests.agreements.oracle import Said
from tests.agreements.shipped import AGREEMENTS, GATES

ROWS = 30
TEXTS = ("", " ", "A", "B", "OPEN", "8 USC 1253(a)(1)", "another word", "\u0410", "9", "statute", "sufficient")
DAYS = [date(2024, 1, 28) + timedelta(days=31 * n) for n in range(25)]
# A rule is written in ASCII.
WORDS = st.sampled_from([text for text in TEXTS if text.isascii()])
VALUES: Mapping[str, Sequence[Any]] = {
    "VARCHAR": TEXTS,
    "BIGINT": range(-2, 40),
    "DATE": DAYS,
    "BOOLEAN": (False, True),
    "VARCHAR[]": ([], ["A"], ["A", "B"], ["OPEN"], ["A", None], [None], [""]),
    "INTEGER[]": ([], [2023], [1989, 2027], [2023, None], [None], [2026, 2026, 1990]),
}
# Columns enough that two of each type meet in one rule.
DRAWN = {
    REQUEST: {
        name: REQUEST_COLUMNS[name]
        for name in (
            "prong",
            "case_id",
            "asks_in_submission",
            "age",
            "order_final_on",
            "received_on",
            "bars",
            "elements",
            "tax_years",
        )
    },
    SUBMISSION: {name: FACTS[name] for name in ("signatory_in_force", "counts_agree", "signatory_office", "agency")},
}


@cache
def of_type(scope: str, kind: str) -> st.SearchStrategy[Said]:
    """A column of `scope` of that type."""
    return st.sampled_from([oracle.column(name) for name, of in DRAWN[scope].items() if of == kind])


@cache
def texts(scope: str) -> st.SearchStrategy[Said]:
    """A text: a column, or one that stands in for it where it is absent."""
    columns = of_type(scope, "VARCHAR")
    return columns | st.builds(oracle.first_of, columns, WORDS.map(oracle.word))


@cache
def numbers(scope: str) -> st.SearchStrategy[Said]:
    """A number: a column, a length, a sum."""
    if scope == SUBMISSION:
        return st.builds(oracle.size, st.just("length"), texts(scope))
    whole = of_type(scope, "BIGINT")
    lists = of_type(scope, "VARCHAR[]") | of_type(scope, "INTEGER[]")
    small = st.integers(0, 30).map(oracle.word)
    simple = st.one_of(
        whole,
        st.builds(oracle.size, st.sampled_from(("len", "length", "list_count")), lists),
        st.builds(oracle.utmost_of, st.sampled_from(("list_min", "list_max")), of_type(scope, "INTEGER[]")),
        st.builds(oracle.year, days(scope)),
        st.builds(oracle.first_of, whole, small),
        st.builds(oracle.utmost, st.sampled_from(("greatest", "least")), whole, whole),
    )
    return simple | st.builds(oracle.summed, st.sampled_from("+-"), simple, simple | small)


@cache
def days(scope: str) -> st.SearchStrategy[Said]:
    """A day: a column, one so much later, the later of two."""
    columns = of_type(scope, "DATE")
    return st.one_of(
        columns,
        st.builds(oracle.utmost, st.sampled_from(("greatest", "least")), columns, columns),
        st.builds(oracle.first_of, columns, columns),
        st.builds(oracle.moved, columns, st.sampled_from("+-"), st.integers(0, 400), st.sampled_from(("DAY", "MONTH"))),
    )


@cache
def comparisons(scope: str) -> st.SearchStrategy[Said]:
    """A condition that holds no other."""
    signs, text, number = st.sampled_from(list(oracle.COMPARISONS)), texts(scope), numbers(scope)
    small, said = st.integers(0, 2030).map(oracle.word), WORDS.map(oracle.word)
    words = st.lists(st.sampled_from((*TEXTS[:6], None)), min_size=1, max_size=3)
    kinds = [
        st.builds(oracle.compared, signs, text, said | text),
        st.builds(oracle.compared, signs, number, small | number),
        st.builds(oracle.among, text, words),
        st.builds(oracle.between, number, small, small),
        st.builds(oracle.matches, text, st.sampled_from(("[A-Z]+", ".*[0-9].*", "(A|B)?", ".*"))),
        st.builds(oracle.absent, st.one_of(text, number), present=st.booleans()),
    ]
    if scope == SUBMISSION:
        return st.one_of(*kinds, of_type(scope, "BOOLEAN"))
    day, items = days(scope), of_type(scope, "VARCHAR[]")
    kinds += [
        st.builds(oracle.compared, signs, day, day),
        st.builds(oracle.absent, st.one_of(day, items), present=st.booleans()),
        st.builds(oracle.holds, items, text),
        st.builds(oracle.holds_all, items, items),
    ]
    return st.one_of(*kinds)


@cache
def conditions(scope: str) -> st.SearchStrategy[Said]:
    """A condition of any shape that a rule may have."""
    return st.recursive(
        comparisons(scope) | st.booleans().map(oracle.word),
        lambda inner: st.one_of(
            st.builds(oracle.both, inner, inner),
            st.builds(oracle.either, inner, inner),
            st.builds(oracle.negated, inner),
            st.builds(oracle.absent, inner, present=st.booleans()),
            st.builds(oracle.first_of, inner, inner),
            st.builds(oracle.chosen, inner, inner, inner),
        ),
        max_leaves=6,
    )


@st.composite
def rules(draw: st.DrawFn) -> tuple[Gate, Said, Said]:
    """A gate of drawn conditions, some columns of which may be absent and some have a code for it."""
    scope = draw(st.sampled_from((REQUEST, REQUEST, SUBMISSION)))
    applies, unless = draw(conditions(scope)), draw(conditions(scope))
    assume(unless.columns)
    assume(all(len(c.sql) <= MOST_CHARACTERS and c.sql.count("(") <= MOST_BRACKETS for c in (applies, unless)))
    used = sorted(applies.columns | unless.columns)
    may_be_absent = draw(st.lists(st.sampled_from(used), unique=True))
    demanded = [name for name in used if name not in may_be_absent]
    coded = draw(st.lists(st.sampled_from(demanded), unique=True)) if demanded else []
    changes = {"absent": {name: f"NO_{name.upper()}" for name in coded}, "may_be_absent": tuple(may_be_absent)}
    gate = replace(AGREEMENTS[0].gates[0], scope=scope, applies=applies.sql, unless=unless.sql, **changes)
    return gate, applies, unless


def rows(seed: int, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of `columns`, every third cell of which is absent."""
    draw = random.Random(seed)
    return [
        {name: None if draw.random() < 1 / 3 else draw.choice(VALUES[kind]) for name, kind in columns.items()}
        for _ in range(ROWS)
    ]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own."""
    with duckdb.connect(":memory:") as con:
        yield con


def verdicts(
    con: duckdb.DuckDBPyConnection, rule: Rule, columns: Mapping[str, str], cells: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What `rule` gives of each row of `cells`."""
    described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    con.execute(f"CREATE OR REPLACE TABLE drawn (row_number INTEGER, {described})")
    unnested = ", ".join(f"unnest(?::{kind}[])" for kind in ("INTEGER", *columns.values()))
    listed = [[row[name] for row in cells] for name in columns]
    con.execute(f"INSERT INTO drawn SELECT {unnested}", [list(range(len(cells))), *listed])
    return [given for (given,) in con.execute(f"SELECT {verdict_sql(rule)} FROM drawn ORDER BY row_number").fetchall()]


def is_absent(value: object) -> bool:
    """A list with an absent word in it is absent too."""
    return value is None or (isinstance(value, list) and None in value)


def ought(gate: Gate, applies: Said, unless: Said, row: Mapping[str, Any]) -> str:
    """What the words of the design say of a row: refuse unless everything demanded is there and the rule is met."""
    demanded = (applies.columns | unless.columns) - set(gate.may_be_absent)
    lacking = {name for name in demanded if is_absent(row[name])}
    if applies.of(row) is False and not lacking & applies.columns:
        return PASSES
    if unless.of(row) is True and not lacking:
        return PASSES
    return next((code for name, code in gate.absent.items() if row[name] is None), gate.code)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=rules(), seed=st.integers(0, 2**32))
def test_every_rule_gives_what_the_words_of_the_design_say(
    con: duckdb.DuckDBPyConnection, drawn: tuple[Gate, Said, Said], seed: int
) -> None:
    gate, applies, unless = drawn
    cells = rows(seed, DRAWN[gate.scope])
    [rule] = compile_gates(replace(AGREEMENTS[0], gates=(gate,)))
    given_ = verdicts(con, rule, DRAWN[gate.scope], cells)
    assert given_ == [ought(gate, applies, unless, row) for row in cells]
    assert PASSES not in [g for g, row in zip(given_, cells, strict=True) if lacks_what_it_needs(rule, applies, row)]


def lacks_what_it_needs(rule: Rule, applies: Said, row: Mapping[str, Any]) -> bool:
    """Whether something demanded is absent of a row to which the rule applies, or of which nobody can tell."""
    if any(is_absent(row[name]) for name in rule.decides):
        return True
    return applies.of(row) is not False and any(is_absent(row[name]) for name in rule.demanded)


@pytest.mark.parametrize(("agreement", "gate"), GATES)
def test_no_gate_that_ships_passes_without_what_it_demands(
    con: duckdb.DuckDBPyConnection, agreement: Agreement, gate: Gate
) -> None:
    [rule] = compile_gates(replace(agreement, gates=(gate,)))
    known = FACTS if gate.scope == SUBMISSION else REQUEST_COLUMNS
    for taken in rule.demanded:
        cells = [{**row, taken: None} for row in rows(len(taken), known)]
        refuses = verdicts(con, replace(rule, codes=(("TRUE", "refuses"),)), known, cells)
        applies = verdicts(con, replace(rule, fails=rule.applies, codes=(("TRUE", "applies"),)), known, cells)
        assert {said for said, here in zip(refuses, applies, strict=True) if here == "applies"} <= {"refuses"}
        assert taken not in rule.decides or set(refuses) == {"refuses"}


OUTCOMES = ("return", "review", "review", None, "waive")


def ruled(directory: Path, said: Mapping[int, Sequence[str | None]]) -> tuple[Artefact, Artefact]:
    """The artefacts `requests` and `rulings` of a batch: the outcomes said of each request, by its row."""
    spoken = [(row, f"CODE_{n}", outcome) for row, outcomes in said.items() for n, outcome in enumerate(outcomes)]
    with workspace(directory) as ws:
        ws.con.execute(
            """CREATE TABLE spoken AS SELECT unnest(?::INTEGER[]) AS row_number, unnest(?::VARCHAR[]) AS code,
            unnest(?::VARCHAR[]) AS outcome""",
            [[each[place] for each in spoken] for place in range(3)],
        )
        names = "row_number, 'A-' || row_number AS request_id"
        numbered = f"SELECT unnest(range(1, {len(said) + 1}))::INTEGER AS row_number"
        rulings = f"SELECT {names}, 'G-1' AS gate, code, outcome, 'a clause' AS clause FROM spoken"
        return (
            ws.write("requests", f"SELECT {names} FROM ({numbered})", "row_number"),
            ws.write("rulings", rulings, "row_number, gate, code"),
        )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    said=st.lists(st.lists(st.sampled_from(OUTCOMES), max_size=3), min_size=1, max_size=5),
    word=st.sampled_from(("pass", "pass", "return")),
    beyond=st.sampled_from((None, None, 1, 2, 3)),
    due=st.booleans(),
)
def test_a_return_by_law_stands_whatever_an_examiner_says(
    tmp_path: Path, said: list[list[str | None]], word: str, beyond: int | None, due: bool
) -> None:
    rulings = dict(enumerate(said, 1))
    returned = {row for row, outcomes in rulings.items() if set(outcomes) - {"review"}}
    waiting = [row for row, outcomes in rulings.items() if outcomes and row not in returned]
    examined = [(row, word) for row in (*waiting, *([beyond] if beyond else ()))]
    try:
        settled = gates.settle(tmp_path, *ruled(tmp_path, rulings), examined, due=due)
    except Refused:
        assert beyond
        return
    with workspace(tmp_path) as ws:
        ws.view("settled", settled)
        ruling = dict(ws.rows("SELECT row_number, ruling FROM settled"))
    assert {row for row, how in ruling.items() if how == "return"} == (
        returned if word == "pass" else returned | set(waiting)
    )
