"""Which requests are about somebody on a court's list (gate G-37): by name, unless the birth dates differ.

Whoever is named here is confirmed to nobody, so that a name too many costs a no and one too few a disclosure under an
order. It is therefore wider than a candidate: no address is asked for, and a person is met by any word of the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.linkage.duckdb import work_out
from comity.linkage.link import MEMORY_LIMIT
from comity.linkage.names import name_steps
from comity.linkage.reasons import NAME_LEVELS, words
from comity.linkage.standing import NAME_COLUMNS, named_sql
from comity.standard import NAME, VERSION, load_lists, standardise_names
from comity.workspace import workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity.case.artefact import Artefact
    from comity.workspace import Workspace

READ_BY = VERSION
"""By which version names are read here; another one may read them otherwise."""

# Every level at which a request could still be confirmed, by rule or by votes.
AGREEING = NAME_LEVELS[: NAME_LEVELS.index("blank")]
# A slip stands at one end of a name or at the other.
BEGINNING, ENDING = 2, 3
# Many meet many, and a long list must not need more memory than a short one.
PART_PERSONS = 500


@dataclass(frozen=True)
class Compared:
    """The artefacts of a batch in which whom an order names is sought: what was asked, and whose record a yes would be
    about, by the rule or by votes.
    """

    requests: Artefact
    candidates: Artefact
    determinations: Artefact
    verdicts: Artefact


def find_listed(directory: Path, compared: Compared, persons: Sequence[tuple[str, str, str]]) -> Artefact:
    """The artefact `listed`: the `row_number` of each request that was compared and is about one of `persons`.

    It is if its own name is that person's, or a name on a record of whoever a yes would name. A person is given name,
    family name and birth date, ISO or ''; each is read with the two names in either order. The names agree where each
    part is at one of the levels AGREEING (`linkage.reasons`). Two birth dates differ where they are more than a day
    apart and fewer than two of year, month and day are the same, read with day and month in either order; of the first
    of January, which stands for days that nobody knows, the year alone counts.
    """
    tables = vars(compared)
    with workspace(directory, reads=[table.path for table in tables.values()], memory_limit=MEMORY_LIMIT) as ws:
        for name, table in tables.items():
            ws.view(name, table)
        load_lists(ws.con)
        ws.con.execute(_WRITTEN)
        _read(ws, "q", "written")
        ws.con.execute("CREATE TEMP TABLE found (request INTEGER)")
        for begin in range(0, len(persons), PART_PERSONS):
            part = persons[begin : begin + PART_PERSONS]
            ws.con.execute(_PERSONS, [list(each) for each in zip(*part, strict=True)])
            _read(ws, "k", "persons")
            ws.con.execute(_MEETINGS)
            work_out(ws, name_steps("meetings", "named"), ("named",))
            ws.con.execute(f"INSERT INTO found {_LISTED}")
        return ws.write("listed", "SELECT DISTINCT request AS row_number FROM found", "row_number")


def _read(ws: Workspace, side: str, source: str) -> None:
    """The names of `source` in standard form, as the table `side`, and the words by which they meet."""
    standardise_names(ws.con, source, f"{side}_read")
    ws.con.execute(_SIDE.format(side=side, source=source))


_NO_MIDDLE = ", ".join(f"NULL::VARCHAR AS {part}" for part in NAME if part not in ("given_name", "family_name"))

_WRITTEN = f"""
CREATE TEMP TABLE written AS
WITH yes AS (SELECT row_number, person FROM determinations UNION SELECT row_number, person FROM verdicts)
SELECT row_number() OVER ()::INTEGER AS row_number, * FROM (
    SELECT row_number AS request, {", ".join(NAME)}, date_of_birth
    FROM requests SEMI JOIN determinations USING (row_number)
    UNION
    SELECT row_number, {", ".join(f"record_{part}" for part in NAME)}, record_date_of_birth
    FROM candidates SEMI JOIN yes USING (row_number, person)
)
"""

_PERSONS = f"""
CREATE OR REPLACE TEMP TABLE persons AS
WITH said AS (SELECT unnest(?::VARCHAR[]) AS one, unnest(?::VARCHAR[]) AS other, unnest(?::VARCHAR[]) AS born),
either AS (FROM said UNION SELECT other, one, born FROM said)
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
# spellings of one family name; one birth date, however the names are written. What still does not meet has three slips
# and no birth date to go by.
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
    SELECT row_number, 'family ' || v.variant_group
    FROM (SELECT row_number, unnest(list_append(string_split(n_family, ' '), replace(n_family, ' ', ''))) AS name
        FROM {{side}}) AS s JOIN std_variants AS v USING (name)
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

_FIRST_OF_JANUARY = "(month({0}) = 1 AND day({0}) = 1)"
_SAME_DATE = f"""
CASE WHEN {_FIRST_OF_JANUARY.format("q.born")} OR {_FIRST_OF_JANUARY.format("k.born")} THEN year(q.born) = year(k.born)
    ELSE (year(q.born) = year(k.born))::INTEGER + greatest({_SAME_DAY}, {_TURNED}) >= 2 END
OR abs(date_diff('day', q.born, k.born)) <= 1
"""

_LISTED = f"""
SELECT DISTINCT w.request
FROM named AS m JOIN q ON q.row_number = m.row_number JOIN k ON k.row_number = m.spell
JOIN written AS w ON w.row_number = m.row_number
WHERE m.name_level IN ({words(AGREEING)}) AND coalesce({_SAME_DATE}, TRUE)
"""
