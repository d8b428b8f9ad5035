"""Which expressions a rule may be made of: comparisons over known columns; anything else does not load."""

from __future__ import annotations

import time
from dataclasses import replace

import duckdb
import pytest

from comity import gates
from comity.agreements import Agreement, Gate, load
from comity.case.errors import Integrity

SHIPPED = load("irs_ice_2025")


def with_rule(unless: str, **changes: object) -> Agreement:
    """The shipped agreement with the ninety days' rule, and its cases, under other words."""
    name = "G-30 NINETY_DAYS_NOT_RUN"
    gate = next(gate for gate in SHIPPED.gates if gate.name == name)
    changed = {"unless": unless, "applies": "TRUE", "absent": {}, "may_be_absent": (), **changes}
    altered: Gate = replace(gate, **changed)
    return replace(SHIPPED, gates=(altered,), cases=tuple(case for case in SHIPPED.cases if case.gate == name))


HOSTILE = [
    "TRUE",
    "1 = 1",
    "",
    "prong",
    "prong = 1",
    "length(prong)",
    "prong = 'A'; DROP TABLE faced",
    "prong = 'A') OR (TRUE",
    "nobody = 'A'",
    "faced.prong = 'A'",
    "signature_verified",
    "prong = (SELECT 'A')",
    "prong IN (SELECT prong FROM faced)",
    "EXISTS (SELECT 1 FROM faced WHERE prong = 'A')",
    "prong = getenv('HOME')",
    "prong = current_setting('temp_directory')",
    "length(read_text('/etc/passwd')) > 0 AND prong = 'A'",
    "prong IN (SELECT content FROM read_text('/etc/passwd'))",
    "count(*) > 0 AND prong = 'A'",
    "count(prong) OVER () > 0",
    "max(prong) = 'A'",
    "row_number() OVER (ORDER BY prong) > 0",
    "CAST(prong AS BOOLEAN)",
    "TRY_CAST(prong AS INTEGER) = 1",
    "prong::STRUCT(a INTEGER) IS NULL",
    "random() > 0.5 AND prong = 'A'",
    "now() > order_final_on",
    "current_date > order_final_on",
    "error(prong) IS NULL",
    "len(list_filter(bars, lambda bar: TRUE)) >= 0",
    "len([x for x in bars]) >= 0",
    "unnest(bars) = 'STAY'",
    "repeat(prong, 1000000000) <> ''",
    "prong = $1",
    "prong = ?",
    "prong = :nobody",
    "prong = :attestations",
    "prong = :attestations.value",
    "*",
    "COLUMNS(*) IS NOT NULL",
    "PRAGMA version",
    "ATTACH 'x'",
    "prong IS NOT DISTINCT FROM 'A' COLLATE nocase",
    "prong LIKE 'A%'",
    "received_on > order_final_on + INTERVAL (90) BANANA",
    "prong = 'A' OR pr\u043eng = 'A'",
    "prong = '\u0410'",
    "prong\u200b = 'A'",
    "(" * 800 + "prong = 'A'" + ")" * 800,
    "NOT " * 200 + "(prong = 'A')",
    "NOT " * 5_000 + "(prong = 'A')",
    " OR ".join(["prong = 'A'"] * 3_000),
    f"prong IN ({', '.join(repr(str(word)) for word in range(20_000))})",
    # Other ways to write a text, a name or a remark.
    "prong = U&'\\0041'",
    "prong = E'\\x41'",
    "prong = $$A$$",
    "prong = $tag$A$tag$",
    "prong = N'A'",
    "prong = X'41'",
    "prong = b'A'",
    "prong = 'A' -- OR TRUE",
    "prong = 'A' /* OR TRUE */",
    "/* TRUE OR */ prong = 'A'",
    '"x.csv" = prong',
    "'x.csv'.prong = prong",
    "request.prong = 'A'",
    "main.request.prong = 'A'",
    "PRONG = 'A'",
    # Other ways to reach what the rule is not given.
    "#1 = 'A'",
    "prong.a = 'A'",
    "bars[1] = 'A'",
    "bars[1:2] = bars",
    "rowid > 0 AND prong = 'A'",
    "COLUMNS('prong') = 'A'",
    "getvariable('x') = prong",
    "nextval('numbers') > age",
    "currval('numbers') > age",
    "pg_typeof(prong) = 'varchar'",
    "pg_sleep(1) IS NULL AND prong = 'A'",
    "glob('*') IS NULL OR prong = 'A'",
    "read_csv('x.csv') IS NULL OR prong = 'A'",
    "pragma_version() IS NULL OR prong = 'A'",
    "query('SELECT 1') IS NULL OR prong = 'A'",
    "prong = ANY(bars)",
    "prong IN UNNEST(bars)",
    "list_contains([prong], prong)",
    "x -> x = prong",
    "lambda x: x = prong",
    "list_count(bars) FILTER (WHERE prong = 'A') > 0",
    "list_count(DISTINCT bars) > 0",
    "main.list_count(bars) > 0",
    '"list_count"(bars) > 0',
    "tax_years.list_count() > 0",
    "prong = :(asks_limit)",
    "prong = ::asks_limit",
    "prong = {asks_limit: 1}",
    "prong = @asks_limit",
    "prong = :asks_limit.x",
    "prong = :__class__",
    "prong = 'A' UNION SELECT TRUE",
    "prong = 'A' FROM request",
    "SELECT TRUE",
    "FROM request",
    "TABLE request",
    "VALUES (TRUE)",
    "DESCRIBE request",
    "COPY request TO 'x'",
    "EXPORT DATABASE 'x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "CREATE MACRO same(x) AS x",
    "CHECKPOINT",
    "CALL pragma_version()",
    # What is written anew would not be what was read.
    "length(prong, 1) > 0",
    "age BETWEEN SYMMETRIC 2 AND 1",
    "IF(prong = 'A', TRUE, FALSE)",
    # One thing taken for another, where no probe looks.
    "CASE WHEN prong <> 'text' THEN prong = 1 ELSE TRUE END",
    "coalesce(prong = 'text', prong = 1)",
    "CASE WHEN prong = 'text' THEN TRUE ELSE received_on > prong END",
    "CASE WHEN prong = 'text' THEN TRUE ELSE year(prong) > 0 END",
    "CASE prong WHEN 1 THEN TRUE ELSE FALSE END",
    "prong IN ('text', 1) AND prong > 0",
    "age AND TRUE",
    "NOT age",
    "prong = 'A' OR age",
    "CASE WHEN age THEN prong = 'A' ELSE FALSE END",
    "NULL AND prong = 'A'",
    "prong = 'A' OR 'true'",
    "NOT 1 AND prong = 'A'",
    "CASE WHEN 1 THEN prong = 'A' END",
    "(prong, age) = ('A', 1)",
    "ROW(prong) = ROW('A')",
    "greatest(prong, age) = 'A'",
    "coalesce(prong, bars) = 'A'",
    "order_final_on + court_final_on > received_on",
    "order_final_on > '2020-99-01'",
    "order_final_on > 20200101",
    # Costly ones, and numbers out of all bounds.
    "regexp_full_match(case_id, prong)",
    "regexp_full_match(case_id, 'A', 'i')",
    "regexp_full_match(case_id, '(a{1000}){1000}')",
    "regexp_full_match(case_id, '(?=a)a')",
    "regexp_full_match(case_id, '(')",
    "order_final_on + INTERVAL (age) YEAR > received_on",
    "order_final_on + INTERVAL prong DAY > received_on",
    "order_final_on + INTERVAL 999999 YEAR > received_on",
    "order_final_on + INTERVAL 1.5 DAY > received_on",
    "order_final_on + INTERVAL 1e9 DAY > received_on",
    "order_final_on + INTERVAL '90' > received_on",
    "order_final_on + INTERVAL '1 year 2 months' > received_on",
    "order_final_on + INTERVAL '90 days' DAY > received_on",
    "age * 2 > 1",
    "age / 0 > 1",
    "age % 0 > 1",
    "age ** 99 > 1",
    "-age > 1",
    "CASE WHEN prong = 'A' THEN " * 200 + "TRUE" + " END" * 200,
    "coalesce(" * 41 + "prong = 'A'" + ", TRUE)" * 41,
    "prong " + "IS NULL " * 200,
    "age " + "+ 1 " * 300 + "> 0",
]


