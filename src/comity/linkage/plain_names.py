"""Names compared in plain Python, as `names` and `words` compare them in SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.linkage.edits import edits
from comity.linkage.names import PARTICLES
from comity.linkage.reasons import NAME_LEVELS, REASONS
from comity.linkage.words import (
    LEFT_OUT,
    LONGEST_CUT,
    LONGEST_SHORT_WORD,
    SHORTEST_LEFT,
    SHORTEST_SLIP,
    SHORTEST_TRANSPOSED,
    WIDEST_SLIP,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.workspace import Workspace

Name = dict[str, Any]
_MIDDLE = ("agrees", "conflicts", "absent")
_SUFFIX = ("agrees", "conflicts", "one_sided", "absent")


@dataclass(frozen=True)
class Lists:
    """The name lists: pairs of names of one group, and the names that are known."""

    nicknames: frozenset[tuple[str, str]]
    romanised: frozenset[tuple[str, str]]
    variants: frozenset[tuple[str, str]]
    known: dict[str, frozenset[str]]

    @classmethod
    def read(cls, ws: Workspace) -> Lists:
        """The lists that `standard.load_lists` put into the workspace."""
        return cls(
            _pairs(ws, "std_nicknames", "canonical_group"),
            _pairs(ws, "std_romanised", "romanised_group"),
            _pairs(ws, "std_variants", "variant_group"),
            {
                kind: frozenset(name for (name,) in ws.rows(f"SELECT name FROM std_known_{kind}"))
                for kind in ("given", "family")
            },
        )


def _pairs(ws: Workspace, table: str, grouping: str) -> frozenset[tuple[str, str]]:
    return frozenset(ws.rows(f"SELECT a.name, b.name FROM {table} AS a JOIN {table} AS b USING ({grouping})"))


def compare_name(q: Name, names: Sequence[Name], lists: Lists) -> dict[str, Any]:
    """The levels and reasons of the request's name against the names of one person."""
    compared = [_compare(q, name, lists) for name in _known(names) if _share_initial(q, name)]
    close = [row for row in compared if row["name_level"] != "different"]
    if not close:
        return _DIFFERENT
    best = min(close, key=lambda row: row["place"])
    levels = {
        name: best[name] for name in ("name_level", "given_level", "given_reason", "family_level", "family_reason")
    }
    return levels | {
        "middle_level": min((row["middle_level"] for row in close), key=_MIDDLE.index),
        "suffix_level": min((row["suffix_level"] for row in close), key=_SUFFIX.index),
    }


_DIFFERENT = {
    "name_level": "different",
    "given_level": "different",
    "given_reason": "given_differs",
    "family_level": "different",
    "family_reason": "family_differs",
    "middle_level": None,
    "suffix_level": None,
}


def _known(names: Sequence[Name]) -> list[Name]:
    """The names but those that another completes: the same family name with a given name where this has none."""
    return [name for name in names if not any(_completes(other, name) for other in names)]


def _completes(other: Name, name: Name) -> bool:
    if other["n_family"] == name["n_family"] and other["n_given"] is not None:
        known = other["n_given"]
        if name["n_given"] is None or (len(name["n_given"]) == 1 < len(known) and known[0] == name["n_given"]):
            return True
    same_given = other["n_given"] == name["n_given"]
    return same_given and name["n_family"] is None and other["n_family"] is not None


def _share_initial(q: Name, r: Name) -> bool:
    """Whether some initial is shared, or cannot be told; names that share none are two names."""
    known = [r["n_given"], r["n_family"]]
    asked = [q["n_given"], q["n_family"]]
    if None in asked or None in known:
        return True
    return bool({name[0] for name in asked} & {name[0] for name in known})


def _compare(q: Name, r: Name, lists: Lists) -> dict[str, Any]:
    given, family = _given(q, r, lists), _family(q, r, lists)
    levels = ["exact" if given == "names_swapped" else REASONS[given].level, REASONS[family].level]
    ranks = [NAME_LEVELS.index(level) for level in levels]
    return {
        "name_level": NAME_LEVELS[max(ranks)],
        "given_level": levels[0],
        "given_reason": given,
        "family_level": levels[1],
        "family_reason": family,
        "middle_level": _middle(q, r, given, family),
        "suffix_level": _suffix(q["n_suffix"], r["n_suffix"]),
        "place": (max(ranks), sum(ranks), given, family),
    }


def _joined(*parts: str | None) -> str:
    return "".join(part for part in parts if part).replace(" ", "")


