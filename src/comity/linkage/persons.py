"""Who is who in the registry: a custodian's grouping resolved into persons, whose names are then pooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.plan import run
from comity.linkage.reasons import PRESENT_NAMES, reasons_of, words
from comity.linkage.words import word_step

if TYPE_CHECKING:
    import duckdb

_ALIKE = (*PRESENT_NAMES, "initial", "single", "blank")


def resolve_persons(con: duckdb.DuckDBPyConnection, entries: str, into: str) -> None:
    """Make the table `into` (taxpayer_id, name, born, part): who is who where one `taxpayer_id` has several identities.

    `entries` has `taxpayer_id, name, born, role`; `name_facts` says what a `name` is. An identity is a name with a
    birth date; a taxpayer with only one is not in `into`. Entries of one taxpayer are one person when no birth date,
    middle name or suffix conflicts and both names agree, or one does: the given name exactly (a name changed by
    marriage), or the family name under one and the same birth date (a given name that was garbled). Entries without a
    birth date, and after them those without a whole name, join the people who have one only where exactly one of them
    fits: what says nothing makes nobody one, and a taxpayer's row is no dependent's. A father and son on one number,
    or a number that somebody else worked under, thus stay apart (design, section 5).
    """
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE crowded AS
WITH identities AS (
    SELECT taxpayer_id, name, born, bool_or(role <> 'dependent') AS files
    FROM {entries} GROUP BY taxpayer_id, name, born
)
SELECT i.*, row_number() OVER (PARTITION BY taxpayer_id ORDER BY born NULLS LAST, name) AS place,
    coalesce(length(f.n_given) > 1 AND length(f.n_family) > 1, FALSE) AS whole
FROM identities AS i JOIN name_facts AS f USING (name)
SEMI JOIN (SELECT taxpayer_id FROM identities GROUP BY ALL HAVING count(*) > 1) AS c USING (taxpayer_id)
""")
    _link_kin(con)
    _spread_labels(con)
    _adopt(con, "d.whole AND u.whole AND d.born IS NOT NULL AND u.born IS NULL")
    _adopt(con, "d.whole AND NOT u.whole AND d.born = u.born AND (d.files OR NOT u.files)")
    _adopt(con, "d.whole AND NOT u.whole AND u.part = u.place AND (d.files OR NOT u.files)")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT taxpayer_id, name, born, part FROM parts")


def _link_kin(con: duckdb.DuckDBPyConnection) -> None:
    """`kin`: pairs of identities of one taxpayer that may be the same person, each in both directions."""
    con.execute("""
CREATE OR REPLACE TEMP TABLE crowded_pairs AS
SELECT a.taxpayer_id, a.place AS a, b.place AS b, a.born AS a_born, b.born AS b_born,
    a.whole AND b.whole AND a.born IS NOT DISTINCT FROM b.born AS close,
    x.n_given AS a_given, y.n_given AS b_given, x.n_family AS a_family, y.n_family AS b_family,
    x.n_suffix AS a_suffix, y.n_suffix AS b_suffix, left(x.n_middle, 1) <> left(y.n_middle, 1) AS middle_conflicts
FROM crowded AS a JOIN crowded AS b ON a.taxpayer_id = b.taxpayer_id AND a.place <> b.place AND (a.whole OR b.whole)
JOIN name_facts AS x ON x.name = a.name JOIN name_facts AS y ON y.name = b.name
WHERE (a.born <> b.born) IS NOT TRUE
""")
    given_words = word_step("given", "SELECT a_given AS a, b_given AS b FROM crowded_pairs", "kin_given")
    family_words = word_step("family", "SELECT a_family AS a, b_family AS b FROM crowded_pairs", "kin_family")
    run(con, [given_words, family_words])
    given = _agrees("given", words(reasons_of("given", *_ALIKE)))
    family = _agrees("family", words(tuple(r for r in reasons_of("family", *_ALIKE) if r != "family_wide_slip")))
    given_same = f"a_given = b_given OR g.reason IN ({words(reasons_of('given', 'exact', 'equivalent'))})"
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE kin AS
SELECT p.taxpayer_id, p.a, p.b, p.close
FROM crowded_pairs AS p
LEFT JOIN kin_given AS g ON g.a = a_given AND g.b = b_given
LEFT JOIN kin_family AS f ON f.a = a_family AND f.b = b_family
WHERE (a_suffix <> b_suffix) IS NOT TRUE
    AND (NOT coalesce(middle_conflicts, FALSE) OR coalesce(a_given = b_given AND a_born = b_born, FALSE))
    AND coalesce(({given} AND {family}) OR {given_same} OR ({family} AND a_born = b_born), FALSE)
""")


def _agrees(part: str, reasons: str) -> str:
    alias = part[0]
    return f"coalesce(a_{part} = b_{part} OR {alias}.reason IN ({reasons}), a_{part} IS NULL OR b_{part} IS NULL)"


def _spread_labels(con: duckdb.DuckDBPyConnection) -> None:
    """`parts`: the connected whole identities of one birth date, each labelled with the first of them."""
    con.execute("CREATE OR REPLACE TEMP TABLE parts AS SELECT *, place AS part FROM crowded")
    lower = """
SELECT k.taxpayer_id, k.a AS place, min(p.part) AS part
FROM kin AS k JOIN parts AS p ON p.taxpayer_id = k.taxpayer_id AND p.place = k.b
WHERE k.close GROUP BY ALL
"""
    changed = 1
    while changed:
        changed = con.execute(f"""
UPDATE parts SET part = l.part FROM ({lower}) AS l
WHERE l.taxpayer_id = parts.taxpayer_id AND l.place = parts.place AND l.part < parts.part
""").fetchall()[0][0]


def _adopt(con: duckdb.DuckDBPyConnection, who: str) -> None:
    """People `u` join the one person `d` whom they fit; `who` says which pairs are looked at."""
    con.execute(f"""
UPDATE parts SET part = one.part FROM (
    SELECT u.taxpayer_id, u.part AS adopted, min(d.part) AS part
    FROM kin AS k
    JOIN parts AS d ON d.taxpayer_id = k.taxpayer_id AND d.place = k.a
    JOIN parts AS u ON u.taxpayer_id = k.taxpayer_id AND u.place = k.b
    WHERE {who}
    GROUP BY ALL HAVING count(DISTINCT d.part) = 1
) AS one
WHERE one.taxpayer_id = parts.taxpayer_id AND one.adopted = parts.part
""")