@pytest.mark.parametrize("expression", HOSTILE, ids=range(len(HOSTILE)))
def test_a_rule_that_says_more_than_a_comparison_does_not_load(expression: str) -> None:
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        gates.compile_gates(with_rule(expression))


@pytest.mark.parametrize("expression", [e for e in HOSTILE if e not in ("TRUE", "1 = 1")])
def test_nor_does_one_that_says_so_in_when_it_applies(expression: str) -> None:
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        gates.compile_gates(with_rule("prong = 'A'", applies=expression))


MOST = 2**63 - 1
# Each loads, holds for an ordinary row, and cannot be computed for one whose numbers are these.
OVERFLOWING = [
    ("asks_in_submission + address_uses > 1 OR prong = 'A'", {"asks_in_submission": MOST, "address_uses": 1}),
    ("asks_in_submission - age > 1", {"asks_in_submission": MOST, "age": -5}),
    ("CASE WHEN prong = 'A' THEN asks_in_submission + address_uses > 1 END", {"address_uses": MOST}),
    ("coalesce(asks_in_submission + address_uses > 1, prong = 'A')", {"address_uses": MOST}),
]


@pytest.mark.parametrize(("expression", "numbers"), OVERFLOWING)
def test_what_cannot_be_computed_for_a_row_refuses_that_row_alone(expression: str, numbers: dict[str, int]) -> None:
    weighing, deciding = with_rule(expression), with_rule("prong = 'B'", applies=f"NOT ({expression})")
    ordinary = {"prong": "'A'", "age": "-1::BIGINT", "asks_in_submission": "1::BIGINT", "address_uses": "1::BIGINT"}
    plain = ", ".join(f"{value} AS {name}" for name, value in ordinary.items())
    spoilt = ", ".join(f"{number}::BIGINT AS {name}" for name, number in numbers.items())
    for agreement in (weighing, deciding):
        [rule] = gates.compile_gates(agreement)
        with duckdb.connect(":memory:") as con:
            con.execute(f"CREATE TABLE asked AS SELECT FALSE AS spoilt, {plain}")
            con.execute(f"INSERT INTO asked SELECT * REPLACE (TRUE AS spoilt, {spoilt}) FROM asked")
            refused = con.execute(f"SELECT spoilt, {rule.fails} FROM asked ORDER BY spoilt").fetchall()
        assert refused == [(False, False), (True, True)]


