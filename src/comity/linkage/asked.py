"""What is asked: the requests that passed, in standard form, with their keys; a part of neighbours at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.linkage.keys import (
    beginning_sql,
    initials_sql,
    name_hash_sql,
    name_key_sql,
    place_key_sql,
    street_sql,
    town_key_sql,
)
from comity.linkage.outline import outlines_sql
from comity.linkage.reasons import words
from comity.linkage.seal import demand_unchanged
from comity.linkage.spells import BETWEEN
from comity.linkage.standing import stood_sql, tin_sql
from comity.standard import ADDRESS, NAME, load_lists
from comity.standard.rows import standardise_rows
from comity.workspace import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from comity.case.artefact import Artefact
    from comity.linkage.manifest import Index
    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace

PART_REQUESTS = 320_000


def files_read(requests: Artefact, settled: Artefact, index: Index, standardised: Artefact | None) -> list[Path]:
    """What a workspace for `prepare` may read."""
    given = [requests.path, settled.path, index.path.parent]
    return [*given, standardised.path] if standardised else given


def prepare(
    ws: Workspace,
    requests: Artefact,
    settled: Artefact,
    index: Index,
    terms: LinkageTerms,
    standardised: Artefact | None = None,
) -> None:
    """What `ask` starts from: the index attached as `registry`, the name lists, `received` (what is read of a request),
    `parts` (row_number, part: the requests that passed, see `each_part`), `filings` (filing, and as lists filed,
    tax_years, source_forms), `stated` (stated, tax_years, filed: the years and forms of each set of stated years) and
    `in_stated_years` (stated, filing: which of the two share a year and form).

    Takes what `link` takes. Raises Integrity `REGISTRY_CHANGED`.
    """
    demand_unchanged(index.path, index.digest)
    ws.view("requests", requests)
    ws.view("settled", settled)
    if standardised is not None:
        ws.view("all_standardised", standardised)
    ws.con.execute(f"ATTACH {quoted(index.path)} AS registry (READ_ONLY)")
    load_lists(ws.con)
    present = {name for name, *_ in ws.rows("DESCRIBE requests")}
    received_on = "received_on" if "received_on" in present else "NULL::DATE"
    ws.con.execute(f"""
CREATE OR REPLACE TEMP VIEW received AS
SELECT row_number, request_id, {", ".join((*NAME, *ADDRESS))}, tax_years, tin, date_of_birth,
    {received_on} AS received_on
FROM requests
""")
    [(passed,)] = ws.rows("SELECT count(*) FROM settled WHERE ruling = 'pass'")
    ws.con.execute(f"""
CREATE OR REPLACE TEMP TABLE parts AS
SELECT row_number, ntile({max(1, -(-passed // PART_REQUESTS))}) OVER (ORDER BY zip, row_number) - 1 AS part
FROM requests SEMI JOIN (SELECT row_number FROM settled WHERE ruling = 'pass') AS p USING (row_number)
""")
    ws.con.execute(f"""
CREATE OR REPLACE TEMP TABLE stated AS
SELECT row_number() OVER ()::INTEGER AS stated, tax_years,
    flatten(list_transform([{words(terms.forms)}],
        lambda form: list_transform(tax_years, lambda year: year || ' ' || form))) AS filed
FROM (SELECT DISTINCT tax_years FROM requests)
""")
    read_filings(ws)


def read_filings(ws: Workspace) -> None:
    """Make `filings` of the attached registry, and `in_stated_years` of `stated` (columns: see `prepare`)."""
    ws.con.execute(f"""
CREATE OR REPLACE TEMP TABLE filings AS
SELECT filing, filed, {_each_of("filed", 1)}::INTEGER[] AS tax_years, {_each_of("filed", 2)} AS source_forms
FROM (SELECT filing, string_split(filed, '{BETWEEN}') AS filed FROM registry.filings);
CREATE OR REPLACE TEMP TABLE in_stated_years AS
SELECT s.stated, f.filing FROM stated AS s JOIN filings AS f ON list_has_any(s.filed, f.filed)
""")


def _each_of(filed: str, part: int) -> str:
    """SQL: the years (1) or the forms (2) of a list of filings, each once, in order."""
    cut = "substr(word, strpos(word, ' ') + 1)" if part > 1 else "split_part(word, ' ', 1)"
    return f"list_sort(list_distinct(list_transform({filed}, lambda word: {cut})))"


def each_part(ws: Workspace) -> Iterator[int]:
    """Let `asked` hold one part of the requests after the other, PART_REQUESTS at most, in the order of the ZIP.

    A batch in parts needs no more memory than a part of it, and a part of neighbours reads few places of the index.
    Gives the number of the part, from 0; a batch of which nothing passed is one part. `prepare` comes before.
    """
    [(parts,)] = ws.rows("SELECT coalesce(max(part), 0) + 1 FROM parts")
    for part in range(parts):
        ask(ws, f"part = {part}")
        yield part


def ask(ws: Workspace, which: str = "TRUE") -> None:
    """Make `asked`: a row per request that passed, of the parts for which the SQL `which` holds, after `prepare`.

    `asked` has `row_number`, `request_id`, the standard address and name, `born`, `tin`, `stated` (see `prepare`), the
    keys, initials and outlines, and `of_age_on`, the day on which a minor is judged: the day of receipt, or without one
    the last day of the latest stated year.
    """
    these = f"SEMI JOIN (SELECT row_number FROM parts WHERE {which}) AS these USING (row_number)"
    ws.con.execute(f"CREATE OR REPLACE TEMP VIEW passed AS SELECT * FROM received {these}")
    if ws.rows("SELECT view_name FROM duckdb_views() WHERE view_name = 'all_standardised'"):
        ws.con.execute(f"CREATE OR REPLACE VIEW standardised AS SELECT * FROM all_standardised {these}")
    else:
        standardise_rows(ws.con, "passed", "standardised")
    ws.con.execute(_ASKED)


_NAME_HASH = name_hash_sql("replace(s.n_family, ' ', '')", beginning_sql("s.n_given"))

_KEYS = f"""{place_key_sql("s")} AS key_place, {town_key_sql("town.town", street_sql("s"))} AS key_town,
    {name_key_sql("s.a_zip", _NAME_HASH)} AS key_name"""

_ASKED = f"""
CREATE OR REPLACE TEMP TABLE asked AS
WITH stood AS MATERIALIZED (
    SELECT s.*, r.request_id, r.date_of_birth AS born, {tin_sql("r.tin")} AS tin, r.tax_years,
        coalesce(r.received_on, make_date(list_max(r.tax_years), 12, 31)) AS of_age_on
    FROM passed AS r JOIN ({stood_sql("standardised")}) AS s USING (row_number)
), outlined AS (SELECT a_name, {outlines_sql("a_name")} FROM (SELECT DISTINCT a_name FROM stood))
SELECT s.* EXCLUDE (tax_years), y.stated, {_KEYS}, {initials_sql("s")}, o.outline, o.outline_short
FROM stood AS s LEFT JOIN stated AS y ON y.tax_years = s.tax_years LEFT JOIN outlined AS o ON o.a_name = s.a_name
LEFT JOIN registry.towns AS town ON town.a_state = s.a_state AND town.a_city = s.a_city
"""
