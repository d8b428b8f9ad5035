"""A batch in parts of neighbours, so that it needs no more memory than a part of it, and a part reads few places."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.workspace import Workspace

PART_REQUESTS = 320_000


def each_part(ws: Workspace) -> Iterator[int]:
    """Let `asked` hold one part of its requests after the other, PART_REQUESTS at most, in the order of the ZIP.

    Gives the number of the part, from 0. A batch of one part stays as it is, be it empty.
    """
    [(requests,)] = ws.rows("SELECT count(*) FROM asked")
    parts = -(-requests // PART_REQUESTS)
    if parts <= 1:
        yield 0
        return
    ws.con.execute(f"""
ALTER TABLE asked RENAME TO whole_batch;
CREATE OR REPLACE TEMP TABLE parts AS
SELECT row_number, ntile({parts}) OVER (ORDER BY coalesce(key_place, key_town), row_number) - 1 AS part FROM whole_batch
""")
    for part in range(parts):
        ws.con.execute(f"""
CREATE OR REPLACE TEMP TABLE asked AS
SELECT * FROM whole_batch SEMI JOIN (SELECT row_number FROM parts WHERE part = {part}) AS one USING (row_number)
""")
        yield part


def gather(ws: Workspace, part: int, into: str, sql: str) -> None:
    """Add the rows of `sql` to the table `into`, which the first part makes anew."""
    begin = f"CREATE OR REPLACE TEMP TABLE {into} AS" if part == 0 else f"INSERT INTO {into}"
    ws.con.execute(f"{begin} {sql}")
