"""The outline of a street's name: the letters it has, in one number, so that most pairs of addresses that cannot agree
are set aside at a glance, before anything of them is read.

An edit changes the set of letters by two at most. Two names whose sets differ by more than a slip allows are two
streets; of the others the comparison decides.
"""

from __future__ import annotations

from comity.linkage.addresses import MOST_SLIPS, SLIPS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_SET = 2 ** len(LETTERS) - 1
_LENGTH_BIT = 40

# An edit puts at most two letters into one set alone.
_PER_SLIP = 2


def outlines_sql(street: str) -> str:
    """SQL: `outline` of the street name `street`, and `outline_short`, without its last word (NULL if there is one)."""
    last = f"split_part({street}, ' ', -1)"
    short = f"CASE WHEN contains({street}, ' ') THEN left({street}, length({street}) - length({last}) - 1) END"
    return f"{_outline(street)} AS outline, {_outline(short)} AS outline_short"


def _outline(text: str) -> str:
    held = " + ".join(f"CASE WHEN contains({text}, '{letter}') THEN {2**bit} ELSE 0 END" for bit, letter in _BITS)
    return f"(({held}) + (length(replace({text}, ' ', '')) * {2**_LENGTH_BIT}))"


_BITS = tuple(enumerate(LETTERS))


def near_sql(x: str, y: str) -> str:
    """SQL: the addresses `x` and `y` might agree: no unit against another, and the streets, with or without a last word
    that may be a misspelt type, no more apart than a slip, or neither with a street."""
    whole = _alike(f"{x}.outline", f"{y}.outline")
    ended = " OR ".join(
        f"({a}.a_suffix IS NULL AND {b}.a_suffix IS NOT NULL"
        f" AND coalesce({_alike(f'{a}.outline_short', f'{b}.outline')}, FALSE))"
        for a, b in ((x, y), (y, x))
    )
    unnamed = f"({x}.outline IS NULL AND {y}.outline IS NULL)"
    return f"coalesce({x}.a_unit = {y}.a_unit, TRUE) AND coalesce({whole} OR {ended}, {unnamed})"


def _alike(a: str, b: str) -> str:
    apart = f"bit_count((({a} | {b}) - ({a} & {b})) & {_SET})"
    shorter = f"(least({a}, {b}) >> {_LENGTH_BIT})"
    allowed = " ".join(f"WHEN {shorter} < {length} THEN {_PER_SLIP * slips}" for length, slips in SLIPS)
    return f"{apart} <= CASE {allowed} ELSE {_PER_SLIP * MOST_SLIPS} END"
