"""What is confirmed is judged against the truth, the same way for linkage and for a peer."""

from __future__ import annotations

import duckdb
import pytest

from comity.bench.judging import judge

TRUTH = """
    ('R1', 'T1', TRUE, 'same'), ('R2', 'T2', TRUE, 'same'), ('R3', NULL, FALSE, 'stranger'),
    ('R4', 'T4', FALSE, 'moved'), ('R5', 'T5', TRUE, 'same'), ('R6', NULL, FALSE, 'stranger')
"""
DETERMINED = """
    ('R1', 'confirmed', 'T1'), ('R2', 'confirmed', 'T9'), ('R3', 'confirmed', 'T3'), ('R4', 'confirmed', 'T4'),
    ('R5', 'unclear', 'T5'), ('R6', 'not_found', NULL)
"""


@pytest.fixture
def judged(tmp_path):
    """Six requests of which four are confirmed: one rightly."""
    tables = (
        ("truth", "request_id, taxpayer_id, confirmable, kind", TRUTH),
        ("determined", "request_id, determination, taxpayer_id", DETERMINED),
    )
    for name, columns, rows in tables:
        duckdb.execute(f"COPY (FROM (VALUES {rows}) AS t({columns})) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    return judge(tmp_path / "determined.parquet", tmp_path / "truth.parquet")


def test_a_wrong_person_is_another_record_or_one_for_who_has_none(judged):
    assert judged["wrong_person"] == 2
    assert judged["wrong_by_kind"] == {"same": 1, "stranger": 1}


def test_a_wrong_address_is_the_right_person_at_an_address_not_of_record(judged):
    assert judged["wrong_address"] == 1


def test_recall_is_the_right_ones_over_all_that_could_be_confirmed(judged):
    assert judged["confirmed"] == 4
    assert judged["recall"] == round(1 / 3, 4)
