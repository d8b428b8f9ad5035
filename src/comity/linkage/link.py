"""Step 3 as a whole: the requests that passed, against one pinned registry, to candidates and determinations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.linkage.addresses import flagged_sql
from comity.linkage.asked import each_part, files_read, prepare
from comity.linkage.determine import SHOWN
from comity.linkage.duckdb import DuckDBEngine, seek
from comity.linkage.engine import Engine
from comity.linkage.manifest import Index
from comity.linkage.plan import Sought
from comity.linkage.spells import RECORD
from comity.linkage.terms import LinkageTerms
from comity.workspace import Workspace, workspace

# A part of a batch needs no more, and what DuckDB may keep beyond it makes nothing faster.
MEMORY_LIMIT = "1500MB"


@dataclass(frozen=True)
class Linked:
    """What linkage made of a batch: the artefacts `candidates` and `determinations` (columns: see `link`)."""

    candidates: Artefact
    determinations: Artefact


def link(
    directory: Path,
    requests: Artefact,
    settled: Artefact,
    index: Index,
    terms: LinkageTerms,
    engine: Engine | None = None,
    standardised: Artefact | None = None,
) -> Linked:
    """Find, compare and determine: every request that `settled` let pass, against the registry `index`.

    `requests` has `row_number`, the identity columns of the contract and, if known, `received_on`; `settled` has
    `row_number` and `ruling`; `standardised` is what gates made of the requests (`standard.rows`), made here if absent.
    Gives `candidates` (row_number, request_id, person, taxpayer_id, role, tax_years,
    source_forms, in_stated_year, name_level, address_level, birth_level, reasons, record_*; every spell worth a
    reviewer's eye) and `determinations` (row_number, request_id, determination, reason, person, taxpayer_id,
    candidates; one row per passed request). A request that has not passed is never looked up. Raises Integrity
    `REGISTRY_CHANGED` when the file is not the one that was pinned.
    """
    engine = engine or DuckDBEngine()
    reads = files_read(requests, settled, index, standardised)
    with workspace(directory, reads=reads, memory_limit=MEMORY_LIMIT) as ws:
        prepare(ws, requests, settled, index, terms, standardised)
        for part in each_part(ws):
            engine.narrow(ws)
            engine.compare(ws)
            engine.determine(ws, terms)
            seek(ws, _RECORDS)
            gather(ws, part, "all_candidates", _CANDIDATES)
            gather(ws, part, "all_determined", _DETERMINATIONS)
        return Linked(
            ws.write("candidates", "SELECT * FROM all_candidates", "row_number, spell", "* EXCLUDE (spell)"),
            ws.write("determinations", "SELECT * FROM all_determined", "row_number"),
        )


_RECORD = ", ".join(f"{'f.born' if name == 'date_of_birth' else f'r.{name}'} AS record_{name}" for name in RECORD)

# A person's id outside of linkage shows nothing of the custodian's own number.
_OPAQUE = "left(md5({person}), 16)"

_DETERMINATIONS = f"SELECT * REPLACE ({_OPAQUE.format(person='person')} AS person) FROM determined"

_RECORDS = Sought("spells_shown", "spells", "spell", f"SELECT spell FROM ({SHOWN})")

_CANDIDATES = f"""
SELECT c.row_number, q.request_id, {_OPAQUE.format(person="c.person")} AS person, c.taxpayer_id, f.role,
    g.tax_years, g.source_forms,
    c.in_stated_year,
    c.name_level, c.address_level, c.birth_level,
    list_concat(CASE WHEN c.given_reason = c.family_reason THEN [c.given_reason]
        ELSE [c.given_reason, c.family_reason] END, {flagged_sql("c.address_flags")}, list_filter([
        CASE c.middle_level WHEN 'conflicts' THEN 'middle_conflicts' END,
        CASE c.suffix_level WHEN 'conflicts' THEN 'suffix_conflicts' WHEN 'one_sided' THEN 'suffix_one_sided' END,
        CASE c.birth_level WHEN 'conflicts' THEN 'birth_date_conflicts' END,
        CASE WHEN c.tin_conflicts THEN 'tin_conflicts' END
    ], lambda reason: reason IS NOT NULL)) AS reasons,
    {_RECORD}, c.spell
FROM ({SHOWN}) AS c JOIN fetched AS f USING (spell) JOIN asked AS q USING (row_number)
JOIN filings AS g ON g.filing = f.filing JOIN spells_shown AS r ON r.spell = c.spell
"""


def gather(ws: Workspace, part: int, into: str, sql: str) -> None:
    """Add the rows of `sql` to the table `into`, which the first part makes anew."""
    begin = f"CREATE OR REPLACE TEMP TABLE {into} AS" if part == 0 else f"INSERT INTO {into}"
    ws.con.execute(f"{begin} {sql}")
