"""Which expressions a rule may be made of: comparisons over known columns; anything else does not load."""

from __future__ import annotations

from dataclasses import replace

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
]


@pytest.mark.parametrize("expression", HOSTILE, ids=range(len(HOSTILE)))
def test_a_rule_that_says_more_than_a_comparison_does_not_load(expression: str) -> None:
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        gates.compile_gates(with_rule(expression))


@pytest.mark.parametrize("expression", [e for e in HOSTILE if e not in ("TRUE", "1 = 1")])
def test_nor_does_one_that_says_so_in_when_it_applies(expression: str) -> None:
    with pytest.raises(Integrity, match="AGREEMENT_INVALID"):
        gates.compile_gates(with_rule("prong = 'A'", applies=expression))


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
