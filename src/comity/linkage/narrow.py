"""Which spells of the registry are worth comparing with a request: joins on keys alone, then only those are fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_BY_KEY = """
SELECT q.row_number, s.spell FROM asked AS q JOIN (SELECT rowid AS spell, {key} FROM registry.spells) AS s USING ({key})
"""


def narrow_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Make `pairs` (row_number, spell) and `fetched` (the spells of `pairs`, whole) from `asked` and `registry.spells`.

    A request meets the spells of its ZIP and number, of its town and number, and of its ZIP and name. A spell that
    only the town led to stands under another ZIP: everyone listed beside it is met too, because uniqueness is judged
    over all who are listed at the candidate's address.
    """
    found = " UNION ".join(_BY_KEY.format(key=key) for key in ("key_place", "key_town", "key_name"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE found AS {found}")
    con.execute("""
CREATE OR REPLACE TEMP TABLE beside AS
SELECT DISTINCT q.row_number, s.key_place
FROM found AS f
JOIN registry.spells AS s ON s.rowid = f.spell
JOIN asked AS q ON q.row_number = f.row_number AND q.key_town = s.key_town
WHERE s.key_place IS DISTINCT FROM q.key_place
""")
    con.execute("""
CREATE OR REPLACE TEMP TABLE pairs AS
SELECT row_number, spell FROM found
UNION
SELECT b.row_number, s.spell FROM beside AS b
JOIN (SELECT rowid AS spell, key_place FROM registry.spells) AS s USING (key_place)
""")
    con.execute("""
CREATE OR REPLACE TEMP TABLE fetched AS
SELECT rowid AS spell, * FROM registry.spells WHERE rowid IN (SELECT spell FROM pairs)
""")
