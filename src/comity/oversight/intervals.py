"""Exact statements about counts: the interval of a share, and whether two shares differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

LEVEL = 0.95
_HALVINGS = 60
_TERMS = 10_000
_TINY = 1e-300


def share_interval(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval (Clopper and Pearson 1934) of the share behind `count` in `of` independent trials.

    Gives its lower and upper bound; (0, 1) when nothing was tried.
    """
    tail = (1 - level) / 2
    lower = 0.0 if count == 0 else _quantile(lambda p: beta_share(p, count, of - count + 1), tail)
    upper = 1.0 if count == of else _quantile(lambda p: beta_share(p, count + 1, of - count), 1 - tail)
    return lower, upper


def _quantile(rising: Callable[[float], float], at: float) -> float:
    """Where the rising function on [0, 1] reaches `at`."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < at else (low, middle)
    return (low + high) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the chance of at least a in a + b - 1 trials of share x."""
    if not 0 < x < 1:
        return float(x >= 1)
    # The fraction converges quickly on the left of the mean; on the right its mirror image does.
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    log_front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    log_front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(log_front) * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes, section 6.4)."""
    c, d, value = 1.0, 0.0, 1.0
    for coefficient in _coefficients(x, a, b):
        d = 1 / _not_zero(1 + coefficient * d)
        c = _not_zero(1 + coefficient / c)
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return 1 / value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _coefficients(x: float, a: float, b: float) -> Iterator[float]:
    yield -(a + b) * x / (a + 1)
    for m in range(1, _TERMS):
        yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))


def fisher(count: int, of: int, other: int, other_of: int) -> float:
    """The two-sided p of Fisher's exact test that `count` in `of` and `other` in `other_of` share one rate."""
    total = count + other
    fewest, most = max(0, total - other_of), min(total, of)
    logs = [_log_choose(of, k) + _log_choose(other_of, total - k) for k in range(fewest, most + 1)]
    whole = _log_choose(of + other_of, total)
    seen = logs[count - fewest]
    # Tables as unlikely as the one seen count too, though their logarithms may differ in the last place.
    return min(1.0, sum(math.exp(log - whole) for log in logs if log <= seen + 1e-9))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
