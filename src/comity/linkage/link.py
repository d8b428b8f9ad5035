"""Step 3 as a whole: the requests that passed, against one pinned registry, to candidates and determinations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.case.artefact import Artefact
from comity.linkage.determine import SHOWN
from comity.linkage.duckdb import DuckDBEngine
from comity.linkage.engine import Engine
from comity.linkage.keys import beginning_sql, name_hash_sql, name_key_sql, place_key_sql, street_sql, town_key_sql
from comity.linkage.manifest import Index
from comity.linkage.outline import outlines_sql
from comity.linkage.parts import each_part, gather
from comity.linkage.reasons import words
from comity.linkage.seal import demand_unchanged
from comity.linkage.spells import RECORD
from comity.linkage.standing import ADDRESS_COLUMNS, NAME_COLUMNS, stood_sql, tin_sql
from comity.linkage.terms import LinkageTerms
from comity.standard import load_lists
from comity.standard.rows import standardise_rows
from comity.workspace import Workspace, quoted, workspace


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
    given = [requests.path, settled.path, *([standardised.path] if standardised else [])]
    with workspace(directory, reads=[*given, index.path.parent]) as ws:
        prepare(ws, requests, settled, index, terms, standardised)
        for part in each_part(ws):
            engine.narrow(ws)
            engine.compare(ws)
            engine.determine(ws, terms)
            gather(ws, part, "all_candidates", _CANDIDATES)
            gather(ws, part, "all_determined", _DETERMINATIONS)
        return Linked(
            ws.write("candidates", "SELECT * FROM all_candidates", _CANDIDATE_ORDER),
            ws.write("determinations", "SELECT * FROM all_determined", "row_number"),
        )


def prepare(
    ws: Workspace,
    requests: Artefact,
    settled: Artefact,
    index: Index,
    terms: LinkageTerms,
    standardised: Artefact | None = None,
) -> None:
    """What an engine starts from: the index attached as `registry`, the name lists, and `asked`, the passed requests.

    `of_age_on` is the day on which a minor is judged: the day of receipt, or without one the last day of the latest
    stated year. Raises Integrity `REGISTRY_CHANGED`.
    """
    demand_unchanged(index.path, index.digest)
    ws.view("requests", requests)
    ws.view("settled", settled)
    ws.con.execute(f"ATTACH {quoted(index.path)} AS registry (READ_ONLY)")
    load_lists(ws.con)
    present = {name for name, *_ in ws.rows("DESCRIBE requests")}
    received = "received_on" if "received_on" in present else "NULL::DATE"
    ws.con.execute(f"""
CREATE OR REPLACE TEMP VIEW passed AS
SELECT row_number, request_id, given_name, middle_name, family_name, name_suffix, street_line, unit_line, city, state,
    zip, country, address_text, tax_years, tin, date_of_birth, {received} AS received_on
FROM requests SEMI JOIN (SELECT row_number FROM settled WHERE ruling = 'pass') AS p USING (row_number)
""")
    if standardised is None:
        standardise_rows(ws.con, "passed", "standardised")
    else:
        ws.view("standardised", standardised)
    ws.con.execute(f"""
CREATE OR REPLACE TEMP TABLE asked AS
SELECT r.row_number, r.request_id, {_STANDARD}, r.date_of_birth AS born,
    {tin_sql("r.tin")} AS tin, r.tax_years,
    flatten(list_transform([{words(terms.forms)}],
        lambda form: list_transform(r.tax_years, lambda year: year || ' ' || form))) AS filed,
    coalesce(r.received_on, make_date(list_max(r.tax_years), 12, 31)) AS of_age_on, {_KEYS}
FROM passed AS r JOIN ({stood_sql("standardised")}) AS stood USING (row_number)
LEFT JOIN registry.towns AS town ON town.a_state = stood.a_state AND town.a_city = stood.a_city
""")
    if standardised is None:
        ws.con.execute("DROP TABLE standardised")


_STANDARD = ", ".join(f"stood.{name}" for name in (*ADDRESS_COLUMNS, *NAME_COLUMNS))

_NAME_HASH = name_hash_sql("replace(stood.n_family, ' ', '')", beginning_sql("stood.n_given"))

_KEYS = f"""{place_key_sql("stood")} AS key_place, {town_key_sql("town.town", street_sql("stood"))} AS key_town,
    {name_key_sql("stood.a_zip", _NAME_HASH)} AS key_name, {outlines_sql("stood.a_name")}"""

_RECORD = ", ".join(f"f.record.{name} AS record_{name}" for name in RECORD)

_CANDIDATE_ORDER = ", ".join(
    ("row_number", "person", "role", "tax_years", "source_forms", *(f"record_{name}" for name in RECORD))
)

# A person's id outside of linkage shows nothing of the custodian's own number.
_OPAQUE = "left(md5({person}), 16)"

_DETERMINATIONS = f"SELECT * REPLACE ({_OPAQUE.format(person='person')} AS person) FROM determined"

_CANDIDATES = f"""
SELECT c.row_number, q.request_id, {_OPAQUE.format(person="c.person")} AS person, c.taxpayer_id, f.role,
    list_distinct(list_transform(f.filed, lambda word: split_part(word, ' ', 1)::INTEGER)) AS tax_years,
    list_sort(list_distinct(list_transform(f.filed, lambda word: substr(word, strpos(word, ' ') + 1)))) AS source_forms,
    c.in_stated_year,
    c.name_level, c.address_level, c.birth_level,
    list_concat(c.name_reasons, c.address_reasons, list_filter([
        CASE c.middle_level WHEN 'conflicts' THEN 'middle_conflicts' END,
        CASE c.suffix_level WHEN 'conflicts' THEN 'suffix_conflicts' WHEN 'one_sided' THEN 'suffix_one_sided' END,
        CASE c.birth_level WHEN 'conflicts' THEN 'birth_date_conflicts' END,
        CASE WHEN c.tin_conflicts THEN 'tin_conflicts' END
    ], lambda reason: reason IS NOT NULL)) AS reasons,
    {_RECORD}
FROM ({SHOWN}) AS c JOIN fetched AS f USING (spell) JOIN asked AS q USING (row_number)
"""
