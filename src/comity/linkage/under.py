"""One comparison determined under several terms: a measurement asks what each of them would have decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.linkage.asked import each_part, files_read, prepare
from comity.linkage.duckdb import DuckDBEngine
from comity.linkage.engine import Engine
from comity.linkage.index import Index
from comity.linkage.link import MEMORY_LIMIT, gather
from comity.linkage.reasons import AGREEING_ADDRESSES, words
from comity.linkage.terms import LinkageTerms
from comity.standard import NAME
from comity.workspace import workspace

# The spells that a confirmation can rest on, with the names that the record was written under.
_GROUNDS = f"""
SELECT DISTINCT c.row_number, c.person, f.taxpayer_id, f.role, g.filed, {", ".join(f"r.{name}" for name in NAME)}
FROM compared AS c JOIN fetched AS f USING (spell) JOIN filings AS g ON g.filing = f.filing
JOIN registry.spells AS r ON r.spell = c.spell
WHERE c.is_taxpayer AND c.in_stated_year AND c.address_level IN ({words(AGREEING_ADDRESSES)})
"""


@dataclass(frozen=True)
class Under:
    """`determinations`, one artefact for each of the terms (columns: see `link`, but `person` as engines name it), and
    `grounds`, the spells that a confirmation can rest on: row_number, person, taxpayer_id, role, filed (year and form)
    and the names as written."""

    determinations: tuple[Artefact, ...]
    grounds: Artefact


def link_under(
    directory: Path,
    requests: Artefact,
    settled: Artefact,
    index: Index,
    terms: Sequence[LinkageTerms],
    engine: Engine | None = None,
    standardised: Artefact | None = None,
) -> Under:
    """Narrow and compare once, then determine under each of `terms`, which differ in the evidence they demand alone.

    Takes what `link` takes. For measurements: a batch is linked by `link`, under the one agreement that binds it.
    """
    engine = engine or DuckDBEngine()
    reads = files_read(requests, settled, index, standardised)
    with workspace(directory, reads=reads, memory_limit=MEMORY_LIMIT) as ws:
        prepare(ws, requests, settled, index, terms[0], standardised)
        for part in each_part(ws):
            engine.narrow(ws)
            engine.compare(ws)
            for number, demanded in enumerate(terms):
                engine.determine(ws, demanded)
                gather(ws, part, f"determined_{number}", "SELECT * FROM determined")
            gather(ws, part, "all_grounds", _GROUNDS)
        made = (f"SELECT * FROM determined_{number}" for number in range(len(terms)))
        return Under(
            tuple(ws.write("determinations", rows, "row_number") for rows in made),
            ws.write("grounds", "SELECT * FROM all_grounds", "ALL"),
        )
