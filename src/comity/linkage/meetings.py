"""Who meets whom by name: each request with the names of everyone who is listed near its address, or has its name."""

from __future__ import annotations

from comity.linkage.plan import Sought
from comity.linkage.standing import NAME_COLUMNS
from comity.standard import Step

# The name of the request, and that of the record.
_BOTH = ", ".join(
    f"{side}.{part} AS {to}_{part.removeprefix('n_')}" for side, to in (("q", "q"), ("k", "r")) for part in NAME_COLUMNS
)

# Two names that share no initial, in whichever field, are two names: nothing else need be looked at.
_SHARE_INITIAL = """
(coalesce(q.given_initial IN (k.given_initial, k.family_initial), TRUE)
    OR coalesce(q.family_initial IN (k.given_initial, k.family_initial), TRUE))
"""

# Whoever was met at an address is not met again by name.
_MEETINGS = f"""
SELECT q.row_number, k.spell, {_BOTH}
FROM listed AS l JOIN known_listed AS k ON k.address = l.address JOIN asked AS q USING (row_number)
WHERE {_SHARE_INITIAL}
UNION ALL
SELECT q.row_number, k.spell, {_BOTH}
FROM asked AS q JOIN known_named AS k ON k.key_name = q.key_name
ANTI JOIN listed AS l ON l.row_number = q.row_number AND l.address = k.address
WHERE {_SHARE_INITIAL}
"""


def meeting_steps() -> list[Step | Sought]:
    """The steps from `listed`, `asked` and the index to `meetings`: a row per request, spell and name of its person.

    `meetings` has `row_number, spell`, the request's `q_given, q_middle, q_family, q_suffix` and the record's `r_given,
    r_middle, r_family, r_suffix`.
    """
    return [
        Sought("known_listed", "known", "address", "SELECT address FROM listed"),
        Sought("known_named", "known", "key_name", "SELECT key_name FROM asked"),
        Step(
            "meetings",
            "everyone at those addresses, and everyone of that name in the ZIP, who shares an initial",
            _MEETINGS,
        ),
    ]
