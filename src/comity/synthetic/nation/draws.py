"""Draws in plain integer arithmetic: fast enough for hundreds of millions of rows, the same on every machine."""

from __future__ import annotations

import hashlib

BITS = 31
_MASK = (1 << BITS) - 1
_WIDE = 30


class Draws:
    """SQL expressions for chance, each a function of the seed, a salt and a whole number that names the row.

    The key is an SQL expression for a number in [0, 2^31). Draws of one key under two salts are independent of one
    another as far as any figure here depends on it. MD5, which the small sets use, costs a microsecond a draw.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def bits(self, salt: str, key: str) -> str:
        """A whole number in [0, 2^31): multiply, fold the halves, multiply, fold; no product passes 2^62."""
        shift, first, second = self._constants(salt)
        spread = f"((({key})::BIGINT + {shift}) * {first})"
        folded = f"xor({spread} >> {BITS}, {spread} & {_MASK})"
        again = f"({folded} * {second})"
        return f"(xor({again} >> {_WIDE}, {again}) & {_MASK})"

    def share(self, salt: str, key: str) -> str:
        """A number in [0, 1)."""
        return f"({self.bits(salt, key)} / {float(1 << BITS)})"

    def below(self, salt: str, key: str, limit: int | str) -> str:
        """A whole number in [0, `limit`), `limit` an SQL expression below 2^31."""
        return f"(({self.bits(salt, key)} * ({limit})) >> {BITS})"

    def happens(self, salt: str, key: str, rate: float | str) -> str:
        """Whether something of probability `rate` (a number or an SQL expression) happens."""
        if isinstance(rate, float | int):
            return f"({self.bits(salt, key)} < {round(rate * (1 << BITS))})"
        return f"({self.share(salt, key)} < ({rate}))"

    def one_of(self, salt: str, key: str, weights: dict[str, float]) -> str:
        """One of the SQL expressions that `weights` names, in proportion to their weights."""
        total, passed, cases = sum(weights.values()), 0.0, []
        drawn = self.share(salt, key)
        *others, last = weights.items()
        for value, weight in others:
            passed += weight / total
            cases.append(f"WHEN {drawn} < {passed:.9f} THEN {value}")
        return f"CASE {' '.join(cases)} ELSE {last[0]} END" if cases else last[0]

    def _constants(self, salt: str) -> tuple[int, int, int]:
        digest = hashlib.sha256(f"{self.seed}|{salt}".encode()).digest()
        shift, first, second = (int.from_bytes(digest[at : at + 4], "big") for at in (0, 4, 8))
        # Odd multipliers with their top bits set reach every bit of the product.
        return shift & _MASK, (first >> 2) | (1 << 29) | 1, (second >> 2) | (1 << 29) | 1
