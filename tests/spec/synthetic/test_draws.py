"""Draws in plain arithmetic: even, independent of one another, and the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import duckdb
import pytest

from comity.synthetic.nation.draws import Draws

CELLS = 16
KEYS = 200_000


def rows(sql: str) -> list[tuple[int, ...]]:
    return duckdb.connect(":memory:").execute(sql).fetchall()


def unevenness(first: str, second: str) -> float:
    """Chi-square of two draws in 16 cells each, over 200,000 keys; about 255 where they are even and independent."""
    expected = KEYS / CELLS**2
    cells = f"SELECT count(*) AS n FROM (SELECT {first} AS a, {second} AS b, FROM range({KEYS}) t(k)) GROUP BY a, b"
    found = rows(f"SELECT sum((n - {expected}) ** 2 / {expected}), count(*) FROM ({cells})")[0]
    assert found[1] == CELLS**2
    return float(found[0])


@pytest.mark.parametrize("key", ["k", "k * 8", "k * 64"])
def test_draws_of_one_row_are_independent_and_so_are_neighbours(key: str) -> None:
    draws = Draws(7)
    drawn: Sequence[str] = (
        draws.below("given", key, CELLS),
        draws.below("family", key, CELLS),
        draws.below("given", f"{key} + 1", CELLS),
    )
    assert all(unevenness(*pair) < 400 for pair in combinations(drawn, 2))


def test_a_draw_is_the_same_number_on_every_machine() -> None:
    assert rows(f"SELECT {Draws(7).bits('given', '41')}, {Draws(7).bits('given', '2147483647')}") == [
        (1951333453, 594697359)
    ]


def test_another_seed_or_salt_draws_otherwise() -> None:
    sevens = Draws(7).bits("given", "k")
    others = (Draws(8).bits("given", "k"), Draws(7).bits("family", "k"))
    same = ", ".join(f"count(*) FILTER ({sevens} = {other})" for other in others)
    assert rows(f"SELECT {same} FROM range(1000) t(k)") == [(0, 0)]


def test_what_happens_at_a_rate_happens_about_so_often() -> None:
    draws = Draws(3)
    weights = {"'a'": 1, "'b'": 3}
    found = rows(f"""SELECT avg({draws.happens("x", "k", 0.2)}::INTEGER),
        avg(({draws.one_of("y", "k", weights)} = 'b')::INTEGER) FROM range({KEYS}) t(k)""")[0]
    assert found == pytest.approx((0.2, 0.75), abs=0.005)