def test_a_costly_pattern_costs_no_more_than_its_text_is_long() -> None:
    [rule] = gates.compile_gates(with_rule("regexp_full_match(case_id, '(.*)*(.*)*(a+)+(a+)+b')"))
    with duckdb.connect(":memory:") as con:
        con.execute("CREATE TABLE asked AS SELECT repeat('a', 10000) AS case_id FROM range(100)")
        began = time.process_time()
        assert con.execute(f"SELECT DISTINCT {rule.fails} FROM asked").fetchall() == [(True,)]
        assert time.process_time() - began < 20


def test_a_gate_cannot_speak_sql_through_its_code_either() -> None:
    agreement = with_rule("prong = 'A'")
    [gate] = agreement.gates
    cunning = replace(gate, code="X' END, (SELECT version()) --")
    cases = tuple(replace(case, gate=cunning.name) for case in agreement.cases)
    gave = {tried.gave for tried in gates.try_cases(replace(agreement, gates=(cunning,), cases=cases))}
    assert gave <= {"pass", cunning.code}


@pytest.mark.parametrize("given", [{"age": 1}, {"tax_years": "x"}, {"order_final_on": "soon"}, {"received_on": "now"}])
def test_a_case_that_its_columns_cannot_hold_is_told_by_code(given: dict[str, object]) -> None:
    case = replace(SHIPPED.cases[0], given=given)
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        gates.try_cases(replace(SHIPPED, cases=(case,)))


def test_a_column_that_may_be_absent_must_be_spoken_of() -> None:
    with pytest.raises(Integrity, match="not spoken of"):
        gates.compile_gates(with_rule("prong = 'A'", may_be_absent=("court_final_on",)))


def test_the_code_of_an_absence_needs_a_column_that_is_demanded() -> None:
    with pytest.raises(Integrity, match="not demanded"):
        gates.compile_gates(with_rule("prong = 'A'", absent={"order_final_on": "REMOVAL_ORDER_DATE_MISSING"}))


@pytest.mark.parametrize(
    "expression",
    [
        "prong = 'A' OR order_final_on IS NULL",
        "coalesce(prong, 'A') = 'A'",
        "greatest(order_final_on, court_final_on) IS NULL OR prong IS NULL OR prong = 'A'",
        "NOT (order_final_on IS NOT NULL AND prong <> 'A')",
        "CASE WHEN prong IS NULL THEN TRUE ELSE prong = 'A' END",
    ],
)
def test_a_rule_cannot_pass_an_absence_however_it_is_worded(expression: str) -> None:
    rules = gates.admit(with_rule(expression))
    assert rules[0].demanded


def test_a_rule_that_no_case_passes_does_not_load() -> None:
    with pytest.raises(Integrity, match="no case passes"):
        gates.admit(with_rule("order_final_on > received_on"))


def test_a_later_reading_takes_the_place_of_the_earlier_from_its_day() -> None:
    earlier = next(gate for gate in SHIPPED.gates if gate.code == "NINETY_DAYS_NOT_RUN")
    later = replace(earlier, starts=earlier.starts.replace(year=2026))
    rules = gates.compile_gates(replace(SHIPPED, gates=(later, earlier)))
    for day, expected in ((later.starts, later), (earlier.starts, earlier)):
        assert [rule.gate.starts for rule in gates.in_force(rules, day)] == [expected.starts]
    assert gates.in_force(rules, earlier.starts.replace(day=6)) == ()