def _spaced(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _swapped(q: Name, r: Name) -> bool:
    present = all(side[name] is not None for side in (q, r) for name in ("n_given", "n_family"))
    crossed: bool = q["n_given"] == r["n_family"] and q["n_family"] == r["n_given"]
    return present and crossed and bool(q["n_given"] != q["n_family"])


def _one_given(a: str, b: str, lists: Lists) -> bool:
    """Whether one of the two is known as a given name and as no family name, and the other as no given name."""
    givens = [name for name in (a, b) if name in lists.known["given"]]
    return len(givens) == 1 and givens[0] not in lists.known["family"]


def _given(q: Name, r: Name, lists: Lists) -> str:
    a, b = q["n_given"], r["n_given"]
    if a is None or b is None:
        return "given_on_neither" if a is b and q["n_family"] and r["n_family"] else "given_blank"
    if _swapped(q, r):
        return "names_swapped"
    if a == b:
        return "given_same"
    if _joined(a, q["n_middle"]) == _joined(b, r["n_middle"]):
        return "given_written_otherwise"
    reason = compare_word("given", a, b, lists)
    stands_for = (len(a) > 1 and a == r["n_middle"]) or (len(b) > 1 and b == q["n_middle"])
    return "given_is_middle" if reason == "given_differs" and stands_for else reason


def _family(q: Name, r: Name, lists: Lists) -> str:
    a, b = q["n_family"], r["n_family"]
    if a is None or b is None:
        return "family_on_neither" if a is b and q["n_given"] and r["n_given"] else "family_blank"
    if _swapped(q, r):
        return "names_misplaced" if _one_given(q["n_given"], a, lists) else "names_swapped"
    if a == b:
        return "family_same"
    return "family_written_otherwise" if _middle_in_family(q, r) else compare_word("family", a, b, lists)


def _middle_in_family(q: Name, r: Name) -> bool:
    return any(_spaced(one["n_middle"], one["n_family"]) == other["n_family"] for one, other in ((q, r), (r, q)))


def compare_word(kind: str, a: str, b: str, lists: Lists) -> str:
    """The reason that two different names of one kind give."""
    a_parts, b_parts, a_joined, b_joined = a.split(" "), b.split(" "), _joined(a), _joined(b)
    known = lists.known[kind]
    rules = (
        ("written_otherwise", a_joined == b_joined),
        ("written_otherwise", kind == "family" and sorted(a_parts) == sorted(b_parts)),
        ("nickname", kind == "given" and (a, b) in lists.nicknames),
        ("romanised", kind == "given" and (a, b) in lists.romanised),
        ("transposed", kind == "given" and _transposed(a, b) and (not {a, b} <= known or (a, b) in lists.variants)),
        ("transliterated", (a, b) in lists.variants),
        ("initial", min(len(a_joined), len(b_joined)) == 1 and a_joined[0] == b_joined[0]),
        ("differs", min(len(a_joined), len(b_joined)) == 1),
        ("partial", set(a_parts) <= set(b_parts) or set(b_parts) <= set(a_parts)),
        ("partial", kind == "family" and (_left_out(a_joined, b_joined) or _left_out(b_joined, a_joined))),
        ("initial", kind == "given" and _cut(a_parts, b_parts) == 1),
        ("partial", kind == "given" and _cut(a_parts, b_parts) > 1),
        ("differs", a in known and b in known),
        ("slip", _slip(a_joined, b_joined)),
        ("wide_slip", kind == "family" and _wide_slip(a_joined, b_joined)),
    )
    return f"{kind}_" + next((word for word, holds in rules if holds), "differs")


def _left_out(longer: str, shorter: str) -> bool:
    """Whether the one is the other behind a particle."""
    apart = len(longer) - len(shorter)
    return len(shorter) >= SHORTEST_LEFT and longer.endswith(shorter) and longer[: max(apart, 0)] in LEFT_OUT


def _cut(a_parts: Sequence[str], b_parts: Sequence[str]) -> int:
    """How many letters are left of a first given name that is cut short before the same second one; 0 if none is."""
    shorter = min(len(a_parts[0]), len(b_parts[0]))
    same = len(a_parts) > 1 and a_parts[1:] == b_parts[1:] and a_parts[0][:shorter] == b_parts[0][:shorter]
    return shorter if same and shorter <= LONGEST_CUT else 0


def _slip(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    return shorter >= SHORTEST_SLIP and edits(a, b) <= (1 if shorter <= LONGEST_SHORT_WORD else 2)


def _transposed(a: str, b: str) -> bool:
    """Whether two neighbours among the letters changed places."""
    apart = [place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) != len(b) or len(a) < SHORTEST_TRANSPOSED or len(apart) != 2 or apart[1] != apart[0] + 1:
        return False
    first, second = apart
    return a[first] == b[second] and a[second] == b[first]


def _wide_slip(a: str, b: str) -> bool:
    return edits(a, b) * 5 <= max(len(a), len(b)) * WIDEST_SLIP


def _middle(q: Name, r: Name, given: str, family: str) -> str:
    if _spent(q, r, given, family):
        return "absent"
    a = q["n_middle"] or _leftover(given, q["n_given"], r["n_given"])
    b = r["n_middle"] or _leftover(given, r["n_given"], q["n_given"])
    if a is None or b is None:
        return "absent"
    a, b = (re.sub(PARTICLES, "", second) for second in (a, b))
    if a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]):
        return "agrees"
    return "agrees" if min(len(a), len(b)) > 3 and edits(a, b) <= 1 else "conflicts"


def _spent(q: Name, r: Name, given: str, family: str) -> bool:
    in_given = given in ("given_written_otherwise", "given_is_middle") and _joined(q["n_given"]) != _joined(
        r["n_given"]
    )
    return in_given or (family == "family_written_otherwise" and _middle_in_family(q, r))


def _leftover(given: str, longer: str | None, shorter: str | None) -> str | None:
    begins = given == "given_partial" and longer is not None and longer.startswith(f"{shorter} ")
    return longer[len(shorter or "") + 1 :] if begins and longer else None


def _suffix(a: str | None, b: str | None) -> str:
    if a is None and b is None:
        return "absent"
    if a is None or b is None:
        return "one_sided"
    return "agrees" if a == b else "conflicts"
