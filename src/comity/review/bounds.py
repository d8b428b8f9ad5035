"""How many of a finite number can be wrong, when a sample of them was looked at."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb

LEVEL = Fraction(95, 100)


@cache
def at_most(found: int, sampled: int, of: int, level: Fraction = LEVEL) -> int:
    """The one-sided upper bound on how many of `of` are wrong, when `found` of `sampled`, drawn at random, were.

    Exact for sampling without replacement (hypergeometric; Cochran, Sampling Techniques, section 3.7), in whole
    numbers: the largest number under which so few would still have been found with a chance of more than 1 - `level`.
    Where all were looked at it is what was found; where none were, all of them.
    """
    if not 0 <= found <= sampled <= of:
        raise ValueError("0 <= found <= sampled <= of")
    # Of so many samples so few may show no more than was found.
    bar = (1 - level) * comb(of, sampled)
    low, high = found, of - (sampled - found)
    while low < high:
        middle = (low + high + 1) // 2
        if samples_with_so_few(found, sampled, middle, of) > bar:
            low = middle
        else:
            high = middle - 1
    return low


def samples_with_so_few(found: int, sampled: int, wrong: int, of: int) -> int:
    """How many of the samples have `found` or fewer of the `wrong` among `of`."""
    right, least = of - wrong, max(0, sampled - (of - wrong))
    # Each number of samples follows from the one before, which costs far less than to count it anew.
    exactly = comb(wrong, least) * comb(right, sampled - least)
    total = 0
    for i in range(least, min(found, wrong, sampled) + 1):
        total += exactly
        exactly = exactly * (wrong - i) * (sampled - i) // ((i + 1) * (right - sampled + i + 1))
    return total
