"""Who meets whom by name: each request with the names of everyone who is listed near its address, or has its name."""

from __future__ import annotations

from comity.linkage.plan import Sought
from comity.standard import Step

_PARTS = ("n_given", "n_middle", "n_family", "n_suffix")

_ASKED = ", ".join(f"q.{part} AS {part.replace('n_', 'q_')}" for part in _PARTS)
_KNOWN = ", ".join(f"{{name}}.{part} AS {part.replace('n_', 'r_')}" for part in _PARTS)
_Q = ", ".join(part.replace("n_", "q_") for part in _PARTS)
_BOTH = ", ".join(f"{side}_{part.removeprefix('n_')}" for side in "qr" for part in _PARTS)


# Two names that share no initial, in whichever field, are two names: nothing else need be looked at.
def _share_initial(asked: str, given: str, family: str) -> str:
    initials = f"(left({given}, 1), left({family}, 1))"
    return (
        f"(coalesce(left({asked}given, 1) IN {initials}, TRUE) OR coalesce(left({asked}family, 1) IN {initials}, TRUE))"
    )


_MET_BY_PLACE = "listed AS l JOIN spells_listed AS s ON s.address = l.address JOIN asked AS q USING (row_number)"
# Whoever was met at an address is not met again by name.
_MET_BY_NAME = """
asked AS q JOIN spells_named AS s ON s.key_name = q.key_name
ANTI JOIN listed AS l ON l.row_number = q.row_number AND l.address = s.address
"""


# A person has one name, the same in every spell, or a list of names.
def _called(met: str) -> str:
    return f"""
SELECT q.row_number, s.spell, {_ASKED}, {_KNOWN.format(name="s")} FROM {met}
WHERE s.names IS NULL AND {_share_initial("q.n_", "s.n_given", "s.n_family")}
UNION ALL
SELECT row_number, spell, {_BOTH} FROM (
    SELECT row_number, spell, {_Q}, {_KNOWN.format(name="name")}
    FROM (SELECT q.row_number, s.spell, {_ASKED}, unnest(s.names) AS name FROM {met} WHERE s.names IS NOT NULL)
) WHERE {_share_initial("q_", "r_given", "r_family")}
"""


def meeting_steps() -> list[Step | Sought]:
    """The steps from `listed`, `asked` and the index to `meetings`: a row per request, spell and name of its person.

    `meetings` has `row_number, spell`, the request's `q_given, q_middle, q_family, q_suffix` and the record's `r_given,
    r_middle, r_family, r_suffix`.
    """
    return [
        Sought("spells_listed", "spells", "address", "SELECT address FROM listed"),
        Sought("spells_named", "spells", "key_name", "SELECT key_name FROM asked"),
        Step(
            "meetings",
            "everyone at those addresses, and everyone of that name in the ZIP, who shares an initial",
            f"{_called(_MET_BY_PLACE)} UNION ALL {_called(_MET_BY_NAME)}",
        ),
    ]
