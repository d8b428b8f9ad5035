"""Who meets whom by name: each request with the names of every person whose spells are worth a look."""

from __future__ import annotations

from comity.standard import Step

_PARTS = ("n_given", "n_middle", "n_family", "n_suffix")

_KNOWN = ", ".join(f"{{name}}.{part} AS {part.replace('n_', 'r_')}" for part in _PARTS)

# A person without a list of names has one, the same in every spell.
_CALLED = f"""
WITH people AS (SELECT row_number, person, min(spell) AS spell FROM {{worth}} GROUP BY row_number, person)
SELECT p.row_number, p.person, FALSE AS pooled, {_KNOWN.format(name="f")}
FROM people AS p JOIN fetched AS f USING (spell) WHERE f.names IS NULL
UNION ALL
SELECT row_number, person, TRUE AS pooled, {_KNOWN.format(name="name")}
FROM (
    SELECT p.row_number, p.person, unnest(f.names) AS name
    FROM people AS p JOIN fetched AS f USING (spell) WHERE f.names IS NOT NULL
)
"""

# What is blank or an initial in one year, and whole in another beside the same other name, is known.
_KNOWN_ELSEWHERE = """
WITH counted AS (
    SELECT *,
        count(r_given) OVER (PARTITION BY row_number, person, r_family) AS givens,
        count(r_family) OVER (PARTITION BY row_number, person, r_given) AS families,
        max(length(r_given)) OVER (PARTITION BY row_number, person, r_family, left(r_given, 1)) AS longest
    FROM called WHERE pooled
)
SELECT row_number, person, r_given, r_middle, r_family, r_suffix FROM called WHERE NOT pooled
UNION ALL
SELECT row_number, person, r_given, r_middle, r_family, r_suffix FROM counted
WHERE NOT (r_given IS NULL AND givens > 0) AND NOT (r_family IS NULL AND families > 0)
    AND coalesce(length(r_given) > 1 OR longest = 1, TRUE)
"""

# Two names that share no initial, in whichever field, are two names: nothing else need be looked at.
_MEETINGS = """
SELECT m.*, q.n_given AS q_given, q.n_middle AS q_middle, q.n_family AS q_family, q.n_suffix AS q_suffix
FROM known_names AS m JOIN asked AS q USING (row_number)
WHERE coalesce(left(q.n_given, 1) IN (left(r_given, 1), left(r_family, 1)), TRUE)
    OR coalesce(left(q.n_family, 1) IN (left(r_given, 1), left(r_family, 1)), TRUE)
"""


def meeting_steps(worth: str, into: str) -> list[Step]:
    """The steps from the pairs `worth` (row_number, spell, person) to `into`: one row per request, person and name.

    `into` has `row_number, person`, the request's `q_given, q_middle, q_family, q_suffix` and the record's `r_given,
    r_middle, r_family, r_suffix`.
    """
    return [
        Step("called", "every name of everyone who is met", _CALLED.format(worth=worth)),
        Step("known_names", "without those that another year completes", _KNOWN_ELSEWHERE),
        Step(into, "beside the name of the request, when they share an initial", _MEETINGS),
    ]
