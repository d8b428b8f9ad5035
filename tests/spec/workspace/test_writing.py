"""An artefact is written whole, in the order of its key, whatever order its rows are made in."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.workspace import file_digest, workspace


@pytest.mark.parametrize("order", ["n", "-n", "hash(n)"])
def test_numbered_rows_lie_in_the_order_of_their_numbers_however_they_come(tmp_path: Path, order: str) -> None:
    with workspace(tmp_path) as ws:
        ws.con.execute(f"CREATE TABLE made AS SELECT n AS row_number FROM range(1, 100001) t(n) ORDER BY {order}")
        written = ws.write_numbered("answers", "SELECT row_number FROM made")
        ws.view("answers", written)
        [(rows, in_order)] = ws.rows(
            "SELECT count(*), bool_and(row_number = place) FROM (FROM answers) POSITIONAL JOIN "
            "(SELECT n AS place FROM range(1, 100001) t(n))"
        )
    assert (written.rows, rows, in_order) == (100_000, 100_000, True)
    assert written.digest == file_digest(written.path)
    assert [path.name for path in tmp_path.iterdir()] == [written.path.name]


def test_rows_that_skip_a_number_are_sorted_all_the_same(tmp_path: Path) -> None:
    with workspace(tmp_path) as ws:
        ws.view("answers", ws.write_numbered("answers", "SELECT unnest([7, 2, 9]) AS row_number"))
        assert ws.rows("SELECT row_number FROM answers") == [(2,), (7,), (9,)]
