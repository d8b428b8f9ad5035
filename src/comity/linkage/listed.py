"""Which requests name somebody on a court's list (gate G-37): by name, unless the birth dates differ.

Whoever is named here is confirmed to nobody, so that a name too many costs a no and one too few a disclosure under an
order. It is therefore wider than a candidate: no address is asked for, and a person is met by any word of the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.duckdb import work_out
from comity.linkage.link import MEMORY_LIMIT
from comity.linkage.names import name_steps
from comity.linkage.reasons import NAME_LEVELS, words
from comity.linkage.standing import NAME_COLUMNS, named_sql
from comity.standard import NAME, load_lists, standardise_names
from comity.workspace import workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.case.artefact import Artefact
    from comity.workspace import Workspace

# Every level at which a request could still be confirmed, by rule or by votes.
AGREEING = NAME_LEVELS[: NAME_LEVELS.index("blank")]
# A slip stands at one end of a name or at the other.
BEGINNING, ENDING = 2, 3
# Many meet many, and a long list must not need more memory than a short one.
PART_PERSONS = 500


def find_listed(directory: Path, requests: Artefact, persons: Sequence[tuple[str, str, str]]) -> Artefact:
    """The artefact `listed`: the `row_number` of each of `requests` that names one of `persons`.

    `requests` has `row_number`, the columns NAME and `date_of_birth` (DATE); a person is given name, family name and
    birth date, ISO or ''; who has one name alone is met wherever it stands. The names agree where each part is at one
    of the levels AGREEING (`linkage.reasons`); two birth dates differ where fewer than two of year, month and day are
    the same, read with day and month in either order.
    """
    with workspace(directory, reads=[requests.path], memory_limit=MEMORY_LIMIT) as ws:
        ws.view("requests", requests)
        load_lists(ws.con)
        _read(ws, "q", "requests")
        ws.con.execute("CREATE TEMP TABLE found (row_number INTEGER)")
        for begin in range(0, len(persons), PART_PERSONS):
            part = persons[begin : begin + PART_PERSONS]
            ws.con.execute(_PERSONS, [list(each) for each in zip(*part, strict=True)])
            _read(ws, "k", "persons")
            ws.con.execute(_MEETINGS)
            work_out(ws, name_steps("meetings", "named"), ("named",))
            ws.con.execute(f"INSERT INTO found {_LISTED}")
        return ws.write("listed", "SELECT DISTINCT row_number FROM found", "row_number")


def _read(ws: Workspace, side: str, source: str) -> None:
    """The names of `source` in standard form, as the table `side`, and the words by which they meet."""
    standardise_names(ws.con, source, f"{side}_read")
    ws.con.execute(_SIDE.format(side=side, source=source))


_NO_MIDDLE = ", ".join(f"NULL::VARCHAR AS {part}" for part in NAME if part not in ("given_name", "family_name"))

_PERSONS = f"""
CREATE OR REPLACE TEMP TABLE persons AS
WITH said AS (SELECT unnest(?::VARCHAR[]) AS one, unnest(?::VARCHAR[]) AS other, unnest(?::VARCHAR[]) AS born),
either AS (FROM said UNION ALL SELECT other, one, born FROM said WHERE trim(one) = '' OR trim(other) = '')
SELECT row_number() OVER ()::INTEGER AS row_number, one AS given_name, other AS family_name, {_NO_MIDDLE},
    nullif(born, '')::DATE AS date_of_birth
FROM either
"""

_GROUPS = " UNION ALL ".join(
    f"SELECT name, '{table}' || {group} || ' ' AS of FROM {table}"
    for table, group in (
        ("std_nicknames", "canonical_group"),
        ("std_romanised", "romanised_group"),
        ("std_variants", "variant_group"),
    )
)

# By what two names meet: a word of both; their initials in either order; the beginning or the end of the family name;
# that of the given name beside the first or last letter of the family name; a group of given names beside the first;
# one birth date, however the names are written. What still does not meet has three slips and no birth date to go by.
_SIDE = f"""
CREATE OR REPLACE TEMP TABLE {{side}} AS
SELECT n.*, s.date_of_birth AS born FROM ({named_sql("{side}_read")}) AS n JOIN {{source}} AS s USING (row_number);
CREATE OR REPLACE TEMP TABLE {{side}}_words AS
SELECT DISTINCT row_number, word FROM (
    SELECT row_number, unnest(string_split(concat_ws(' ', n_given, n_middle, n_family), ' ')) AS word FROM {{side}}
    UNION ALL
    SELECT row_number, replace(unnest([n_given, n_family]), ' ', '') FROM {{side}}
    UNION ALL
    SELECT row_number, list_reduce(list_sort([left(n_given, 1), left(n_family, 1)]), lambda a, b: a || '+' || b)
    FROM {{side}} WHERE n_given IS NOT NULL AND n_family IS NOT NULL
    UNION ALL
    SELECT row_number, unnest([left(n_family, {BEGINNING}) || '*', '*' || right(n_family, {ENDING})]) FROM {{side}}
    UNION ALL
    SELECT row_number, given || ' ' || family
    FROM (SELECT row_number, unnest([left(n_given, {BEGINNING}), '*' || right(n_given, {ENDING})]) AS given,
            [left(n_family, 1), '*' || right(n_family, 1)] AS families FROM {{side}}), unnest(families) AS f(family)
    UNION ALL
    SELECT row_number, born::VARCHAR FROM {{side}}
    UNION ALL
    SELECT row_number, g.of || left(n_family, 1)
    FROM (SELECT row_number, n_family, unnest(string_split(n_given, ' ')) AS name FROM {{side}}) AS s
    JOIN ({_GROUPS}) AS g USING (name)
) WHERE length(word) > 1
"""

_BOTH = ", ".join(
    f"{side}.{part} AS {to}_{part.removeprefix('n_')}" for side, to in (("q", "q"), ("k", "r")) for part in NAME_COLUMNS
)

_MEETINGS = f"""
CREATE OR REPLACE TEMP TABLE meetings AS
SELECT m.*, {_BOTH}
FROM (SELECT DISTINCT a.row_number, b.row_number AS spell FROM q_words AS a JOIN k_words AS b USING (word)) AS m
JOIN q ON q.row_number = m.row_number JOIN k ON k.row_number = m.spell
"""

_SAME_DAY = "(month(q.born) = month(k.born))::INTEGER + (day(q.born) = day(k.born))::INTEGER"
_TURNED = "(month(q.born) = day(k.born))::INTEGER + (day(q.born) = month(k.born))::INTEGER"

_LISTED = f"""
SELECT DISTINCT m.row_number
FROM named AS m JOIN q ON q.row_number = m.row_number JOIN k ON k.row_number = m.spell
WHERE m.name_level IN ({words(AGREEING)})
    AND coalesce((year(q.born) = year(k.born))::INTEGER + greatest({_SAME_DAY}, {_TURNED}) >= 2, TRUE)
"""
